"""New leads of one person, and what became of each. Pure.

A lead begins with the person's first contact, or with a contact after `SILENCE` without any other and without an open
visit; it holds until the next one. A dialogue never spans such a silence, so a lead is known by its first dialogue.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from letopis.appointments.records import Slot, State
from letopis.dialogues import intents
from letopis.dialogues.judgement import Surroundings
from letopis.dialogues.records import Dialogue
from letopis.metrics.records import Lead, LeadState
from letopis.metrics.ways import Way, crm_of, harm_of, stage_of, visit_of

SILENCE = timedelta(days=30)
WINDOW_DAYS_MIN = 7
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Windows:
    """W of M2 in days by the month of the lead; fixed once, so what a past month says does not move."""

    days: Mapping[date, int]

    def of(self, day: date) -> timedelta:
        return timedelta(days=self.days.get(day.replace(day=1), WINDOW_DAYS_MIN))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a business's leads are judged by beside its hours: the windows, and since when leads go to a CRM."""

    windows: Windows
    crm_since: datetime | None = None


def leads_of(
    business: UUID, dialogues: Sequence[Dialogue], slots: Sequence[Slot], around: Surroundings, terms: Terms
) -> list[Lead]:
    """The leads among a person's dialogues, oldest first."""
    contacts = sorted((d for d in dialogues if d.contact_first_at is not None), key=_order)
    openings = _openings(contacts, slots)
    told = _Told(business, dialogues, contacts, slots)
    return [_lead(told, dialogue, _next(dialogue, openings), around, terms) for dialogue in openings]


def booked_chains(slots: Sequence[Slot]) -> list[Slot]:
    """First slots of chains, without slips of the hand: what counts as a booking."""
    return [slot for slot in slots if slot.first_of_chain and not slot.corrected and not slot.excluded]


def _order(dialogue: Dialogue) -> tuple[datetime, int]:
    return _first(dialogue), dialogue.dialogue_id


def _first(dialogue: Dialogue) -> datetime:
    assert dialogue.contact_first_at is not None, "only contacts are compared"
    return dialogue.contact_first_at


def _openings(contacts: Sequence[Dialogue], slots: Sequence[Slot]) -> list[Dialogue]:
    """The contacts that begin a lead; `contacts` are in order."""
    openings: list[Dialogue] = []
    last = last_counted = _NEVER
    for dialogue in contacts:
        since = _first(dialogue) - SILENCE
        # What nobody counts must not swallow a true lead.
        silent = (last if dialogue.excluded else last_counted) <= since
        if silent and not any(_speaks_against(slot, _first(dialogue), since) for slot in slots):
            openings.append(dialogue)
        contact_last = dialogue.contact_last_at or _NEVER
        last = max(last, contact_last)
        if not dialogue.excluded:
            last_counted = max(last_counted, contact_last)
    return openings


def _speaks_against(slot: Slot, at: datetime, since: datetime) -> bool:
    """A visit of these days, or a visit still open at that moment."""
    if slot.start_at is not None and slot.state == State.ARRIVED and since < slot.start_at <= at:
        return True
    if slot.created_at >= at:
        return False
    if slot.final_at is not None:
        return slot.final_at > at
    return (slot.unknown_at or slot.created_at + SILENCE) > at


