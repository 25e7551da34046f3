"""What is kept and when it goes: month by month of receipt and class by class, for terms in force or only proposed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from letopis.base.clock import to_us
from letopis.base.sql import Queries
from letopis.journal.entries import seq_before
from letopis.journal.origin import EVENTS
from letopis.journal.positions import size_of
from letopis.privacy.retention.policy import Kept
from letopis.subjects.retention.expiry import TRACES

QUERIES = Queries("letopis.subjects.retention")
MONTHS_MAX = 120


@dataclass(frozen=True, slots=True)
class Cell:
    """So many pieces of a class came in a month (WHO: clients last heard of), `over` of them are over the term.

    `until` is the day on which the last of them goes.
    """

    count: int
    over: int
    until: date


@dataclass(frozen=True, slots=True)
class Row:
    month: date
    cells: Mapping[Kept, Cell]


def preview(cur: Any, business: UUID, days: Mapping[Kept, int], now: datetime) -> list[Row]:
    """All that is kept, by month of receipt, the latest first; looks through all content, so it is asked by people."""
    before = {kept: now - timedelta(days=days[kept]) for kept in Kept}
    size = size_of(cur, business)
    to = {f"{kept}_to": seq_before(cur, business, to_us(before[kept]), size) for kept in Kept}
    counted: dict[date, dict[Kept, Cell]] = {}
    asked = {"business": business, "log": EVENTS, "kinds": list(TRACES), "limit": MONTHS_MAX}
    for row in QUERIES.rows(cur, "kept_content", **asked, **to):
        for kept in (Kept.TEXT, Kept.ATTACH, Kept.TRACE):
            _note(counted, row["month"], kept, row[f"{kept}_count"], row[f"{kept}_over"], days)
    for row in QUERIES.rows(cur, "kept_raw", **asked, **to):
        _note(counted, row["month"], Kept.RAW, row["count"], row["over"], days)
    for row in QUERIES.rows(cur, "kept_who", **asked, before=before[Kept.WHO]):
        _note(counted, row["month"], Kept.WHO, row["count"], row["over"], days)
    return [Row(month, cells) for month, cells in sorted(counted.items(), reverse=True)]


def over_of(rows: list[Row]) -> dict[Kept, int]:
    """How much of each class would go in the coming night; classes of which nothing would are left out."""
    sums = {kept: sum(row.cells[kept].over for row in rows if kept in row.cells) for kept in Kept}
    return {kept: count for kept, count in sums.items() if count}


def _note(
    counted: dict[date, dict[Kept, Cell]], month: date, kept: Kept, count: int, over: int, days: Mapping[Kept, int]
) -> None:
    if count:
        last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        counted.setdefault(month, {})[kept] = Cell(count, over, last + timedelta(days=days[kept]))
