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


class Lead(msgspec.Struct, kw_only=True):
    """A row of `metrics_lead`."""

    business_id: UUID
    lead_id: int
    person_id: int
    dialogue_id: int
    channel: str
    campaign: str
    branch: str
    at: datetime
    day: date
    state: str
    booked_at: datetime | None
    refused_at: datetime | None
    due_at: datetime
    mature: bool
    excluded: str


class Due(msgspec.Struct):
    """A row of `metrics_due`."""

    business_id: UUID
    person_id: int
    due_at: datetime


class Cell(msgspec.Struct, kw_only=True):
    """A row of `metrics_daily`."""

    business_id: UUID
    metric: str
    day: date
    channel: str
    n: int = 0
    k: int = 0
    pending: int = 0
    excluded: int = 0
    unknown: int = 0
    total: int = 0
    hits: int = 0
    seconds: list[int] = []
    censored: list[int] = []
