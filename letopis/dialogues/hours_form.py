"""The forms of working hours: a week that holds from a day on, and one date on which hours are other than usual."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.dates import WEEKDAYS as DAY_NAMES
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from letopis.base import clock
from letopis.base.calendars import RUSSIA
from letopis.base.text import fold
from letopis.base.worktime import WEEKDAYS, WHOLE, Scope, Weekly, dates_of
from letopis.dialogues.hours import Day, Place, Wrong
from letopis.dialogues.schedules import Known, Told
from letopis.intake.values import DATES_MAX, EMPTY_WORDS, WORD_CHARS_MAX

FIRST_DAY = date(2000, 1, 1)
DAYS_AHEAD_MAX = 731
# What templates of programs leave behind.
_UNFIT = frozenset("{}[]%")

PLACES = {
    Place.OPENS: pgettext_lazy("hours", "from"),
    Place.CLOSES: pgettext_lazy("hours", "to"),
    Place.PAUSE: pgettext_lazy("hours", "break from"),
    Place.RESUMES: pgettext_lazy("hours", "to"),
}
WRONG = {
    Wrong.MISSING: gettext_lazy("Fill this in too, or empty the other times."),
    Wrong.CLOSES_EARLY: gettext_lazy(
        "The end is before the beginning. If you work past midnight, end the day at 00:00 and put the rest into"
        " the next day."
    ),
    Wrong.RESUMES_EARLY: gettext_lazy("The break ends before it begins."),
    Wrong.OUTSIDE: gettext_lazy("The break has to lie inside the working hours."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One weekday of the form: its four times, each with the word before it."""

    name: str
    fields: Sequence[tuple[Any, BoundField]]


