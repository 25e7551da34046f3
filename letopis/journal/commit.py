"""One transaction of the scribe: lock the logs, look up tags, number, COPY, COMMIT.

Both ways of appending run this and nothing else. The row lock of a log makes the order of commits the order of numbers,
whatever number of processes write. A transaction is three journeys to the server and one for each table it writes.
"""

import struct
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg import AsyncConnection
from psycopg.pq.abc import PGresult

from letopis.base.clock import now_us
from letopis.base.errors import OuterError
from letopis.base.sql import Queries
from letopis.journal import rows
from letopis.journal.batch import Batch, Log, Prepared, Seen
from letopis.journal.conflicts import CONFLICTS
from letopis.journal.draft import Receipt
from letopis.journal.origin import EVENTS, origin_of
from letopis.journal.tree import Frontier
from letopis.journal.wire import Asked, Wire

QUERIES = Queries("letopis.journal")
ASKED = ("begin", "commit", "rollback", "wait_shortly", "open_log", "lock_log", "lock_log_if_free", "find_tags",
         "grow_log", "tell_growth")  # fmt: skip

_EVENTS = EVENTS.encode("ascii")
_INT8 = struct.Struct(">q")
_BEGIN: Asked = ("begin", {})
_COMMIT: Asked = ("commit", {})
_ROLLBACK: Asked = ("rollback", {})


class UnknownOutcome(OuterError):
    """Whether the events were stored is not known; send them again, repeats are recognised."""


async def open_wire(conn: AsyncConnection[Any], lock_wait: str = "0") -> Wire:
    """A wire that knows the statements of `write` and waits at most so long for one lock ("0": without end)."""
    wire = await Wire.open(conn, {name: QUERIES[name] for name in ASKED})
    await wire.ask([("wait_shortly", {"longest": lock_wait.encode()})])
    return wire


async def write(wire: Wire, items: Sequence[Prepared], patient: Collection[UUID]) -> list[Receipt | None]:
    """Store a batch; what is returned as a receipt is on disk.

    For businesses in `patient` this waits for the lock of their log, and opens the log when it is their first event.
    Drafts of other businesses whose log is held elsewhere, or not there yet, come back as None: nothing was done.

    Raises:
        UnknownOutcome: the journey with COMMIT failed.
        psycopg.Error: something failed before; nothing was stored.
    """
    logs = await _hold(wire, items, patient)
    batch = Batch(logs, now_us(), CONFLICTS.allows)
    receipts = [batch.add(item) for item in items]
    if copies := batch.copies():
        await wire.copy([(QUERIES[statement], data) for statement, data in copies])
    try:
        await _finish(wire, batch.grown())
    except psycopg.Error as error:
        raise UnknownOutcome(hint=error.sqlstate or type(error).__name__) from error
    return receipts


async def leave(wire: Wire) -> None:
    """End a transaction whose batch could not be stored."""
    await wire.ask([_ROLLBACK])


async def _hold(wire: Wire, items: Sequence[Prepared], patient: Collection[UUID]) -> list[Log]:
    """Lock the logs: first those to be waited for, in the order of keys, so that two scribes never wait for each other.

    One business a statement, because a cluster takes no other form. The tags are asked for by statements of their own
    after the locks: the snapshot of each holds what the logs' last holders committed. A log that is not had is left out
    afterwards.
    """
    tags_of: dict[UUID, list[bytes]] = {}
    for item in items:
        known = tags_of.setdefault(item.draft.business, [])
        if item.id_tag is not None:
            known.append(item.id_tag)
    waited = sorted(tags_of.keys() & patient)
    free = sorted(tags_of.keys() - patient)
    tagged = [business for business, id_tags in tags_of.items() if id_tags]
    opened = [("open_log", {**_key(business), "origin": origin_of(business).encode()}) for business in waited]
    locks = [("lock_log", _key(business)) for business in waited]
    locks += [("lock_log_if_free", _key(business)) for business in free]
    tags = [("find_tags", {**_key(b), "id_tags": rows.tag_array(tags_of[b])}) for b in tagged]
    results = (await wire.ask([_BEGIN, *opened, *locks, *tags]))[1 + len(opened) :]
    logs = {b: _log(b, had) for b, had in zip(waited + free, results[: len(locks)], strict=True) if had.ntuples}
    for business, found in zip(tagged, results[len(locks) :], strict=True):
        if business in logs:
            logs[business].seen = _seen(found)
    return list(logs.values())


async def _finish(wire: Wire, grown: Sequence[Log]) -> None:
    """Move the logs on and COMMIT, in one journey; its failure leaves open what became of the transaction."""
    growth = [("grow_log", _growth(log)) for log in grown]
    tell: list[Asked] = [("tell_growth", {"businesses": rows.business_array([log.business for log in grown])})]
    await wire.ask([*growth, *(tell if grown else ()), _COMMIT])


def _key(business: UUID) -> dict[str, bytes]:
    return {"business": business.bytes, "log": _EVENTS}


def _log(business: UUID, locked: PGresult) -> Log:
    """The columns of `lock_log`."""
    origin, size, frontier, last_us, state = (locked.get_value(0, column) or b"" for column in range(5))
    tree = Frontier.load(int.from_bytes(size), frontier)
    return Log(business, origin.decode(), tree, int.from_bytes(last_us), state == b"open")


def _seen(found: PGresult) -> dict[bytes, Seen]:
    """The columns of `find_tags`."""
    seen: dict[bytes, Seen] = {}
    for row in range(found.ntuples):
        id_tag, body_tag, seq, seen_us, gone = (found.get_value(row, column) or b"" for column in range(5))
        seen[id_tag] = Seen(body_tag, int.from_bytes(seq), int.from_bytes(seen_us), bool(gone[0]))
    return seen


def _growth(log: Log) -> dict[str, bytes]:
    tree = log.tree
    return {
        **_key(log.business),
        "size": _INT8.pack(tree.size),
        "frontier": tree.dump(),
        "last_us": _INT8.pack(log.last_us),
    }
