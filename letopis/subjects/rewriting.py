"""Gone from the files: tables out of which content was taken are made anew, and the log of writes behind them goes.

A row that was changed or deleted leaves its bytes in its page until the page is used again; they also stand in the
server's log of writes and in the planner's statistics (contract on the ledger, 10.4). In quiet hours whatever an act
has touched since the last time is therefore written anew into new files, and old segments of the log are removed.

The owner's connection makes tables anew; a superuser, whom only the embedded server gives us, also the statistics, and
lets the log of writes go. On a server of one's own the administrator's checkpoints do that in their time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import structlog
from psycopg import errors, sql

from letopis.access.wall import enter
from letopis.base.clock import now_us
from letopis.base.database import ERASER, connect
from letopis.base.sql import Queries
from letopis.journal.origin import EVENTS
from letopis.journal.rows import day_of
from letopis.subjects.places import PARTED, tables_of_clients

QUERIES = Queries("letopis.subjects")
REST = "_rest"
BYTES_MAX = 2 * 1024**3
"""A larger table that is still written to would hold up senders for minutes: it waits until its month is over."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Touched:
    """Since the last rewriting: whether any act took content out, and between which days it had been received."""

    first: date
    last: date

    def holds(self, partition: str) -> bool:
        """Whether a partition, named by its month or day, or the one of all others, may have been touched."""
        if partition.endswith(REST):
            return True
        parts = [int(part) for part in partition.split("_") if part.isdecimal()]
        first = date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
        return first <= self.last and (first >= self.first or (first.year, first.month) == _month(self.first))


def rewrite(owner: psycopg.Connection[Any], superuser: psycopg.Connection[Any] | None, businesses: list[UUID]) -> bool:
    """Make anew what acts have touched; False when nothing was, or a table is in use and waits for another night.

    Both connections are in autocommit.
    """
    began = now_us()
    touched = _touched(businesses) if _is_alone(owner) else None
    if touched is None:
        return False
    made = [_make_anew(owner, table) for table in _tables(owner, touched)]
    if superuser is not None:
        _make_anew(superuser, "pg_statistic")
        # Before a segment of the log may go, a checkpoint must lie behind it.
        for statement in ("checkpoint", "end_segment", "checkpoint"):
            superuser.execute(QUERIES[statement])
    if all(made):
        with connect(ERASER) as conn, conn.transaction(), conn.cursor() as cur:
            QUERIES.run(cur, "tell_rewritten", at_us=began)
    return all(made)


def _is_alone(owner: psycopg.Connection[Any]) -> bool:
    """Whether no other worker is at it; the lock lasts as long as the connection."""
    with owner.cursor() as cur:
        row = QUERIES.row(cur, "rewrite_alone")
    return row is not None and bool(row["alone"])


def _touched(businesses: Iterable[UUID]) -> Touched | None:
    first_us = last_us = None
    cur: Any
    with connect(ERASER) as conn:
        for business in businesses:
            with conn.transaction(), conn.cursor() as cur:
                enter(cur, business)
                row = QUERIES.row(cur, "taken_since", business=business, log=EVENTS)
            if row is None or row["first_us"] is None:
                continue
            first_us = min(row["first_us"], row["first_us"] if first_us is None else first_us)
            last_us = max(row["last_us"], row["last_us"] if last_us is None else last_us)
    return None if first_us is None or last_us is None else Touched(day_of(first_us), day_of(last_us))


def _tables(owner: psycopg.Connection[Any], touched: Touched) -> list[str]:
    tables: list[str] = []
    for table in tables_of_clients():
        if table not in PARTED:
            tables.append(table)
            continue
        with owner.cursor() as cur:
            rows = QUERIES.rows(cur, "parts_of", parent=table)
        tables += [row["relname"] for row in rows if touched.holds(row["relname"])]
    return tables


def _make_anew(conn: psycopg.Connection[Any], table: str) -> bool:
    """A table in new files, with its statistics; False when somebody uses it for too long, or it is too large."""
    with conn.cursor() as cur:
        size = QUERIES.row(cur, "size_of", table=table)
        if size is not None and size["bytes"] > BYTES_MAX:
            log.warning("rewriting_waits", table=table, bytes=size["bytes"])
            return False
        cur.execute(QUERIES["be_patient"])
        try:
            cur.execute(sql.SQL(QUERIES["make_anew"]).format(table=sql.Identifier(table)))
        except errors.LockNotAvailable:
            log.warning("rewriting_waits", table=table, bytes=0)
            return False
    return True


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
