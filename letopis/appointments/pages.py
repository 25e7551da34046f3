"""The page of visits: who comes tomorrow, who did not come, and every visit by its state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from letopis.access.log import Act, note_look
from letopis.access.menu import MenuItem
from letopis.access.roles import BusinessRequest, Role, page
from letopis.appointments import listing, narrowing
from letopis.appointments.file import TITLE, client_words, names_of, table_of
from letopis.appointments.listing import Filters, Tab
from letopis.appointments.models import Slot
from letopis.base import clock, format
from letopis.base.parts import STATES
from letopis.base.tables.answers import asked_form, file_of
from letopis.base.tables.table import TooManyRowsError
from letopis.privacy.views import Eyes, eyes_of

MENU = [MenuItem("visits", gettext_lazy("Visits"), "calendar-event", "visits", order=400)]


@dataclass(frozen=True, slots=True)
class Row:
    slot: Slot
    url: str
    name: str
    service: str
    master: str


@page(roles=(Role.OWNER, Role.MANAGER))
def visits(request: BusinessRequest, business: UUID) -> HttpResponseBase:
    asked = request.GET.dict() | {"state": ",".join(request.GET.getlist("state"))}
    filters, eyes = listing.read_filters(asked, _today()), eyes_of(request)
    if not eyes.clear:
        # Masters are people: a list by one of them would say who came to whom.
        filters = filters.without("master")
    form = asked_form(asked)
    if form is None:
        note_look(request, "visits", act=Act.LISTED)
        return _list(request, business, filters)
    try:
        return file_of(f"{TITLE} {_today().isoformat()}", form, table_of(business, filters, eyes))
    except TooManyRowsError as refused:
        return _list(request, business, filters, refused)


def _list(
    request: BusinessRequest, business: UUID, filters: Filters, refused: TooManyRowsError | None = None
) -> HttpResponse:
    after = listing.read_cursor(request.GET.get("after", ""))
    found = listing.some(business, filters, after, listing.ROWS_A_PAGE + 1)
    shown, more = found[: listing.ROWS_A_PAGE], len(found) > listing.ROWS_A_PAGE
    total = listing.count(business, filters)
    following = urlencode({"after": listing.cursor_of(shown[-1])}) if more else ""
    context = {
        "rows": list(_rows(business, shown, eyes_of(request))),
        "lede": _lede(filters, total),
        "filters": filters,
        "tabs": list(_tabs(filters)),
        "chips": narrowing.chips_of(filters, business),
        "next_url": f"?{filters.query}&{following}" if more else "",
        "refused": refused,
    }
    if filters.tab is Tab.ALL:
        context |= _form(filters, business, eyes_of(request))
    return render(request, "appointments/visits.html", context, status=422 if refused else 200)


def _form(filters: Filters, business: UUID, eyes: Eyes) -> dict[str, Any]:
    """What the form of the list offers, and what it keeps of the address without showing it."""
    states: list[tuple[tuple[str, ...], str]] = [((state,), str(STATES[state].label)) for state in listing.STATES]
    if len(filters.states) > 1:
        states.append((filters.states, narrowing.states_words(filters.states)))
    kept = {name: str(int(asked)) for name in listing.FLAGS if (asked := getattr(filters, name)) is not None}
    return {
        "states": [(",".join(words), label, words == filters.states) for words, label in states],
        "choices": narrowing.choices_of(filters, business, eyes),
        "kept": (kept | ({"campaign": filters.campaign} if filters.campaign else {})).items(),
    }


def _rows(business: UUID, slots: Sequence[Slot], eyes: Eyes) -> Iterator[Row]:
    names = names_of(business, slots)
    for slot in slots:
        url = ""
        if slot.dialogue_id is not None:
            url = reverse("dialogue", kwargs={"business": business, "dialogue": slot.dialogue_id})
        name = client_words(slot, names, eyes) or _("A client")
        yield Row(slot, url, name, eyes.words(slot.service), eyes.name(slot.resource))


def _lede(filters: Filters, total: int) -> str:
    n = format.integer(total)
    if filters.tab is Tab.TOMORROW:
        words = ngettext("{n} person comes tomorrow.", "{n} people come tomorrow.", total)
        return words.format(n=n) if total else _("Nobody is booked for tomorrow.")
    if filters.tab is Tab.NO_SHOWS:
        words = ngettext("{n} person did not come in a week.", "{n} people did not come in a week.", total)
        return words.format(n=n) if total else _("Everybody came in this week.")
    if filters.first and filters.last:
        words = ngettext("{n} visit, {days}.", "{n} visits, {days}.", total)
        return words.format(n=n, days=narrowing.days_words(filters.first, filters.last))
    return ngettext("{n} visit.", "{n} visits.", total).format(n=n)


def _tabs(filters: Filters) -> Iterator[tuple[str, str, bool]]:
    labels = {Tab.TOMORROW: _("Tomorrow"), Tab.NO_SHOWS: _("No-shows of the week"), Tab.ALL: _("All visits")}
    for tab, label in labels.items():
        yield label, f"?tab={tab.value}", filters.tab is tab


def _today() -> date:
    return timezone.localtime(clock.now()).date()
