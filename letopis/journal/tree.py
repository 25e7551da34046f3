"""The Merkle tree of a log (RFC 6962 hashing): growth by its frontier, roots, proofs and their verification.

The frontier is the list of the roots of the perfect subtrees of the current size, largest first; size and frontier are
enough to append and to give the root. Proofs are made from leaf hashes and checked by the algorithms of RFC 9162.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from letopis.journal.leaf import node_hash

HASH_BYTES = 32
NODE_LEVEL_STEP = 8
EMPTY_ROOT = sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class Node:
    """The root of a full subtree of 2**level leaves: leaves idx * 2**level and on."""

    level: int
    idx: int
    hash: bytes


@dataclass(slots=True)
class Frontier:
    """A growing tree; `full` collects the nodes of every eighth level that became full since it was made."""

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)
    full: list[Node] = field(default_factory=list)

    @classmethod
    def load(cls, size: int, data: bytes) -> "Frontier":
        assert len(data) == HASH_BYTES * size.bit_count(), "the frontier does not belong to this size"
        return cls(size, [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)])

    def dump(self) -> bytes:
        return b"".join(self.hashes)

    def append(self, leaf_hash: bytes) -> None:
        index, level, grown = self.size, 0, leaf_hash
        while index & 1:
            grown = sha256(b"\x01" + self.hashes.pop() + grown).digest()
            index >>= 1
            level += 1
            if not level % NODE_LEVEL_STEP:
                self.full.append(Node(level, index, grown))
        self.hashes.append(grown)
        self.size += 1

    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in self.hashes[-2::-1]:
            root = node_hash(left, root)
        return root


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    tree = Frontier()
    for leaf_hash in leaf_hashes:
        tree.append(leaf_hash)
    return tree.root()


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The path from leaf `index` to the root, lowest first (RFC 9162, 2.1.3.1)."""
    assert 0 <= index < len(leaf_hashes), "no such leaf"
    proof: list[bytes] = []
    low, high = 0, len(leaf_hashes)
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(root_of(leaf_hashes[middle:high]))
            high = middle
        else:
            proof.append(root_of(leaf_hashes[low:middle]))
            low = middle
    return proof[::-1]


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """Proof that the tree of the first `old_size` leaves is a beginning of this one (RFC 9162, 2.1.4.1)."""
    assert 0 < old_size <= len(leaf_hashes), "no such older tree"
    proof: list[bytes] = []
    low, high, whole = 0, len(leaf_hashes), True
    while old_size != high:
        middle = low + _split(high - low)
        if old_size <= middle:
            proof.append(root_of(leaf_hashes[middle:high]))
            high = middle
        else:
            proof.append(root_of(leaf_hashes[low:middle]))
            low, whole = middle, False
    if not whole:
        proof.append(root_of(leaf_hashes[low:high]))
    return proof[::-1]


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << (width - 1).bit_length() - 1


def includes(root: bytes, size: int, index: int, leaf_hash: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `leaf_hash` is leaf `index` of the tree of this size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or len(root) != HASH_BYTES:
        return False
    node, last, grown = index, size - 1, leaf_hash
    for sibling in proof:
        if not last or len(sibling) != HASH_BYTES:
            return False
        if node & 1 or node == last:
            grown = node_hash(sibling, grown)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            grown = node_hash(grown, sibling)
        node >>= 1
        last >>= 1
    return not last and grown == root


def extends(old_root: bytes, old_size: int, new_root: bytes, new_size: int, proof: Sequence[bytes]) -> bool:
    """Whether the newer tree begins with the older one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old_size <= new_size or len(old_root) != HASH_BYTES or len(new_root) != HASH_BYTES:
        return False
    if any(len(step) != HASH_BYTES for step in proof):
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if not old_size:
        # Every tree begins with the empty one; there is nothing to prove and nothing may be offered.
        return not proof and old_root == EMPTY_ROOT
    return _extends(old_root, old_size, new_root, new_size, list(proof))


def _extends(old_root: bytes, old_size: int, new_root: bytes, new_size: int, proof: list[bytes]) -> bool:
    if not old_size & (old_size - 1):
        proof.insert(0, old_root)
    if not proof:
        return False
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node >>= 1
        last >>= 1
    old, new = proof[0], proof[0]
    for step in proof[1:]:
        if not last:
            return False
        if node & 1 or node == last:
            old = node_hash(step, old)
            new = node_hash(step, new)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            new = node_hash(new, step)
        node >>= 1
        last >>= 1
    return not last and old == old_root and new == new_root
