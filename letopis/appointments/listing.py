"""The list of visits: what a reader asked for in the address, its pages and its count.

By (`start_at`, `slot_id`): coming visits in the order in which they come, past ones the latest first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet

from letopis.appointments.models import Slot
from letopis.dialogues.listing import midnight

ROWS_A_PAGE = 50
ROWS_MAX = 100
DAYS_MAX = 400
WEEK = 7

Cursor = tuple[datetime, int]


class Tab(StrEnum):
    """The questions that are asked every day; the days and the state of an address go before them."""

    TOMORROW = "tomorrow"
    NO_SHOWS = "no_shows"
    ALL = "all"


STATES = (
    "created",
    "confirmed",
    "arrived",
    "no_show",
    "cancelled_early",
    "cancelled_late",
    "cancelled_business",
    "moved",
    "unknown",
)
COMING = ("created", "confirmed")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which visits; `states` empty means all, `rising` from the earliest on."""

    first: date | None = None
    last: date | None = None
    states: tuple[str, ...] = ()
    rising: bool = False
    tab: Tab = Tab.ALL

    @property
    def query(self) -> str:
        if self.tab is not Tab.ALL:
            return urlencode({"tab": self.tab.value})
        told: dict[str, str] = {}
        if self.first and self.last:
            told |= {"from": self.first.isoformat(), "to": self.last.isoformat()}
        if self.states:
            told["state"] = self.states[0]
        return urlencode(told)


def read_filters(query: Mapping[str, str], today: date) -> Filters:
    """The filters of an address; what cannot be understood is as if it were not there. An empty one means tomorrow."""
    first, last, state = _day(query.get("from", "")), _day(query.get("to", "")), query.get("state", "")
    tab = query.get("tab", "")
    if tab == Tab.NO_SHOWS:
        return Filters(today - timedelta(days=WEEK - 1), today, ("no_show",), tab=Tab.NO_SHOWS)
    if tab == Tab.TOMORROW or not (first or last or state or tab):
        tomorrow = today + timedelta(days=1)
        return Filters(tomorrow, tomorrow, COMING, rising=True, tab=Tab.TOMORROW)
    first, last = first or last, last or first
    if first and last:
        last = max(min(last, first + timedelta(days=DAYS_MAX)), first)
    return Filters(first, last, (state,) if state in STATES else ())


def some(business: UUID, filters: Filters, after: Cursor | None, limit: int) -> list[Slot]:
    """A page of the list, after a cursor."""
    assert 0 < limit <= ROWS_MAX + 1, "an unbounded read"
    rows = _found(business, filters)
    if after is not None:
        rows = rows.filter(_beyond(after, rising=filters.rising))
    order = ("start_at", "slot_id") if filters.rising else ("-start_at", "-slot_id")
    return list(rows.order_by(*order)[:limit])


def count(business: UUID, filters: Filters) -> int:
    return _found(business, filters).count()


def cursor_of(slot: Slot) -> str:
    assert slot.start_at is not None, "visits without a time are not listed"
    return f"{slot.start_at.isoformat()}~{slot.slot_id}"


def read_cursor(text: str) -> Cursor | None:
    """A cursor that was tampered with begins at the top."""
    moment, _sep, number = text.replace(" ", "+").partition("~")
    try:
        at, slot_id = datetime.fromisoformat(moment), int(number)
    except ValueError:
        return None
    return (at, slot_id) if at.tzinfo is not None and 0 <= slot_id < 2**63 else None


def _found(business: UUID, filters: Filters) -> QuerySet[Slot]:
    rows = Slot.objects.filter(business_id=business, start_at__isnull=False)
    if filters.states:
        rows = rows.filter(state__in=filters.states)
    if filters.first and filters.last:
        # The time is a day wider than any time zone needs: it lets the index of the order serve the days too.
        since, until = midnight(filters.first) - timedelta(days=1), midnight(filters.last) + timedelta(days=2)
        rows = rows.filter(day__range=(filters.first, filters.last), start_at__gte=since, start_at__lt=until)
    return rows


def _beyond(here: Cursor, *, rising: bool) -> Q:
    at, slot_id = here
    if rising:
        return Q(start_at__gte=at) & (Q(start_at__gt=at) | Q(slot_id__gt=slot_id))
    return Q(start_at__lte=at) & (Q(start_at__lt=at) | Q(slot_id__lt=slot_id))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
