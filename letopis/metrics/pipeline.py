"""The one pipeline of readers: clients, dialogues, appointments, metrics; one position, one transaction a batch.

Derived rows are a function of three things: the facts, the instant up to which time has been worked off, and the
windows fixed so far. So it does not matter in what steps a journal was read, and rebuilt from nothing is the same.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from letopis.access.wall import enter
from letopis.appointments import reader as appointments
from letopis.appointments.catalogue import reader as catalogue
from letopis.base.sql import Queries
from letopis.base.worktime import SEARCH_DAYS_MAX
from letopis.clients import blocks
from letopis.clients import reader as clients
from letopis.dialogues import reader as dialogues
from letopis.dialogues.judgement import Surroundings
from letopis.dialogues.schedules import hours_of, learn
from letopis.journal import positions
from letopis.journal.entries import Entry, read_after
from letopis.metrics import following, windows
from letopis.metrics.campaigns import costs
from letopis.metrics.frozen import reader as frozen
from letopis.metrics.goals import reader as goals
from letopis.metrics.leads import Terms
from letopis.metrics.marks import reader as marks
from letopis.metrics.settlement import Changes, settle
from letopis.privacy.retention import reader as retention

QUERIES = Queries("letopis.metrics")
READER = "pipeline"
LEARNERS = (catalogue, marks, goals, costs, frozen, retention, blocks)
"""What a batch tells about the business rather than its clients is learned by these, before anybody is judged."""
VERSION = 7
BATCH_MAX = 2000
PERSONS_AT_ONCE_MAX = 500
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Since when a system outside was seen to answer: by which kinds of entries, and where it is kept."""

    types: frozenset[str]
    column: str
    setter: str


RECORDS = _Seen(frozenset({"crm_delivery", "record_readback"}), "record_since", "set_record_since")
DELIVERIES = _Seen(frozenset({"crm_delivery"}), "crm_since", "set_crm_since")


def advance(conn: psycopg.Connection[Any], business: UUID, limit: int = BATCH_MAX) -> int:
    """Read the next entries and write what follows from them; how many were read, 0 also when another worker reads."""
    with _entered(conn, business) as cur:
        position = positions.hold(cur, business, READER, VERSION)
        if position is None:
            return 0
        return _read(cur, business, position, limit)


def work_dues(conn: psycopg.Connection[Any], business: UUID, now: datetime, limit: int = PERSONS_AT_ONCE_MAX) -> int:
    """Let time pass up to `now` for the persons it changes, the longest due first; how many there were."""
    with _entered(conn, business) as cur:
        if positions.hold(cur, business, READER, VERSION) is None:
            return 0
        zone = zone_of(cur, business)
        _set_clock(cur, business, now)
        around = _surroundings(cur, business, zone)
        _fix_windows(cur, business, around)
        due = QUERIES.rows(cur, "due_persons", business=business, now=around.worked_until, limit=limit)
        persons = {row["person_id"] for row in due}
        settle(cur, business, Changes(persons=persons), around, _terms(cur, business))
        return len(persons)


def businesses_due(conn: psycopg.Connection[Any], now: datetime) -> list[UUID]:
    """Businesses for which time has something to change."""
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        return [row["business_id"] for row in QUERIES.rows(cur, "businesses_due", now=now)]


def rebuild(conn: psycopg.Connection[Any], business: UUID, progress: Callable[[int, int], None]) -> None:
    """Derive all rows anew in one transaction: pages see the old ones until it commits, the worker waits its turn.

    The windows stay: they were fixed, not derived.
    """
    with _entered(conn, business) as cur:
        positions.forget(cur, business, READER)
        assert positions.hold(cur, business, READER, VERSION) == -1, "we have just made this position"
        clients.clear(cur, business)
        dialogues.clear(cur, business)
        appointments.clear(cur, business)
        for learner in LEARNERS:
            learner.clear(cur, business)
        for name in ("clear_leads", "clear_dues", "clear_cells", "clear_record_since"):
            QUERIES.run(cur, name, business=business)
        total = QUERIES.row(cur, "journal_size", business=business)
        size = 0 if total is None else int(total["size"])
        position = -1
        # What was taken out before this began is read as it is now; only later acts are followed.
        while read := _read(cur, business, position, BATCH_MAX, follow_since=size):
            position += read
            progress(position + 1, size)


