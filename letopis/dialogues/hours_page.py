"""The page of working hours: whose they are, what is in force and what comes, and forms for the next version and dates.

Everything that is saved is an event. Who saves first asks for what is told now, the readers' tail included, and keeps
others waiting meanwhile, so that of two people at once neither undoes what the other did.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Min
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letopis.access.menu import SETTINGS, MenuItem
from letopis.access.roles import BusinessRequest, Role, page
from letopis.base import format
from letopis.base.worktime import WHOLE, Schedule, Scope
from letopis.dialogues import holidays, hours_scopes, schedules
from letopis.dialogues.holidays import Named
from letopis.dialogues.hours import UNBROKEN_DASH, Line, hours_words, is_simple, lines_of, tell_hours
from letopis.dialogues.hours_form import DateForm, DropForm, HoursForm, NameForm, initial_of, like_monday, today
from letopis.dialogues.models import Dialogue
from letopis.dialogues.schedules import Known, Told
from letopis.privacy.views import eyes_of

# Everybody is judged by these hours, so everybody sees them; who sets the house up sets them.
SEES = (Role.OWNER, Role.MANAGER, Role.INTEGRATOR)
SETS = (Role.OWNER, Role.INTEGRATOR)
PAST_SHOWN_MAX = 12
DATES_SHOWN_SINCE = timedelta(days=30)

MENU = [MenuItem("hours", gettext_lazy("Working hours"), icon="clock", route="hours", group=SETTINGS, order=920)]


@dataclass(frozen=True, slots=True)
class Shown:
    """One version as the page shows it: without lines the common hours hold."""

    valid_from: date
    lines: Sequence[Line]
    official: bool


@dataclass(slots=True)
class Desk:
    """What one request is about: whose hours, what is known of them, and the forms as they were filled in."""

    request: BusinessRequest
    known: Known
    scope: Scope
    unread: bool = False
    form: HoursForm | None = None
    name: NameForm | None = None
    dates: DateForm | None = None
    day: date = field(default_factory=today)

    @property
    def business(self) -> UUID:
        return self.request.business.pk

    def url(self, route: str = "hours", **query: object) -> str:
        of = hours_scopes.COLLEAGUE if self.name else hours_scopes.key_of(self.business, self.scope)
        told = {name: value for name, value in {"of": of, **query}.items() if value != ""}
        address = reverse(route, kwargs={"business": self.business})
        return f"{address}?{urlencode(told)}" if told else address


@page(roles=SEES)
def hours(request: BusinessRequest, business: UUID) -> HttpResponse:
    """What is in force and what comes; `saved` names an entry that the readers may not have come to yet."""
    with connection.cursor() as cur:
        known = schedules.known_of(cur, business)
        told = _saved(cur, request, known)
    if told is not None:
        known = known.with_told(told)
    if request.GET.get("of") == hours_scopes.OTHERS and request.role in SETS:
        return _choose(request, known)
    return _page(_desk(request, known, unread=told is not None))


@page(roles=SETS, methods=("POST",))
def set_hours(request: BusinessRequest, business: UUID) -> HttpResponse:
    """Write a version to the journal; with `fill` only the form is filled, every day as Monday."""
    desk = _desk(request, _known_now(request))
    if "fill" in request.POST:
        desk.form = HoursForm(known=desk.known, scope=desk.scope, initial=like_monday(request.POST.dict()))
        return _page(desk)
    if desk.name is not None:
        desk.name = NameForm(request.POST)
        if desk.name.is_valid():
            desk.scope = _spelled_as_before(desk.known, Scope(person=desk.name.cleaned_data["name"]))
    desk.form = HoursForm(request.POST, known=desk.known, scope=desk.scope)
    if not desk.form.is_valid() or (desk.name is not None and desk.name.errors):
        return _page(desk, status=422)
    desk.name = None
    valid_from = desk.form.cleaned_data["valid_from"]
    return _tell(desk, valid_from, desk.form.weekly(), desk.form.official())


@page(roles=SETS, methods=("POST",))
def give_up(request: BusinessRequest, business: UUID) -> HttpResponse:
    """From today on a part keeps the common hours again."""
    desk = _desk(request, _known_now(request))
    if desk.scope == WHOLE or desk.known.in_force(desk.day, desk.scope) is None:
        raise Http404
    return _tell(desk, desk.day, None)


@page(roles=SETS, methods=("POST",))
def set_date(request: BusinessRequest, business: UUID) -> HttpResponse:
    """Name one date in the version it belongs to."""
    desk = _desk(request, _known_now(request))
    desk.dates = DateForm(request.POST, known=desk.known, scope=desk.scope)
    if not desk.dates.is_valid():
        return _page(desk, status=422)
    version = desk.dates.version()
    return _tell(desk, version.valid_from, desk.dates.weekly(), version.calendar)


@page(roles=SETS, methods=("POST",))
def drop_date(request: BusinessRequest, business: UUID) -> HttpResponse:
    """Take one date out again; somebody else may have been quicker, then there is nothing to do."""
    desk = _desk(request, _known_now(request))
    asked = DropForm(request.POST)
    if not asked.is_valid():
        return redirect(desk.url())
    version = desk.known.in_force(asked.cleaned_data["day"], desk.scope)
    named = asked.cleaned_data["day"].isoformat()
    if version is None or version.weekly is None or named not in version.weekly:
        return redirect(desk.url())
    weekly = {name: ranges for name, ranges in version.weekly.items() if name != named}
    return _tell(desk, version.valid_from, weekly, version.calendar)


def _desk(request: BusinessRequest, known: Known, *, unread: bool = False) -> Desk:
    key = request.GET.get("of", "")
    if key == hours_scopes.COLLEAGUE and request.role in SETS:
        return Desk(request, known, Scope(), unread=unread, name=NameForm())
    scope = hours_scopes.scope_of(request.business.pk, known, key)
    if scope is None:
        raise Http404
    return Desk(request, known, scope, unread=unread)


def _known_now(request: BusinessRequest) -> Known:
    with connection.cursor() as cur:
        schedules.keep_others_waiting(cur, request.business.pk)
        return schedules.known_now(cur, request.business.pk, ZoneInfo(request.business.timezone))


def _saved(cur: Any, request: BusinessRequest, known: Known) -> Told | None:
    """The version that was just saved, while the readers are on their way to it."""
    saved = request.GET.get("saved", "")
    if not saved.isdecimal() or len(saved) > 18 or known.seq >= int(saved):
        return None
    return schedules.told_by(cur, request.business.pk, int(saved), ZoneInfo(request.business.timezone))


def _tell(desk: Desk, valid_from: date, weekly: Any, calendar: str = "") -> HttpResponse:
    person = str(desk.request.user)
    receipt = tell_hours(desk.business, valid_from, weekly, person, scope=desk.scope, calendar=calendar)
    return redirect(desk.url(saved=receipt.seq))


def _spelled_as_before(known: Known, scope: Scope) -> Scope:
    return next((told for told in known.scopes if told.folded() == scope.folded()), scope)


def _choose(request: BusinessRequest, known: Known) -> HttpResponse:
    """Whose hours are to be told for the first time."""
    branches, channels = hours_scopes.others(request.business.pk, known)
    context = {
        **_chips(request, known, None),
        "branches": branches,
        "channels": channels,
        "may_set": True,
    }
    return render(request, "dialogues/hours_others.html", context)


def _chips(request: BusinessRequest, known: Known, scope: Scope | None) -> dict[str, Any]:
    """Whose hours there are, and whose are shown; nobody's: they are just being told for the first time."""
    business = request.business.pk
    choices = hours_scopes.choices(business, known, eyes_of(request))
    of = None if scope is None else hours_scopes.key_of(business, scope)
    return {"choices": choices, "of": of, "adding": all(choice.key != of for choice in choices)}


