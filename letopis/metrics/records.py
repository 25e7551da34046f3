"""The derived rows of this room, field for column as in `models.py`."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class LeadState(StrEnum):
    """What a lead came to within its window."""

    PENDING = "pending"
    BOOKED = "booked"
    REFUSED = "refused"
    NOT_BOOKED = "not_booked"


class Stage(StrEnum):
    """How far a lead came, in order: who reached a stage has passed all before it."""

    LEAD = "lead"
    ANSWERED = "answered"
    OFFERED = "offered"
    BOOKED = "booked"
    CONFIRMED = "confirmed"
    CAME = "came"
    PAID = "paid"


STAGES = tuple(Stage)


class Stopped(StrEnum):
    """What became of a lead that went no further than its stage; none for who came: not everybody tells payments."""

    NONE = ""
    PENDING = "pending"
    LEFT = "left"
    OURS = "ours"


class VisitState(StrEnum):
    """Where a lead stands with its visit (M3)."""

    PENDING = "pending"
    CAME = "came"
    NOT_COME = "not_come"


class CrmState(StrEnum):
    """Where a lead stands with its record in the CRM (M17); none for one that need not go there."""

    NONE = ""
    PENDING = "pending"
    IN_TIME = "in_time"
    LATE = "late"
    DELAYED = "delayed"
    MISSING = "missing"


class Harm(StrEnum):
    """A mistake of ours that a lead met while it could still book, whatever became of it (M22)."""

    NONE = ""
    ERROR = "error"
    SILENT = "silent"


class Lead(msgspec.Struct, kw_only=True):
    """A row of `metrics_lead`."""

    business_id: UUID
    lead_id: int
    person_id: int
    dialogue_id: int
    channel: str
    campaign: str
    branch: str
    intent: str
    service: str
    master: str
    known: bool
    hour: int
    at: datetime
    day: date
    state: str
    booked_at: datetime | None
    refused_at: datetime | None
    due_at: datetime
    mature: bool
    answered_at: datetime | None
    offered_at: datetime | None
    confirmed_at: datetime | None
    came_at: datetime | None
    paid_at: datetime | None
    paid_kop: int
    stage: str
    stopped: str
    cause: str
    harm: str
    harm_at: datetime | None
    visit: str
    visit_due_at: datetime | None
    crm: str
    crm_due_at: datetime | None
    excluded: str


class Due(msgspec.Struct):
    """A row of `metrics_due`."""

    business_id: UUID
    person_id: int
    due_at: datetime


class Cell(msgspec.Struct, kw_only=True):
    """A row of `metrics_cell`."""

    business_id: UUID
    metric: str
    by: str
    branch: str
    day: date
    member: str
    n: int = 0
    k: int = 0
    pending: int = 0
    excluded: int = 0
    unknown: int = 0
    total: int = 0
    hits: int = 0
    seconds: list[int] = []
    censored: list[int] = []
