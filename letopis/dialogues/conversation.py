"""A dialogue from its own facts: one pure walk in the order of time.

Turns, escalations, counts and who spoke last; neither clock nor working hours nor the person's other dialogues have a
part here, they come in with `judgement.py`.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from letopis.dialogues import intents
from letopis.dialogues.facts import Fact
from letopis.dialogues.parts import FOLLOWING
from letopis.dialogues.phrases import Said, closes

HANDOFF_AROUND = timedelta(seconds=60)
"""An automatic notice so near to an escalation is the word that a person will answer."""
ASSISTANT, HUMAN, CLIENT = "assistant", "human", "client"

_THANKS = frozenset({Said.THANKED, Said.ACKNOWLEDGED})
PAID = frozenset({"", "ok", "success", "paid"})
"""Results of a payment that went through; nothing told is one."""
_RECORDING = frozenset({"record_readback", "payment", "appointment_confirmed", "arrived"})


@dataclass(slots=True)
class ClientTurn:
    """A run of inbound messages and the reply that ended it; a closing turn expects none."""

    started_at: datetime
    suspect: bool
    closing: bool = False
    escalation: bool = False
    replied_at: datetime | None = None
    replied_by: str = ""
    person: str = ""


@dataclass(slots=True)
class Handover:
    """One escalation and what became of it."""

    opened_at: datetime
    reason: str
    taken_at: datetime | None = None
    person: str = ""
    closed_at: datetime | None = None


@dataclass(slots=True)
class Stay:
    """One stay on a step of a scenario, until the next one or the last word of the talk."""

    scenario: str
    version: str
    step: str
    entered_at: datetime
    left_at: datetime
    next: str = ""


@dataclass(slots=True)
class Conversation:
    """What the facts of one dialogue say."""

    started_at: datetime
    last_at: datetime
    spoken: bool
    channel: str
    facts: int
    branch: str = ""
    campaign: str = ""
    scenario: str = ""
    version: str = ""
    intent: str = ""
    confidence_ppm_min: int | None = None
    deal_ref: str = ""
    service: str = ""
    messages_in: int = 0
    messages_out: int = 0
    assistant_out: int = 0
    human_out: int = 0
    errors: int = 0
    model_calls: int = 0
    cost_mkop: int = 0
    fallbacks: int = 0
    offered_at: datetime | None = None
    tried_at: datetime | None = None
    delivered_at: datetime | None = None
    paid_at: datetime | None = None
    paid_kop: int = 0
    first_seq: int | None = None
    contact_first_at: datetime | None = None
    contact_last_at: datetime | None = None
    answers_at: list[datetime] = field(default_factory=list)
    last_by: str = ""
    asked: bool = False
    thanked: bool = False
    failed_first_at: datetime | None = None
    failed_at: datetime | None = None
    refused_at: datetime | None = None
    refused_for: str = ""
    complained_at: datetime | None = None
    recorded_at: datetime | None = None
    excluded: str = ""
    test: bool = False
    turns: list[ClientTurn] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)


def converse(facts: Sequence[Fact]) -> Conversation:
    """The conversation of a dialogue; `facts` are ordered by time, then number, and at least one."""
    walk = _Walk(facts)
    for fact in facts:
        walk.take(fact)
    return walk.end()


class _Walk:
    """The state of one walk over the facts of a dialogue."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        talk = [fact for fact in facts if fact.type not in FOLLOWING]
        spoken = talk or facts
        self.told = Conversation(
            started_at=spoken[0].at,
            last_at=spoken[-1].at,
            spoken=bool(talk),
            channel=min(spoken, key=lambda fact: fact.seq).channel,
            facts=len(facts),
        )
        delivered = {fact.of_message_id for fact in facts if fact.state in ("delivered", "read")}
        self.failed = {
            fact.of_message_id for fact in facts if fact.type == "message_delivery" and fact.state == "failed"
        } - delivered
        self.escalations = [fact.at for fact in facts if fact.type == "escalation"]
        self.turn: ClientTurn | None = None
        self.closing: ClientTurn | None = None
        self.answered = False
        self.question = False
        self.soft_refusal: datetime | None = None

    def take(self, fact: Fact) -> None:
        self._count(fact)
        act = _ACTS.get(fact.type)
        if act is not None:
            act(self, fact)

    def end(self) -> Conversation:
        told = self.told
        if self.turn is not None:
            told.turns.append(self.turn)
        elif self.closing is not None:
            told.turns.append(self.closing)
        told.asked = self.question
        if told.refused_at is None:
            told.refused_at = self.soft_refusal
        return told

    def _count(self, fact: Fact) -> None:
        told = self.told
        told.branch = told.branch or fact.branch
        told.campaign = told.campaign or fact.campaign
        if fact.scenario:
            told.scenario, told.version = fact.scenario, fact.version
        told.deal_ref = fact.deal_id or told.deal_ref
        told.service = fact.service or told.service
        told.cost_mkop += fact.cost_mkop
        if fact.test:
            told.test = True
            told.excluded = intents.TEST
        if fact.intent:
            self._intend(fact)
        if fact.failed:
            told.errors += 1
            told.failed_first_at = told.failed_first_at or fact.at
            told.failed_at = fact.at
        if fact.type in _RECORDING or (fact.type == "crm_delivery" and fact.result == "ok"):
            told.recorded_at = fact.at
        if fact.fallback:
            told.fallbacks += 1
        if fact.type not in FOLLOWING:
            self._stay(fact)

    def _stay(self, fact: Fact) -> None:
        """A word or an act on another step of the scenario begins a new stay; staying on is none."""
        stays = self.told.stays
        here = stays[-1] if stays else None
        if here is not None:
            here.left_at = fact.at
        if not (fact.scenario and fact.step):
            return
        at = (fact.scenario, fact.version, fact.step)
        if here is not None and (here.scenario, here.version, here.step) == at:
            return
        if here is not None:
            here.next = fact.step
        stays.append(Stay(*at, entered_at=fact.at, left_at=fact.at))

    def _intend(self, fact: Fact) -> None:
        told = self.told
        # The wish for a visit outlives what was asked on the way.
        if not intents.is_booking(told.intent) or intents.is_booking(fact.intent):
            told.intent = fact.intent
        told.excluded = told.excluded or intents.excluded_for(fact.intent)
        if fact.confidence_ppm is not None:
            least = told.confidence_ppm_min
            told.confidence_ppm_min = fact.confidence_ppm if least is None else min(least, fact.confidence_ppm)

    def _contact(self, at: datetime, *, closing: bool = False) -> None:
        told = self.told
        told.contact_last_at = at
        if told.contact_first_at is None and not closing:
            told.contact_first_at = at

    def _message_in(self, fact: Fact) -> None:
        told = self.told
        told.messages_in += 1
        if told.first_seq is None:
            told.first_seq = fact.seq
        closing = closes(Said(fact.said), after_ours=self.answered, after_question=self.question)
        self._contact(fact.at, closing=closing)
        told.last_by = CLIENT
        # Thanks beside something that still expects our answer end nothing.
        told.thanked = closing and self.turn is None and fact.said in _THANKS
        if fact.complains:
            told.complained_at = fact.at
        if not closing:
            self.soft_refusal = None
        elif fact.said == Said.REFUSED:
            self.soft_refusal = fact.at
        self._open_turn(fact, closing=closing)

    def _open_turn(self, fact: Fact, *, closing: bool) -> None:
        if self.turn is not None:
            return
        if closing:
            self.closing = self.closing or ClientTurn(fact.at, fact.suspect, closing=True)
        else:
            # A wait begins with the first message that expects an answer.
            self.turn = ClientTurn(fact.at, fact.suspect)
            self.closing = None

    def _message_out(self, fact: Fact) -> None:
        told = self.told
        told.messages_out += 1
        if fact.message_id and fact.message_id in self.failed:
            return
        if fact.role == "mailing":
            self._mail(fact)
        elif fact.automatic or fact.role == "system":
            if self._hands_over(fact.at):
                self._end_turn(fact, ASSISTANT, notice=True)
        else:
            by = HUMAN if fact.role == HUMAN else ASSISTANT
            if fact.offers and told.offered_at is None:
                told.offered_at = fact.at
            if by == HUMAN:
                told.human_out += 1
                self._take_over(fact)
            else:
                told.assistant_out += 1
            self.question = fact.asks
            self._end_turn(fact, by, notice=by == ASSISTANT and self._hands_over(fact.at))

    def _mail(self, fact: Fact) -> None:
        """A mailing answers nobody, but a bare «ок» after it needs no answer either."""
        if self.turn is None and fact.state != "failed":
            self.answered = True
            self.question = False

    def _end_turn(self, fact: Fact, by: str, *, notice: bool = False) -> None:
        told = self.told
        told.last_by = by
        told.answers_at.append(fact.at)
        self.answered = True
        turn = self.turn or self.closing
        if turn is not None:
            turn.replied_at, turn.replied_by, turn.escalation = fact.at, by, notice
            turn.person = fact.person if by == HUMAN else ""
            turn.suspect = turn.suspect or fact.suspect
            told.turns.append(turn)
            self.turn = self.closing = None

    def _hands_over(self, at: datetime) -> bool:
        nearest = bisect_left(self.escalations, at - HANDOFF_AROUND)
        around = nearest < len(self.escalations) and self.escalations[nearest] <= at + HANDOFF_AROUND
        return around or any(
            handover.taken_at is None and handover.closed_at is None for handover in self.told.handovers
        )

    def _call(self, fact: Fact) -> None:
        answered = fact.result in ("answered", "ok", "success")
        if fact.by not in ("business", "human", "staff", "assistant"):
            self._contact(fact.at)
            self.told.last_by = CLIENT
            self._open_turn(fact, closing=False)
        if answered:
            self.told.human_out += 1
            self.question = False
            self._take_over(fact)
            self._end_turn(fact, HUMAN)

    def _new_lead(self, fact: Fact) -> None:
        self._contact(fact.at)

    def _reminder_replied(self, fact: Fact) -> None:
        self._contact(fact.at, closing=True)

    def _refusal(self, fact: Fact) -> None:
        self.told.refused_at, self.told.refused_for = fact.at, fact.refused_for

    def _model_call(self, fact: Fact) -> None:
        self.told.model_calls += 1

    def _escalation(self, fact: Fact) -> None:
        self.told.handovers.append(Handover(fact.at, fact.reason))

    def _escalation_taken(self, fact: Fact) -> None:
        self._take_over(fact)

    def _escalation_closed(self, fact: Fact) -> None:
        for handover in self.told.handovers:
            if handover.closed_at is None:
                handover.closed_at = fact.at

    def _take_over(self, fact: Fact) -> None:
        for handover in self.told.handovers:
            if handover.taken_at is None and handover.closed_at is None:
                handover.taken_at, handover.person = fact.at, fact.person

    def _crm_delivery(self, fact: Fact) -> None:
        told = self.told
        told.tried_at = told.tried_at or fact.at
        if not fact.failed and told.delivered_at is None:
            told.delivered_at = fact.at

    def _payment(self, fact: Fact) -> None:
        told = self.told
        if fact.result not in PAID:
            return
        told.paid_at = told.paid_at or fact.at
        told.paid_kop += fact.amount_kop


_ACTS = {
    "message_in": _Walk._message_in,
    "message_out": _Walk._message_out,
    "reminder_sent": _Walk._mail,
    "reminder_replied": _Walk._reminder_replied,
    "call": _Walk._call,
    "new_lead": _Walk._new_lead,
    "refusal": _Walk._refusal,
    "crm_delivery": _Walk._crm_delivery,
    "payment": _Walk._payment,
    "model_call": _Walk._model_call,
    "escalation": _Walk._escalation,
    "escalation_taken": _Walk._escalation_taken,
    "escalation_closed": _Walk._escalation_closed,
}
