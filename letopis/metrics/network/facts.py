"""What is known of every business of a network at one moment.

A few statements over all businesses, none of them business by business: below the wall each new search would read the
list of who was let in once more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from letopis.access.models import Business
from letopis.base import clock
from letopis.base.rows import as_json, load
from letopis.base.sql import Queries
from letopis.journal.origin import EVENTS
from letopis.metrics.parts import JOINT
from letopis.metrics.period import Period
from letopis.metrics.pipeline import READER
from letopis.metrics.read import WAITING_OVER
from letopis.metrics.records import Stopped
from letopis.metrics.trust import SILENT_AFTER
from letopis.metrics.value import Sum

QUERIES = Queries("letopis.metrics.network")
LATELY_DAYS = 7
"""Over so many days failures and the completeness of data are looked at."""
CRM_DAYS = 2
"""Leads of so many days are asked for in the CRM; what is older has been missed for good."""
QUIET_FROM = timedelta(hours=1)
"""A shorter silence is never unusual."""
STRETCH_MAX = timedelta(hours=24)
"""The first hours of a silence are held against the same hours of the weeks before."""
LONG_S = 14 * 3600
"""Longer silences are asked for apart: at night all are quiet, and their hours hold next to nothing."""
WEEKS = 4
WEEK_DAYS = 7
FAILED = JOINT.join((Stopped.OURS, "error"))


@dataclass(frozen=True, slots=True)
class Old:
    """A scenario that runs in an older version than elsewhere in the network."""

    scenario: str
    version: str
    newest: str


@dataclass(slots=True)
class Facts:
    """One business now, and its leads over the period.

    `expected` are the turns of clients that the silence since `heard_at` should have held, `quiet_s` the seconds in
    which they were looked for. `refused` are leads that the CRM has not got since it last got one.
    """

    booked: Sum = field(default_factory=Sum)
    asked: int = 0
    known: int = 0
    leads_lately: int = 0
    failures: int = 0
    waiting: int = 0
    late: int = 0
    late_since: datetime | None = None
    heard_at: datetime | None = None
    silent: str = ""
    silent_since: datetime | None = None
    expected: float = 0.0
    quiet_s: float = 0.0
    undelivered: int = 0
    refused: int = 0
    refused_since: datetime | None = None
    quarantined: int = 0
    unread: int = 0
    grown_at: datetime | None = None
    broken: bool = False
    old: Old | None = None
    tested: bool = False
    begun: bool = False


class _Booked(msgspec.Struct):
    business_id: UUID
    n: int
    k: int
    pending: int
    excluded: int
    total: int
    hits: int


class _Stretch(msgspec.Struct):
    """Hours of a day of the past that a silence is held against."""

    business_id: UUID
    day: date
    since: float
    until: float


Known = dict[UUID, Facts]


def read_facts(cur: Any, businesses: Sequence[Business], period: Period, today: date, now: datetime) -> Known:
    """The facts of all these businesses; the wall must be open for each of them."""
    found = {business.pk: Facts() for business in businesses}
    if not found:
        return found
    every = ids(found)
    _booked(cur, every, found, period)
    _lately(cur, every, found, today)
    _waiting(cur, every, found, now)
    _heard(cur, every, found, now)
    _expected(cur, {business.pk: business.timezone for business in businesses}, found, now)
    _undelivered(cur, found, today)
    _journals(cur, every, found)
    for row in QUERIES.rows(cur, "quarantined", businesses=every):
        found[row["business_id"]].quarantined = row["n"]
    for row in QUERIES.rows(cur, "old_versions", businesses=every):
        found[row["business_id"]].old = Old(row["scenario"], row["version"], row["newest"])
    _tested(cur, found, period)
    return found


def ids(businesses: Mapping[UUID, Any] | Sequence[UUID]) -> str:
    """An array of PostgreSQL, written once for all statements."""
    return f"{{{','.join(map(str, businesses))}}}"


def _booked(cur: Any, every: str, found: Known, period: Period) -> None:
    days = {"first": period.first, "last": period.last}
    for row in load(QUERIES, cur, "booked_sums", _Booked, businesses=every, **days):
        found[row.business_id].booked = Sum(
            n=row.n, k=row.k, pending=row.pending, excluded=row.excluded, total=row.total, hits=row.hits
        )


def _lately(cur: Any, every: str, found: Known, today: date) -> None:
    days = {"first": today - timedelta(days=LATELY_DAYS - 1), "last": today}
    crm_first = today - timedelta(days=CRM_DAYS - 1)
    for row in QUERIES.rows(cur, "lately", businesses=every, crm_first=crm_first, **days):
        facts = found[row["business_id"]]
        facts.asked, facts.known = row["asked"] or 0, row["known"] or 0
        facts.leads_lately, facts.undelivered = row["leads"] or 0, row["undelivered"] or 0
    for row in QUERIES.rows(cur, "failures", businesses=every, member=FAILED, **days):
        found[row["business_id"]].failures = row["n"]


def _waiting(cur: Any, every: str, found: Known, now: datetime) -> None:
    for row in QUERIES.rows(cur, "waiting_now", businesses=every, now=now, before=now - WAITING_OVER):
        facts = found[row["business_id"]]
        facts.waiting, facts.late, facts.late_since = row["waiting"], row["late"], row["late_since"]


def _heard(cur: Any, every: str, found: Known, now: datetime) -> None:
    for row in QUERIES.rows(cur, "heard", businesses=every, before=now - SILENT_AFTER):
        facts = found[row["business_id"]]
        facts.heard_at = row["heard_at"]
        if row["silent"] is not None:
            facts.silent, facts.silent_since = row["silent"], row["silent_since"]


def _expected(cur: Any, zones: Mapping[UUID, str], found: Known, now: datetime) -> None:
    """What the silence of a business should have held, by its own weeks before it fell silent."""
    short: list[_Stretch] = []
    long: list[_Stretch] = []
    for business, facts in found.items():
        if facts.heard_at is not None and now - facts.heard_at >= QUIET_FROM:
            until = min(now, facts.heard_at + STRETCH_MAX)
            facts.quiet_s = (until - facts.heard_at).total_seconds()
            stretches = _stretches(business, facts.heard_at, until, ZoneInfo(zones[business]))
            (long if facts.quiet_s > LONG_S else short).extend(stretches)
    for some in (short, long):
        for row in _turns(cur, some):
            found[row["business_id"]].expected = float(row["turns"]) / WEEKS


def _stretches(business: UUID, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[_Stretch]:
    first, last = since.astimezone(zone), until.astimezone(zone)
    day = first.date()
    while day <= last.date():
        begins = _hours(first.time()) if day == first.date() else 0.0
        ends = _hours(last.time()) if day == last.date() else 24.0
        for week in range(1, WEEKS + 1):
            yield _Stretch(business, day - timedelta(days=week * WEEK_DAYS), begins, ends)
        day += timedelta(days=1)


def _turns(cur: Any, stretches: Sequence[_Stretch]) -> list[dict[str, Any]]:
    if not stretches:
        return []
    hours = {hour for one in stretches for hour in range(int(one.since), ceil(one.until))}
    return QUERIES.rows(
        cur,
        "expected",
        businesses=ids(list({one.business_id for one in stretches})),
        days=sorted({one.day for one in stretches}),
        hours=[f"{hour:02d}" for hour in sorted(hours)],
        stretches=as_json(stretches),
    )


def _hours(of: time) -> float:
    return of.hour + of.minute / 60 + of.second / 3600


def _undelivered(cur: Any, found: Known, today: date) -> None:
    """The leads themselves are asked for only where the cells miss some."""
    some = [business for business, facts in found.items() if facts.undelivered > 0]
    if not some:
        return
    first = today - timedelta(days=CRM_DAYS - 1)
    for row in QUERIES.rows(cur, "undelivered", businesses=ids(some), first=first):
        facts = found[row["business_id"]]
        facts.undelivered = row["undelivered"]
        facts.refused, facts.refused_since = row["refused"], row["refused_since"]


def _journals(cur: Any, every: str, found: Known) -> None:
    for row in QUERIES.rows(cur, "logs", businesses=every, log=EVENTS, reader=READER):
        facts = found[row["business_id"]]
        # The first entry of a log is our own.
        facts.begun = row["size"] > 1
        facts.unread = row["unread"]
        facts.grown_at = clock.from_us(row["last_us"])
    for row in QUERIES.rows(cur, "broken_seals", businesses=every, log=EVENTS):
        found[row["business_id"]].broken = True


def _tested(cur: Any, found: Known, period: Period) -> None:
    """Trial talks are looked for only where nothing else is."""
    some = [business for business, facts in found.items() if facts.booked.excluded and not facts.booked.total]
    if not some:
        return
    days = {"first": period.first, "last": period.last}
    for row in QUERIES.rows(cur, "tested", businesses=ids(some), **days):
        found[row["business_id"]].tested = True
