"""What is offered to the journal, and what comes back: drafts, outcomes, receipts.

A draft is complete but for what only the log can give: number, time of receipt and salts. Whoever makes one (a door, a
page, an import) has already masked what must not be kept.

Both are made for every event, so they are structs of msgspec: a frozen dataclass costs ten times as much to make.
"""

from enum import StrEnum
from uuid import UUID

import msgspec

EVENT = 0
CONTROL = 1

DEBUG = 0
INFO = 1
WARN = 2
ERROR = 3

TEST = 0x01
NO_ID = 0x02
CONTENT_DEDUPE = 0x04
NO_TIME = 0x08
REPAIRED_TEXT = 0x10
IMPORTED = 0x20
LATE = 0x40
AHEAD = 0x80

META = 1
WHO = 2
TEXT = 3
RAW = 4
ATTACH = 5

NO_OCCURRED_US = -1
LATE_US_MIN = 3_600_000_000
AHEAD_US_MIN = 300_000_000


class Draft(msgspec.Struct, frozen=True, gc=False):
    """One event before it has a number.

    The scribe itself sets the flags that follow from the rest: NO_ID, NO_TIME, LATE and AHEAD.
    """

    business: UUID
    type: str
    source: str
    slots: tuple[tuple[int, bytes], ...]
    """Number and exact bytes of each slot, numbers rising."""
    body: bytes
    """LJ1 of the mapped event without transport fields: two drafts of one key are the same if these are equal."""
    occurred_us: int = NO_OCCURRED_US
    kind: int = EVENT
    level: int = INFO
    flags: int = 0
    dedup_key: str | None = None


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REFUSED = "refused"
    """This one cannot be stored as it is; the rest of its batch was."""
    OVERLOADED = "overloaded"
    """Not stored: it waited too long, while others of the same call were stored."""


class Receipt(msgspec.Struct, frozen=True, gc=False):
    """What became of one draft.

    For a duplicate and a conflict `seq` and `received_us` are those of the first; the leaf hash is given to an accepted
    one only. A refused or overloaded one has no number: `seq` is -1.
    """

    outcome: Outcome
    log: str
    seq: int
    leaf_hash: bytes | None
    received_us: int
    problem: str = ""