@contextmanager
def _entered(conn: psycopg.Connection[Any], business: UUID) -> Iterator[Any]:
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        QUERIES.run(cur, "plan_each_time")
        yield cur


def _read(cur: Any, business: UUID, position: int, limit: int, follow_since: int = 0) -> int:
    entries = following.complete(cur, business, read_after(cur, business, position, limit))
    if not entries:
        return 0
    zone = zone_of(cur, business)
    QUERIES.run(cur, "open_reader", business=business, epoch=EPOCH)
    hours_since = learn(cur, business, entries, zone)
    for learner in LEARNERS:
        learner.learn(cur, business, entries, zone)
    answered_between = [_note_first(cur, business, entries, seen) for seen in (RECORDS, DELIVERIES)]
    around, terms = _surroundings(cur, business, zone), _terms(cur, business)

    for act in following.acts_of(entries, follow_since):
        following.follow(cur, business, act, position, around, terms)
    following.forget(cur, business, entries[-1].seq)

    people = clients.apply(cur, business, entries)
    keys = appointments.keys_of(cur, business, entries)
    made_in = {key.appointment_id: key.dialogue_id for key in keys.values() if key.dialogue_id is not None}
    taken = dialogues.take(cur, business, entries, people, made_in, around)
    owned = appointments.apply(cur, business, taken.placed, keys, made_in, people)
    changes = Changes(told=taken.rows, owned=owned, people=people, persons=taken.left)
    settle(cur, business, changes, around, terms)

    if hours_since is not None:
        since = datetime.combine(hours_since, time(), zone) - timedelta(days=SEARCH_DAYS_MAX + 1)
        _settle_again(cur, business, around, "persons_since", since=since)
    for since, until in filter(None, answered_between):
        _settle_again(cur, business, around, "persons_booked_between", since=since, until=until)
    positions.advance(cur, business, READER, VERSION, entries[-1].seq)
    return len(entries)


def _settle_again(cur: Any, business: UUID, around: Surroundings, query: str, **bounds: Any) -> None:
    """Judge persons again, since something beside their own facts has changed."""
    persons = [row["person_id"] for row in QUERIES.rows(cur, query, business=business, **bounds)]
    terms = _terms(cur, business)
    for first in range(0, len(persons), PERSONS_AT_ONCE_MAX):
        some = set(persons[first : first + PERSONS_AT_ONCE_MAX])
        settle(cur, business, Changes(persons=some, whole=some), around, terms)


def _fix_windows(cur: Any, business: UUID, around: Surroundings) -> None:
    today = around.hours.local_day(around.worked_until)
    fixed = windows.windows_of(cur, business)
    if today.replace(day=1) in fixed.days:
        return
    for month in windows.fix(cur, business, today, fixed):
        _settle_again(cur, business, around, "persons_of_leads", since=month, until=_month_after(month))


def _month_after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _note_first(
    cur: Any, business: UUID, entries: Sequence[Entry], seen: "_Seen"
) -> tuple[datetime, datetime | None] | None:
    """Whether a system was seen to answer earlier than known: from when, and until when it was known."""
    first = min((entry.at for entry in entries if entry.type in seen.types), default=None)
    if first is None:
        return None
    known = QUERIES.row(cur, "find_reader", business=business)
    before = None if known is None else known[seen.column]
    if before is not None and before <= first:
        return None
    QUERIES.run(cur, seen.setter, business=business, at=first)
    return first, before


def _set_clock(cur: Any, business: UUID, now: datetime) -> None:
    """The clock of a business never goes back."""
    QUERIES.run(cur, "open_reader", business=business, epoch=EPOCH)
    QUERIES.run(cur, "set_clock", business=business, now=now)


def _surroundings(cur: Any, business: UUID, zone: ZoneInfo) -> Surroundings:
    reader = QUERIES.row(cur, "find_reader", business=business)
    assert reader is not None, "the reader's row was just made"
    return Surroundings(hours_of(cur, business, zone), reader["worked_until"], reader["record_since"])


def _terms(cur: Any, business: UUID) -> Terms:
    reader = QUERIES.row(cur, "find_reader", business=business)
    return Terms(windows.windows_of(cur, business), None if reader is None else reader["crm_since"])


def zone_of(cur: Any, business: UUID) -> ZoneInfo:
    found = QUERIES.row(cur, "zone", business=business)
    assert found is not None, "a journal belongs to a business of the catalogue"
    return ZoneInfo(found["timezone"])
