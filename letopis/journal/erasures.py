"""What control entries say was erased: the explanation of slots that are gone.

Slot 1 of `content.erased` and `content.expired` names slots and entries, the entries as a list, as ranges (both ends
inside), or both, and the reason: `{"slots": [2, 3], "entries": [1, 7], "ranges": [[20, 90]], "reason": "..."}`.
`verify` asks whether each absence is explained; a page asks when and why a text went.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from letopis.base.clock import from_us
from letopis.base.sql import Cursor, Queries
from letopis.journal import leaf
from letopis.journal.draft import CONTROL, META
from letopis.journal.entries import Entry
from letopis.journal.origin import EVENTS

QUERIES = Queries("letopis.journal")
ERASED, EXPIRED = "content.erased", "content.expired"
CORRECTION = "correction"
"""The reason of an act that took out a wrong name or number; the right one was told before."""
SEQS_MAX = 10_000


class Erased(msgspec.Struct, frozen=True):
    """What a reader of such an entry needs of its slot 1; an act too large for one entry is told in `parts`."""

    slots: list[int] = []
    entries: list[int] = []
    ranges: list[tuple[int, int]] = []
    reason: str = ""
    part: int = 1
    parts: int = 1

    def spans(self, before: int) -> list[tuple[int, int]]:
        """The entries it names, both ends inside; an entry explains only what stood before it."""
        spans = [(seq, seq) for seq in self.entries if seq < before]
        return spans + [(first, min(last, before - 1)) for first, last in self.ranges if first < before]


_decoder = msgspec.json.Decoder(Erased)


class Erasures:
    """All recorded erasures of one log, as merged spans of entries for each slot."""

    def __init__(self, spans_of: Mapping[int, list[tuple[int, int]]]) -> None:
        self._spans_of = {slot: _merged(spans) for slot, spans in spans_of.items()}

    @classmethod
    def read(cls, rows: Iterable[Mapping[str, Any]]) -> "Erasures":
        """From the control entries: `seq` and `meta` of each."""
        spans_of: dict[int, list[tuple[int, int]]] = {}
        for row in rows:
            told = _read(row["meta"])
            for slot in told.slots:
                spans_of.setdefault(slot, []).extend(told.spans(row["seq"]))
        return cls(spans_of)

    def explain(self, seq: int, slot: int) -> bool:
        """Whether the absence of this slot is recorded; slot 1 is never erased."""
        spans = self._spans_of.get(slot, []) if slot != META else []
        at = bisect_right(spans, seq, key=lambda span: span[0]) - 1
        return at >= 0 and seq <= spans[at][1]


@dataclass(frozen=True, slots=True)
class Erasure:
    """When a slot was erased and why: its term was over, or a code such as `subject_request`; empty where none says."""

    at: datetime
    reason: str
    is_expired: bool = False


def erasures_of(cur: Cursor, business: UUID, seqs: Collection[int], slot: int) -> dict[int, Erasure | None]:
    """Those of the entries that once had this slot and have it no more; None for one whose absence nobody recorded.

    The caller names entries in which he found nothing; what never had the slot is not in the answer. The wall is open.
    """
    assert len(seqs) <= SEQS_MAX, "an unbounded read"
    if not seqs:
        return {}
    leaves = QUERIES.rows(cur, "leaves_of", business=business, log=EVENTS, seqs=list(seqs))
    had = [row["seq"] for row in leaves if slot in dict(leaf.parse(bytes(row["leaf"])).commitments)]
    if not had:
        return {}
    found: dict[int, Erasure | None] = dict.fromkeys(had)
    for row in QUERIES.rows(cur, "erasures_after", business=business, log=EVENTS, after=min(had)):
        told = _read(row["meta"])
        if slot not in told.slots:
            continue
        erasure = Erasure(from_us(row["received_us"]), told.reason, row["type"] == EXPIRED)
        spans = told.spans(row["seq"])
        for seq in [seq for seq in had if found[seq] is None and any(first <= seq <= last for first, last in spans)]:
            found[seq] = erasure
    return found


def erased_by(entry: Entry) -> Erased | None:
    """What a control entry took out; None for any other entry."""
    return msgspec.convert(entry.meta, Erased) if entry.kind == CONTROL and entry.type in (ERASED, EXPIRED) else None


def _read(meta: bytes | None) -> Erased:
    """Slot 1 of a control entry; one that cannot be read explains nothing."""
    try:
        return _decoder.decode(meta or b"{}")
    except msgspec.DecodeError:
        return Erased()


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
