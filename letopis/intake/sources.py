"""News of sources: when each connection last sent, what, and how much today, errors included.

The hot path only counts in memory; once a second the counts of all sources go to the table in one transaction. A lost
process loses at most that second of numbers, never an event: the journal is the truth, these rows serve one page.
An index on the journal would give the same and cost every event on every insert.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from letopis.base import clock
from letopis.base.sql import Cursor, Queries
from letopis.intake.values import Context
from letopis.journal.draft import Draft, Outcome, Receipt

QUERIES = Queries("letopis.intake")

SOURCES_MAX = 200
TALLIES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class News:
    """What one source of a business last did; `source` is empty for what was rejected before it had one."""

    connection: str
    source: str
    first_event_at: datetime | None
    last_event_at: datetime | None
    last_type: str
    day: date
    accepted_today: int
    duplicates_today: int
    conflicts_today: int
    rejected_today: int
    last_rejected_at: datetime | None
    last_reason: str
    last_field: str


def sources_of(cur: Cursor, business: UUID) -> list[News]:
    """The sources of a business, by connection; the caller has entered it. Numbers are of `day`, not always today."""
    return [News(**row) for row in QUERIES.rows(cur, "sources", business=business)]


@dataclass(slots=True)
class _Tally:
    context: Context
    last_us: int = 0
    last_type: str = ""
    accepted: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejected: int = 0
    last_rejected_us: int = 0
    last_reason: str = ""
    last_field: str = ""


@dataclass(slots=True)
class Tallies:
    """Counts since the last second, of one process; the event loop owns them."""

    _of: dict[tuple[UUID, str, str], _Tally] = field(default_factory=dict)

    def note(self, context: Context, drafts: Sequence[Draft], receipts: Sequence[Receipt]) -> None:
        """Count what became of the drafts of one request; receipts are in the order of the drafts."""
        tally: _Tally | None = None
        source = ""
        for draft, receipt in zip(drafts, receipts, strict=True):
            if draft.source != source:
                source = draft.source
                tally = self._tally(context, source)
            if tally is None:
                continue
            if receipt.outcome is Outcome.ACCEPTED:
                tally.accepted += 1
                tally.last_us = receipt.received_us
                tally.last_type = draft.type
            elif receipt.outcome is Outcome.DUPLICATE:
                tally.duplicates += 1
            elif receipt.outcome is Outcome.CONFLICT:
                tally.conflicts += 1

    def note_rejected(self, context: Context, reason: str, field: str) -> None:
        tally = self._tally(context, "")
        if tally is not None:
            tally.rejected += 1
            tally.last_rejected_us = clock.now_us()
            tally.last_reason = reason
            tally.last_field = field

    def take(self) -> "Tallies":
        """What was counted; counting begins anew."""
        taken = Tallies(self._of)
        self._of = {}
        return taken

    def businesses(self) -> set[UUID]:
        return {business for business, _, _ in self._of}

    def write(self, cur: Cursor) -> None:
        # In the order of keys: two processes that write at once never wait for each other in a circle.
        for (business, connection, source), tally in sorted(self._of.items(), key=lambda item: item[0]):
            QUERIES.run(
                cur,
                "note_source",
                business=business,
                connection=connection,
                source=source,
                day=clock.now().astimezone(tally.context.zone).date(),
                last_event_at=_at(tally.last_us),
                last_type=tally.last_type,
                accepted=tally.accepted,
                duplicates=tally.duplicates,
                conflicts=tally.conflicts,
                rejected=tally.rejected,
                last_rejected_at=_at(tally.last_rejected_us),
                last_reason=tally.last_reason,
                last_field=tally.last_field,
                sources_max=SOURCES_MAX,
            )

    def __bool__(self) -> bool:
        return bool(self._of)

    def _tally(self, context: Context, source: str) -> _Tally | None:
        key = (context.business, context.source, source)
        tally = self._of.get(key)
        if tally is None and len(self._of) < TALLIES_MAX:
            tally = self._of[key] = _Tally(context)
        return tally


def _at(us: int) -> Any:
    return clock.from_us(us) if us else None
