"""Working time: how long a business was open between two instants, and when so many open seconds are over.

Pure reckoning over versions of a weekly schedule in the business's own zone. A day takes the version in force on it,
so a span is cut where the schedule changes; a date named in a version (`2026-01-01`) goes before its weekday. Interval
ends are placed in local time and measured in UTC, so a day of a zone jump is as long as it really was. Before the first
version there is no working time to tell: the answer is None, never 0.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

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
    """Working hours in force from a local day on: weekday or ISO date to a list of [opens, closes] as HH:MM."""

    valid_from: date
    weekly: Weekly


@dataclass(slots=True)
class Schedule:
    """All versions of a business's hours; remembers the intervals of days it has been asked about."""

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

    def _open_on(self, day: date) -> tuple[Interval, ...] | None:
        if day not in self._days:
            self._days[day] = self._place(day)
        return self._days[day]

    def _place(self, day: date) -> tuple[Interval, ...] | None:
        index = bisect_right(self._starts, day)
        if not index:
            return None
        weekly = self.versions[index - 1].weekly
        told = weekly.get(day.isoformat(), weekly.get(WEEKDAYS[day.weekday()], ()))
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
