"""The list of dialogues: what a reader asked for in the address, and its pages, count and neighbours.

Newest first by (`started_at`, `dialogue_id`); every read is bounded and keyed by the business. The same filters answer
the page, the read API and the steps from one dialogue to the next, so a count is always the length of its list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Q, QuerySet

from letopis.base import clock
from letopis.base.days import asked_day
from letopis.base.sql import Queries
from letopis.clients.blocks import blocked
from letopis.clients.models import Identity
from letopis.dialogues import facts
from letopis.dialogues.intents import CONFIDENCE_MIN_PPM
from letopis.dialogues.models import Dialogue, Escalation, Fact, Step
from letopis.dialogues.records import Cause, ClosedAs, Outcome
from letopis.dialogues.search import search

ROWS_A_PAGE = 50
ROWS_MAX = 100
CHOICES_MAX = 50
DAYS_USUAL = 30
DAYS_MAX = 400
WORD_CHARS_MAX = 200
WAYS_DIALOGUES_MAX = 20_000
"""Ways are told of so many dialogues of a period, the newest."""
WAY_STEPS_MAX = 40
"""A longer way is told by its beginning."""
NEIGHBOURS_MAX = 1000
"""In a longer list the place of a dialogue is not counted."""
RHYTHM_FACTS_MAX = 200
"""A longer dialogue has no small timeline in its row."""

LOST = "lost"
OUTCOMES = (*(outcome.value for outcome in Outcome), LOST)
NAMED = ("channel", "branch", "campaign", "cause", "service", "refused_for")
# Filters of the lead that began in a dialogue, by the column that keeps them.
OF_LEADS = {
    "stopped": "lead_stopped",
    "reason": "lead_cause",
    "master": "lead_master",
    "known": "lead_known",
    "crm": "lead_crm",
    "visit": "lead_visit",
}
# What a booking may have told of a lead, in another talk or at the desk: a list of leads asks it of the lead.
OF_BOOKINGS = {"service": "lead_service", "branch": "lead_branch"}
# Filters of a stay on a step of the scenario, which is one stay for all of them; `ended` may name several ends.
OF_STEPS = ("scenario", "version", "step", "ended")
# The steps that a dialogue walked in a version of a scenario, as the scenario map names a way.
WAY = "way"
WORDS = (*NAMED, "stage", *OF_LEADS, *OF_STEPS, WAY, "outcome", "q")
STAGES = ("lead", "answered", "offered", "booked", "confirmed", "came", "paid")
"""How far a lead came; a filter of one shows who came so far or further."""
DELIVERED = "delivered"
"""In the CRM, in time or late."""
NONE_TOLD = "-"
"""In an address: those of whom nobody told this word."""
FLAGS = ("lead", "late", "waiting", "escalated", "called", "handed", "alone", "no_show", "errors", "unsure")

QUERIES = Queries("letopis.dialogues")
_decode = msgspec.json.Decoder(facts.Fact).decode

Cursor = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list shows. Without a search and without days the last thirty days are meant."""

    first: date | None = None
    last: date | None = None
    channel: str = ""
    branch: str = ""
    campaign: str = ""
    cause: str = ""
    service: str = ""
    refused_for: str = ""
    stage: str = ""
    stopped: str = ""
    reason: str = ""
    master: str = ""
    known: str = ""
    crm: str = ""
    visit: str = ""
    scenario: str = ""
    version: str = ""
    step: str = ""
    ended: str = ""
    way: str = ""
    outcome: str = ""
    lead: bool = False
    late: bool = False
    waiting: bool = False
    escalated: bool = False
    called: bool = False
    handed: bool = False
    alone: bool = False
    no_show: bool = False
    errors: bool = False
    unsure: bool = False
    q: str = ""

    @property
    def query(self) -> str:
        """The filters for an address, without the question mark."""
        told: dict[str, str] = {}
        if self.first and self.last:
            told |= {"from": self.first.isoformat(), "to": self.last.isoformat()}
        told |= {name: value for name in WORDS if (value := getattr(self, name))}
        told |= {name: "1" for name in FLAGS if getattr(self, name)}
        return urlencode(told)

    @property
    def narrowed(self) -> bool:
        """Whether anything but the days is asked."""
        return replace(self, first=None, last=None) != Filters()

    def without(self, *names: str) -> "Filters":
        plain = Filters()
        return replace(self, **{name: getattr(plain, name) for name in names})


