"""The seal: the outcome of the last verification of a business's journal, kept for the foot of every page.

The worker makes it by the clock; a person may ask for a new one. A log that has not grown is not read again within
a day, and a large one is read once a day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from letopis.access.wall import enter
from letopis.base import clock, database
from letopis.base.sql import Cursor, Queries
from letopis.journal.origin import EVENTS
from letopis.journal.positions import standings
from letopis.journal.verify import Verdict, verify

QUERIES = Queries("letopis.journal")
# A log up to this size is verified whenever it has grown: some seconds of one core.
ENTRIES_OFTEN_MAX = 200_000
AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SealState:
    """What the last verification found: `entries` were read, `problems` places differ, `first_problem` names one."""

    entries: int
    root: bytes
    problems: int
    first_problem: str
    checked_at: datetime

    @property
    def whole(self) -> bool:
        return self.problems == 0


def seal_of(cur: Cursor, business: UUID) -> SealState | None:
    """The last outcome; None when the journal has not been verified yet. The wall must be open."""
    found = QUERIES.row(cur, "find_seal", business=business, log=EVENTS)
    return None if found is None else SealState(**{**found, "root": bytes(found["root"])})


def seal(business: UUID) -> Verdict:
    """Verify the journal of a business now and keep the outcome."""
    verdict = verify(business)
    first = verdict.problems[0] if verdict.problems else None
    with database.connect() as conn, conn.cursor() as cur:
        enter(cur, business)
        QUERIES.run(
            cur,
            "keep_seal",
            business=business,
            log=EVENTS,
            entries=verdict.entries,
            root=verdict.root,
            problems=len(verdict.problems),
            first_problem=f"#{first.seq}: {first.what}" if first else "",
            checked_at=clock.now(),
        )
    return verdict


def seal_what_grew() -> list[UUID]:
    """Seal every business whose journal is due for it; gives those where something differs."""
    broken = []
    with database.connect() as conn, conn.cursor() as cur:
        sizes = {standing.business: standing.size for standing in standings(cur)}
        due = [business for business, size in sizes.items() if _is_due(cur, business, size)]
    for business in due:
        if seal(business).problems:
            broken.append(business)
    return broken


def _is_due(cur: Any, business: UUID, size: int) -> bool:
    enter(cur, business)
    last = seal_of(cur, business)
    if last is None:
        return True
    if clock.now() - last.checked_at > AGAIN_AFTER:
        return True
    return size > last.entries and size <= ENTRIES_OFTEN_MAX
