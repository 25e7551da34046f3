"""The page of visits: who comes tomorrow, who did not come, and every visit by its state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from letopis.access.menu import MenuItem
from letopis.access.roles import BusinessRequest, Role, page
from letopis.appointments import listing
from letopis.appointments.listing import Filters, Tab
from letopis.appointments.models import Slot
from letopis.base import clock, format
from letopis.base.parts import STATES
from letopis.clients.models import Identity

MENU = [MenuItem("visits", gettext_lazy("Visits"), "calendar-event", "visits", order=400)]


@dataclass(frozen=True, slots=True)
class Row:
    slot: Slot
    url: str
    name: str


@page(roles=(Role.OWNER, Role.MANAGER))
def visits(request: BusinessRequest, business: UUID) -> HttpResponse:
    filters = listing.read_filters(request.GET.dict(), _today())
    after = listing.read_cursor(request.GET.get("after", ""))
    found = listing.some(business, filters, after, listing.ROWS_A_PAGE + 1)
    shown, more = found[: listing.ROWS_A_PAGE], len(found) > listing.ROWS_A_PAGE
    total = listing.count(business, filters)
    following = urlencode({"after": listing.cursor_of(shown[-1])}) if more else ""
    context = {
        "rows": list(_rows(business, shown)),
        "lede": _lede(filters, total),
        "filters": filters,
        "tabs": list(_tabs(filters)),
        "states": [(state, STATES[state].label) for state in listing.STATES],
        "chosen": filters.states[0] if filters.tab is Tab.ALL and filters.states else "",
        "next_url": f"?{'&'.join(word for word in (_query(filters), following) if word)}" if more else "",
    }
    return render(request, "appointments/visits.html", context)


def _rows(business: UUID, slots: Sequence[Slot]) -> Iterator[Row]:
    asked = {slot.client_id for slot in slots if slot.client_id}
    named = Identity.objects.filter(business_id=business, client_id__in=asked).values_list("client_id", "name")
    names = {client_id: name for client_id, name in named if name}
    for slot in slots:
        url = ""
        if slot.dialogue_id is not None:
            url = reverse("dialogue", kwargs={"business": business, "dialogue": slot.dialogue_id})
        masked = format.id_masked(slot.client_id) if slot.client_id else _("A client")
        yield Row(slot, url, names.get(slot.client_id) or masked)


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
        return words.format(n=n, days=format.period(filters.first, filters.last))
    return ngettext("{n} visit.", "{n} visits.", total).format(n=n)


def _tabs(filters: Filters) -> Iterator[tuple[str, str, bool]]:
    labels = {Tab.TOMORROW: _("Tomorrow"), Tab.NO_SHOWS: _("No-shows of the week"), Tab.ALL: _("All visits")}
    for tab, label in labels.items():
        yield label, f"?tab={tab.value}", filters.tab is tab


def _query(filters: Filters) -> str:
    return filters.query or urlencode({"tab": filters.tab.value})


def _today() -> date:
    return timezone.localtime(clock.now()).date()