def read_filters(query: Mapping[str, str], today: date) -> Filters:
    """The filters of an address; what cannot be understood is as if it were not there."""
    words = query.get("q", "").replace("\0", "").strip()[:WORD_CHARS_MAX]
    waiting = bool(query.get("waiting"))
    first, last = asked_day(query.get("from", "")), asked_day(query.get("to", ""))
    if first or last:
        last = min(last or today, today)
        first = min(first or last - timedelta(days=DAYS_USUAL - 1), last)
        first = max(first, last - timedelta(days=DAYS_MAX - 1))
    elif not words and not waiting:
        first, last = today - timedelta(days=DAYS_USUAL - 1), today
    outcome = query.get("outcome", "")
    filters = Filters(first=first, last=last, outcome=outcome if outcome in OUTCOMES else "", q=words)
    named = (*NAMED, "stage", *OF_LEADS, *OF_STEPS, WAY)
    told: dict[str, Any] = {name: _word(query.get(name, "")) for name in named}
    told |= {name: query.get(name, "") not in ("", "0", "false") for name in FLAGS}
    return replace(filters, **told)


def some(business: UUID, filters: Filters, after: Cursor | None, limit: int, *, sees_text: bool) -> list[Dialogue]:
    """A page of the list, after a cursor."""
    assert 0 < limit <= ROWS_MAX + 1, "an unbounded read"
    rows = _found(business, filters, sees_text=sees_text)
    if after is not None:
        rows = rows.filter(_older(after))
    return list(rows.order_by("-started_at", "-dialogue_id")[:limit])


def count(business: UUID, filters: Filters, *, sees_text: bool) -> int:
    if filters.q and filters == Filters(q=filters.q):
        with connection.cursor() as cur:
            return search(cur, business, filters.q, sees_text=sees_text).count()
    return _found(business, filters, sees_text=sees_text, ordered=False).count()


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a dialogue stands in a list; `place` is 0 when the list is too long to tell: `total` ends at the bound."""

    before: int | None
    after: int | None
    place: int
    total: int


def neighbours(business: UUID, filters: Filters, dialogue: Dialogue, *, sees_text: bool) -> Neighbours | None:
    """None when the dialogue is not in the list."""
    rows = _found(business, filters, sees_text=sees_text)
    if not rows.filter(dialogue_id=dialogue.dialogue_id).exists():
        return None
    here = (dialogue.started_at, dialogue.dialogue_id)
    newer, older = rows.filter(_newer(here)), rows.filter(_older(here))
    total = rows[:NEIGHBOURS_MAX].count()
    return Neighbours(
        newer.order_by("started_at", "dialogue_id").values_list("dialogue_id", flat=True).first(),
        older.order_by("-started_at", "-dialogue_id").values_list("dialogue_id", flat=True).first(),
        newer.count() + 1 if total < NEIGHBOURS_MAX else 0,
        total,
    )


def find(business: UUID, dialogue_id: int, *, sees_frozen: bool = False) -> Dialogue | None:
    """One dialogue; None also for one of a person who is frozen, unless the reader may see him."""
    found = Dialogue.objects.filter(business_id=business, dialogue_id=dialogue_id).first()
    if found is None or sees_frozen or found.person_id not in frozen(business):
        return found
    return None


def names_of(business: UUID, dialogues: Sequence[Dialogue]) -> dict[str, str]:
    """What the clients call themselves, by client id."""
    asked = {dialogue.client_id for dialogue in dialogues if dialogue.client_id}
    rows = Identity.objects.filter(business_id=business, client_id__in=asked).values_list("client_id", "name")
    return {client_id: name for client_id, name in rows if name}


def rhythms_of(business: UUID, dialogues: Sequence[Dialogue]) -> dict[int, list[facts.Fact]]:
    """The facts behind the small timelines of a page's rows."""
    asked = [dialogue.dialogue_id for dialogue in dialogues if dialogue.facts <= RHYTHM_FACTS_MAX]
    rows = Fact.objects.filter(business_id=business, dialogue_id__in=asked).order_by("dialogue_id", "at", "seq")
    found: dict[int, list[facts.Fact]] = {}
    for dialogue_id, body in rows.values_list("dialogue_id", "body"):
        found.setdefault(dialogue_id, []).append(_decode(body))
    return found


