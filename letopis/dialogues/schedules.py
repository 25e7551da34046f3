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
from letopis.journal.entries import Entry, read_some

QUERIES = Queries("letopis.dialogues")
SCHEDULE = "schedule_version"


class Told(msgspec.Struct):
    """A row of `dialogues_schedule`: hours in force from a day on, as entry `seq` told them."""

    business_id: UUID
    valid_from: date
    weekly: dict[str, list[list[str]]]
    seq: int


def schedule_of(cur: Any, business: UUID, zone: ZoneInfo) -> Schedule:
    """The schedule with all its versions; empty where none was told."""
    return Schedule(zone, [Version(row.valid_from, row.weekly) for row in versions_of(cur, business)])


def versions_of(cur: Any, business: UUID) -> list[Told]:
    """All versions that the readers know, the earliest day first."""
    rows = load(QUERIES, cur, "schedules", Told, business=business)
    return sorted(rows, key=lambda row: row.valid_from)


def told_by(cur: Any, business: UUID, seq: int, zone: ZoneInfo) -> Told | None:
    """What one entry tells, whether the readers have come to it or not; None when it tells no hours."""
    entry = read_some(cur, business, [seq]).get(seq)
    return _told(business, entry, zone) if entry is not None else None


def learn(cur: Any, business: UUID, entries: Iterable[Entry], zone: ZoneInfo) -> date | None:
    """Keep what a batch tells about working hours; the first day on which something may differ now."""
    found = (_told(business, entry, zone) for entry in entries)
    told = {row.valid_from: row for row in found if row is not None}
    if not told:
        return None
    QUERIES.run(cur, "drop_schedules", business=business, days=list(told))
    QUERIES.run(cur, "add_schedules", rows=as_json(list(told.values())))
    return min(told)


def _told(business: UUID, entry: Entry, zone: ZoneInfo) -> Told | None:
    if entry.type != SCHEDULE or not isinstance(entry.meta.get("weekly"), dict):
        return None
    given = entry.meta.get("valid_from")
    valid_from = date.fromisoformat(given) if given else entry.at.astimezone(zone).date()
    return Told(business, valid_from, entry.meta["weekly"], entry.seq)
