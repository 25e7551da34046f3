"""A short hand for journals in tests: events as a sender posts them, appended and read by the pipeline."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from letopis.access.wall import enter
from letopis.base.sql import Queries
from letopis.intake.mapping import map_event
from letopis.intake.values import Context
from letopis.journal.draft import Draft
from letopis.journal.scribe import append_now
from letopis.metrics import pipeline
from letopis.worker import Worker

QUERIES = Queries("tests.metrics")
_CALLS = count()
MOSCOW = ZoneInfo("Europe/Moscow")
MONDAY = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
"""Noon in Moscow; the salon is open."""
LONG_AFTER = MONDAY + timedelta(days=120)

WEEKLY = {day: [["10:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat")} | {"sun": []}
SCHEDULE: dict[str, Any] = {
    "event": "schedule_version",
    "source": "letopis",
    "valid_from": "2026-01-01",
    "weekly": WEEKLY,
}
DERIVED = (
    "clients_identity",
    "clients_link",
    "clients_phone",
    "clients_block",
    "dialogues_dialogue",
    "dialogues_fact",
    "dialogues_turn",
    "dialogues_escalation",
    "dialogues_step",
    "dialogues_word",
    "dialogues_schedule",
    "appointments_key",
    "appointments_fact",
    "appointments_slot",
    "appointments_service",
    "appointments_master",
    "metrics_lead",
    "metrics_due",
    "metrics_cell",
    "metrics_reader",
    "metrics_mark",
    "metrics_goal",
    "metrics_cost",
    "metrics_frozen",
    "privacy_policy",
    "privacy_expired",
)

Event = Mapping[str, Any]


def at(moment: datetime, event: str, /, **fields: Any) -> dict[str, Any]:
    """An event at a moment: Marina's, in Telegram, unless told otherwise; None leaves a field out."""
    told = {"event": event, "timestamp": moment.isoformat(), "source": "telegram", "client_id": "tg_1", **fields}
    return {key: value for key, value in told.items() if value is not None}


def after(minutes: float, event: str, /, **fields: Any) -> dict[str, Any]:
    """An event so many minutes after `MONDAY`."""
    return at(MONDAY + timedelta(minutes=minutes), event, **fields)


def write(business: UUID, events: Iterable[Event]) -> None:
    """Append events; those without a key of their own get one, so that none is a repeat by chance."""
    context = Context(business, "test", MOSCOW)
    drafts: list[Draft] = []
    call = next(_CALLS)
    for n, event in enumerate(events):
        mapped = map_event({"dedup_key": f"{call}-{n}", **event}, context, msgspec.json.encode(event))
        assert isinstance(mapped, Draft), mapped
        drafts.append(mapped)
    append_now(drafts)


def read_all(conn: psycopg.Connection[Any], business: UUID, *, batch: int = 2000) -> None:
    while pipeline.advance(conn, business, batch):
        pass


def let_pass(conn: psycopg.Connection[Any], business: UUID, until: datetime) -> None:
    while pipeline.work_dues(conn, business, until):
        pass


def derived(conn: psycopg.Connection[Any], business: UUID) -> dict[str, list[Any]]:
    """Every derived row of a business, in one order."""
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        return {table: QUERIES.rows(cur, table, business=business) for table in DERIVED}


def rows(conn: psycopg.Connection[Any], business: UUID, table: str) -> list[dict[str, Any]]:
    return derived(conn, business)[table]


Told = Callable[..., dict[str, list[dict[str, Any]]]]


def told(
    conn: psycopg.Connection[Any], business: UUID, events: Sequence[Event], until: datetime | None = LONG_AFTER
) -> dict[str, list[dict[str, Any]]]:
    """The derived rows of a journal, with time worked off until a moment."""
    write(business, events)
    read_all(conn, business)
    if until is not None:
        let_pass(conn, business, until)
    return derived(conn, business)


def whole(rows: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The cells that hold a whole business."""
    return [cell for cell in rows["metrics_cell"] if cell["by"] == "all" and not cell["branch"]]


@contextmanager
def at_work() -> Iterator[None]:
    """A worker that runs meanwhile."""
    running = Worker()
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        yield
    finally:
        running.stop()
        thread.join()
