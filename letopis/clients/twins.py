"""Clients with the same verified phone become one person: an `identity_link` event, told to the journal by the worker.

A reader writes rows and never events, or reading anew would write them anew. So the reader notes twins, and this act
tells them after its transaction; what comes of it is read from the journal like any other link. Nothing is told while
entries wait to be read, since one of them may be that link; nor of two who are one person already, nor where it would
join two whom a person has parted: that is for people to judge.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from letopis.access.wall import enter, enter_many
from letopis.base.sql import Queries
from letopis.clients.identities import LINK
from letopis.intake.own import own_draft
from letopis.journal.draft import Draft
from letopis.journal.positions import position_of, size_of
from letopis.journal.scribe import append_now

QUERIES = Queries("letopis.clients")
TWINS_AT_ONCE_MAX = 200
REASON = "same_phone"


@dataclass(frozen=True, slots=True)
class Twin:
    """Two clients that gave one number, the later at `at`, and the persons they are now."""

    client_id: str
    twin_of: str
    at: datetime
    person_id: int
    other_person_id: int


def tell_twins(conn: psycopg.Connection[Any], business: UUID, reader: str) -> int:
    """Tell the journal of twins that it does not know of, when `reader` has read all of it; how many there were.

    A repeat is recognised by its key.
    """
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        if position_of(cur, business, reader) + 1 < size_of(cur, business):
            return 0
        found = QUERIES.rows(cur, "twins_untold", business=business, limit=TWINS_AT_ONCE_MAX)
    drafts = [_draft(business, twin) for twin in apart([Twin(**row) for row in found])]
    if drafts:
        append_now(drafts)
    return len(drafts)


def businesses_with_twins(conn: psycopg.Connection[Any], businesses: Sequence[UUID]) -> list[UUID]:
    """Those in which a worker that was stopped half-way has left twins untold."""
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        enter_many(cur, businesses)
        rows = QUERIES.rows(cur, "businesses_with_twins", businesses=list(businesses))
        return [row["business_id"] for row in rows]


def apart(twins: Sequence[Twin]) -> Iterator[Twin]:
    """Twins of whom no two concern the same person: what one link changes is seen before the next is told."""
    persons: set[int] = set()
    for twin in twins:
        both = {twin.person_id, twin.other_person_id}
        if not both & persons:
            persons |= both
            yield twin


def _draft(business: UUID, twin: Twin) -> Draft:
    """Its time is that of the word that showed it, so that every try makes the same event."""
    event = {
        "event": LINK,
        "timestamp": twin.at.isoformat(),
        "client_id": twin.client_id,
        "other_client_id": twin.twin_of,
        "by": "letopis",
        "reason": REASON,
    }
    return own_draft(business, event, REASON, *sorted((twin.client_id, twin.twin_of)))
