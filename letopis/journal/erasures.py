"""What control entries say was erased: the explanation of slots that are gone.

Slot 1 of `content.erased` and `content.expired` names slots and entries, the entries as a list, as ranges (both ends
inside), or both: `{"slots": [2, 3], "entries": [1, 7], "ranges": [[20, 90]]}`.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from letopis.journal.draft import META


class Erased(msgspec.Struct, frozen=True):
    """What a reader of such an entry needs of its slot 1."""

    slots: list[int] = []
    entries: list[int] = []
    ranges: list[tuple[int, int]] = []


_decoder = msgspec.json.Decoder(Erased)


class Erasures:
    """All recorded erasures of one log, as merged spans of entries for each slot."""

    def __init__(self, spans_of: Mapping[int, list[tuple[int, int]]]) -> None:
        self._spans_of = {slot: _merged(spans) for slot, spans in spans_of.items()}

    @classmethod
    def read(cls, rows: Iterable[Mapping[str, Any]]) -> "Erasures":
        """From the control entries: `seq` and `meta` of each. One that cannot be read explains nothing."""
        spans_of: dict[int, list[tuple[int, int]]] = {}
        for row in rows:
            try:
                told = _decoder.decode(row["meta"] or b"{}")
            except msgspec.DecodeError:
                continue
            # An entry explains only what stood before it.
            before = row["seq"] - 1
            spans = [(seq, seq) for seq in told.entries if seq <= before]
            spans += [(first, min(last, before)) for first, last in told.ranges if first <= before]
            for slot in told.slots:
                spans_of.setdefault(slot, []).extend(spans)
        return cls(spans_of)

    def explain(self, seq: int, slot: int) -> bool:
        """Whether the absence of this slot is recorded; slot 1 is never erased."""
        spans = self._spans_of.get(slot, []) if slot != META else []
        at = bisect_right(spans, seq, key=lambda span: span[0]) - 1
        return at >= 0 and seq <= spans[at][1]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
