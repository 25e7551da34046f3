"""Working time: how long a business was open between two instants, and when so many open seconds are over.

Pure reckoning over versions of a weekly schedule in the business's own zone. A day takes the version in force on it,
so a span is cut where the schedule changes. Within a version a date it names (`2026-01-01`) goes first, then the
official calendar it follows, then the weekday. Interval ends are placed in local time and measured in UTC, so a day of
a zone jump is as long as it really was. Before the first version there is no working time to tell: the answer is None,
never 0.

A version that follows a calendar is closed on its days off. On a Saturday or Sunday that is worked for another day it
keeps that day's hours, or its own where it does not work on such weekdays. The hour by which offices close earlier
before a holiday is for employees, not for clients: hours stay as they are.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from letopis.base.calendars import year_of
from letopis.base.text import fold

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = timedelta(days=1)
SEARCH_DAYS_MAX = 40
"""How far an opening is looked for: longer than any holiday; a business closed for longer has no next opening."""
SPAN_DAYS_MAX = 366
"""Working time of longer spans is not reckoned: nobody waits a year by the clock."""

Weekly = Mapping[str, Sequence[Sequence[str]]]
Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Version:
    """Working hours in force from a local day on: weekday or ISO date to a list of [opens, closes] as HH:MM.

    Without `weekly` it tells that from this day on there are no hours of one's own. `calendar` names one of
    `calendars.CALENDARS`; empty: holidays are days like others.
    """

    valid_from: date
    weekly: Weekly | None
    calendar: str = ""

    def ranges_on(self, day: date) -> Sequence[Sequence[str]]:
        """The intervals of a local day; only of a version that has hours."""
        assert self.weekly is not None, "a version without hours has none on any day"
        named = self.weekly.get(day.isoformat())
        if named is not None:
            return named
        usual = self._usual(day)
        if not self.calendar:
            return usual
        year = year_of(self.calendar, day.year)
        if day in year.off:
            return ()
        instead_of = year.working.get(day)
        return usual if instead_of is None else self._usual(instead_of) or usual

    def _usual(self, day: date) -> Sequence[Sequence[str]]:
        return () if self.weekly is None else self.weekly.get(WEEKDAYS[day.weekday()], ())


@dataclass(slots=True)
class Schedule:
    """All versions of somebody's hours; remembers the intervals of days it has been asked about."""

    zone: ZoneInfo
    versions: Sequence[Version] = ()
    _starts: list[date] = field(init=False)
    _days: dict[date, tuple[Interval, ...] | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.versions = sorted(self.versions, key=lambda version: version.valid_from)
        self._starts = [version.valid_from for version in self.versions]

    def local_day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def seconds_between(self, begin: datetime, end: datetime) -> int | None:
        """Open seconds between two instants; None where no schedule tells, or the span is over `SPAN_DAYS_MAX`."""
        if not self.versions or end - begin > SPAN_DAYS_MAX * DAY:
            return None
        total = timedelta()
        day, last = self.local_day(begin), self.local_day(end)
        while day <= last:
            intervals = self._open_on(day)
            if intervals is None:
                return None
            for opens, closes in intervals:
                overlap = min(closes, end) - max(opens, begin)
                if overlap > timedelta():
                    total += overlap
            day += DAY
        return int(total.total_seconds())

    def deadline(self, begin: datetime, seconds: int) -> datetime | None:
        """The instant at which so many open seconds after `begin` are over; outside of hours they start to run at the
        next opening. None where no schedule tells, or none opens within `SEARCH_DAYS_MAX`.
        """
        if not self.versions:
            return None
        left = timedelta(seconds=seconds)
        day = self.local_day(begin)
        for _ in range(SEARCH_DAYS_MAX):
            intervals = self._open_on(day)
            if intervals is None:
                return None
            for opens, closes in intervals:
                runs_from = max(opens, begin)
                if closes <= runs_from:
                    continue
                if closes - runs_from >= left:
                    return runs_from + left
                left -= closes - runs_from
            day += DAY
        return None

    def minutes_on(self, day: date) -> int | None:
        """Open minutes of a local day; None where no schedule tells."""
        intervals = self._open_on(day)
        if intervals is None:
            return None
        return int(sum((closes - opens for opens, closes in intervals), timedelta()) / timedelta(minutes=1))

    def in_force(self, day: date) -> Version | None:
        """The version that holds on a local day."""
        index = bisect_right(self._starts, day)
        return self.versions[index - 1] if index else None

    def _open_on(self, day: date) -> tuple[Interval, ...] | None:
        if day not in self._days:
            self._days[day] = self._place(day)
        return self._days[day]

    def _place(self, day: date) -> tuple[Interval, ...] | None:
        version = self.in_force(day)
        if version is None or version.weekly is None:
            return None
        told = version.ranges_on(day)
        placed = sorted((self._instant(day, opens), self._instant(day, closes)) for opens, closes in told)
        return tuple(_joined(placed))

    def _instant(self, day: date, clock: str) -> datetime:
        """A wall-clock time of a day as an instant; 24:00 is the next midnight."""
        hour, minute = (int(part) for part in clock.split(":")[:2])
        if hour == 24:
            day, hour = day + DAY, 0
        return datetime.combine(day, time(hour, minute), self.zone).astimezone(UTC)


def _joined(placed: Sequence[Interval]) -> list[Interval]:
    """Intervals without overlap, so that no minute counts twice."""
    joined: list[Interval] = []
    for opens, closes in placed:
        if closes <= opens:
            continue
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return joined


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose hours: a branch's, a channel's, a person's, or of several at once; of all when all three are empty."""

    branch: str = ""
    channel: str = ""
    person: str = ""

    def folded(self) -> "Scope":
        """The form in which names are compared: «Аня» and «аня» are one."""
        return Scope(fold(self.branch), fold(self.channel), fold(self.person))


WHOLE = Scope()


@dataclass(slots=True)
class Hours:
    """The working hours of a business and of those parts of it that keep hours of their own; remembers what it merged.

    A part's own hours begin with their first version and end with one that has none; outside of that the hours of the
    next wider part hold. The nearest to who answers goes first: a person keeps the shifts of a person wherever these
    are worked, a branch its opening hours whatever the channel, and a channel's hours are those of whoever is on duty
    there. So a person in a branch, a person, a branch's channel, a branch, a channel, all. A day on which a wider part
    is closed by its date is closed for the nearer ones too, unless they name that date themselves.
    """

    zone: ZoneInfo
    whole: Schedule
    own: Mapping[Scope, Sequence[Version]] = field(default_factory=dict)
    """Versions of parts; of two of one day the later in the sequence stands."""
    _folded: dict[Scope, dict[date, Version]] = field(init=False, default_factory=dict)
    _merged: dict[tuple[Scope, ...], Schedule] = field(init=False, default_factory=dict)
    _asked: dict[tuple[str, str, str], Schedule] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for scope, versions in self.own.items():
            assert scope != WHOLE, "the hours of all are the schedule"
            self._folded.setdefault(scope.folded(), {}).update({one.valid_from: one for one in versions})

    def of(self, *, branch: str = "", channel: str = "", person: str = "") -> Schedule:
        """The hours that hold for a part; the nearest that were told: a person's, a branch's, a channel's, all."""
        if not self._folded:
            return self.whole
        asked = (branch, channel, person)
        if asked not in self._asked:
            self._asked[asked] = self._of(Scope(*asked).folded())
        return self._asked[asked]

    def minutes_on(self, day: date, person: str = "", branch: str = "") -> int | None:
        """Open minutes of a local day, of a person or a branch or all; None where nothing tells."""
        return self.of(person=person, branch=branch).minutes_on(day)

    def local_day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _of(self, asked: Scope) -> Schedule:
        scopes = tuple(scope for scope in _from_near_to_far(asked) if scope in self._folded)
        if not scopes:
            return self.whole
        if scopes not in self._merged:
            layers = [Schedule(self.zone, list(self._folded[scope].values())) for scope in scopes]
            self._merged[scopes] = Schedule(self.zone, list(_merged([*layers, self.whole])))
        return self._merged[scopes]


def _from_near_to_far(asked: Scope) -> Iterator[Scope]:
    """The parts whose hours may hold for what was asked, without all."""
    names = (dict.fromkeys((name, "")) for name in (asked.person, asked.branch, asked.channel))
    for person, branch, channel in product(*names):
        if person or branch or channel:
            yield Scope(branch, channel, person)


def _merged(layers: Sequence[Schedule]) -> Iterator[Version]:
    """One run of versions out of several, the nearest part's first: cut wherever one of them changes."""
    days = sorted({version.valid_from for layer in layers for version in layer.versions})
    for day in days:
        in_force = [version for layer in layers if (version := layer.in_force(day)) and version.weekly is not None]
        yield replace(_overlaid(in_force), valid_from=day) if in_force else Version(day, None)


def _overlaid(in_force: Sequence[Version]) -> Version:
    """The nearest version, closed also on the dates on which a wider one is."""
    nearest = in_force[0]
    named: dict[str, Sequence[Sequence[str]]] = {}
    for version in reversed(in_force[1:]):
        named |= dates_of(version.weekly)
    closed = {day: ranges for day, ranges in named.items() if not ranges}
    return replace(nearest, weekly={**closed, **(nearest.weekly or {})})


def dates_of(weekly: Weekly | None) -> dict[str, Sequence[Sequence[str]]]:
    """What a version names by date."""
    return {name: ranges for name, ranges in (weekly or {}).items() if name not in WEEKDAYS}
