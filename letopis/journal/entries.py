"""Reading entries of one business: in order for readers, by number for pages.

Every read is bounded by READ_MAX and runs under row-level security: the caller has entered the business.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from letopis.base.clock import from_us
from letopis.base.errors import OwnFault
from letopis.base.sql import Cursor, Queries
from letopis.journal.draft import AHEAD_US_MIN
from letopis.journal.origin import EVENTS
from letopis.journal.rows import day_of

QUERIES = Queries("letopis.journal")
READ_MAX = 10_000

_decoder = msgspec.json.Decoder(dict[str, Any])


class HoleError(OwnFault):
    """A number is missing in the journal; the reader stops, because skipping would lose an event for ever."""


@dataclass(frozen=True, slots=True)
class Entry:
    seq: int
    at: datetime
    """When it happened: as claimed; as received where nothing was claimed, or a time too far ahead of ours."""
    received_at: datetime
    occurred_at: datetime | None
    kind: int
    level: int
    flags: int
    type: str
    source: str
    meta: dict[str, Any]
    who: dict[str, Any]
    """Once erased: pseudonyms of its ids, where somebody needs them."""
    text: str | None
    said: dict[str, Any] = field(default_factory=dict)
    """What the words amounted to, kept when they were taken out; empty while they are there."""


def read_after(cur: Cursor, business: UUID, position: int, limit: int, log: str = EVENTS) -> list[Entry]:
    """The entries after `position` (-1: from the first), in order, without a gap.

    Raises:
        HoleError: the numbers do not go on from `position`.
    """
    assert 0 < limit <= READ_MAX, "an unbounded read"
    heads = QUERIES.rows(cur, "entries_after", business=business, log=log, position=position, limit=limit)
    for expected, head in enumerate(heads, start=position + 1):
        if head["seq"] != expected:
            raise HoleError(
                f"entry {expected} is missing before {head['seq']}",
                place=f"business {business}",
                hint="run letopis verify; restore the journal from a backup",
            )
    if not heads:
        return []
    between = {"business": business, "log": log, "first": heads[0]["seq"], "last": heads[-1]["seq"]}
    content = QUERIES.rows(cur, "content_between", **between, **_months(heads))
    return _joined(heads, content, QUERIES.rows(cur, "remains_between", **between))


def read_some(cur: Cursor, business: UUID, seqs: Collection[int]) -> dict[int, Entry]:
    """Entries by number; numbers that do not exist are left out."""
    assert len(seqs) <= READ_MAX, "an unbounded read"
    wanted = list(seqs)
    heads = QUERIES.rows(cur, "some_entries", business=business, log=EVENTS, seqs=wanted)
    if not heads:
        return {}
    content = QUERIES.rows(cur, "some_content", business=business, log=EVENTS, seqs=wanted, **_months(heads))
    remains = QUERIES.rows(cur, "some_remains", business=business, log=EVENTS, seqs=wanted)
    return {entry.seq: entry for entry in _joined(heads, content, remains)}


def seq_before(cur: Cursor, business: UUID, us: int, size: int) -> int:
    """The last of `size` entries that was received before an instant; -1 for none. Receipt never goes back."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        row = QUERIES.row(cur, "received_of", business=business, log=EVENTS, seq=middle)
        if row is None or row["received_us"] >= us:
            high = middle
        else:
            low = middle + 1
    return low - 1


def naming(cur: Cursor, business: UUID, needles: Collection[bytes], read_to: int) -> Iterator[list[int]]:
    """Numbers up to `read_to` of entries in whose slot 2 one of the needles stands, READ_MAX at a time.

    Looks through all content of the business: for acts that are rare. What a needle means is the caller's to check.
    """
    if not needles:
        return
    after = -1
    while True:
        rows = QUERIES.rows(
            cur, "naming", business=business, log=EVENTS, needles=list(needles), after=after, to=read_to, limit=READ_MAX
        )
        if rows:
            yield [row["seq"] for row in rows]
        if len(rows) < READ_MAX:
            return
        after = rows[-1]["seq"]


def raw_of(cur: Cursor, business: UUID, seq: int) -> bytes | None:
    """The body of an entry exactly as it was received; None when it is erased or there was none."""
    head = QUERIES.row(cur, "received_of", business=business, log=EVENTS, seq=seq)
    if head is None:
        return None
    day = day_of(head["received_us"])
    found = QUERIES.row(cur, "raw_of", business=business, log=EVENTS, seq=seq, day=day)
    return None if found is None else bytes(found["data"])


def _months(heads: Sequence[dict[str, Any]]) -> dict[str, date]:
    """Receipt never goes back, so the first and the last entry bound the partitions to look into."""
    return {
        "month_first": day_of(heads[0]["received_us"]).replace(day=1),
        "month_last": day_of(heads[-1]["received_us"]).replace(day=1),
    }


def _joined(
    heads: Sequence[dict[str, Any]], content: Sequence[dict[str, Any]], remains: Sequence[dict[str, Any]]
) -> list[Entry]:
    content_of = {row["seq"]: row for row in content}
    remains_of = {row["seq"]: row for row in remains}
    return [
        _entry(head, content_of.get(head["seq"], _NOTHING), remains_of.get(head["seq"], _NOTHING)) for head in heads
    ]


_NOTHING: dict[str, Any] = {"meta": None, "who": None, "text": None, "said": None}


def _entry(head: dict[str, Any], content: dict[str, Any], remains: dict[str, Any]) -> Entry:
    received_us, occurred_us = head["received_us"], head["occurred_us"]
    received_at = from_us(received_us)
    occurred_at = None if occurred_us < 0 else from_us(occurred_us)
    believed = occurred_at is not None and occurred_us - received_us <= AHEAD_US_MIN
    text = content["text"]
    return Entry(
        seq=head["seq"],
        at=occurred_at if occurred_at is not None and believed else received_at,
        received_at=received_at,
        occurred_at=occurred_at,
        kind=head["kind"],
        level=head["level"],
        flags=head["flags"],
        type=head["type"],
        source=head["source"],
        meta=_object(content["meta"]),
        who=_object(remains["who"] if content["who"] is None else content["who"]),
        text=None if text is None else bytes(text).decode(),
        said=_object(remains["said"]) if text is None else {},
    )


def _object(data: Any) -> dict[str, Any]:
    return {} if data is None else _decoder.decode(data)
