"""Proofs that entries are in the log, from what is kept: whole blocks by their stored hashes, the rest by its leaves.

Whoever has such a proof needs nothing of ours to check it: leaf, path and root are enough (RFC 9162, 2.1.3.2).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from letopis.base.sql import Queries
from letopis.journal.leaf import leaf_hash, node_hash
from letopis.journal.origin import EVENTS
from letopis.journal.tree import NODE_LEVEL_STEP, Frontier

QUERIES = Queries("letopis.journal")
BLOCK = 1 << NODE_LEVEL_STEP
PROVED_MAX = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """The hashes at hand: of single leaves, and of whole blocks of BLOCK leaves."""

    leaves: Mapping[int, bytes]
    blocks: Mapping[int, bytes]

    def root(self, low: int, high: int) -> bytes:
        """The root of the leaves from `low` up to before `high`."""
        if high - low == BLOCK and not low % BLOCK:
            return self.blocks[low // BLOCK]
        if high - low == 1:
            return self.leaves[low]
        middle = _middle(low, high)
        return node_hash(self.root(low, middle), self.root(middle, high))

    def path(self, index: int, size: int) -> list[bytes]:
        """The path from leaf `index` to the root of so many leaves, lowest first."""
        low, high, path = 0, size, []
        while high - low > 1:
            middle = _middle(low, high)
            path.append(self.root(middle, high) if index < middle else self.root(low, middle))
            low, high = (low, middle) if index < middle else (middle, high)
        return path[::-1]


def proofs_of(cur: Any, business: UUID, seqs: Collection[int]) -> tuple[str, list[dict[str, Any]]]:
    """The name of the log, and for each entry its leaf and the path to the root of the log as it is now, in hex.

    The wall is open.
    """
    assert len(seqs) <= PROVED_MAX, "an unbounded proof"
    log = QUERIES.row(cur, "find_log", business=business, log=EVENTS)
    if log is None:
        return "", []
    size = log["size"]
    tree = Frontier.load(size, bytes(log["frontier"]))
    nodes = QUERIES.rows(cur, "all_nodes", business=business, log=EVENTS)
    blocks = {row["idx"]: bytes(row["hash"]) for row in nodes if row["level"] == NODE_LEVEL_STEP}
    wanted = {block * BLOCK + n for seq in seqs for block in (seq // BLOCK, size // BLOCK) for n in range(BLOCK)}
    rows = QUERIES.rows(cur, "leaves_of", business=business, log=EVENTS, seqs=sorted(wanted))
    leaves = {row["seq"]: bytes(row["leaf"]) for row in rows if row["seq"] < size}
    kept = Kept({seq: leaf_hash(leaf) for seq, leaf in leaves.items()}, blocks)
    return log["origin"], [
        {
            "entry": seq,
            "leaf": leaves[seq].hex(),
            "tree_size": size,
            "root": tree.root().hex(),
            "path": [one.hex() for one in kept.path(seq, size)],
        }
        for seq in sorted(set(seqs) & leaves.keys())
    ]


def _middle(low: int, high: int) -> int:
    """Where RFC 6962 parts a tree: behind the largest power of two that is less than its width."""
    return low + (1 << (high - low - 1).bit_length() - 1)
