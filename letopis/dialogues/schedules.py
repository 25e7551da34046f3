"""Working hours of a business, as its schedule_version events told them."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from letopis.base.rows import as_json, load
from letopis.base.sql import Queries
from letopis.base.worktime import Schedule, Version
from letopis.journal.entries import Entry

QUERIES = Queries("letopis.dialogues")
SCHEDULE = "schedule_version"


class _Row(msgspec.Struct):
    """A row of `dialogues_schedule`."""

    business_id: UUID
    valid_from: date
    weekly: dict[str, list[list[str]]]
    seq: int


def schedule_of(cur: Any, business: UUID, zone: ZoneInfo) -> Schedule:
    """The schedule with all its versions; empty where none was told."""
    rows = load(QUERIES, cur, "schedules", _Row, business=business)
    return Schedule(zone, [Version(row.valid_from, row.weekly) for row in rows])


def learn(cur: Any, business: UUID, entries: Iterable[Entry], zone: ZoneInfo) -> date | None:
    """Keep what a batch tells about working hours; the first day on which something may differ now."""
    told: dict[date, _Row] = {}
    for entry in entries:
        if entry.type == SCHEDULE and isinstance(entry.meta.get("weekly"), dict):
            given = entry.meta.get("valid_from")
            valid_from = date.fromisoformat(given) if given else entry.at.astimezone(zone).date()
            told[valid_from] = _Row(business, valid_from, entry.meta["weekly"], entry.seq)
    if not told:
        return None
    QUERIES.run(cur, "drop_schedules", business=business, days=list(told))
    QUERIES.run(cur, "add_schedules", rows=as_json(list(told.values())))
    return min(told)
