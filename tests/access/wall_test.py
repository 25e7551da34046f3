"""The second wall, asked in the living database and in its catalogue."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db.migrations.operations.special import RunSQL

from letopis.access.wall import CATALOGUE, WITHOUT_WALL, breaches, enter, enter_many, walled
from letopis.base import clock, ids

Connection = psycopg.Connection[Any]


def look(conn: Connection, business: UUID) -> None:
    conn.execute(
        "INSERT INTO access_look (business_id, at, look_id, person_id, subject_kind, subject_id)"
        " VALUES (%s, %s, %s, 1, 'dialogue', '7')",
        [business, clock.now(), ids.new_uuid()],
    )


def looked(conn: Connection) -> list[UUID]:
    return [row[0] for row in conn.execute("SELECT DISTINCT business_id FROM access_look ORDER BY 1")]


@pytest.fixture
def both_looked(app_connection: Connection, business: UUID, stranger_business: UUID) -> Connection:
    """One row behind the wall of each business."""
    for mine in (business, stranger_business):
        with app_connection.transaction(), app_connection.cursor() as cur:
            enter(cur, mine)
            look(app_connection, mine)
    return app_connection


def test_catalogue_keeps_the_promise(app_connection: Connection) -> None:
    with app_connection.cursor() as cur:
        assert breaches(cur) == []


def test_promise_names_only_tables_that_are(app_connection: Connection) -> None:
    found = {row[0] for row in app_connection.execute("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')")}
    assert WITHOUT_WALL.keys() >= CATALOGUE
    assert WITHOUT_WALL.keys() - found == set()


def test_statement_without_business_sees_only_the_entered(both_looked: Connection, business: UUID) -> None:
    with both_looked.transaction(), both_looked.cursor() as cur:
        enter(cur, business)
        assert looked(both_looked) == [business]


def test_nobody_entered_sees_nothing(both_looked: Connection) -> None:
    assert looked(both_looked) == []


def test_entering_ends_with_the_transaction(both_looked: Connection, business: UUID) -> None:
    with both_looked.transaction(), both_looked.cursor() as cur:
        enter(cur, business)
    both_looked.rollback()
    assert looked(both_looked) == []


def test_several_businesses_are_entered_at_once(
    both_looked: Connection, business: UUID, stranger_business: UUID
) -> None:
    with both_looked.transaction(), both_looked.cursor() as cur:
        enter_many(cur, [business, stranger_business])
        assert set(looked(both_looked)) == {business, stranger_business}
        enter_many(cur, [])
        assert looked(both_looked) == []


def test_row_for_another_business_is_refused(both_looked: Connection, business: UUID, stranger_business: UUID) -> None:
    with both_looked.cursor() as cur:
        enter(cur, business)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        look(both_looked, stranger_business)


@pytest.mark.parametrize("act", ["UPDATE access_look SET subject_id = '8'", "DELETE FROM access_look"])
def test_access_log_cannot_be_changed(both_looked: Connection, business: UUID, act: str) -> None:
    with both_looked.cursor() as cur:
        enter(cur, business)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        both_looked.execute(act.encode())


def test_forgotten_wall_is_named(owner_connection: Connection) -> None:
    with owner_connection.transaction(force_rollback=True), owner_connection.cursor() as cur:
        cur.execute("CREATE TABLE access_forgotten (id bigint PRIMARY KEY, business_id uuid)")
        found = about(cur, "access_forgotten")
    assert "table access_forgotten holds business_id but is not behind the wall" in found


def test_loose_key_behind_the_wall_is_named(owner_connection: Connection) -> None:
    with owner_connection.transaction(force_rollback=True), owner_connection.cursor() as cur:
        cur.execute("CREATE TABLE access_loose (id bigint PRIMARY KEY, business_id uuid)")
        raise_wall(cur, "access_loose")
        found = about(cur, "access_loose")
    assert found == ["table access_loose has keys that do not begin with business_id: access_loose_pkey"]


def test_open_partition_is_named(owner_connection: Connection) -> None:
    with owner_connection.transaction(force_rollback=True), owner_connection.cursor() as cur:
        cur.execute("CREATE TABLE access_whole (business_id uuid, n int) PARTITION BY RANGE (n)")
        cur.execute("CREATE TABLE access_part PARTITION OF access_whole FOR VALUES FROM (0) TO (9)")
        cur.execute("GRANT SELECT ON access_part TO letopis_app")
        raise_wall(cur, "access_whole")
        opened = about(cur, "access_part")
        cur.execute("REVOKE ALL ON access_part FROM letopis_app")
        closed = about(cur, "access_part")
    assert opened == ["table access_part holds business_id but is not behind the wall"]
    assert closed == []


def test_wall_can_be_taken_down_again(owner_connection: Connection) -> None:
    with owner_connection.transaction(force_rollback=True), owner_connection.cursor() as cur:
        cur.execute("CREATE TABLE access_turned (business_id uuid PRIMARY KEY)")
        raise_wall(cur, "access_turned", grants="SELECT")
        (operation,) = walled("access_turned", grants="SELECT")
        run(cur, operation, back=True)
        cur.execute("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = 'access_turned'")
        assert cur.fetchone() == (False, False)


def about(cur: psycopg.Cursor[Any], table: str) -> list[str]:
    return [sentence for sentence in breaches(cur) if f"table {table} " in sentence]


def raise_wall(cur: psycopg.Cursor[Any], table: str, grants: str | None = None) -> None:
    for operation in walled(table, grants=grants):
        run(cur, operation)


def run(cur: psycopg.Cursor[Any], operation: Any, *, back: bool = False) -> None:
    assert isinstance(operation, RunSQL)
    for statement in operation.reverse_sql if back else operation.sql:  # type: ignore[union-attr]
        cur.execute(str(statement).encode())
