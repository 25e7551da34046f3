"""Working hours as a person tells them: a day with one break, what is wrong with it, and a week in words.

Hours that a program told may hold more than this shape; they are shown whole, and only a person's own words are bound
to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext as _

from letopis.base import clock, format
from letopis.base.worktime import WEEKDAYS, WHOLE, Scope, Weekly
from letopis.intake.own import own_draft
from letopis.journal.draft import Receipt
from letopis.journal.kinds import ScheduleVersion
from letopis.journal.scribe import append_now

MIDNIGHT, END_OF_DAY = "00:00", "24:00"
# «10:00–19:00» stays in one line.
UNBROKEN_DASH = f"\u2060{format.DASH}\u2060"
# Any week will do where only the names of its days are wanted.
_SOME_MONDAY = date(2024, 1, 1)

Range = Sequence[str]


class Place(StrEnum):
    """The four times of a day, as the form names them."""

    OPENS = "opens"
    CLOSES = "closes"
    PAUSE = "pause"
    RESUMES = "resumes"


class Wrong(StrEnum):
    """What can be wrong with a day."""

    MISSING = "missing"
    CLOSES_EARLY = "closes_early"
    RESUMES_EARLY = "resumes_early"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Day:
    """Hours of one weekday as HH:MM; nothing told is a day off."""

    opens: str = ""
    closes: str = ""
    pause: str = ""
    resumes: str = ""

    @classmethod
    def told(cls, opens: str, closes: str, pause: str, resumes: str) -> "Day":
        """From a form, where midnight at closing can only mean the end of the day."""
        return cls(opens, END_OF_DAY if closes == MIDNIGHT else closes, pause, resumes)

    @classmethod
    def of(cls, ranges: Sequence[Range]) -> "Day":
        """From a schedule: first opening, last closing, the first gap between as the break."""
        if not ranges:
            return cls()
        first, last = ranges[0], ranges[-1]
        return cls(first[0], last[1]) if first is last else cls(first[0], last[1], first[1], ranges[1][0])

    def ranges(self) -> list[list[str]]:
        """As a schedule has it; the day must be without problems."""
        if not self.opens:
            return []
        if not self.pause:
            return [[self.opens, self.closes]]
        return [[self.opens, self.pause], [self.resumes, self.closes]]

    def problems(self) -> dict[Place, Wrong]:
        """What is wrong, at the field that has to be mended; empty is good."""
        if missing := self._missing():
            return dict.fromkeys(missing, Wrong.MISSING)
        if self.opens and self.closes <= self.opens:
            return {Place.CLOSES: Wrong.CLOSES_EARLY}
        if not self.pause:
            return {}
        if self.resumes <= self.pause:
            return {Place.RESUMES: Wrong.RESUMES_EARLY}
        if self.pause <= self.opens:
            return {Place.PAUSE: Wrong.OUTSIDE}
        return {Place.RESUMES: Wrong.OUTSIDE} if self.resumes >= self.closes else {}

    def _missing(self) -> list[Place]:
        paused = bool(self.pause or self.resumes)
        wanted = {
            Place.OPENS: bool(self.closes) or paused,
            Place.CLOSES: bool(self.opens) or paused,
            Place.PAUSE: bool(self.resumes),
            Place.RESUMES: bool(self.pause),
        }
        return [place for place, is_wanted in wanted.items() if is_wanted and not getattr(self, place)]


@dataclass(frozen=True, slots=True)
class Line:
    """Days in a row with the same hours: «пн–пт» and «10:00–20:00»."""

    days: str
    hours: str


def lines_of(weekly: Weekly) -> list[Line]:
    """A week in as few lines as it takes."""
    told = [(day, hours_words(weekly.get(name, ()))) for day, name in zip(range(7), WEEKDAYS, strict=True)]
    found: list[Line] = []
    for words, group in groupby(told, key=lambda one: one[1]):
        days = [day for day, _words in group]
        found.append(Line(_days_words(days[0], days[-1]), words))
    return found


def hours_words(ranges: Sequence[Range]) -> str:
    """10:00–21:00, перерыв 14:00–15:00"""
    spans = [f"{opens}{format.DASH}{closes}" for opens, closes in ranges]
    if not spans:
        return _("day off")
    if len(spans) != 2:
        return ", ".join(spans)
    whole = f"{ranges[0][0]}{format.DASH}{ranges[1][1]}"
    pause = f"{ranges[0][1]}{format.DASH}{ranges[1][0]}"
    return _("%(hours)s, break %(pause)s") % {"hours": whole, "pause": pause}


def is_simple(weekly: Weekly) -> bool:
    """Whether the form can tell this week without losing anything of it; dates have a form of their own."""
    return all(len(weekly.get(name, ())) <= 2 for name in WEEKDAYS)


def tell_hours(
    business: UUID,
    valid_from: date,
    weekly: Weekly | None,
    person: str,
    *,
    scope: Scope = WHOLE,
    calendar: str = "",
) -> Receipt:
    """Write a version of somebody's hours to the journal, as `person` told it; the readers take it from there.

    Without `weekly` a part keeps the common hours again.
    """
    told = ScheduleVersion(
        timestamp=clock.now(),
        branch=scope.branch or None,
        valid_from=valid_from,
        weekly=None if weekly is None else {day: [list(one) for one in ranges] for day, ranges in weekly.items()},
        calendar=calendar or None,
        of_channel=scope.channel or None,
        of_person=scope.person or None,
        by="business",
        person=person,
    )
    return append_now([own_draft(business, told.public())])[0]


def _days_words(first: int, last: int) -> str:
    names = [format.weekday(_SOME_MONDAY + timedelta(days=day)) for day in (first, last)]
    return names[0] if first == last else f"{names[0]}{format.DASH}{names[1]}"
