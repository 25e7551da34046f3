"""«Все бизнесы»: which of my businesses is losing leads now?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from letopis.access import people
from letopis.access.menu import MenuItem
from letopis.access.models import Membership
from letopis.access.roles import PersonRequest, person_page
from letopis.access.wall import enter_many
from letopis.base import clock, format
from letopis.base.tables.answers import asked_form, file_of
from letopis.metrics.asked import Asked
from letopis.metrics.network import rows as view
from letopis.metrics.network import steps, words
from letopis.metrics.network.costs import costs_of
from letopis.metrics.network.facts import read_facts
from letopis.metrics.network.rows import Row
from letopis.metrics.network.troubles import Level
from letopis.metrics.period import read_period

ROWS_A_PAGE = 50
WORDS_CHARS_MAX = 200
SEARCH_FROM = 10
"""So few businesses are found with the eyes."""
STEPS = "steps"
CHIPS: dict[str, str | Promise] = {
    "": gettext_lazy("All"),
    "losing": gettext_lazy("Losing leads"),
    "attention": gettext_lazy("Need attention"),
    "old": gettext_lazy("Old scenario"),
    "test": gettext_lazy("Test mode"),
}
LEVELS = {"losing": Level.LOSING, "attention": Level.ATTENTION, "test": Level.TEST}

MENU = [MenuItem("network", gettext_lazy("All businesses"), icon="building-community", route="network", order=10)]


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of the state, with how many businesses are in it."""

    words: str
    count: str
    url: str
    on: bool


@person_page()
def network(request: PersonRequest) -> HttpResponseBase:
    """All businesses of a person, those that are losing leads first; a second view shows where scenarios break off."""
    memberships = people.memberships_open_to(request.user)
    with timezone.override(_zone(memberships)):
        return _network(request, memberships, clock.now())


def _network(request: PersonRequest, memberships: Sequence[Membership], now: datetime) -> HttpResponseBase:
    asked = _asked(request, timezone.localtime(now).date())
    cur: Any
    with transaction.atomic(), connection.cursor() as cur:
        enter_many(cur, [one.business_id for one in memberships])
        if request.GET.get("view") == STEPS:
            return _steps(cur, request, asked, memberships)
        return _businesses(cur, request, asked, memberships, now)


def _steps(cur: Any, request: PersonRequest, asked: Asked, memberships: Sequence[Membership]) -> HttpResponseBase:
    counted = steps.days_of(asked.period)
    found = steps.read_steps(cur, memberships, counted)
    context = _head(asked, memberships) | {
        "days": format.period(counted.first, counted.last),
        "lede": steps.lede(found),
        "steps": found,
    }
    return render(request, "metrics/network.html", context)


def _businesses(
    cur: Any, request: PersonRequest, asked: Asked, memberships: Sequence[Membership], now: datetime
) -> HttpResponseBase:
    period, query = asked.period, request.GET.dict()
    state, name = query.get("state", ""), query.get("q", "")[:WORDS_CHARS_MAX]
    known = read_facts(cur, [one.business for one in memberships], period, asked.today, now)
    rows = view.rows_of(memberships, known, costs_of(cur, list(known), period, now), now)
    named = [row for row in rows if _is_named(row, name)]
    chosen = [row for row in named if _is_in(row, state)]
    if form := asked_form(query):
        told = view.table(chosen, view.boards_of(cur, chosen, period), view.places_of(chosen), period, now)
        return file_of(f"network-{period.first}-{period.last}", form, told)
    start = _start(chosen, query.get("after", ""))
    page = chosen[start : start + ROWS_A_PAGE]
    last = start + len(page)
    context = _head(asked, memberships) | {
        "lede": words.lede(len(rows), sum(row.level is Level.LOSING for row in rows)) if rows else "",
        "lost": words.lost([row.cost for row in rows]),
        "lines": view.lines_of(page, view.boards_of(cur, page, period), view.places_of(page), period, now),
        "chips": [_chip(asked, named, key, state) for key in CHIPS],
        "q": name,
        "searched": len(rows) >= SEARCH_FROM or name,
        "shown": words.shown(start + 1, last, len(chosen)) if page else "",
        "next_url": asked.url(after=str(page[-1].business.pk)) if last < len(chosen) else "",
    }
    return render(request, "metrics/network.html", context)


def _head(asked: Asked, memberships: Sequence[Membership]) -> dict[str, Any]:
    """What both views begin with."""
    return {
        "asked": asked,
        "businesses": len(memberships),
        "rows_url": asked.url(view=""),
        "steps_url": asked.url(view=STEPS, state="", q=""),
    }


def _asked(request: PersonRequest, today: date) -> Asked:
    query = request.GET.dict()
    kept = {name: query.get(name, "")[:WORDS_CHARS_MAX] for name in ("state", "q", "view")}
    return Asked(read_period(query, today), today, more=tuple((name, value) for name, value in kept.items() if value))


def _zone(memberships: Sequence[Membership]) -> str:
    """Days are those of the zone in which most of the businesses live."""
    zones = [one.business.timezone for one in memberships]
    return max(sorted(set(zones)), key=zones.count) if zones else timezone.get_default_timezone_name()


def _is_named(row: Row, words_asked: str) -> bool:
    return words_asked.strip().casefold() in row.business.name.casefold()


def _is_in(row: Row, state: str) -> bool:
    """An old scenario is told of every business that has one, whatever else is wrong there."""
    if state == "old":
        return row.facts.old is not None
    return state not in LEVELS or row.level is LEVELS[state]


def _chip(asked: Asked, rows: Sequence[Row], key: str, state: str) -> Chip:
    count = sum(_is_in(row, key) for row in rows)
    on = key == (state if state in CHIPS else "")
    return Chip(str(CHIPS[key]), format.integer(count), asked.url(state=key), on)


def _start(rows: Sequence[Row], after: str) -> int:
    """Behind the business that the page before ended with; at the top when it is not here any more."""
    found = next((place for place, row in enumerate(rows) if str(row.business.pk) == after), -1)
    return found + 1
