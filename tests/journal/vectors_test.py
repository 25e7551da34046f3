"""The frozen vectors: where code and vectors disagree, the code is wrong."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from letopis.journal import leaf, lj1, origin, slots, tags, tree

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))


def salt_of(seq: int, slot: int) -> bytes:
    return hashlib.sha256(b"letopis test salt" + seq.to_bytes(8) + bytes([slot])).digest()


def leaf_of(entry: dict[str, Any]) -> leaf.Leaf:
    return leaf.Leaf(
        bytes.fromhex(VECTORS["log_hash"]),
        entry["seq"],
        entry["received_us"],
        entry["occurred_us"],
        entry["kind"],
        entry["level"],
        entry["flags"],
        entry["type"],
        entry["source"],
        tuple((slot["slot"], bytes.fromhex(slot["commitment"])) for slot in entry["slots"]),
    )


def test_hash_of_origin() -> None:
    assert origin.log_hash(VECTORS["origin"]).hex() == VECTORS["log_hash"]


@pytest.mark.parametrize("entry", VECTORS["entries"], ids=lambda entry: entry["type"])
def test_commitments(entry: dict[str, Any]) -> None:
    for slot in entry["slots"]:
        data = bytes.fromhex(slot["data_hex"])
        made = slots.commitment(slot["slot"], data, salt_of(entry["seq"], slot["slot"]))
        assert made.hex() == slot["commitment"]


@pytest.mark.parametrize("entry", VECTORS["entries"], ids=lambda entry: entry["type"])
def test_leaves(entry: dict[str, Any]) -> None:
    made = leaf.encode(leaf_of(entry))
    assert len(made) == entry["leaf_len"]
    assert made.hex() == entry.get("leaf_hex", made.hex())
    assert leaf.leaf_hash(made).hex() == entry["leaf_hash"]
    assert leaf.parse(made) == leaf_of(entry)


def test_objects_in_slots_are_lj1() -> None:
    for entry in VECTORS["entries"]:
        for slot in entry["slots"]:
            if slot["slot"] in (1, 2):
                data = bytes.fromhex(slot["data_hex"])
                assert lj1.encode(json.loads(data)) == data


def test_roots() -> None:
    hashes = [bytes.fromhex(entry["leaf_hash"]) for entry in VECTORS["entries"]]
    assert [tree.root_of(hashes[:size]).hex() for size in range(8)] == VECTORS["roots"]


def test_roots_of_rfc_6962() -> None:
    hashes = [leaf.leaf_hash(bytes.fromhex(data)) for data in VECTORS["rfc6962"]["leaves"]]
    assert [tree.root_of(hashes[:size]).hex() for size in range(1, 9)] == VECTORS["rfc6962"]["roots"]


@pytest.mark.parametrize("case", VECTORS["inclusion"], ids=lambda case: f"{case['index']} of {case['size']}")
def test_inclusion(case: dict[str, Any]) -> None:
    hashes = [bytes.fromhex(entry["leaf_hash"]) for entry in VECTORS["entries"]][: case["size"]]
    proof = tree.inclusion_proof(hashes, case["index"])
    assert [step.hex() for step in proof] == case["proof"]
    assert tree.includes(tree.root_of(hashes), case["size"], case["index"], hashes[case["index"]], proof)


@pytest.mark.parametrize("case", VECTORS["consistency"], ids=lambda case: f"{case['from']} to {case['to']}")
def test_consistency(case: dict[str, Any]) -> None:
    hashes = [bytes.fromhex(entry["leaf_hash"]) for entry in VECTORS["entries"]][: case["to"]]
    proof = tree.consistency_proof(hashes, case["from"])
    assert [step.hex() for step in proof] == case["proof"]
    assert tree.extends(tree.root_of(hashes[: case["from"]]), case["from"], tree.root_of(hashes), case["to"], proof)


def test_tags() -> None:
    case = VECTORS["dedupe"]
    key = tags.Key(bytes.fromhex(case["key"]))
    assert tags.id_tag(key, case["source"], case["dedup_key"]).hex() == case["id_tag"]
    assert tags.body_tag(key, case["body_lj1"].encode()).hex() == case["body_tag"]
    assert lj1.encode(json.loads(case["body_lj1"])) == case["body_lj1"].encode()
