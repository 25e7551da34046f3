"""New leads of one person, and what became of each. Pure.

A lead begins with the person's first contact, or with a contact after `SILENCE` without any other and without an open
visit; it holds until the next one. A dialogue never spans such a silence, so a lead is known by its first dialogue.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from letopis.appointments.records import Slot, State
from letopis.base.worktime import Schedule
from letopis.dialogues import intents
from letopis.dialogues.records import Dialogue
from letopis.metrics.records import Lead, LeadState

SILENCE = timedelta(days=30)
WINDOW_DAYS_MIN = 7
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Windows:
    """W of M2 in days by the month of the lead; fixed once, so what a past month says does not move."""

    days: Mapping[date, int]

    def of(self, day: date) -> timedelta:
        return timedelta(days=self.days.get(day.replace(day=1), WINDOW_DAYS_MIN))


def leads_of(
    business: UUID,
    dialogues: Sequence[Dialogue],
    slots: Sequence[Slot],
    *,
    schedule: Schedule,
    windows: Windows,
    worked_until: datetime,
) -> list[Lead]:
    """The leads among a person's dialogues, oldest first."""
    contacts = sorted((d for d in dialogues if d.contact_first_at is not None), key=_order)
    openings = _openings(contacts, slots)
    return [
        _lead(business, dialogue, _next(dialogue, openings), contacts, slots, schedule, windows, worked_until)
        for dialogue in openings
    ]


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


def _lead(
    business: UUID,
    dialogue: Dialogue,
    until: datetime | None,
    contacts: Sequence[Dialogue],
    slots: Sequence[Slot],
    schedule: Schedule,
    windows: Windows,
    worked_until: datetime,
) -> Lead:
    at = _first(dialogue)
    day = schedule.local_day(at)
    due_at = at + windows.of(day)
    booked_at = _within((slot.created_at for slot in booked_chains(slots)), min(at, dialogue.started_at), until)
    refused_at = _within((d.refused_at for d in contacts if d.refused_at is not None), at, until)
    mature = due_at <= worked_until
    if booked_at is not None and booked_at <= due_at:
        state = LeadState.BOOKED
    elif refused_at is not None and refused_at <= due_at:
        state = LeadState.REFUSED
    else:
        state = LeadState.NOT_BOOKED if mature else LeadState.PENDING
    existing = intents.EXISTING if intents.is_existing(dialogue.intent) else ""
    return Lead(
        business_id=business,
        lead_id=dialogue.dialogue_id,
        person_id=dialogue.person_id,
        dialogue_id=dialogue.dialogue_id,
        channel=dialogue.channel,
        campaign=dialogue.campaign,
        branch=dialogue.branch,
        at=at,
        day=day,
        state=state.value,
        booked_at=booked_at,
        refused_at=refused_at,
        due_at=due_at,
        mature=mature,
        excluded=dialogue.excluded or existing,
    )


def _within(instants: Iterable[datetime], since: datetime, until: datetime | None) -> datetime | None:
    return min((at for at in instants if at >= since and (until is None or at < until)), default=None)