def channels_of(business: UUID) -> list[str]:
    """The channels that may be chosen in a filter."""
    with connection.cursor() as cur:
        return [row["value"] for row in QUERIES.rows(cur, "channels_of", business=business, limit=CHOICES_MAX)]


def branches_of(business: UUID) -> list[str]:
    """The branches that may be chosen in a filter, as the sources call them."""
    with connection.cursor() as cur:
        return [row["value"] for row in QUERIES.rows(cur, "branches_of", business=business, limit=CHOICES_MAX)]


def cursor_of(dialogue: Dialogue) -> str:
    return f"{dialogue.started_at.isoformat()}~{dialogue.dialogue_id}"


def read_cursor(text: str) -> Cursor | None:
    """A cursor that was tampered with begins at the top."""
    moment, _sep, number = text.replace(" ", "+").partition("~")
    try:
        at, dialogue_id = datetime.fromisoformat(moment), int(number)
    except ValueError:
        return None
    return (at, dialogue_id) if at.tzinfo is not None and 0 <= dialogue_id < 2**63 else None


def is_lost() -> Q:
    """Gone without a booking, and something of ours lay in the way: silence or a failure."""
    ours = Q(cause__in=(Cause.WE_SILENT, Cause.ERROR)) | Q(failed_at__isnull=False)
    return Q(outcome__in=(Outcome.NOT_BOOKED, Outcome.REFUSED)) & ours


def state_of(dialogue: Dialogue) -> str:
    """The state that a row shows: one that needs a person comes before the outcome, but for who has declined."""
    if dialogue.waiting_since is not None and dialogue.outcome != Outcome.REFUSED:
        return "waiting"
    ours = dialogue.failed_at is not None or dialogue.cause in (Cause.WE_SILENT, Cause.ERROR)
    if ours and dialogue.outcome in (Outcome.NOT_BOOKED, Outcome.REFUSED):
        return LOST
    return str(dialogue.outcome)


def frozen(business: UUID) -> list[int]:
    """Persons whom no list shows."""
    with connection.cursor() as cur:
        return blocked(cur, business)


def _found(business: UUID, filters: Filters, *, sees_text: bool, ordered: bool = True) -> QuerySet[Dialogue]:
    rows = Dialogue.objects.filter(business_id=business)
    if hidden := frozen(business):
        rows = rows.exclude(person_id__in=hidden)
    if filters.first and filters.last:
        rows = _in_days(rows, filters, filters.first, filters.last, ordered=ordered)
    for name in NAMED:
        if getattr(filters, name):
            column = OF_BOOKINGS.get(name, name) if filters.lead else name
            rows = rows.filter(**{column: _told(getattr(filters, name))})
    rows = _of_leads(rows, filters)
    if any(getattr(filters, name) for name in OF_STEPS):
        rows = rows.filter(dialogue_id__in=_on_steps(business, filters))
    if filters.way:
        rows = rows.filter(dialogue_id__in=_on_way(business, filters))
    if filters.handed:
        rows = rows.filter(dialogue_id__in=_handed(business, filters))
    if filters.outcome == LOST:
        rows = rows.filter(is_lost())
    elif filters.outcome:
        rows = rows.filter(**{"lead_state" if filters.lead else "outcome": filters.outcome})
    if filters.q:
        with connection.cursor() as cur:
            rows = search(cur, business, filters.q, sees_text=sees_text).narrow(rows)
    if filters.waiting:
        rows = rows.filter(waiting_since__lte=clock.now(), quiet_at__gt=clock.now(), excluded="")
    for name, condition in _FLAGGED.items():
        if getattr(filters, name):
            rows = rows.filter(condition)
    return rows


