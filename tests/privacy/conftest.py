"""Notes of looks as the pages write them, moved as the worker moves them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.access.wall import enter
from letopis.base import clock, database, ids
from letopis.privacy.looks import ledger
from tests.access.conftest import Cast, cast, new_person

__all__ = ["Cast", "cast", "new_person"]

KEY = 7
Note = Callable[..., None]


def write_note(
    conn: psycopg.Connection[Any],
    business: UUID,
    number: int | str,
    *,
    person: int | None = 1,
    key: int = KEY,
    at: datetime | None = None,
    kind: str = "dialogue",
    act: str = "opened",
    role: str = "manager",
    refused: bool = False,
    reason: str = "",
) -> None:
    """One note; without a person it is of a program."""
    told = (business, at or clock.now(), ids.new_uuid(), person, None if person else key, role, act, kind)
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        cur.execute(
            "INSERT INTO access_look (business_id, at, look_id, person_id, key_id, role, act, subject_kind, subject_id,"
            " refused, reason) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (*told, str(number), refused, reason),
        )


def settle(business: UUID) -> None:
    """What the worker does with notes, until nothing waits."""
    with database.connect() as conn:
        while ledger.work(conn, business):
            pass


@pytest.fixture
def note(app_connection: psycopg.Connection[Any]) -> Note:
    def write(business: UUID, number: int | str, **more: Any) -> None:
        write_note(app_connection, business, number, **more)

    return write
