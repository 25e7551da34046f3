"""Working hours of a business and of its parts, as its schedule_version events told them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from letopis.base.rows import as_json, load
from letopis.base.sql import Queries
from letopis.base.worktime import WEEKDAYS, WHOLE, Hours, Schedule, Scope, Version, dates_of
from letopis.journal import positions
from letopis.journal.entries import Entry, read_after, read_some
from letopis.journal.kinds import ScheduleVersion

QUERIES = Queries("letopis.dialogues")
SCHEDULE = ScheduleVersion.kind
UNREAD_ENTRIES_MAX = 2000
"""So far back from its end the journal is looked through for hours that the readers have not come to."""

_SCOPE_FIELDS = frozenset({"branch", "of_channel", "of_person"})


class Told(msgspec.Struct):
    """A row of `dialogues_schedule`: hours in force from a day on, as entry `seq` told them.

    Without `weekly` a part keeps the common hours again.
    """

    business_id: UUID
    valid_from: date
    weekly: dict[str, list[list[str]]] | None
    seq: int
    branch: str = ""
    channel: str = ""
    person: str = ""
    calendar: str = ""

    @property
    def scope(self) -> Scope:
        return Scope(self.branch, self.channel, self.person)

    @property
    def key(self) -> tuple[Scope, date]:
        """What the row is one of: the last told for it stands."""
        return self.scope, self.valid_from

    def version(self) -> Version:
        return Version(self.valid_from, self.weekly, self.calendar)


@dataclass(frozen=True, slots=True)
class Known:
    """All versions that are known of a business, those of one scope the earliest day first."""

    told: tuple[Told, ...]

    @classmethod
    def of(cls, told: Iterable[Told]) -> "Known":
        last = {row.key: row for row in sorted(told, key=lambda row: row.seq)}
        return cls(tuple(sorted(last.values(), key=lambda row: row.valid_from)))

    @property
    def seq(self) -> int:
        """The last entry that told something which still stands; -1 while nothing is told."""
        return max((row.seq for row in self.told), default=-1)

    @property
    def scopes(self) -> list[Scope]:
        """The parts that ever had hours of their own: branches, channels, people, each by name."""
        found = {row.scope.folded(): row.scope for row in self.told if row.scope != WHOLE}
        return sorted(found.values(), key=lambda scope: (scope.person, scope.channel, scope.branch))

    def versions(self, scope: Scope = WHOLE) -> list[Told]:
        return [row for row in self.told if row.scope.folded() == scope.folded()]

    def in_force(self, day: date, scope: Scope = WHOLE) -> Told | None:
        """The version of a scope itself that holds on a day; None where it keeps the hours of another."""
        found = [row for row in self.versions(scope) if row.valid_from <= day]
        return found[-1] if found and found[-1].weekly is not None else None

    def with_told(self, *more: Told) -> "Known":
        return Known.of((*self.told, *more))

    def hours(self, zone: ZoneInfo) -> Hours:
        own: dict[Scope, list[Version]] = {}
        # Of two spellings of one name that tell the same day the later told stands, and it comes later here.
        for row in sorted(self.told, key=lambda row: row.seq):
            own.setdefault(row.scope.folded(), []).append(row.version())
        return Hours(zone, Schedule(zone, own.pop(WHOLE, [])), own)


def hours_of(cur: Any, business: UUID, zone: ZoneInfo) -> Hours:
    """The hours of a business and of all parts that have their own; empty where none were told."""
    return known_of(cur, business).hours(zone)


def schedule_of(cur: Any, business: UUID, zone: ZoneInfo) -> Schedule:
    """The schedule of the whole business with all its versions; empty where none was told."""
    return hours_of(cur, business, zone).whole


def known_of(cur: Any, business: UUID) -> Known:
    """All versions that the readers know."""
    return Known.of(load(QUERIES, cur, "schedules", Told, business=business))


def known_now(cur: Any, business: UUID, zone: ZoneInfo) -> Known:
    """All versions, those too that the readers have not come to; for who is about to tell the next one."""
    size = positions.size_of(cur, business)
    tail = read_after(cur, business, max(-1, size - 1 - UNREAD_ENTRIES_MAX), UNREAD_ENTRIES_MAX)
    return known_of(cur, business).with_told(*_all_told(business, tail, zone))


def told_by(cur: Any, business: UUID, seq: int, zone: ZoneInfo) -> Told | None:
    """What one entry tells, whether the readers have come to it or not; None when it tells no hours."""
    entry = read_some(cur, business, [seq]).get(seq)
    return _told(business, entry, zone) if entry is not None else None


def keep_others_waiting(cur: Any, business: UUID) -> None:
    """Let nobody else tell hours of this business to the end of the transaction: what one has read stays so."""
    QUERIES.run(cur, "hold_schedules", business=business)


def learn(cur: Any, business: UUID, entries: Iterable[Entry], zone: ZoneInfo) -> date | None:
    """Keep what a batch tells about working hours; the first day on which something may differ now."""
    told = {row.key: row for row in _all_told(business, entries, zone)}
    if not told:
        return None
    before = {row.key: row for row in known_of(cur, business).told}
    rows = as_json(list(told.values()))
    QUERIES.run(cur, "drop_schedules", business=business, rows=rows)
    QUERIES.run(cur, "add_schedules", rows=rows)
    days = (_first_difference(before.get(key), row) for key, row in told.items())
    return min((day for day in days if day is not None), default=None)


def _first_difference(before: Told | None, after: Told) -> date | None:
    """A date that was named anew changes that day alone, which may be long after the version began."""
    if before is None or _usual(before) != _usual(after):
        return after.valid_from
    former, named = dates_of(before.weekly), dates_of(after.weekly)
    days = [date.fromisoformat(day) for day in former.keys() | named.keys() if former.get(day) != named.get(day)]
    return max(min(days), after.valid_from) if days else None


def _usual(told: Told) -> tuple[str, list[list[list[str]]] | None]:
    """What a version tells beside its dates."""
    weekly = told.weekly
    return told.calendar, None if weekly is None else [weekly.get(day, []) for day in WEEKDAYS]


def _all_told(business: UUID, entries: Iterable[Entry], zone: ZoneInfo) -> Iterator[Told]:
    return (row for entry in entries if (row := _told(business, entry, zone)) is not None)


def _told(business: UUID, entry: Entry, zone: ZoneInfo) -> Told | None:
    if entry.type != SCHEDULE or _is_of_nobody_known(entry):
        return None
    given, weekly = entry.meta.get("valid_from"), entry.meta.get("weekly")
    row = Told(
        business,
        date.fromisoformat(given) if given else entry.at.astimezone(zone).date(),
        {name.replace("_", "-"): ranges for name, ranges in weekly.items()} if isinstance(weekly, dict) else None,
        entry.seq,
        branch=entry.meta.get("branch", ""),
        channel=entry.meta.get("of_channel", ""),
        person=entry.who.get("of_person", ""),
        calendar=entry.meta.get("calendar", ""),
    )
    return None if row.weekly is None and row.scope == WHOLE else row


def _is_of_nobody_known(entry: Entry) -> bool:
    """Hours of a part whose name was erased or never filled in: they are nobody's, and least of all everybody's."""
    erased = "of_person" in entry.meta and "of_person" not in entry.who
    return erased or not _SCOPE_FIELDS.isdisjoint(entry.meta.get("unresolved", ()))