def _of_leads(rows: QuerySet[Dialogue], filters: Filters) -> QuerySet[Dialogue]:
    """Who reached a stage or went further; with `stopped`, who stopped right there in that way."""
    if filters.stage:
        further = STAGES[STAGES.index(filters.stage) :] if filters.stage in STAGES else ()
        rows = rows.filter(lead_stage__in=further[:1] if filters.stopped else further)
    for name, column in OF_LEADS.items():
        asked = getattr(filters, name)
        if name == "crm" and asked == DELIVERED:
            rows = rows.filter(lead_crm__in=("in_time", "late"))
        elif asked:
            rows = rows.filter(**{column: _told(asked)})
    return rows


def _on_steps(business: UUID, filters: Filters) -> QuerySet[Step, int]:
    """The dialogues that came to such a step, or whose stay on it ended so, as M15 counts them."""
    named = ("scenario", "version", "step")
    asked: dict[str, Any] = {name: _told(getattr(filters, name)) for name in named if getattr(filters, name)}
    asked |= {"ended__in": filters.ended.split(",")} if filters.ended else {"first": True}
    asked |= {"excluded": ""}
    if filters.first and filters.last:
        asked |= {"day__range": (filters.first, filters.last)}
    return Step.objects.filter(business_id=business, **asked).values_list("dialogue_id", flat=True)


def _on_way(business: UUID, filters: Filters) -> list[int]:
    """The dialogues that walked these steps of a version."""
    with connection.cursor() as cur:
        rows = QUERIES.rows(
            cur,
            "on_way",
            business=business,
            first=filters.first or date.min,
            last=filters.last or date.max,
            branch=filters.branch,
            scenario=_told(filters.scenario),
            version=_told(filters.version),
            way=filters.way,
            dialogues=WAYS_DIALOGUES_MAX,
            stays=WAY_STEPS_MAX,
        )
    return [row["dialogue_id"] for row in rows]


def _handed(business: UUID, filters: Filters) -> QuerySet[Escalation, int]:
    """The dialogues whose hand-overs M13 counts: a hand-over has a day of its own."""
    asked: dict[str, Any] = {"excluded": ""}
    if filters.first and filters.last:
        asked |= {"day__range": (filters.first, filters.last)}
    return Escalation.objects.filter(business_id=business, **asked).values_list("dialogue_id", flat=True)


def _told(asked: str) -> str:
    return "" if asked == NONE_TOLD else asked


_FLAGGED: dict[str, Q] = {
    "lead": ~Q(lead_state=""),
    "late": Q(late=True, excluded=""),
    "escalated": Q(escalated_at__isnull=False),
    # As M12 and M14 count: of dialogues in which the assistant spoke.
    "called": Q(escalated_at__isnull=False, assistant_out__gt=0, excluded=""),
    "alone": Q(closed_as=ClosedAs.VERIFIED, assistant_out__gt=0, excluded=""),
    "no_show": Q(has_no_show=True),
    "errors": Q(errors__gt=0),
    "unsure": Q(confidence_ppm_min__lt=CONFIDENCE_MIN_PPM),
}


def _in_days(
    rows: QuerySet[Dialogue], filters: Filters, first: date, last: date, *, ordered: bool
) -> QuerySet[Dialogue]:
    """A list behind a number has the number's days: of leads, first turns, stays, hand-overs, or of dialogues."""
    if filters.handed or any(getattr(filters, name) for name in OF_STEPS):
        return rows
    if filters.lead:
        return rows.filter(lead_day__range=(first, last))
    if filters.late:
        return rows.filter(opening_day__range=(first, last))
    if not ordered:
        return rows.filter(day__range=(first, last))
    # The time is a day wider than any time zone needs: it lets the index of the order serve the days too.
    since, until = midnight(first) - timedelta(days=1), midnight(last) + timedelta(days=2)
    return rows.filter(day__range=(first, last), started_at__gte=since, started_at__lt=until)


def _older(here: Cursor) -> Q:
    at, dialogue_id = here
    return Q(started_at__lte=at) & (Q(started_at__lt=at) | Q(dialogue_id__lt=dialogue_id))


def _newer(here: Cursor) -> Q:
    at, dialogue_id = here
    return Q(started_at__gte=at) & (Q(started_at__gt=at) | Q(dialogue_id__gt=dialogue_id))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _word(text: str) -> str:
    return text.replace("\0", "").strip()[:WORD_CHARS_MAX]