def _next(dialogue: Dialogue, openings: Sequence[Dialogue]) -> datetime | None:
    """When the person's next lead begins; those in no metric end no other's."""
    return next(
        (_first(d) for d in openings if _order(d) > _order(dialogue) and (not d.excluded or dialogue.excluded)), None
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """Everything of one person: all dialogues, those of them with a contact in order, all visits."""

    business: UUID
    dialogues: Sequence[Dialogue]
    contacts: Sequence[Dialogue]
    slots: Sequence[Slot]


def _lead(told: _Told, dialogue: Dialogue, until: datetime | None, around: Surroundings, terms: Terms) -> Lead:
    at = _first(dialogue)
    day = around.hours.local_day(at)
    way = _way(told, dialogue, until, at + terms.windows.of(day), around.worked_until)
    booked = way.booked
    stage, stopped, cause = stage_of(way)
    harm, harm_at = harm_of(way)
    visit, visit_due_at = visit_of(way, around.worked_until)
    crm, crm_due_at = crm_of(way, around.worked_until, terms.crm_since)
    existing = intents.EXISTING if intents.is_existing(dialogue.intent) else ""
    return Lead(
        business_id=told.business,
        lead_id=dialogue.dialogue_id,
        person_id=dialogue.person_id,
        dialogue_id=dialogue.dialogue_id,
        channel=dialogue.channel,
        campaign=dialogue.campaign,
        branch=dialogue.branch or ("" if booked is None else booked.branch),
        intent=dialogue.intent,
        service=(booked.service if booked is not None else "") or _named(talk.service for talk in way.talks),
        master="" if booked is None else booked.resource,
        known=_is_known(at, told.contacts, told.slots),
        hour=at.astimezone(around.hours.zone).hour,
        at=at,
        day=day,
        state=way.state.value,
        booked_at=way.booked_at,
        refused_at=way.refused_at,
        due_at=way.due_at,
        mature=way.due_at <= around.worked_until,
        answered_at=way.answered_at,
        offered_at=way.offered_at,
        confirmed_at=way.confirmed_at,
        came_at=way.came_at,
        paid_at=way.paid_at,
        paid_kop=way.paid_kop,
        stage=stage.value,
        stopped=stopped.value,
        cause=cause,
        harm=harm.value,
        harm_at=harm_at,
        visit=visit.value,
        visit_due_at=visit_due_at,
        crm=crm.value,
        crm_due_at=crm_due_at,
        excluded=dialogue.excluded or existing,
    )


def _way(told: _Told, dialogue: Dialogue, until: datetime | None, due_at: datetime, worked_until: datetime) -> Way:
    """What belongs to the lead that begins with a dialogue and holds `until` the next one."""
    at = _first(dialogue)
    since = min(at, dialogue.started_at)
    chains = [slot for slot in booked_chains(told.slots) if _is_within(slot.created_at, since, until)]
    booked = min(chains, key=lambda slot: (slot.created_at, slot.slot_id), default=None)
    talks = [
        contact
        for contact in told.contacts
        if contact is dialogue or (_counts_beside(contact, dialogue) and _is_within(_first(contact), at, until))
    ]
    refused_at = _within((talk.refused_at for talk in talks), at, until)
    return Way(
        due_at=due_at,
        state=_state(booked, refused_at, due_at, worked_until),
        booked=booked,
        refused_at=refused_at,
        talks=talks,
        around=[
            talk
            for talk in told.dialogues
            if talk is dialogue or (_counts_beside(talk, dialogue) and _is_within(talk.started_at, since, until))
        ],
        visits=_visits_of(chains, told.slots),
    )


def _counts_beside(talk: Dialogue, opening: Dialogue) -> bool:
    """What nobody counts says nothing of a lead that counts."""
    return not talk.excluded or bool(opening.excluded)


def _state(booked: Slot | None, refused_at: datetime | None, due_at: datetime, worked_until: datetime) -> LeadState:
    """A booking goes before a refusal; each counts within the window alone."""
    if booked is not None and booked.created_at <= due_at:
        return LeadState.BOOKED
    if refused_at is not None and refused_at <= due_at:
        return LeadState.REFUSED
    return LeadState.NOT_BOOKED if due_at <= worked_until else LeadState.PENDING


def _visits_of(chains: Sequence[Slot], slots: Sequence[Slot]) -> list[Slot]:
    """All slots of these chains, moved ones included."""
    wanted = {slot.chain_id for slot in chains}
    return [slot for slot in slots if slot.chain_id in wanted and not slot.excluded]


def _is_known(at: datetime, contacts: Sequence[Dialogue], slots: Sequence[Slot]) -> bool:
    """Whether the person had written, called or booked before this lead."""
    return any(_first(d) < at and not d.excluded for d in contacts) or any(
        slot.created_at < at and not slot.excluded for slot in slots
    )


def _named(words: Iterable[str]) -> str:
    return next((word for word in words if word), "")


def _is_within(at: datetime, since: datetime, until: datetime | None) -> bool:
    return at >= since and (until is None or at < until)


def _within(instants: Iterable[datetime | None], since: datetime, until: datetime | None) -> datetime | None:
    return min((at for at in instants if at is not None and _is_within(at, since, until)), default=None)
