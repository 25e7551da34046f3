"""Positions: moved with the effects, never back, never over a hole."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.access.wall import enter
from letopis.base.database import connect
from letopis.base.errors import OwnFault
from letopis.journal.entries import HoleError, read_after
from letopis.journal.positions import (
    VersionError,
    advance,
    businesses_behind,
    forget,
    hold,
    position_of,
    standings,
)
from letopis.journal.scribe import append_now
from tests.journal.made import messages

App = psycopg.Connection[Any]


def test_position_moves_with_its_transaction(business: UUID, app_connection: App) -> None:
    with app_connection.cursor() as cur:
        assert position_of(cur, business, "pipeline") == -1
        advance(cur, business, "pipeline", 1, 41)
        assert position_of(cur, business, "pipeline") == 41
        app_connection.rollback()
        assert position_of(cur, business, "pipeline") == -1


def test_position_never_goes_back(business: UUID, app_connection: App) -> None:
    with app_connection.cursor() as cur:
        advance(cur, business, "pipeline", 1, 41)
        with pytest.raises(HoleError):
            advance(cur, business, "pipeline", 1, 40)
        advance(cur, business, "pipeline", 2, -1)
        assert position_of(cur, business, "pipeline") == -1, "another version begins where it says"


def test_one_worker_holds_a_position(business: UUID, app_connection: App) -> None:
    with app_connection.cursor() as cur, connect() as other, other.cursor() as elsewhere:
        assert hold(cur, business, "pipeline", 1) == -1
        app_connection.commit()
        assert hold(cur, business, "pipeline", 1) == -1
        assert hold(elsewhere, business, "pipeline", 1) is None
        app_connection.commit()
        assert hold(elsewhere, business, "pipeline", 1) == -1


def test_other_version_is_refused(business: UUID, app_connection: App) -> None:
    with app_connection.cursor() as cur:
        advance(cur, business, "pipeline", 1, 7)
        with pytest.raises(VersionError, match="version"):
            hold(cur, business, "pipeline", 2)
        with pytest.raises(OwnFault, match="newer") as newer:
            hold(cur, business, "pipeline", 0)
        assert not isinstance(newer.value, VersionError)
        forget(cur, business, "pipeline")
        assert hold(cur, business, "pipeline", 2) == -1


def test_who_is_behind(business: UUID, stranger_business: UUID, app_connection: App) -> None:
    append_now(messages(business, 5) + messages(stranger_business, 9))
    with app_connection.cursor() as cur:
        behind = businesses_behind(cur, "pipeline", 1, 1000)
        assert behind.index(stranger_business) < behind.index(business), "the longest way first"
        advance(cur, business, "pipeline", 1, 5)
        assert business not in businesses_behind(cur, "pipeline", 1, 1000)
        assert len(businesses_behind(cur, "pipeline", 1, 1)) == 1
        assert business in businesses_behind(cur, "pipeline", 2, 1000), "its rows are of an older version"
        standing = next(one for one in standings(cur) if one.business == business)
        assert (standing.size, standing.reader, standing.version, standing.position) == (6, "pipeline", 1, 5)


def test_hole_stops_the_reader(business: UUID, app_connection: App, owner_connection: psycopg.Connection[Any]) -> None:
    append_now(messages(business, 5))
    owner_connection.execute("DELETE FROM journal_entry WHERE seq = 3 AND business_id = %s", [business])
    with app_connection.cursor() as cur:
        enter(cur, business)
        assert [entry.seq for entry in read_after(cur, business, -1, 3)] == [0, 1, 2]
        for position in (-1, 2):
            with pytest.raises(HoleError, match="entry 3 is missing"):
                read_after(cur, business, position, 10)
