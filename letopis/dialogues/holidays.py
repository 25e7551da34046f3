"""Days on which hours are other than in the week, in words: official days off, and dates that a schedule names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice

from django.utils.translation import gettext as _

from letopis.base import format
from letopis.base.calendars import DayOff, year_of
from letopis.base.worktime import DAY, Schedule, Version, Weekly, dates_of
from letopis.dialogues.hours import UNBROKEN_DASH, Line, hours_words

DAYS_AHEAD_MAX = 365
LINES_MAX = 6


@dataclass(frozen=True, slots=True)
class Named:
    """A date that a schedule names, with its hours in words."""

    day: date
    hours: str

    @property
    def weekday(self) -> str:
        return format.weekday(self.day)


def named_since(weekly: Weekly | None, first: date) -> list[Named]:
    """The dates from a day on, in their order."""
    found = ((date.fromisoformat(name), ranges) for name, ranges in dates_of(weekly).items())
    return [Named(day, hours_words(ranges)) for day, ranges in sorted(found) if day >= first]


def why_closed(calendar: str, day: date) -> str:
    """The holiday of a day, or the day it stands for; empty when the calendar has nothing to say."""
    off = year_of(calendar, day.year).off.get(day) if calendar else None
    return "" if off is None else _reason(off)


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the official calendar brings next, and the first year ahead whose moved days are not decreed yet."""

    lines: Sequence[Line] = ()
    unknown_year: int | None = None


def ahead(schedule: Schedule, first: date) -> Ahead:
    """Days off in a row in one line, and weekends that are worked, as far as the versions in force follow a calendar.

    Days that a version itself names are left out: these have hours of their own.
    """
    days = [(day, version) for n in range(DAYS_AHEAD_MAX) if (version := _follower(schedule, day := first + n * DAY))]
    told = [(day, words) for day, version in days if (words := _words(version, day))]
    unknown = (day.year for day, version in days if not year_of(version.calendar, day.year).is_decreed)
    return Ahead(tuple(_line(run) for run in islice(_runs(told), LINES_MAX)), next(unknown, None))


def _follower(schedule: Schedule, day: date) -> Version | None:
    version = schedule.in_force(day)
    return version if version is not None and version.weekly is not None and version.calendar else None


def _words(version: Version, day: date) -> str:
    year = year_of(version.calendar, day.year)
    if day.isoformat() in (version.weekly or {}):
        return ""
    if day in year.off:
        return _reason(year.off[day])
    instead_of = year.working.get(day)
    if instead_of is None:
        return ""
    told = {"day": format.day_of_year(instead_of), "hours": hours_words(version.ranges_on(day))}
    return _("worked instead of %(day)s: %(hours)s") % told


def _reason(off: DayOff) -> str:
    if off.moved_from is not None:
        return _("off instead of %(day)s") % {"day": format.day_of_year(off.moved_from)}
    return str(off.holiday)


def _runs(told: Sequence[tuple[date, str]]) -> Iterator[list[tuple[date, str]]]:
    """Days that follow each other: among them the day less its place in the row stays the same."""
    for _same, group in groupby(enumerate(told), key=lambda pair: pair[1][0].toordinal() - pair[0]):
        yield [one for _n, one in group]


def _line(run: Sequence[tuple[date, str]]) -> Line:
    return Line(_days(run[0][0], run[-1][0]), ", ".join(dict.fromkeys(words for _day, words in run)))


def _days(first: date, last: date) -> str:
    """20 февр., 1–8 янв., 31 дек. – 8 янв."""
    if first == last:
        return format.day_short(first)
    if first.month == last.month:
        return f"{first.day}{UNBROKEN_DASH}{format.day_short(last)}"
    return format.period(first, last)
