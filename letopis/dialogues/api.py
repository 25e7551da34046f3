"""The read API of dialogues: a list by the page's filters, and one dialogue with its messages and steps."""

from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from letopis.access.api import KeyRequest, inside
from letopis.access.log import Act, note_look_of_key
from letopis.access.models import Business
from letopis.base import clock
from letopis.dialogues import listing, steps, story
from letopis.dialogues.models import Dialogue
from letopis.dialogues.pages import case_of
from letopis.dialogues.story import Case
from letopis.journal.entries import Entry
from letopis.privacy.views import Eyes, eyes_of_key

router = Router(tags=["dialogues"])


class DialogueOut(Schema):
    """One dialogue as the readers see it."""

    id: int = Field(description="Number of the journal entry that opened the dialogue", examples=[31402])
    client_id: str = Field(description="The client as the sender names him", examples=["tg_12345678"])
    session_id: str = Field(examples=["sess_8f3c21"])
    channel: str = Field(examples=["telegram"])
    branch: str
    campaign: str
    scenario: str
    version: str
    started_at: datetime
    last_at: datetime
    intent: str = Field(examples=["book_appointment"])
    outcome: str = Field(description="booked, not_booked, refused or pending", examples=["booked"])
    outcome_at: datetime | None
    state: str = Field(description="The outcome, or lost or waiting where the page shows these", examples=["lost"])
    cause: str = Field(description="Why nothing was booked: we_silent, client_silent, error, elsewhere, closed")
    deal_ref: str
    service: str
    messages_in: int
    messages_out: int
    errors: int
    model_calls: int
    cost: str = Field(description="What the model calls cost, in roubles", examples=["1.31"])
    waiting_since: datetime | None
    escalated_at: datetime | None
    taken_at: datetime | None
    first_reply_s: int | None = Field(description="Seconds to the first answer by the wall clock")
    first_reply_working_s: int | None = Field(description="The same in working time; null without a schedule")
    has_no_show: bool
    test: bool


class DialogueList(Schema):
    """A page of the list, newest first."""

    items: list[DialogueOut]
    total: int = Field(description="How many dialogues the filters find altogether")
    next: str | None = Field(description="Give it as `after` to get the next page; null at the end")


class MessageOut(Schema):
    """Something that was said."""

    seq: int
    at: datetime
    role: str = Field(examples=["client"])
    content_type: str = Field(examples=["text"])
    text: str | None = Field(description="null when there was no text, or when it was erased")
    erased_at: datetime | None = Field(description="When the text was erased, by the journal's own record")
    erased_for: str = Field(
        description="Why: expired, a code such as subject_request, unrecorded where no entry says", examples=["expired"]
    )


class StepOut(Schema):
    """Something that was done."""

    seq: int
    at: datetime
    type: str = Field(examples=["tool_call"])
    result: str = Field(examples=["error"])
    reason: str
    tool: str
    model: str
    step: str
    latency_ms: int | None
    attempt: int | None
    failed: bool


class WholeDialogue(DialogueOut):
    """A dialogue with all that was said and done, each in the order of time."""

    broke_at: datetime | None = Field(description="Where it broke, when it did")
    broke: str = Field(description="What broke, in words")
    messages: list[MessageOut]
    steps: list[StepOut]


class Asked(Schema):
    """The filters of the list, as the page's address has them."""

    from_: date | None = Field(None, alias="from", description="First local day")
    to: date | None = Field(None, description="Last local day")
    channel: str = ""
    branch: str = ""
    campaign: str = ""
    cause: str = ""
    service: str = Field("", description="What was wanted; `-` for those that named none")
    refused_for: str = Field("", description="Code of a refusal's reason, such as price")
    lead: bool = Field(False, description="First talks of new leads only, dated by the lead; so are the next seven")
    stage: str = Field("", description="Leads that came so far or further: lead, answered, offered, booked, …")
    stopped: str = Field("", description="Leads that stopped (at `stage`, if told): pending, left or ours")
    reason: str = Field("", description="Why a lead stopped: we_silent, refused:price, no_show, …")
    master: str = Field("", description="Whom the lead booked with; `-` for none")
    known: str = Field("", description="new or known")
    crm: str = Field("", description="in_time, late, delivered, delayed, missing or pending")
    visit: str = Field("", description="came, pending or not_come")
    scenario: str = Field("", description="With a stay on a step of this scenario; the next three narrow the same stay")
    version: str = ""
    step: str = ""
    ended: str = Field("", description="How the stay ended: passed, goal, client_silent, …; several by comma")
    way: str = Field("", description="The steps walked in this version of the scenario, by the key of the scenario map")
    outcome: str = Field("", description="booked, not_booked, refused, pending or lost")
    late: bool = False
    waiting: bool = False
    escalated: bool = False
    called: bool = Field(False, description="The assistant spoke and called a person (M12)")
    handed: bool = Field(False, description="Handed to a person in these days (M13)")
    alone: bool = Field(False, description="Reached the goal without a person, confirmed by a system of record (M14)")
    no_show: bool = False
    errors: bool = False
    unsure: bool = False
    q: str = Field("", description="Words in any form, a phone in any spelling, an id of a deal or a session")
    after: str = Field("", description="`next` of the page before")
    limit: int = Field(listing.ROWS_A_PAGE, ge=1, le=listing.ROWS_MAX)


