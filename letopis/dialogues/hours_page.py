"""The page of working hours: what is in force, what comes, and a form for the next version."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db import connection
from django.db.models import Min
from django.forms.boundfield import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS as DAY_NAMES
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from letopis.access.menu import SETTINGS, MenuItem
from letopis.access.roles import BusinessRequest, Role, page
from letopis.base import clock, format
from letopis.base.worktime import WEEKDAYS, Weekly
from letopis.dialogues import schedules
from letopis.dialogues.hours import Day, Line, Place, Wrong, hours_words, is_simple, lines_of, tell_hours
from letopis.dialogues.models import Dialogue
from letopis.dialogues.schedules import Told

# Everybody is judged by these hours, so everybody sees them; who sets the house up sets them.
SEES = (Role.OWNER, Role.MANAGER, Role.INTEGRATOR)
SETS = (Role.OWNER, Role.INTEGRATOR)
FIRST_DAY = date(2000, 1, 1)
DAYS_AHEAD_MAX = 731
PAST_SHOWN_MAX = 12
# «10:00–19:00» stays in one line of the lede.
UNBROKEN_DASH = f"\u2060{format.DASH}\u2060"

MENU = [MenuItem("hours", gettext_lazy("Working hours"), icon="clock", route="hours", group=SETTINGS, order=920)]

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


@dataclass(frozen=True, slots=True)
class Shown:
    """One version as the page shows it; `unread` while the readers have not come to it."""

    valid_from: date
    lines: Sequence[Line]
    unread: bool = False


class HoursForm(forms.Form):
    """A week of working hours, and the day from which it holds."""

    valid_from = forms.DateField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy("A day in the past will do: the times of answers since then are reckoned anew."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        known: Sequence[Told],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.known = known
        for number, day in enumerate(WEEKDAYS):
            for place, words in PLACES.items():
                label = _("%(day)s, %(what)s") % {"day": capfirst(DAY_NAMES[number]), "what": words}
                widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
                self.fields[f"{day}_{place}"] = forms.TimeField(label=label, required=False, widget=widget)

    def rows(self) -> Iterator[Row]:
        for number, day in enumerate(WEEKDAYS):
            yield Row(capfirst(DAY_NAMES[number]), [(words, self[f"{day}_{place}"]) for place, words in PLACES.items()])

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if not FIRST_DAY <= day <= _today() + timedelta(days=DAYS_AHEAD_MAX):
            raise forms.ValidationError(_("A day between the year 2000 and two years ahead."))
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in WEEKDAYS:
            if any(f"{name}_{place}" in self.errors for place in Place):
                continue
            for place, wrong in self._day(name).problems().items():
                self.add_error(f"{name}_{place}", str(WRONG[wrong]))
        if not self.errors:
            self._check_whole(self.weekly(), given["valid_from"])
        return given

    def weekly(self) -> dict[str, list[list[str]]]:
        return {name: self._day(name).ranges() for name in WEEKDAYS}

    def _day(self, name: str) -> Day:
        times = (self.cleaned_data.get(f"{name}_{place}") for place in Place)
        return Day.told(*("" if at is None else at.strftime("%H:%M") for at in times))

    def _check_whole(self, weekly: Weekly, valid_from: date) -> None:
        if not any(weekly.values()):
            raise forms.ValidationError(_("Every day is a day off. Give the hours of one day at least."))
        before = _in_force(self.known, valid_from)
        if before is not None and all(before.weekly.get(name, []) == list(weekly[name]) for name in WEEKDAYS):
            raise forms.ValidationError(_("These hours are in force already; there is nothing to change."))


@page(roles=SEES)
def hours(request: BusinessRequest, business: UUID) -> HttpResponse:
    """What is in force and what comes; `saved` names an entry that the readers may not have come to yet."""
    with connection.cursor() as cur:
        known = schedules.versions_of(cur, business)
    return _page(request, known, HoursForm(known=known, initial=_initial(business, known)))


@page(roles=SETS, methods=("POST",))
def set_hours(request: BusinessRequest, business: UUID) -> HttpResponse:
    """Write a version to the journal; with `fill` only the form is filled, every day as Monday."""
    with connection.cursor() as cur:
        known = schedules.versions_of(cur, business)
    if "fill" in request.POST:
        return _page(request, known, HoursForm(known=known, initial=_like_monday(request.POST.dict())))
    form = HoursForm(request.POST, known=known)
    if not form.is_valid():
        return _page(request, known, form, status=422)
    receipt = tell_hours(business, form.cleaned_data["valid_from"], form.weekly(), str(request.user))
    return redirect(f"{reverse('hours', kwargs={'business': business})}?saved={receipt.seq}")


def _page(request: BusinessRequest, known: Sequence[Told], form: HoursForm, status: int = 200) -> HttpResponse:
    today = _today()
    unread = _unread(request, known)
    versions = sorted([*known, unread] if unread else known, key=lambda told: told.valid_from)
    now = _in_force(known, today)
    coming = [told for told in versions if told.valid_from > today]
    past = [told for told in known if told.valid_from <= today and told is not now]
    context = {
        "lede": _lede(now, coming, today),
        "now": _shown(now) if now else None,
        "unread": _shown(unread, unread=True) if unread else None,
        "poll_url": request.get_full_path() if unread else "",
        "coming": [_shown(told) for told in coming if told is not unread],
        "past": [_shown(told) for told in reversed(past[-PAST_SHOWN_MAX:])],
        "form": form,
        "may_set": request.role in SETS,
        "too_rich": now is not None and not is_simple(now.weekly),
    }
    return render(request, "dialogues/hours.html", context, status=status)


def _unread(request: BusinessRequest, known: Sequence[Told]) -> Told | None:
    """The version that was just saved, while the readers are on their way to it."""
    saved = request.GET.get("saved", "")
    if not saved.isdecimal() or len(saved) > 18 or any(told.seq >= int(saved) for told in known):
        return None
    with connection.cursor() as cur:
        return schedules.told_by(cur, request.business.pk, int(saved), ZoneInfo(request.business.timezone))


def _lede(now: Told | None, coming: Sequence[Told], today: date) -> tuple[str, str]:
    """What holds today, and what hurts."""
    if now is None and coming:
        return "", _("No working hours are in force yet, so the time of answers within them is not reckoned.")
    if now is None:
        return (
            _("No working hours yet, so the time of answers within them is not reckoned."),
            _("What is written at night counts as answered late in the morning."),
        )
    ranges = now.weekly.get(WEEKDAYS[today.weekday()], [])
    if not ranges:
        return _("Today is your day off. The time of answers does not run."), ""
    told = {"hours": hours_words(ranges).replace(format.DASH, UNBROKEN_DASH)}
    return _("Today you work %(hours)s. Only then the time of answers runs.") % told, ""


def _shown(told: Told, *, unread: bool = False) -> Shown:
    return Shown(told.valid_from, lines_of(told.weekly), unread)


def _in_force(known: Sequence[Told], day: date) -> Told | None:
    return next((told for told in reversed(known) if told.valid_from <= day), None)


def _initial(business: UUID, known: Sequence[Told]) -> dict[str, Any]:
    """The hours in force, to be changed from today on; the first ones hold from the first dialogue on."""
    if not known:
        first = Dialogue.objects.filter(business_id=business).aggregate(day=Min("day"))["day"]
        return {"valid_from": first or _today()}
    weekly = (_in_force(known, _today()) or known[0]).weekly
    found: dict[str, Any] = {"valid_from": _today()}
    for name in WEEKDAYS:
        day = Day.of(weekly.get(name, []))
        found |= {f"{name}_{place}": _time(getattr(day, place)) for place in Place}
    return found


def _time(told: str) -> time | None:
    """24:00 is 00:00 to a field."""
    return time.fromisoformat(told.replace("24:", "00:")) if told else None


def _like_monday(given: Mapping[str, str]) -> dict[str, str]:
    filled = {f"{name}_{place}": given.get(f"mon_{place}", "") for name in WEEKDAYS for place in Place}
    return {"valid_from": given.get("valid_from", ""), **filled}


def _today() -> date:
    return timezone.localtime(clock.now()).date()
