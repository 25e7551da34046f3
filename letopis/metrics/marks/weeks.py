"""Which days are held against which: whole weeks before a change and after it, so that weekdays weigh the same. Pure.

A calendar week runs from Monday to Sunday. The day of the change and the 24 hours after it are cut, with the week that
holds them; so is what lies beyond a neighbouring change, and what is too young to be decided (metrics.md 2.5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from letopis.base.calendars import year_of
from letopis.base.worktime import Schedule
from letopis.metrics.period import Period
from letopis.metrics.statistics import p_chart

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
TRANSITION = timedelta(hours=24)
WEEKS_MAX = 12
SATURDAY = 5
REGRESSION_WITHIN = timedelta(days=14)
"""A change made so soon after an unusually bad week owes a part of its effect to chance: that week is left out."""
WEEKS_TO_JUDGE_ONE = 4
"""Of fewer weeks none can be called unusual."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """Whole weeks by their Mondays, the earliest first; `left_out` was too bad to be usual. Empty: nothing to hold."""

    before: Sequence[date] = ()
    after: Sequence[date] = ()
    left_out: date | None = None
    neighbour: bool = False
    """Another change lies so near that no whole week is between them."""

    @property
    def known(self) -> bool:
        """Whether there is something on both sides."""
        return bool(self.before and self.after)

    @property
    def spans_before(self) -> list[Period]:
        return [week_of(monday) for monday in self.before]

    @property
    def spans_after(self) -> list[Period]:
        return [week_of(monday) for monday in self.after]

    @property
    def days_after(self) -> int:
        return len(self.after) * WEEK.days

    @property
    def whole(self) -> Period:
        """All days that are looked at, and those between."""
        return Period(self.before[0], self.after[-1] + WEEK - DAY)


def weeks_around(
    at: datetime, zone: ZoneInfo, *, since: date, mature: date, before: datetime | None, after: datetime | None
) -> Weeks:
    """The weeks to compare around a change at `at`.

    `since` is the first day with data, `mature` the last day whose cases are decided; `before` and `after` are the
    neighbouring changes.
    """
    earliest = since if before is None else max(since, _settled(before, zone))
    latest = mature if after is None else min(mature, after.astimezone(zone).date() - DAY)
    last_before = _monday_of(at.astimezone(zone).date()) - WEEK
    first_after = _monday_from(_settled(at, zone))
    former = [last_before - n * WEEK for n in range(WEEKS_MAX) if last_before - n * WEEK >= _monday_from(earliest)]
    latter = [first_after + n * WEEK for n in range(WEEKS_MAX) if first_after + (n + 1) * WEEK - DAY <= latest]
    if former and latter:
        return Weeks(former[::-1], latter)
    crowded = (before is not None and not former and _monday_from(since) <= last_before) or (
        after is not None and not latter and first_after + WEEK - DAY <= mature
    )
    return Weeks(neighbour=crowded)


def without_bad_week(weeks: Weeks, at: date, counts: Sequence[tuple[int, int]], *, more_is_better: bool) -> Weeks:
    """Without a week so bad that the change may have been made because of it; `counts` are (k, n) of weeks before."""
    if len(counts) < WEEKS_TO_JUDGE_ONE:
        return weeks
    for place, ((k, n), limits) in enumerate(zip(counts, p_chart(counts), strict=True)):
        week = weeks.before[place]
        if limits is None or not n or at - (week + WEEK - DAY) > REGRESSION_WITHIN:
            continue
        if k / n < limits.low if more_is_better else k / n > limits.high:
            return Weeks([one for one in weeks.before if one != week], weeks.after, left_out=week)
    return weeks


def days_off(schedule: Schedule, weeks: Weeks) -> tuple[int, int]:
    """Official days off from Monday to Friday before and after, where the working hours follow a calendar."""
    before, after = (
        sum(_is_day_off(schedule, day) for span in spans for day in span.each_day() if day.weekday() < SATURDAY)
        for spans in (weeks.spans_before, weeks.spans_after)
    )
    return before, after


def _is_day_off(schedule: Schedule, day: date) -> bool:
    version = schedule.in_force(day)
    return version is not None and bool(version.calendar) and day in year_of(version.calendar, day.year).off


def _settled(at: datetime, zone: ZoneInfo) -> date:
    """The first whole day after a change and the time it takes to settle."""
    settled = (at + TRANSITION).astimezone(zone)
    return settled.date() if settled.time() == settled.time().min else settled.date() + DAY


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _monday_from(day: date) -> date:
    """The first Monday that is not before a day."""
    return day + timedelta(days=-day.weekday() % 7)


def week_of(monday: date) -> Period:
    return Period(monday, monday + WEEK - DAY)
