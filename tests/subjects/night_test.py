"""The quiet hours: each business once a night, what it took is told, and empty days of bodies are dropped."""

from datetime import timedelta
from threading import Event
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.access.wall import enter
from letopis.base import clock, database
from letopis.journal import partitions
from letopis.journal.scribe import append_now
from letopis.privacy.retention.policy import Kept
from letopis.subjects.retention import night
from letopis.subjects.retention.night import clean, last_nights
from tests.journal.made import messages
from tests.subjects.expiry_test import approve, in_days, told

__all__ = ["told"]

Conn = psycopg.Connection[Any]


def nights(conn: Conn, business: UUID) -> list[dict[str, Any]]:
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        return last_nights(cur, business, 10)


@pytest.fixture
def later(business: UUID, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the night come so many days later, at four by the clock of Moscow, without making tables anew."""

    def set_to(days: int) -> None:
        at = in_days(days).replace(hour=1, minute=0)
        monkeypatch.setattr(night.clock, "now", lambda: at)

    monkeypatch.setattr(night, "rewrite_files", lambda owner, businesses: False)
    # The database of the tests is full of other salons, and each would be served.
    monkeypatch.setattr(night, "_businesses", lambda: [business])
    return set_to


def test_each_business_is_served_once_a_night(told: UUID, app_connection: Conn, later: Any) -> None:
    approve(told, app_connection)
    later(91)
    assert clean(Event()) > 0
    [done] = nights(app_connection, told)
    assert done["gone"][Kept.TEXT] == 4
    assert clean(Event()) == 0
    later(92)
    assert clean(Event()) > 0
    assert len(nights(app_connection, told)) == 1, "a night without anything is no line"


def test_stopped_worker_leaves_the_rest_to_the_next_look(told: UUID, app_connection: Conn, later: Any) -> None:
    approve(told, app_connection)
    later(95)
    stopping = Event()
    stopping.set()
    assert clean(stopping) == 0
    assert nights(app_connection, told) == []
    assert clean(Event()) > 0
    assert len(nights(app_connection, told)) == 1


def test_empty_days_of_bodies_are_dropped(business: UUID, owner_connection: Conn) -> None:
    append_now(messages(business, 1))
    today = clock.now().date()
    with database.connect(None, autocommit=True) as owner:
        partitions.make_ahead(owner, today)
        assert partitions.drop_empty(owner, today) == [], "days to come stay"
        in_ten = today + timedelta(days=10)
        dropped = partitions.drop_empty(owner, in_ten)
        assert f"journal_raw_{today:%Y_%m_%d}" not in dropped, "it holds a body"
        assert dropped == [f"journal_raw_{today + timedelta(days=n):%Y_%m_%d}" for n in range(1, 10)]
        assert partitions.make_ahead(owner, today) == dropped