def _page(desk: Desk, status: int = 200) -> HttpResponse:
    own = [] if desk.name else desk.known.versions(desk.scope)
    now = None if desk.name else desk.known.in_force(desk.day, desk.scope)
    coming = [told for told in own if told.valid_from > desk.day]
    past = [told for told in own if told.valid_from <= desk.day and told is not now]
    context = {
        "lede": _lede(desk, now, coming),
        **_chips(desk.request, desk.known, None if desk.name else desk.scope),
        "is_whole": desk.scope == WHOLE and desk.name is None,
        "unread": desk.unread,
        "poll_url": desk.request.get_full_path() if desk.unread else "",
        "now": _shown(now) if now else None,
        "coming": [_shown(told) for told in coming],
        "past": [_shown(told) for told in reversed(past[-PAST_SHOWN_MAX:])],
        "named": _named(desk, own),
        "holidays": holidays.ahead(_schedule(desk, own), desk.day),
        "may_set": desk.request.role in SETS,
        "too_rich": now is not None and not is_simple(now.weekly or {}),
        **_forms(desk),
    }
    return render(desk.request, "dialogues/hours.html", context, status=status)


def _forms(desk: Desk) -> dict[str, Any]:
    """The forms as they were filled in, else as they begin, and where they are sent."""
    if desk.request.role not in SETS:
        return {}
    form = desk.form or HoursForm(known=desk.known, scope=desk.scope, initial=_initial(desk))
    if form.is_bound and "seq" in form.data:
        # Who is told that somebody was quicker sees it now, and may save.
        form.data = {**dict(form.data.items()), "seq": form.initial["seq"]}
    with connection.cursor() as cur:
        offers = desk.name is not None and eyes_of(desk.request).clear
        people = hours_scopes.colleagues(cur, desk.business, desk.day) if offers else []
    return {
        "form": form,
        "name": desk.name,
        "colleagues": people,
        "date": desk.dates or DateForm(known=desk.known, scope=desk.scope),
        "urls": {name: desk.url(f"hours_{name}") for name in ("set", "give_up", "set_date", "drop_date")},
    }