@router.get("/dialogues", response=DialogueList, summary="Dialogues by the filters of the page, newest first")
def dialogues(request: KeyRequest, asked: Annotated[Asked, Query()]) -> dict[str, Any]:
    """Without days, words or `waiting` the last thirty days are meant, as on the page."""
    with inside(request):
        business = request.auth.business
        zone = ZoneInfo(Business.objects.get(pk=business).timezone)
        filters = listing.read_filters(_as_query(asked), timezone.localtime(clock.now(), zone).date())
        after = listing.read_cursor(asked.after)
        eyes = eyes_of_key(request.auth)
        if asked.q:
            note_look_of_key(business, request.auth.id, "dialogues", act=Act.SEARCHED)
        found = listing.some(business, filters, after, asked.limit + 1, sees_text=eyes.clear)
        shown = found[: asked.limit]
        return {
            "items": [_told(one, eyes) for one in shown],
            "total": listing.count(business, filters, sees_text=eyes.clear),
            "next": listing.cursor_of(shown[-1]) if len(found) > asked.limit else None,
        }


@router.get("/dialogues/{int:dialogue_id}", response=WholeDialogue, summary="One dialogue with its messages and steps")
def dialogue(request: KeyRequest, dialogue_id: int) -> dict[str, Any]:
    """The reading is noted in the access log under the key."""
    with inside(request):
        business = request.auth.business
        found = listing.find(business, dialogue_id) if dialogue_id < 2**63 else None
        if found is None:
            raise HttpError(404, "There is no such dialogue")
        note_look_of_key(business, request.auth.id, "dialogue", dialogue_id)
        case = case_of(business, found, eyes_of_key(request.auth))
        return _told(found, case.eyes) | {
            "broke_at": case.broke.at if case.broke else None,
            "broke": case.broke.why if case.broke else "",
            "messages": [_message(entry, case) for entry in case.entries if entry.type in story.SAID],
            "steps": [_step(entry, case.eyes) for entry in case.entries if entry.type not in story.SAID],
        }


def _as_query(asked: Asked) -> dict[str, str]:
    told = {name: str(getattr(asked, name)) for name in listing.WORDS}
    told |= {name: "1" for name in listing.FLAGS if getattr(asked, name, False)}
    days = {"from": asked.from_, "to": asked.to}
    return told | {name: day.isoformat() for name, day in days.items() if day}


def _told(dialogue: Dialogue, eyes: Eyes) -> dict[str, Any]:
    told = {name: getattr(dialogue, name) for name in DialogueOut.model_fields if hasattr(dialogue, name)}
    cost = f"{dialogue.cost_mkop / 100_000:.5f}"
    if not eyes.clear:
        told["client_id"] = eyes.id(dialogue.client_id)
        told |= {name: eyes.reference(told[name]) for name in ("session_id", "deal_ref")}
        told |= {name: eyes.words(told[name]) for name in ("campaign", "scenario", "version", "intent", "service")}
    return told | {"id": dialogue.dialogue_id, "state": listing.state_of(dialogue), "cost": cost}


def _message(entry: Entry, case: Case) -> dict[str, Any]:
    role = "client" if entry.type in story.IN else entry.meta.get("role", "")
    content_type = "call" if entry.type == "call" else entry.meta.get("content_type", "text")
    told = {"seq": entry.seq, "at": entry.at, "role": role, "content_type": content_type}
    told["text"] = None if entry.text is None else case.eyes.text(entry.text, role)
    return told | _erased(entry.seq, case)


def _erased(seq: int, case: Case) -> dict[str, Any]:
    if seq not in case.erased:
        return {"erased_at": None, "erased_for": ""}
    found = case.erased[seq]
    if found is None:
        return {"erased_at": None, "erased_for": "unrecorded"}
    return {"erased_at": found.at, "erased_for": "expired" if found.is_expired else found.reason or "erased"}


def _step(entry: Entry, eyes: Eyes) -> dict[str, Any]:
    meta = entry.meta
    return {
        "seq": entry.seq,
        "at": entry.at,
        "type": entry.type,
        "reason": steps.reason_of(entry, eyes),
        "latency_ms": meta.get("latency_ms"),
        "attempt": meta.get("attempt"),
        "failed": steps.tone_of(entry) == steps.LOSS,
        **{name: eyes.words(str(meta.get(name, ""))) for name in ("result", "tool", "model", "step")},
    }
