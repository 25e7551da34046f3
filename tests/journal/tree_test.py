"""Every proof for trees of 1 to 70 leaves, right and spoilt in each way."""

import hashlib
from collections.abc import Iterator

import pytest

from letopis.journal.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    extends,
    includes,
    inclusion_proof,
    root_of,
)

SIZES = range(1, 71)
LEAVES = [hashlib.sha256(bytes([n])).digest() for n in SIZES]
ROOTS = [EMPTY_ROOT, *(root_of(LEAVES[:size]) for size in SIZES)]


def spoilt(proof: list[bytes]) -> Iterator[list[bytes]]:
    """Each hash flipped, dropped, doubled; one too many at either end; one cut short."""
    for at, step in enumerate(proof):
        flipped = bytes([step[0] ^ 1]) + step[1:]
        yield [*proof[:at], flipped, *proof[at + 1 :]]
        yield [*proof[:at], *proof[at + 1 :]]
        yield [*proof[:at], step, step, *proof[at + 1 :]]
        yield [*proof[:at], step[:-1], *proof[at + 1 :]]
    yield [*proof, LEAVES[0]]
    yield [LEAVES[0], *proof]


@pytest.mark.parametrize("size", SIZES)
def test_inclusion_of_every_leaf(size: int) -> None:
    root = ROOTS[size]
    for index in range(size):
        proof = inclusion_proof(LEAVES[:size], index)
        leaf = LEAVES[index]
        assert includes(root, size, index, leaf, proof)
        assert not any(includes(root, size, index, leaf, wrong) for wrong in spoilt(proof))
        assert not includes(root, size, index + 1, leaf, proof)
        assert not includes(root, size, index - 1, leaf, proof)
        assert not includes(root, size, index, LEAVES[index - 1] if size > 1 else root[::-1], proof)
        assert not includes(root[:-1], size, index, leaf, proof)


@pytest.mark.parametrize("size", SIZES)
def test_wrong_size_of_tree_is_noticed(size: int) -> None:
    """A wrong size is refused unless the path to the leaf is the same in both trees; then the root still decides."""
    for index in range(size):
        proof = inclusion_proof(LEAVES[:size], index)
        for other in (size - 1, size + 1):
            if includes(ROOTS[size], other, index, LEAVES[index], proof):
                assert len(inclusion_proof(LEAVES[:other], index)) == len(proof)
        assert not includes(ROOTS[size - 1], size, index, LEAVES[index], proof)


@pytest.mark.parametrize("size", SIZES)
def test_consistency_from_every_size(size: int) -> None:
    for old in range(1, size + 1):
        proof = consistency_proof(LEAVES[:size], old)
        assert extends(ROOTS[old], old, ROOTS[size], size, proof)
        assert not any(extends(ROOTS[old], old, ROOTS[size], size, wrong) for wrong in spoilt(proof))
        assert not extends(ROOTS[old - 1], old, ROOTS[size], size, proof)
        assert not extends(ROOTS[old], old, ROOTS[size - 1], size, proof)
        if old != size:
            assert not extends(ROOTS[size], size, ROOTS[old], old, proof)
            assert not extends(ROOTS[old], old - 1, ROOTS[size], size, proof)


def test_nothing_is_proved_about_the_empty_tree() -> None:
    assert extends(EMPTY_ROOT, 0, ROOTS[5], 5, [])
    assert not extends(EMPTY_ROOT, 0, ROOTS[5], 5, [LEAVES[0]])
    assert not includes(EMPTY_ROOT, 0, 0, LEAVES[0], [])


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 69])
def test_frontier_survives_a_rest(size: int) -> None:
    tree = Frontier()
    for leaf in LEAVES[:size]:
        tree.append(leaf)
    again = Frontier.load(size, tree.dump())
    again.append(LEAVES[size])
    assert again.root() == ROOTS[size + 1]


def test_full_subtrees_of_256_leaves_are_named() -> None:
    leaves = [n.to_bytes(32) for n in range(600)]
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf)
    assert [(node.level, node.idx) for node in tree.full] == [(8, 0), (8, 1)]
    assert [node.hash for node in tree.full] == [root_of(leaves[:256]), root_of(leaves[256:512])]


def test_second_level_of_nodes() -> None:
    tree = Frontier(65_535, [bytes([n]) * 32 for n in range(16)])
    tree.append(bytes(32))
    assert [(node.level, node.idx) for node in tree.full] == [(8, 255), (16, 0)]
    assert tree.full[-1].hash == tree.root()
