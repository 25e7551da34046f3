"""The derived row of a visit, field for column as in `models.py`."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class State(StrEnum):
    """Where a visit stands; those above the line are still open."""

    CREATED = "created"
    CONFIRMED = "confirmed"
    # ---
    ARRIVED = "arrived"
    NO_SHOW = "no_show"
    CANCELLED_LATE = "cancelled_late"
    CANCELLED_EARLY = "cancelled_early"
    CANCELLED_BUSINESS = "cancelled_business"
    MOVED = "moved"
    UNKNOWN = "unknown"


OPEN = frozenset({State.CREATED, State.CONFIRMED})


class Slot(msgspec.Struct, kw_only=True):
    """A row of `appointments_slot`."""

    business_id: UUID
    slot_id: int
    owner: int
    chain_id: int
    appointment_id: str
    person_id: int
    client_id: str
    dialogue_id: int | None
    start_at: datetime | None
    end_at: datetime | None
    day: date | None
    service: str
    resource: str
    price_kop: int | None
    channel: str
    campaign: str
    told_branch: str
    state: str
    created_at: datetime
    confirmed_at: datetime | None
    final_at: datetime | None
    unknown_at: datetime | None
    reminded_at: datetime | None
    asked_at: datetime | None
    first_of_chain: bool
    corrected: bool
    test: bool
    branch: str = ""
    excluded: str = ""
    started: bool = False
    refilled: bool = False
