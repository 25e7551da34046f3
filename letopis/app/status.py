"""How far every business is: what `letopis status` prints and what monitoring reads."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from letopis.access.wall import enter
from letopis.base import clock, database
from letopis.base.sql import Queries
from letopis.metrics import pipeline

QUERIES = Queries("letopis.app")


@dataclass(frozen=True, slots=True)
class ReaderState:
    """Where a reader stands: last `position` done, entries not seen yet, age of the oldest of them."""

    name: str
    position: int
    lag_entries: int
    lag_seconds: float


@dataclass(frozen=True, slots=True)
class QueueState:
    """What waits for its time: rows past due, and the age of the oldest of them."""

    due: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class BusinessState:
    """One business: `size` entries in its journal, its readers, open quarantine, due work."""

    business: UUID
    name: str
    size: int
    readers: tuple[ReaderState, ...]
    quarantine: int
    queue: QueueState

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "business": str(self.business)}


def business_states() -> list[BusinessState]:
    """Every business of the installation, in the order of its making."""
    now = clock.now()
    with database.connect() as conn, conn.cursor() as cur:
        businesses = QUERIES.rows(cur, "businesses")
        states = []
        for row in businesses:
            enter(cur, row["id"])
            found = QUERIES.row(cur, "state_of_business", business=row["id"], reader=pipeline.READER, now=now)
            assert found is not None, "an aggregate always answers"
            states.append(_state(row, found))
            conn.commit()
    return states


def _state(row: dict[str, Any], found: dict[str, Any]) -> BusinessState:
    reader = ReaderState(
        pipeline.READER, found["position"], found["size"] - found["position"] - 1, float(found["lag_seconds"])
    )
    return BusinessState(
        business=row["id"],
        name=row["name"],
        size=found["size"],
        readers=(reader,),
        quarantine=found["quarantine"],
        queue=QueueState(found["due"], float(found["oldest_due_seconds"])),
    )
