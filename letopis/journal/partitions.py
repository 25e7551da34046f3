"""Partitions of content (a month each) and of raw bodies (a day each), made ahead of their time.

The scribe may not define tables, so the owner's connection makes partitions: at every start and once a day. What
arrives before its partition exists waits in the default one and is moved when the partition is made.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from psycopg import Connection, errors, sql

from letopis.base.database import APP
from letopis.base.sql import Queries

QUERIES = Queries("letopis.journal")
MONTHS_AHEAD = 3
DAYS_AHEAD = 14
STEPS = ("lock_rest_for_partition", "make_partition", "shut_partition", "move_into_partition", "attach_partition")


@dataclass(frozen=True, slots=True)
class Partition:
    parent: str
    column: str
    name: str
    first: date
    end: date
    """The first day that lies outside."""


def make_ahead(conn: Connection[Any], today: date) -> list[str]:
    """Make what is missing from `today` on; gives the names of what was made. `conn` is the owner's, in autocommit.

    Where a long read holds the table, the rest is left to the next call.
    """
    made: list[str] = []
    for wanted in _wanted(today):
        try:
            made += [wanted.name] if _make(conn, wanted) else []
        except errors.LockNotAvailable:
            break
    return made


def drop_empty(conn: Connection[Any], today: date) -> list[str]:
    """Drop days of raw bodies that are over and hold nothing any more; gives their names. As for `make_ahead`."""
    dropped: list[str] = []
    with conn.cursor() as cur:
        names = [row["relname"] for row in QUERIES.rows(cur, "partitions_of", parent="journal_raw")]
    for name in sorted(name for name in names if name < f"journal_raw_{today:%Y_%m_%d}"):
        part = {"part": sql.Identifier(name), "parent": sql.Identifier("journal_raw")}
        try:
            with conn.transaction(), conn.cursor() as cur:
                cur.execute(QUERIES["be_quick"])
                cur.execute(sql.SQL(QUERIES["lock_to_drop"]).format(**part))
                cur.execute(sql.SQL(QUERIES["is_empty"]).format(**part))
                found = cur.fetchone()
                if found is not None and found[0]:
                    cur.execute(sql.SQL(QUERIES["drop_partition"]).format(**part))
                    dropped.append(name)
        except errors.LockNotAvailable:
            break
    return dropped


def _wanted(today: date) -> Iterator[Partition]:
    month = today.replace(day=1)
    for _ in range(MONTHS_AHEAD + 1):
        following = (month + timedelta(days=31)).replace(day=1)
        yield Partition("journal_content", "month", f"journal_content_{month:%Y_%m}", month, following)
        month = following
    for ahead in range(DAYS_AHEAD + 1):
        day = today + timedelta(days=ahead)
        yield Partition("journal_raw", "day", f"journal_raw_{day:%Y_%m_%d}", day, day + timedelta(days=1))


def _make(conn: Connection[Any], wanted: Partition) -> bool:
    """One transaction a partition; the locks keep other makers out, and writers while rows move."""
    if _exists(conn, wanted):
        return False
    names = {
        "parent": sql.Identifier(wanted.parent),
        "rest": sql.Identifier(f"{wanted.parent}_rest"),
        "column": sql.Identifier(wanted.column),
        "made": sql.Identifier(wanted.name),
        "first": sql.Literal(wanted.first),
        "end": sql.Literal(wanted.end),
        "app": sql.Identifier(APP),
    }
    with conn.transaction():
        for step in ("be_quick", "lock_for_partition"):
            conn.execute(sql.SQL(QUERIES[step]).format(**names))
        if _exists(conn, wanted):
            # Another process made it while this one waited for the lock.
            return False
        for step in STEPS:
            conn.execute(sql.SQL(QUERIES[step]).format(**names))
    return True


def _exists(conn: Connection[Any], wanted: Partition) -> bool:
    with conn.cursor() as cur:
        return any(row["relname"] == wanted.name for row in QUERIES.rows(cur, "partitions_of", parent=wanted.parent))
