"""A short hand for slots in tests: a told visit at Anya's, changed where a test says so."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from letopis.appointments.records import Slot, State

NOBODY = UUID(int=0)
START = datetime(2026, 10, 7, 9, tzinfo=UTC)
"""Wednesday noon in Moscow."""


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def slot(slot_id: int = 1, /, **fields: Any) -> Slot:
    """An hour at noon, booked three days before; `start_at` moves the end along."""
    start_at = fields.get("start_at", START)
    told: dict[str, Any] = {
        "business_id": NOBODY,
        "slot_id": slot_id,
        "owner": slot_id,
        "chain_id": slot_id,
        "appointment_id": f"A{slot_id}",
        "person_id": slot_id,
        "client_id": f"tg_{slot_id}",
        "dialogue_id": None,
        "start_at": start_at,
        "end_at": None if start_at is None else start_at + hours(1),
        "day": None if start_at is None else start_at.date(),
        "service": "Маникюр",
        "resource": "Аня",
        "price_kop": 240_000,
        "channel": "telegram",
        "campaign": "",
        "branch": "",
        "told_branch": "",
        "state": State.CREATED.value,
        "created_at": START - hours(72),
        "confirmed_at": None,
        "final_at": None,
        "unknown_at": None,
        "reminded_at": None,
        "asked_at": None,
        "first_of_chain": True,
        "corrected": False,
        "test": False,
        "excluded": "",
        "started": True,
        "refilled": False,
    }
    return Slot(**(told | fields))


def cancelled(slot_id: int = 1, /, before: float = 30, **fields: Any) -> Slot:
    """A slot that its client gave up so many hours before its start."""
    start_at = fields.get("start_at") or START
    state = State.CANCELLED_EARLY if before >= 24 else State.CANCELLED_LATE
    return slot(slot_id, **({"state": state.value, "final_at": start_at - hours(before)} | fields))
