"""The way of one lead: how far it came, where and why it stopped, its visit, and its record in the CRM. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from letopis.appointments.records import OPEN, Slot, State
from letopis.dialogues.records import Cause, Dialogue
from letopis.metrics.records import CrmState, Harm, LeadState, Stage, Stopped, VisitState

VISIT_WITHIN = timedelta(days=45)
"""A lead that comes later than so long after W is not counted as come (M3)."""
CRM_IN_TIME = timedelta(minutes=5)
CRM_MISSING_AFTER = timedelta(hours=24)
"""A CRM that is down makes a lead late; missing it is only after this (M17)."""
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Way:
    """One lead between its first contact and the person's next lead.

    `talks` are its contacts, `around` all its dialogues, also those the business began; `booked` is the first chain
    made in it, however late, and `visits` all slots of its chains.
    """

    due_at: datetime
    state: LeadState
    booked: Slot | None
    refused_at: datetime | None
    talks: Sequence[Dialogue]
    around: Sequence[Dialogue]
    visits: Sequence[Slot]

    @property
    def booked_at(self) -> datetime | None:
        return None if self.booked is None else self.booked.created_at

    @property
    def answered_at(self) -> datetime | None:
        return _first(talk.answered_at for talk in self.talks)

    @property
    def offered_at(self) -> datetime | None:
        return _first(talk.offered_at for talk in self.talks)

    @property
    def confirmed_at(self) -> datetime | None:
        return _first(slot.confirmed_at for slot in self.visits)

    @property
    def came_at(self) -> datetime | None:
        """When a visit took place, if soon enough to count."""
        last = self.due_at + VISIT_WITHIN
        came = (slot.start_at or slot.final_at for slot in self.visits if slot.state == State.ARRIVED)
        return _first(at for at in came if at is not None and at <= last)

    @property
    def failed_at(self) -> datetime | None:
        """When something of ours first failed."""
        return _first(talk.failed_first_at for talk in self.talks)

    @property
    def silent_at(self) -> datetime | None:
        """When a talk first ended in words that nobody answered."""
        return _first(talk.last_at for talk in self.talks if talk.cause == Cause.WE_SILENT)

    @property
    def paid_at(self) -> datetime | None:
        return _first(talk.paid_at for talk in self.around)

    @property
    def paid_kop(self) -> int:
        return sum(talk.paid_kop for talk in self.around)


def stage_of(way: Way) -> tuple[Stage, Stopped, str]:
    """The furthest stage, what became of a lead that stopped there, and why.

    A booking counts here as in M2: within the window. Who reached a stage has passed those before it, told or not.
    """
    if way.state is not LeadState.BOOKED:
        stage = Stage.OFFERED if way.offered_at else Stage.ANSWERED if way.answered_at else Stage.LEAD
        return stage, *_without_booking(way)
    if way.came_at is not None:
        return (Stage.PAID if way.paid_at is not None else Stage.CAME), Stopped.NONE, ""
    stage = Stage.CONFIRMED if way.confirmed_at is not None else Stage.BOOKED
    return stage, *_without_visit(way)


def _without_booking(way: Way) -> tuple[Stopped, str]:
    if way.state is LeadState.PENDING:
        return Stopped.PENDING, ""
    if way.failed_at is not None:
        return Stopped.OURS, Cause.ERROR.value
    if way.silent_at is not None:
        return Stopped.OURS, Cause.WE_SILENT.value
    if way.state is LeadState.REFUSED:
        codes = (talk.refused_for for talk in reversed(way.talks) if talk.refused_at is not None)
        code = next((code for code in codes if code), "")
        return Stopped.LEFT, f"{REFUSED}:{code}" if code else REFUSED
    last = max(way.talks, key=lambda talk: (talk.last_at, talk.dialogue_id))
    return Stopped.LEFT, last.cause


def _without_visit(way: Way) -> tuple[Stopped, str]:
    """What became of the last visit that was not moved on."""
    standing = [slot for slot in way.visits if slot.state != State.MOVED]
    if not standing or any(slot.state in OPEN for slot in standing):
        return Stopped.PENDING, ""
    last = max(standing, key=lambda slot: (slot.created_at, slot.slot_id))
    if last.state in (State.UNKNOWN, State.ARRIVED):
        # Not marked, or marked for a time too late to count: nobody has left.
        return Stopped.NONE, State.UNKNOWN.value
    return Stopped.LEFT, last.state


def harm_of(way: Way) -> tuple[Harm, datetime | None]:
    """The gravest mistake of ours that the lead met while it could still book, and when it first did: a failure, or
    words that nobody answered.

    What went wrong after the booking, or after the window, has kept nobody from booking within it.
    """
    until = way.due_at if way.booked_at is None else min(way.booked_at, way.due_at)
    if way.failed_at is not None and way.failed_at < until:
        return Harm.ERROR, way.failed_at
    if way.silent_at is not None and way.silent_at < until:
        return Harm.SILENT, way.silent_at
    return Harm.NONE, None


def visit_of(way: Way, worked_until: datetime) -> tuple[VisitState, datetime | None]:
    """Where the lead stands with its visit (M3, clarification 14), and until when an open visit may still count."""
    last = way.due_at + VISIT_WITHIN
    if way.came_at is not None:
        return VisitState.CAME, None
    if any(slot.state in OPEN for slot in way.visits) and last > worked_until:
        return VisitState.PENDING, last
    return (VisitState.PENDING if way.state is LeadState.PENDING else VisitState.NOT_COME), None


def crm_of(way: Way, worked_until: datetime, crm_since: datetime | None) -> tuple[CrmState, datetime | None]:
    """Where the lead stands with its record in the CRM (M17), and the next instant at which waiting changes it.

    A lead must go there from its first delivery that was tried, or from its booking once deliveries are known at all.
    """
    tried_at = _first(talk.tried_at for talk in way.around)
    must_book = way.booked_at is not None and crm_since is not None and crm_since <= way.booked_at
    must_go_at = _first((tried_at, way.booked_at if must_book else None))
    if must_go_at is None:
        return CrmState.NONE, None
    in_time_until, missing_at = must_go_at + CRM_IN_TIME, must_go_at + CRM_MISSING_AFTER
    delivered_at = _first(talk.delivered_at for talk in way.around)
    if delivered_at is not None:
        return (CrmState.IN_TIME if delivered_at <= in_time_until else CrmState.LATE), None
    if in_time_until > worked_until:
        return CrmState.PENDING, in_time_until
    return (CrmState.MISSING, None) if missing_at <= worked_until else (CrmState.DELAYED, missing_at)


def _first(instants: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in instants if at is not None), default=None)
