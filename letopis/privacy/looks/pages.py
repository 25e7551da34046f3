"""«Кто смотрел»: who opened how many dialogues, when and why; what is strange; who opened one dialogue."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from letopis.access.log import Act, note_look
from letopis.access.menu import SETTINGS, MenuItem
from letopis.access.roles import BusinessRequest, Role, page
from letopis.base import clock
from letopis.privacy.looks import reading, words
from letopis.privacy.looks.reading import Look, Looker, Noticed
from letopis.privacy.unmasking import impersonal

MENU = [
    MenuItem(
        "access_log", gettext_lazy("Who looked"), icon="shield-lock", route="access_log", group=SETTINGS, order=955
    )
]
PERIODS = (
    (7, pgettext_lazy("period", "7 days")),
    (30, pgettext_lazy("period", "30 days")),
    (90, pgettext_lazy("period", "90 days")),
    (365, pgettext_lazy("period", "a year")),
)
DAYS_SHOWN = 30
REASON_CHARS_MIN = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the summary."""

    looker: Looker
    who: str
    role: str
    url: str
    deeds: str
    why: str


@dataclass(frozen=True, slots=True)
class Strange:
    """A burst above the summary."""

    burst: Noticed
    words: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One entry in words, with the way to what it is about."""

    look: Look
    words: str
    url: str
    who: str = ""
    role: str = ""


@page(roles=(Role.OWNER,))
def access_log(request: BusinessRequest, business: UUID) -> HttpResponse:
    return _summary(request)


@page(roles=(Role.OWNER,), methods=("POST",))
def settle_burst(request: BusinessRequest, business: UUID, seq: int, sign: str) -> HttpResponse:
    """The owner calls a burst normal and says why; his word is an entry of the ledger too."""
    reason = request.POST.get("reason", "").strip()
    with connection.cursor() as cur:
        if not any((one.seq, one.sign) == (seq, sign) for one in reading.noticed(cur, business)):
            raise Http404
        if len(reason) < REASON_CHARS_MIN:
            return _summary(request, status=422, wrong=(seq, sign))
        reading.settle(cur, business, seq, sign, request.user.pk, clock.now())
    note_look(request, sign, seq, Act.BURST_SETTLED, reason=impersonal(reason))
    return redirect("access_log", business=business)


@page(roles=(Role.OWNER,))
def looks_of_person(request: BusinessRequest, business: UUID, person: int) -> HttpResponse:
    return _day_by_day(request, person, None)


@page(roles=(Role.OWNER,))
def looks_of_key(request: BusinessRequest, business: UUID, key: int) -> HttpResponse:
    return _day_by_day(request, None, key)


def looks_at(request: BusinessRequest, kind: str, subject: int, context: dict[str, Any]) -> HttpResponse:
    """Who opened one thing: for the room that knows it, inside a page of its own."""
    with connection.cursor() as cur:
        found = reading.looks_at(cur, request.business.pk, kind, str(subject), _before(request))
    told = [
        Told(
            look,
            "" if look.act == Act.OPENED and not look.refused else words.act_words(look),
            "",
            _who(look.name, by_key=look.by_key),
            words.role_words(look.role),
        )
        for look in found[: reading.LOOKS_A_PAGE]
    ]
    return render(request, "privacy/looks_at.html", {"told": told, "following": _following(found), **context})


def _summary(request: BusinessRequest, status: int = 200, wrong: tuple[int, str] | None = None) -> HttpResponse:
    business, days = request.business.pk, _days(request)
    until = timezone.localtime(clock.now()).date()
    with connection.cursor() as cur:
        found = reading.lookers(cur, business, until - timedelta(days=days - 1), until)
        bursts = reading.noticed(cur, business)
    people = [one for one in found if one.key_id is None and one.dialogues + one.clients]
    context = {
        "lede": words.lede(
            len(people), sum(one.dialogues for one in found), sum(one.unmaskings for one in found), days
        ),
        "lines": [_line(request, one) for one in found],
        "strange": [
            Strange(one, words.burst_words(one), _("Say why in a few words.") if wrong == (one.seq, one.sign) else "")
            for one in bursts
        ],
        "periods": PERIODS,
        "days": days,
    }
    return render(request, "privacy/access_log.html", context, status=status)


def _line(request: BusinessRequest, one: Looker) -> Line:
    business = request.business
    if one.key_id is not None:
        url = reverse("access_log_key", kwargs={"business": business.pk, "key": one.key_id})
        return Line(one, _who(one.name, by_key=True), _("a program with a read key"), url, words.deeds(one), "")
    role = words.role_words(one.role)
    if one.role == Role.INTEGRATOR and business.network:
        role = _("{role}, network “{network}”").format(role=role, network=business.network)
    url = reverse("access_log_person", kwargs={"business": business.pk, "person": one.person_id})
    return Line(one, _who(one.name, by_key=False), role, url, words.deeds(one), "; ".join(one.reasons or ()))


def _who(name: str, *, by_key: bool) -> str:
    if name:
        return name
    return _("A program with a read key") if by_key else _("A person who is gone")


def _day_by_day(request: BusinessRequest, person: int | None, key: int | None) -> HttpResponse:
    with connection.cursor() as cur:
        found = reading.looks_of(cur, request.business.pk, person, key, _before(request))
    if not found:
        # Also whoever never was here: the page must not tell the names of other people.
        raise Http404
    context = {
        "who": _who(reading.name_of(request.business.pk, person, key), by_key=key is not None),
        "days": list(_by_day(request, found[: reading.LOOKS_A_PAGE])),
        "following": _following(found),
    }
    return render(request, "privacy/looks_of.html", context)


def _by_day(request: BusinessRequest, found: Iterable[Look]) -> Iterator[tuple[date, list[Told]]]:
    for day, looks in groupby(found, key=lambda look: look.day):
        yield day, [Told(look, _capital(words.act_words(look)), _url_of(request, look)) for look in looks]


def _capital(text: str) -> str:
    """A line begins with a capital."""
    return text[:1].upper() + text[1:]


def _url_of(request: BusinessRequest, look: Look) -> str:
    if look.subject_kind == "dialogue" and look.subject_id.isdecimal():
        return reverse("dialogue", kwargs={"business": request.business.pk, "dialogue": int(look.subject_id)})
    return ""


def _days(request: BusinessRequest) -> int:
    asked = request.GET.get("days", "")
    return next((days for days, _label in PERIODS if str(days) == asked), DAYS_SHOWN)


def _before(request: BusinessRequest) -> int:
    """Where the next page begins; an address typed wrong starts at the top."""
    asked = request.GET.get("before", "")
    return int(asked) if asked.isdecimal() and len(asked) < 19 else reading.NEWEST


def _following(found: list[Look]) -> str:
    last = found[: reading.LOOKS_A_PAGE][-1:]
    return f"?before={last[0].seq}" if len(found) > reading.LOOKS_A_PAGE else ""
