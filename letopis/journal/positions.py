"""Positions of readers: the last entry done, moved in the same transaction as the effects of reading it.

Readers go by business and number, never by a number over all businesses: commits of different logs become visible in
another order than they were numbered, so such a reader loses entries.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from letopis.base.errors import OwnFault
from letopis.base.sql import Cursor, Queries
from letopis.journal.entries import HoleError
from letopis.journal.origin import EVENTS

__all__ = [
    "HoleError",
    "Standing",
    "VersionError",
    "advance",
    "businesses_behind",
    "forget",
    "hold",
    "position_of",
    "size_of",
    "standings",
]

QUERIES = Queries("letopis.journal")


class VersionError(OwnFault):
    """The rows of a reader are of an older version of it: they must be derived anew before it can go on."""


def position_of(cur: Cursor, business: UUID, reader: str, log: str = EVENTS) -> int:
    """The number of the last entry that this reader has done; -1 when it has read nothing."""
    found = QUERIES.row(cur, "find_position", business=business, reader=reader, log=log)
    return -1 if found is None else int(found["seq"])


def hold(cur: Cursor, business: UUID, reader: str, version: int, log: str = EVENTS) -> int | None:
    """`position_of`, kept from other workers to the end of the transaction; None when another one holds it.

    Raises:
        VersionError: an older version of the reader stands here, whose rows have another shape.
        OwnFault: a newer one does; this program must not go back behind it.
    """
    key: dict[str, Any] = {"business": business, "reader": reader, "log": log}
    QUERIES.run(cur, "open_position", **key, version=version)
    held = QUERIES.row(cur, "hold_position", **key)
    if held is None:
        return None
    if held["version"] != version:
        older = held["version"] < version
        raise (VersionError if older else OwnFault)(
            f"reader {reader} is version {version}, its rows are of version {held['version']}",
            place=f"business {business}",
            hint="the worker derives them anew" if older else "a newer Letopis has been here: use that one",
        )
    return int(held["seq"])


def advance(cur: Cursor, business: UUID, reader: str, version: int, to_seq: int, log: str = EVENTS) -> None:
    """Move a position on, in the transaction of the effects.

    Raises:
        HoleError: `to_seq` lies behind the position: another worker was here, or an entry would be read twice.
    """
    moved = QUERIES.row(cur, "move_position", business=business, reader=reader, log=log, version=version, to_seq=to_seq)
    if moved is None:
        raise HoleError(f"reader {reader} would go back to {to_seq}", place=f"business {business}")


def forget(cur: Cursor, business: UUID, reader: str, log: str = EVENTS) -> None:
    """Let a reader begin again from nothing; its own rows are its own affair."""
    QUERIES.run(cur, "drop_position", business=business, reader=reader, log=log)


def businesses_behind(cur: Cursor, reader: str, version: int, limit: int, log: str = EVENTS) -> list[UUID]:
    """Businesses whose log has grown past this reader, the longest way behind first, or whose rows are too old."""
    rows = QUERIES.rows(cur, "businesses_behind", reader=reader, version=version, log=log, limit=limit)
    return [row["business_id"] for row in rows]


def size_of(cur: Cursor, business: UUID, log: str = EVENTS) -> int:
    """How many entries the log of a business has."""
    found = QUERIES.row(cur, "find_log", business=business, log=log)
    return 0 if found is None else int(found["size"])


@dataclass(frozen=True, slots=True)
class Standing:
    """How large a log is, and how far one reader is; no reader has begun where `reader` is None."""

    business: UUID
    size: int
    reader: str | None
    version: int | None
    position: int | None


def standings(cur: Cursor, log: str = EVENTS) -> list[Standing]:
    """All logs of one kind with all readers, for the status."""
    return [
        Standing(row["business_id"], row["size"], row["reader"], row["version"], row["seq"])
        for row in QUERIES.rows(cur, "standings", log=log)
    ]
