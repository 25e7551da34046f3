"""The derived rows of a dialogue, field for column as in `models.py`."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class Outcome(StrEnum):
    """What a dialogue came to."""

    PENDING = "pending"
    BOOKED = "booked"
    REFUSED = "refused"
    NOT_BOOKED = "not_booked"


class Cause(StrEnum):
    """Why a dialogue ended without a booking."""

    NONE = ""
    WE_SILENT = "we_silent"
    CLIENT_SILENT = "client_silent"
    ERROR = "error"
    ELSEWHERE = "elsewhere"
    CLOSED = "closed"


class ClosedAs(StrEnum):
    """In which of the shares of M14 a mature dialogue with an assistant's reply stands."""

    NONE = ""
    VERIFIED = "verified"
    RETURNED = "returned"
    HUMAN = "human"
    NOT_READ_BACK = "not_read_back"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    ASSUMED = "assumed"
    OTHER = "other"


class Ended(StrEnum):
    """How a stay on a step of a scenario ended; those below the line are deaths of the dialogue (M15)."""

    PASSED = "passed"
    GOAL = "goal"
    PENDING = "pending"
    HUMAN = "human"
    ELSEWHERE = "elsewhere"
    REFUSED = "refused"
    # ---
    CLIENT_SILENT = "client_silent"
    WE_SILENT = "we_silent"
    ERROR = "error"


class Dialogue(msgspec.Struct, kw_only=True):
    """A row of `dialogues_dialogue`: what its own facts say, then what the judgement adds."""

    business_id: UUID
    dialogue_id: int
    person_id: int
    client_id: str
    session_id: str
    channel: str
    started_at: datetime
    last_at: datetime
    day: date
    facts: int
    spoken: bool
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
    first_line: str = ""
    first_seq: int | None = None
    contact_first_at: datetime | None = None
    contact_last_at: datetime | None = None
    answers_at: list[datetime] = []
    last_by: str = ""
    asked: bool = False
    thanked: bool = False
    failed_first_at: datetime | None = None
    failed_at: datetime | None = None
    refused_at: datetime | None = None
    refused_for: str = ""
    complained_at: datetime | None = None
    recorded_at: datetime | None = None
    escalated_at: datetime | None = None
    escalation_reason: str = ""
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    excluded: str = ""
    test: bool = False

    quiet_at: datetime
    outcome: str = Outcome.PENDING.value
    outcome_at: datetime | None = None
    cause: str = ""
    closed_as: str = ""
    waiting_since: datetime | None = None
    answer_due_at: datetime | None = None
    answered_at: datetime | None = None
    first_reply_s: int | None = None
    first_reply_working_s: int | None = None
    late: bool = False
    has_no_show: bool = False
    opening_day: date | None = None
    lead_state: str = ""
    lead_day: date | None = None
    lead_stage: str = ""
    lead_stopped: str = ""
    lead_cause: str = ""
    lead_service: str = ""
    lead_branch: str = ""
    lead_master: str = ""
    lead_known: str = ""
    lead_crm: str = ""
    lead_visit: str = ""
    due_at: datetime | None = None


class Turn(msgspec.Struct, kw_only=True):
    """A row of `dialogues_turn`."""

    business_id: UUID
    dialogue_id: int
    n: int
    started_at: datetime
    day: date
    channel: str
    opening: bool
    closing: bool
    escalation: bool = False
    suspect: bool = False
    branch: str = ""
    hour: int = 0
    excluded: str = ""
    own_replied_at: datetime | None = None
    own_replied_by: str = ""
    replied_at: datetime | None = None
    replied_by: str = ""
    person: str = ""
    wall_s: int = 0
    working_s: int | None = None
    due_at: datetime | None = None
    due_wall_at: datetime
    in_time: bool | None = None
    in_time_wall: bool | None = None
    unanswered: bool | None = None
    unanswered_wall: bool | None = None
    lost: bool = False


class Escalation(msgspec.Struct, kw_only=True):
    """A row of `dialogues_escalation`."""

    business_id: UUID
    dialogue_id: int
    n: int
    opened_at: datetime
    day: date
    channel: str
    branch: str = ""
    reason: str = ""
    person: str = ""
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    wall_s: int = 0
    working_s: int | None = None
    due_at: datetime | None = None
    in_time: bool | None = None
    ended: bool = False
    excluded: str = ""


class Step(msgspec.Struct, kw_only=True):
    """A row of `dialogues_step`."""

    business_id: UUID
    dialogue_id: int
    n: int
    scenario: str
    version: str
    step: str
    entered_at: datetime
    day: date
    channel: str
    branch: str = ""
    first: bool = True
    seconds: int = 0
    next: str = ""
    ended: str = Ended.PENDING.value
    excluded: str = ""