def _lede(desk: Desk, now: Told | None, coming: Sequence[Told]) -> tuple[str, str]:
    """What holds today, and what hurts."""
    if desk.name is not None:
        return _("A colleague with hours of their own."), ""
    if desk.scope != WHOLE:
        return _lede_of_part(desk, now), ""
    if now is None and coming:
        return "", _("No working hours are in force yet, so the time of answers within them is not reckoned.")
    if now is None:
        return (
            _("No working hours yet, so the time of answers within them is not reckoned."),
            _("What is written at night counts as answered late in the morning."),
        )
    ranges = now.version().ranges_on(desk.day)
    if ranges:
        told = {"hours": _unbroken(ranges)}
        return _("Today you work %(hours)s. Only then the time of answers runs.") % told, ""
    reason = "" if desk.day.isoformat() in (now.weekly or {}) else holidays.why_closed(now.calendar, desk.day)
    if reason:
        return _("You are closed today: %(reason)s. The time of answers does not run.") % {"reason": reason}, ""
    return _("Today is your day off. The time of answers does not run."), ""


def _lede_of_part(desk: Desk, now: Told | None) -> str:
    name = hours_scopes.name_of(desk.business, desk.scope, eyes_of(desk.request))
    if now is None:
        return _("%(name)s keeps the common hours.") % {"name": name}
    ranges = now.version().ranges_on(desk.day)
    if not ranges:
        return _("%(name)s: closed today.") % {"name": name}
    return _("%(name)s: %(hours)s today.") % {"name": name, "hours": _unbroken(ranges)}


def _unbroken(ranges: Sequence[Sequence[str]]) -> str:
    return hours_words(ranges).replace(format.DASH, UNBROKEN_DASH)


def _schedule(desk: Desk, own: Sequence[Told]) -> Schedule:
    return Schedule(ZoneInfo(desk.request.business.timezone), [told.version() for told in own])


def _named(desk: Desk, own: Sequence[Told]) -> list[Named]:
    """The dates that are still of interest, each as the version says that is in force on it."""
    since = desk.day - DATES_SHOWN_SINCE
    found = (one for told in own for one in holidays.named_since(told.weekly, since) if _holds(desk, told, one.day))
    return sorted(found, key=lambda one: one.day)


def _holds(desk: Desk, told: Told, day: date) -> bool:
    return desk.known.in_force(day, desk.scope) is told


def _shown(told: Told) -> Shown:
    return Shown(told.valid_from, [] if told.weekly is None else lines_of(told.weekly), bool(told.calendar))


def _initial(desk: Desk) -> dict[str, Any]:
    """The hours in force, to be changed from today on; the first ones hold from the first dialogue on."""
    common = desk.known.versions()
    if not common and not desk.known.versions(desk.scope):
        first = Dialogue.objects.filter(business_id=desk.business).aggregate(day=Min("day"))["day"]
        return {"valid_from": first or desk.day}
    now = desk.known.in_force(desk.day, desk.scope) or desk.known.in_force(desk.day)
    return initial_of(now or (common or desk.known.versions(desk.scope))[0], desk.day)
