"""From the notes of the pages into the access ledger, and out of it into rows: each step once, in one transaction.

Three steps, each with a place of its own. `move` takes the oldest notes away and appends them to the log `access/1`
in one transaction: a note is waiting or it is an entry, never both and never neither. `read` derives the rows of pages
from the entries; they can be derived anew (`rebuild`). `bursts.watch` looks over the new rows.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from letopis.access.log import Act
from letopis.access.wall import enter
from letopis.base.database import SCRIBE
from letopis.base.rows import as_json
from letopis.base.sql import Queries
from letopis.journal import draft as journal
from letopis.journal import lj1, positions
from letopis.journal.batch import OWN_SOURCE
from letopis.journal.draft import Draft
from letopis.journal.entries import Entry, read_after
from letopis.journal.held import DRAFTS_MAX, hold
from letopis.journal.origin import ACCESS
from letopis.privacy.looks import bursts

QUERIES = Queries("letopis.privacy.looks")
READER = "looks"
VERSION = 1
BUSINESSES_AT_ONCE_MAX = 500
ENTRIES_AT_ONCE_MAX = 500
HEAD = "look."
"""An entry of the ledger is of the type `look.<act>`."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)


class Row(msgspec.Struct, frozen=True):
    """One look as pages read it: the columns of `privacy_look`."""

    business_id: UUID
    seq: int
    at: datetime
    day: str
    person_id: int | None
    key_id: int | None
    role: str
    act: str
    subject_kind: str
    subject_id: str
    refused: bool
    reason: str


def waiting(conn: psycopg.Connection[Any]) -> list[UUID]:
    """Businesses with notes that are not in the ledger yet, or entries that no row tells of."""
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        behind = positions.businesses_behind(cur, READER, VERSION, BUSINESSES_AT_ONCE_MAX, ACCESS)
        QUERIES.run(cur, "become_scribe", role=SCRIBE)
        noted = QUERIES.rows(cur, "businesses_noted", limit=BUSINESSES_AT_ONCE_MAX)
    return sorted({*behind, *(row["business_id"] for row in noted)})


def work(conn: psycopg.Connection[Any], business: UUID) -> int:
    """One round of all steps for one business; how much was done, 0 when nothing waits."""
    return move(conn, business) + read(conn, business) + bursts.watch(conn, business)


def move(conn: psycopg.Connection[Any], business: UUID) -> int:
    """Put the oldest notes into the ledger and take them away, in one transaction; how many there were.

    The lock of the log keeps two workers from taking the same notes. A note whose transaction ends late comes late,
    with its own time: nothing is passed over, since what is taken is what is there, not what lies behind a mark.
    """
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        held = hold(cur, business, ACCESS, SCRIBE)
        notes = QUERIES.rows(cur, "take_notes", business=business, limit=DRAFTS_MAX)
        if notes:
            held.append(
                [_draft(business, note) for note in sorted(notes, key=lambda note: (note["at"], note["look_id"]))]
            )
    return len(notes)


def read(conn: psycopg.Connection[Any], business: UUID) -> int:
    """Derive the rows of the next entries; how many entries were read, 0 also when another worker reads."""
    cur: Any
    try:
        with conn.transaction(), conn.cursor() as cur:
            enter(cur, business)
            position = positions.hold(cur, business, READER, VERSION, ACCESS)
            return 0 if position is None else _read_on(cur, business, position)
    except positions.VersionError:
        # After an update of the program: pages show the old rows until the new ones are whole.
        rebuild(conn, business)
        return 1


def rebuild(conn: psycopg.Connection[Any], business: UUID) -> None:
    """Derive all rows anew, in one transaction; bursts stay, they are noticed once and settled by people."""
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        positions.forget(cur, business, READER, ACCESS)
        QUERIES.run(cur, "clear_rows", business=business)
        position = positions.hold(cur, business, READER, VERSION, ACCESS)
        assert position == -1, "we have just made this position"
        while taken := _read_on(cur, business, position):
            position += taken


def _read_on(cur: Any, business: UUID, position: int) -> int:
    entries = read_after(cur, business, position, ENTRIES_AT_ONCE_MAX, ACCESS)
    if entries:
        zone = _zone_of(cur, business)
        rows = [_row(business, entry, zone) for entry in entries if entry.type.startswith(HEAD)]
        QUERIES.run(cur, "add_rows", rows=as_json(rows))
        positions.advance(cur, business, READER, VERSION, entries[-1].seq, ACCESS)
    return len(entries)


def _draft(business: UUID, note: dict[str, Any]) -> Draft:
    """Numbers and codes in the slot that lasts as long as the log; the reason, a person's words, in an erasable one."""
    told = {
        "kind": note["subject_kind"],
        "id": note["subject_id"],
        "role": note["role"],
        "person": note["person_id"],
        "key": note["key_id"],
        "refused": note["refused"] or None,
    }
    meta = lj1.encode({name: value for name, value in told.items() if value not in (None, "")})
    text = ((journal.TEXT, note["reason"].encode()),) if note["reason"] else ()
    return Draft(
        business=business,
        type=HEAD + note["act"],
        source=OWN_SOURCE,
        slots=((journal.META, meta), *text),
        body=b"",
        occurred_us=(note["at"] - _EPOCH) // _US,
        kind=journal.CONTROL,
        level=journal.WARN if note["refused"] or note["act"] == Act.BURST else journal.INFO,
    )


def _row(business: UUID, entry: Entry, zone: ZoneInfo) -> Row:
    meta = entry.meta
    return Row(
        business_id=business,
        seq=entry.seq,
        at=entry.at,
        day=entry.at.astimezone(zone).date().isoformat(),
        person_id=meta.get("person"),
        key_id=meta.get("key"),
        role=meta.get("role", ""),
        act=entry.type.removeprefix(HEAD),
        subject_kind=meta.get("kind", ""),
        subject_id=meta.get("id", ""),
        refused=bool(meta.get("refused")),
        reason=entry.text or "",
    )


def _zone_of(cur: Any, business: UUID) -> ZoneInfo:
    found = QUERIES.row(cur, "zone", business=business)
    assert found is not None, "a ledger belongs to a business of the catalogue"
    return ZoneInfo(found["timezone"])
