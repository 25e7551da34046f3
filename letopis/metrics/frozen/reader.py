"""The rows of closed months, and the closing of a month by the worker."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from letopis.access.wall import enter
from letopis.base.clock import to_us
from letopis.base.rows import as_json, load
from letopis.base.sql import Queries
from letopis.intake.mapping import derived_key
from letopis.journal import draft as journal
from letopis.journal import lj1
from letopis.journal.batch import OWN_SOURCE
from letopis.journal.draft import Draft
from letopis.journal.entries import Entry
from letopis.journal.positions import position_of, size_of
from letopis.journal.scribe import append_now
from letopis.metrics.board import read_board
from letopis.metrics.frozen.figure import FROZEN, KIND, Figure, figure_of, month_after, months_to_freeze, told
from letopis.metrics.period import Period
from letopis.metrics.windows import windows_of

QUERIES = Queries("letopis.metrics.frozen")
MONTHS_AT_ONCE_MAX = 24
LATE_AFTER = timedelta(minutes=10)
"""What has become due since is being worked off."""


def learn(cur: Any, business: UUID, entries: Iterable[Entry], zone: ZoneInfo) -> None:
    """Keep the figures of months that were closed; only the journal's own control entries tell one."""
    figures = [
        figure_of(business, date.fromisoformat(entry.meta["month"]), entry.seq, entry.at, item)
        for entry in entries
        if entry.kind == journal.CONTROL and entry.type == KIND
        for item in entry.meta.get("figures", ())
    ]
    if figures:
        QUERIES.run(cur, "add_frozen", rows=as_json(figures))


def clear(cur: Any, business: UUID) -> None:
    """Drop all rows of a business, before they are derived anew."""
    QUERIES.run(cur, "clear_frozen", business=business)


def frozen_since(cur: Any, business: UUID, since: date) -> list[Figure]:
    """The figures of closed months from one on; the wall must be open."""
    return load(QUERIES, cur, "frozen_since", Figure, business=business, since=since)


def freeze(conn: psycopg.Connection[Any], business: UUID, zone: ZoneInfo, now: datetime, reader: str) -> int:
    """Close the months that are over for long enough, once `reader` has read and worked off all; how many there were.

    Two workers at once write the same key: the second is a repeat, and the figures of the first stand.
    """
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        if position_of(cur, business, reader) + 1 < size_of(cur, business) or _is_late(cur, business, now):
            return 0
        known = QUERIES.row(cur, "last_frozen", business=business)
        assert known is not None, "a row of two subqueries always answers"
        today, windows = now.astimezone(zone).date(), windows_of(cur, business)
        months = months_to_freeze(known["first_day"], known["month"], today, windows)[:MONTHS_AT_ONCE_MAX]
        drafts = [_draft(cur, business, month, now) for month in months]
    if drafts:
        append_now(drafts)
    return len(drafts)


def _is_late(cur: Any, business: UUID, now: datetime) -> bool:
    """Whether time has not been worked off: leads that are lost by now may still count as undecided."""
    found = QUERIES.row(cur, "is_late", business=business, before=now - LATE_AFTER)
    return found is not None and bool(found["late"])


def _draft(cur: Any, business: UUID, month: date, now: datetime) -> Draft:
    period = Period(month, month_after(month) - timedelta(days=1))
    board = read_board(cur, business, period.first, period.last, FROZEN)
    figures = [told(metric, board.value(metric, period)) for metric in FROZEN]
    meta = {"month": month.isoformat(), "figures": figures}
    return Draft(
        business=business,
        type=KIND,
        source=OWN_SOURCE,
        slots=((journal.META, lj1.encode(meta)),),
        # The month alone makes two closings the same one, whatever each of them has reckoned.
        body=month.isoformat().encode(),
        occurred_us=to_us(now),
        kind=journal.CONTROL,
        dedup_key=derived_key(KIND, month.isoformat()),
    )
