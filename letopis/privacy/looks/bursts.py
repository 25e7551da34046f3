"""Somebody reads far more than people do: noticed once a burst, told to the ledger, shown to the owner.

Three signs, each with its bound: so many different dialogues and clients within an hour; a day several times one's own
usual; refusals in a row. While it goes on it is one burst, and it is over when an hour has passed without the sign.
Programs with a read key are not watched: to read everything is their trade; how much they read stands on the page.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median_low
from typing import Any
from uuid import UUID

import psycopg

from letopis.access.log import Act
from letopis.access.wall import enter
from letopis.base import clock, ids
from letopis.base.sql import Queries
from letopis.journal import positions
from letopis.journal.origin import ACCESS

QUERIES = Queries("letopis.privacy.looks")
WATCHER = "looks_bursts"
VERSION = 1
ROWS_AT_ONCE_MAX = 500
ROWS_BEFORE_MAX = 20_000
"""So many rows of the hour before are looked at; more in an hour are a burst already."""

HOUR = timedelta(hours=1)
OPENED_AN_HOUR_MAX = 60
REFUSED_IN_A_ROW_MAX = 9
OPENED_A_DAY_MIN = 100
"""A day with fewer is never a burst, however quiet the other days were."""
USUAL_TIMES = 4
USUAL_DAYS = 30
USUAL_DAYS_MIN = 5
"""Of fewer days nobody can say what is usual."""


class Sign(StrEnum):
    """By what a burst is noticed."""

    HOUR = "hour"
    DAY = "day"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Burst:
    """One sign of one person, first crossed by the look `seq`: since when, until when, how many looks."""

    seq: int
    sign: Sign
    person_id: int
    began_at: datetime
    until_at: datetime
    looks: int
    usual: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a watcher needs of one row."""

    seq: int
    at: datetime
    day: date
    person_id: int
    subject: tuple[str, str]
    refused: bool
    opened: bool


def watch(conn: psycopg.Connection[Any], business: UUID) -> int:
    """Look over the rows since the last time; how many there were. What is noticed is noted like any other act."""
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        position = positions.hold(cur, business, WATCHER, VERSION, ACCESS)
        if position is None:
            return 0
        found = QUERIES.rows(cur, "rows_after", business=business, position=position, limit=ROWS_AT_ONCE_MAX)
        if not found:
            return 0
        last = found[-1]["seq"]
        fresh = [_seen(row) for row in found if row["person_id"] is not None]
        if fresh:
            for burst in _noticed(cur, business, fresh, last):
                _keep(cur, business, burst)
        positions.advance(cur, business, WATCHER, VERSION, last, ACCESS)
        return len(found)


def in_an_hour(seen: Iterable[Seen], first_seq: int) -> Iterator[Burst]:
    """The looks of one person, in order: those from `first_seq` on with which an hour holds too many subjects."""
    hour: deque[Seen] = deque()
    subjects: Counter[tuple[str, str]] = Counter()
    for one in seen:
        if not one.opened:
            continue
        hour.append(one)
        subjects[one.subject] += 1
        while hour[0].at < one.at - HOUR:
            left = hour.popleft()
            subjects[left.subject] -= 1
            if not subjects[left.subject]:
                del subjects[left.subject]
        if len(subjects) > OPENED_AN_HOUR_MAX and one.seq >= first_seq:
            yield Burst(one.seq, Sign.HOUR, one.person_id, hour[0].at, one.at, len(subjects))


def in_a_row(seen: Iterable[Seen], first_seq: int) -> Iterator[Burst]:
    """The looks of one person, in order: those from `first_seq` on with which too many refusals stand in a row."""
    row: deque[Seen] = deque()
    for one in seen:
        if not one.refused:
            row.clear()
            continue
        row.append(one)
        while row[0].at < one.at - HOUR:
            row.popleft()
        if len(row) > REFUSED_IN_A_ROW_MAX and one.seq >= first_seq:
            yield Burst(one.seq, Sign.REFUSED, one.person_id, row[0].at, one.at, len(row))


def day_bound(former: Sequence[int]) -> int | None:
    """How many a day are still usual, by the counts of the days before; None where these are too few to say."""
    if len(former) < USUAL_DAYS_MIN:
        return None
    return max(OPENED_A_DAY_MIN, USUAL_TIMES * median_low(former))


def _noticed(cur: Any, business: UUID, fresh: Sequence[Seen], last: int) -> Iterator[Burst]:
    persons = sorted({one.person_id for one in fresh})
    since = min(one.at for one in fresh) - HOUR
    told = {"business": business, "persons": persons, "last": last}
    rows = QUERIES.rows(cur, "rows_of_persons", **told, since=since, limit=ROWS_BEFORE_MAX)
    of_person: dict[int, list[Seen]] = defaultdict(list)
    # The newest are bounded; a burst is followed from its beginning.
    for row in reversed(rows):
        of_person[row["person_id"]].append(_seen(row))
    for seen in of_person.values():
        # A note of a slow page comes into the ledger behind later ones.
        seen.sort(key=lambda one: (one.at, one.seq))
        yield from in_an_hour(seen, fresh[0].seq)
        yield from in_a_row(seen, fresh[0].seq)
    days = {one.day for one in fresh}
    first_day = min(days) - timedelta(days=USUAL_DAYS)
    counts: dict[int, dict[date, int]] = defaultdict(dict)
    for row in QUERIES.rows(cur, "days_of_persons", **told, first=first_day, until=max(days)):
        counts[row["person_id"]][row["day"]] = row["subjects"]
    for person, by_day in counts.items():
        yield from _busy_days(person, by_day, [one for one in fresh if one.person_id == person])


def _busy_days(person: int, by_day: dict[date, int], fresh: Sequence[Seen]) -> Iterator[Burst]:
    for day in sorted({one.day for one in fresh}):
        former = [n for other, n in by_day.items() if day - timedelta(days=USUAL_DAYS) <= other < day]
        bound, count = day_bound(former), by_day.get(day, 0)
        if bound is not None and count > bound:
            last = max((one for one in fresh if one.day == day), key=lambda one: one.seq)
            yield Burst(last.seq, Sign.DAY, person, last.at, last.at, count, median_low(former))


def _keep(cur: Any, business: UUID, burst: Burst) -> None:
    """A burst that goes on grows; a new one is written down and noted for the ledger."""
    quiet = timedelta(days=1) if burst.sign is Sign.DAY else HOUR
    told = {
        "business": business,
        "sign": burst.sign,
        "person": burst.person_id,
        "until_at": burst.until_at,
        "looks": burst.looks,
    }
    if QUERIES.row(cur, "grow_burst", **told, since=burst.until_at - quiet):
        return
    QUERIES.run(cur, "add_burst", **told, seq=burst.seq, began_at=burst.began_at, usual=burst.usual)
    QUERIES.run(
        cur,
        "note_burst",
        business=business,
        at=clock.now(),
        look_id=ids.new_uuid(),
        person=burst.person_id,
        act=Act.BURST,
        sign=burst.sign,
        seq=str(burst.seq),
    )


def _seen(row: dict[str, Any]) -> Seen:
    opened = row["act"] in (Act.OPENED, Act.UNMASKED) and row["subject_kind"] in ("dialogue", "client")
    return Seen(
        seq=row["seq"],
        at=row["at"],
        day=row["day"],
        person_id=row["person_id"],
        subject=(row["subject_kind"], row["subject_id"]),
        refused=row["refused"],
        opened=opened and not row["refused"],
    )
