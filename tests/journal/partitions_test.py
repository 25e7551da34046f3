"""Partitions made ahead, and rows that came before theirs."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.access.wall import breaches, enter
from letopis.base.clock import now
from letopis.base.database import connect
from letopis.journal import partitions
from letopis.journal.entries import raw_of, read_after
from letopis.journal.scribe import append_now
from letopis.journal.verify import verify
from tests.journal.made import messages


def rows_in(owner: psycopg.Connection[Any], table: str, business: UUID) -> int:
    [count] = owner.execute(
        f"SELECT count(*) FROM {table} WHERE business_id = %s",  # type: ignore[arg-type]
        [business],
    ).fetchone() or [0]
    return int(count)


def test_rows_move_into_their_partition(business: UUID, owner_connection: psycopg.Connection[Any]) -> None:
    today = now().date()
    append_now(messages(business, 3))
    with connect(None, autocommit=True) as owner:
        partitions.make_ahead(owner, today)
        assert partitions.make_ahead(owner, today) == []
    append_now(messages(business, 3, first=3))
    assert rows_in(owner_connection, f"journal_content_{today:%Y_%m}", business) == 7
    assert rows_in(owner_connection, f"journal_raw_{today:%Y_%m_%d}", business) == 6
    assert rows_in(owner_connection, "journal_raw_rest", business) == 0
    assert verify(business).problems == []
    with connect() as conn, conn.cursor() as cur:
        enter(cur, business)
        assert [entry.text is not None for entry in read_after(cur, business, 0, 10)] == [True] * 6
        assert raw_of(cur, business, 2) is not None


def test_partitions_cannot_be_asked_by_their_own_names(database: None) -> None:
    with connect(None, autocommit=True) as owner, owner.cursor() as cur:
        partitions.make_ahead(owner, now().date())
        assert [sentence for sentence in breaches(cur) if "journal_" in sentence] == []
    with connect() as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(f"SELECT FROM journal_raw_{now():%Y_%m_%d}")  # type: ignore[arg-type]


def test_what_is_wanted_from_a_day_on() -> None:
    wanted = list(partitions._wanted(date(2026, 11, 30)))
    months = [one for one in wanted if one.parent == "journal_content"]
    days = [one for one in wanted if one.parent == "journal_raw"]
    assert [one.name[-7:] for one in months] == ["2026_11", "2026_12", "2027_01", "2027_02"]
    assert all(one.end == following.first for one, following in pairwise(months))
    assert len(days) == partitions.DAYS_AHEAD + 1
    assert days[1].first == date(2026, 12, 1)
    assert all(one.end - one.first == timedelta(days=1) for one in days)


def test_long_read_is_not_waited_for(database: None) -> None:
    """A reader holds the tables: making partitions gives up soon, so that it does not hold up all writers."""
    later = now().date() + timedelta(days=400)
    with connect() as reader, connect(None, autocommit=True) as owner:
        reader.execute("SELECT count(*) FROM journal_raw")
        reader.execute("SELECT count(*) FROM journal_content")
        assert partitions.make_ahead(owner, later) == []
        reader.rollback()
        assert len(partitions.make_ahead(owner, later)) == partitions.MONTHS_AHEAD + partitions.DAYS_AHEAD + 2
