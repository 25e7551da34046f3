"""The list of visits: what a reader asked for in the address, its pages, its count and its file.

By (`start_at`, `slot_id`): coming visits in the order in which they come, past ones the latest first. What the numbers
ask of a visit is asked here by the same words (`measures`), so that a list is as long as the number that leads to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from letopis.appointments import measures
from letopis.appointments.measures import Question
from letopis.appointments.models import Slot
from letopis.base.days import asked_day
from letopis.base.sql import Queries
from letopis.clients.blocks import blocked
from letopis.dialogues.listing import midnight

ROWS_A_PAGE = 50
ROWS_MAX = 100
DAYS_MAX = 400
WEEK = 7
WORD_CHARS_MAX = 200
CHOICES_MAX = 50
RECENT_MAX = 5000
"""What may be chosen in a filter is found among so many of the latest visits."""

QUERIES = Queries("letopis.appointments")

Cursor = tuple[datetime, int]


class Tab(StrEnum):
    """The questions that are asked every day; the filters of an address go before them."""

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

# Words of an address to the columns that hold them.
NAMED = {"master": "resource", "service": "service", "branch": "branch", "channel": "channel", "campaign": "campaign"}
UNTOLD = "-"
"""In an address: visits of which nobody told the master, the service, and so on."""

FLAGS: Mapping[str, Question] = {
    "counted": measures.is_counted,
    "started": measures.has_started,
    "booked": measures.counts_as_booked,
    "due": measures.is_due_reminder,
    "reminded": measures.is_reminded,
    "asked": measures.is_asked,
    "confirmed": measures.is_confirmed,
    "freed": measures.is_freed,
    "refilled": measures.is_refilled,
}
"""Words of an address to what they ask: `reminded=1` of visits that were reminded, `reminded=0` of the others."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which visits; `states` empty means all, a flag None is not asked, `rising` is from the earliest on."""

    first: date | None = None
    last: date | None = None
    states: tuple[str, ...] = ()
    master: str = ""
    service: str = ""
    branch: str = ""
    channel: str = ""
    campaign: str = ""
    counted: bool | None = None
    started: bool | None = None
    booked: bool | None = None
    due: bool | None = None
    reminded: bool | None = None
    asked: bool | None = None
    confirmed: bool | None = None
    freed: bool | None = None
    refilled: bool | None = None
    rising: bool = False
    tab: Tab = Tab.ALL

    @property
    def query(self) -> str:
        """The filters for an address, without the question mark."""
        if self.tab is not Tab.ALL:
            return urlencode({"tab": self.tab.value})
        told: dict[str, str] = {}
        if self.first and self.last:
            told |= {"from": self.first.isoformat(), "to": self.last.isoformat()}
        if self.states:
            told["state"] = ",".join(self.states)
        told |= {name: word for name in NAMED if (word := getattr(self, name))}
        told |= {name: str(int(asked)) for name in FLAGS if (asked := getattr(self, name)) is not None}
        return urlencode(told, safe=",") or urlencode({"tab": self.tab.value})

    def without(self, *names: str) -> "Filters":
        plain = Filters()
        return replace(self, **{name: getattr(plain, name) for name in names})


def read_filters(query: Mapping[str, str], today: date) -> Filters:
    """The filters of an address; what cannot be understood is as if it were not there. An empty one means tomorrow.

    Several states are joined by commas.
    """
    tab = query.get("tab", "")
    if tab == Tab.NO_SHOWS:
        return Filters(today - timedelta(days=WEEK - 1), today, ("no_show",), tab=Tab.NO_SHOWS)
    first, last = asked_day(query.get("from", "")), asked_day(query.get("to", ""))
    first, last = first or last, last or first
    if first and last:
        last = max(min(last, first + timedelta(days=DAYS_MAX)), first)
    named = {name: _word(query.get(name, "")) for name in NAMED}
    flags = {name: _flag(query.get(name, "")) for name in FLAGS}
    told: dict[str, Any] = {**named, **flags}
    filters = Filters(first, last, _states(query.get("state", "")), **told)
    asked = filters != Filters() or query.get("state")
    if tab == Tab.TOMORROW or not (asked or tab):
        tomorrow = today + timedelta(days=1)
        return Filters(tomorrow, tomorrow, COMING, rising=True, tab=Tab.TOMORROW)
    return filters


def some(business: UUID, filters: Filters, after: Cursor | None, limit: int) -> list[Slot]:
    """A page of the list, after a cursor."""
    assert 0 < limit <= ROWS_MAX + 1, "an unbounded read"
    rows = _found(business, filters)
    if after is not None:
        rows = rows.filter(_beyond(after, rising=filters.rising))
    order = ("start_at", "slot_id") if filters.rising else ("-start_at", "-slot_id")
    return list(rows.order_by(*order)[:limit])


def every(business: UUID, filters: Filters, limit: int) -> list[Slot]:
    """The whole list, for a file; the caller has counted it."""
    order = ("start_at", "slot_id") if filters.rising else ("-start_at", "-slot_id")
    return list(_found(business, filters).order_by(*order)[:limit])


def choices_of(business: UUID) -> dict[str, list[str]]:
    """What may be chosen for each word of an address, among the latest visits, the commonest first."""
    found: dict[str, list[str]] = {name: [] for name in NAMED}
    with connection.cursor() as cur:
        rows = QUERIES.rows(cur, "words_of_visits", business=business, recent=RECENT_MAX, limit=CHOICES_MAX)
    for row in rows:
        found[row["name"]].append(row["word"])
    return found


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
    with connection.cursor() as cur:
        hidden = blocked(cur, business)
    if hidden:
        rows = rows.exclude(person_id__in=hidden)
    if filters.states:
        rows = rows.filter(state__in=filters.states)
    for name, column in NAMED.items():
        if word := getattr(filters, name):
            rows = rows.filter(**{column: "" if word == UNTOLD else word})
    for name, question in FLAGS.items():
        asked = getattr(filters, name)
        if asked is not None:
            rows = rows.filter(question.q if asked else (~question).q)
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


def _states(text: str) -> tuple[str, ...]:
    asked = set(text.split(",", len(STATES)))
    return tuple(state for state in STATES if state in asked)


def _word(text: str) -> str:
    return text.replace("\0", "").strip()[:WORD_CHARS_MAX]


def _flag(text: str) -> bool | None:
    return {"1": True, "true": True, "0": False, "false": False}.get(text)