class HoursForm(forms.Form):
    """A week of working hours, and the day from which it holds; `seq` is the last version that the person has seen."""

    seq = forms.IntegerField(widget=forms.HiddenInput, required=False)
    valid_from = forms.DateField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy("A day in the past will do: the times of answers since then are reckoned anew."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    calendar = forms.BooleanField(
        label=gettext_lazy("Closed on public holidays"),
        help_text=gettext_lazy(
            "By the official calendar of Russia, moved days off included. A working Saturday keeps the hours of the"
            " day it stands for."
        ),
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        known: Known,
        scope: Scope,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"seq": _seen(known, scope), **(initial or {})})
        self.known = known
        self.scope = scope
        for number, day in enumerate(WEEKDAYS):
            for place, words in PLACES.items():
                label = _("%(day)s, %(what)s") % {"day": capfirst(DAY_NAMES[number]), "what": words}
                self.fields[f"{day}_{place}"] = _time_field(label)

    def rows(self) -> Iterator[Row]:
        for number, day in enumerate(WEEKDAYS):
            yield Row(capfirst(DAY_NAMES[number]), [(words, self[f"{day}_{place}"]) for place, words in PLACES.items()])

    def clean_valid_from(self) -> date:
        return _day_in_reach(self.cleaned_data["valid_from"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in WEEKDAYS:
            if any(f"{name}_{place}" in self.errors for place in Place):
                continue
            for place, wrong in self._day(name).problems().items():
                self.add_error(f"{name}_{place}", str(WRONG[wrong]))
        if not self.errors:
            self._check_whole(given["valid_from"])
        return given

    def weekly(self) -> dict[str, Sequence[Sequence[str]]]:
        """The week with the dates that were named before and are still to come when it begins."""
        valid_from = self.cleaned_data["valid_from"]
        before = self.known.in_force(valid_from, self.scope)
        later = [told for told in self.known.versions(self.scope) if told.valid_from > valid_from]
        dates = dates_of(before.weekly if before else None)
        until = later[0].valid_from.isoformat() if later else "9"
        kept = {day: ranges for day, ranges in dates.items() if valid_from.isoformat() <= day < until}
        return {**{name: self._day(name).ranges() for name in WEEKDAYS}, **kept}

    def official(self) -> str:
        """The calendar it follows."""
        return RUSSIA if self.cleaned_data["calendar"] else ""

    def _day(self, name: str) -> Day:
        times = (self.cleaned_data.get(f"{name}_{place}") for place in Place)
        return Day.told(*("" if at is None else at.strftime("%H:%M") for at in times))

    def _check_whole(self, valid_from: date) -> None:
        week = {name: self._day(name).ranges() for name in WEEKDAYS}
        # Somebody may be away for months, and a branch closed; a business that never opens is a slip.
        if self.scope == WHOLE and not any(week.values()):
            raise forms.ValidationError(_("Every day is a day off. Give the hours of one day at least."))
        if "seq" in self.data and (self.cleaned_data["seq"] or 0) != _seen(self.known, self.scope):
            raise forms.ValidationError(
                _("Somebody has changed the hours while you looked. Check them and save once more.")
            )
        before = self.known.in_force(valid_from, self.scope)
        if before is not None and _is_same(before, week, self.official()):
            raise forms.ValidationError(_("These hours are in force already; there is nothing to change."))


class NameForm(forms.Form):
    """The colleague whose hours are told for the first time."""

    name = forms.CharField(
        label=gettext_lazy("Colleague"),
        help_text=gettext_lazy("As in the visits and dialogues, letter by letter."),
        max_length=WORD_CHARS_MAX,
        widget=forms.TextInput(attrs={"list": "colleagues", "autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        # To a door these are no name, and hours without a name are everybody's.
        if fold(name) in EMPTY_WORDS or not _UNFIT.isdisjoint(name):
            raise forms.ValidationError(_("This cannot be a name."))
        return name


class DropForm(forms.Form):
    """The date to take out."""

    day = forms.DateField()


class DateForm(forms.Form):
    """One date: closed, or open at other hours."""

    day = forms.DateField(
        label=pgettext_lazy("hours", "Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, known: Known, scope: Scope) -> None:
        super().__init__(data, prefix="date")
        self.known = known
        self.scope = scope
        for place in (Place.OPENS, Place.CLOSES):
            self.fields[place] = _time_field(str(PLACES[place]))

    def clean_day(self) -> date:
        day = _day_in_reach(self.cleaned_data["day"])
        if self.known.in_force(day, self.scope) is None:
            raise forms.ValidationError(_("There are no working hours yet on this day; tell them first."))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            for place, wrong in self._hours().problems().items():
                self.add_error(place, str(WRONG[wrong]))
        if not self.errors and len(dates_of(self.version().weekly)) >= DATES_MAX:
            raise forms.ValidationError(_("So many dates are named that no more fit. Take out some of them first."))
        return given

    def version(self) -> Told:
        """The version to which the date belongs."""
        found = self.known.in_force(self.cleaned_data["day"], self.scope)
        assert found is not None, "clean_day has found it"
        return found

    def weekly(self) -> Weekly:
        """The version's week with this date."""
        return {**(self.version().weekly or {}), self.cleaned_data["day"].isoformat(): self._hours().ranges()}

    def _hours(self) -> Day:
        times = (self.cleaned_data.get(place) for place in (Place.OPENS, Place.CLOSES))
        opens, closes = ("" if at is None else at.strftime("%H:%M") for at in times)
        return Day.told(opens, closes, "", "")


def initial_of(told: Told | None, day: date) -> dict[str, Any]:
    """The hours of a version, to be changed from a day on."""
    found: dict[str, Any] = {"valid_from": day}
    if told is None or told.weekly is None:
        return found
    for name in WEEKDAYS:
        hours = Day.of(told.weekly.get(name, []))
        found |= {f"{name}_{place}": _time(getattr(hours, place)) for place in Place}
    return {**found, "calendar": bool(told.calendar)}


def like_monday(given: Mapping[str, str]) -> dict[str, Any]:
    """What was filled in, every day as Monday."""
    filled = {f"{name}_{place}": given.get(f"mon_{place}", "") for name in WEEKDAYS for place in Place}
    kept = {name: given.get(name, "") for name in ("valid_from", "seq")}
    return {**kept, "calendar": "calendar" in given, **filled}


def today() -> date:
    return timezone.localtime(clock.now()).date()


def _seen(known: Known, scope: Scope) -> int:
    return max((told.seq for told in known.versions(scope)), default=0)


def _is_same(told: Told, week: Weekly, calendar: str) -> bool:
    before = told.weekly or {}
    return told.calendar == calendar and all(before.get(name, []) == list(week[name]) for name in WEEKDAYS)


def _day_in_reach(day: date) -> date:
    if not FIRST_DAY <= day <= today() + timedelta(days=DAYS_AHEAD_MAX):
        raise forms.ValidationError(_("A day between the year 2000 and two years ahead."))
    return day


def _time_field(label: str) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


def _time(told: str) -> time | None:
    """24:00 is 00:00 to a field."""
    return time.fromisoformat(told.replace("24:", "00:")) if told else None
