"""The seal: the outcome of the last verification of a business's logs, kept; the journal's is the foot of every page.

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
from letopis.journal.origin import EVENTS, LOGS
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


def seal_of(cur: Cursor, business: UUID, log: str = EVENTS) -> SealState | None:
    """The last outcome; None when the log has not been verified yet. The wall must be open."""
    found = QUERIES.row(cur, "find_seal", business=business, log=log)
    return None if found is None else SealState(**{**found, "root": bytes(found["root"])})


def seal(business: UUID, log: str = EVENTS) -> Verdict:
    """Verify a log of a business now and keep the outcome."""
    verdict = verify(business, log=log)
    first = verdict.problems[0] if verdict.problems else None
    with database.connect() as conn, conn.cursor() as cur:
        enter(cur, business)
        QUERIES.run(
            cur,
            "keep_seal",
            business=business,
            log=log,
            entries=verdict.entries,
            root=verdict.root,
            problems=len(verdict.problems),
            first_problem=f"#{first.seq}: {first.what}" if first else "",
            checked_at=clock.now(),
        )
    return verdict


def seal_what_grew() -> list[UUID]:
    """Seal every log that is due for it; gives the businesses where something differs."""
    broken = set()
    for log in LOGS:
        with database.connect() as conn, conn.cursor() as cur:
            sizes = {standing.business: standing.size for standing in standings(cur, log)}
            due = [business for business, size in sizes.items() if _is_due(cur, business, log, size)]
        broken |= {business for business in due if seal(business, log).problems}
    return sorted(broken)


def _is_due(cur: Any, business: UUID, log: str, size: int) -> bool:
    enter(cur, business)
    last = seal_of(cur, business, log)
    if last is None:
        return True
    if clock.now() - last.checked_at > AGAIN_AFTER:
        return True
    return size > last.entries and size <= ENTRIES_OFTEN_MAX
