"""One transaction of the scribe: lock the logs, look up tags, number, COPY, COMMIT.

Both ways of appending run this and nothing else. The row lock of a log makes the order of commits the order of numbers,
whatever number of processes write.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg import AsyncConnection, AsyncCursor

from letopis.base.clock import now_us
from letopis.base.errors import OuterError
from letopis.base.sql import Queries
from letopis.journal.batch import Batch, Log, Prepared, Seen
from letopis.journal.conflicts import CONFLICTS
from letopis.journal.draft import Receipt
from letopis.journal.origin import EVENTS, origin_of
from letopis.journal.rows import TagArray
from letopis.journal.tree import Frontier

QUERIES = Queries("letopis.journal")


class UnknownOutcome(OuterError):
    """Whether the events were stored is not known; send them again, repeats are recognised."""


async def write(
    conn: AsyncConnection[Any], items: Sequence[Prepared], patient: Collection[UUID]
) -> list[Receipt | None]:
    """Store a batch; what is returned as a receipt is on disk.

    For businesses in `patient` this waits for the lock of their log, and opens the log when it is their first event.
    Drafts of other businesses whose log is held elsewhere, or not there yet, come back as None: nothing was done.

    Raises:
        UnknownOutcome: COMMIT itself failed.
        psycopg.Error: something failed before; nothing was stored.
    """
    logs = await _hold(conn, items, patient)
    batch = Batch(logs, now_us(), CONFLICTS.allows)
    receipts = [batch.add(item) for item in items]
    if grown := batch.grown():
        await _store(conn, batch, grown)
    try:
        await conn.commit()
    except psycopg.Error as error:
        raise UnknownOutcome(hint=error.sqlstate or type(error).__name__) from error
    return receipts


async def _hold(conn: AsyncConnection[Any], items: Sequence[Prepared], patient: Collection[UUID]) -> list[Log]:
    """Lock the logs: first those to be waited for, in the order of keys, so that two scribes never wait for each other.

    One business a statement, because a cluster takes no other form; many parameters a statement, because the driver's
    work for a statement is larger than the server's.
    """
    tags_of: dict[UUID, list[bytes]] = {}
    for item in items:
        known = tags_of.setdefault(item.draft.business, [])
        if item.id_tag is not None:
            known.append(item.id_tag)
    waited = sorted(tags_of.keys() & patient)
    opened = [{"business": business, "log": EVENTS, "origin": origin_of(business)} for business in waited]
    logs: dict[UUID, Log] = {}
    # All of it in one journey to the server. The tags are asked for by statements of their own after the locks: the
    # snapshot of each holds what the logs' last holders committed. A log that is not had is left out afterwards.
    async with conn.pipeline():
        if opened:
            await conn.cursor().executemany(QUERIES["open_log"], opened)
        locks = [(business, await _ask(conn, "lock_log", _key(business))) for business in waited]
        for business in sorted(tags_of.keys() - patient):
            locks.append((business, await _ask(conn, "lock_log_if_free", _key(business))))
        tags = [
            (business, await _ask(conn, "find_tags", {**_key(business), "id_tags": TagArray.of(id_tags)}))
            for business, id_tags in tags_of.items()
            if id_tags
        ]
        for business, cur in locks:
            for row in await cur.fetchall():
                logs[business] = Log(business, *_state(*row))
        for business, cur in tags:
            if business in logs:
                logs[business].seen = {id_tag: Seen(*rest) for id_tag, *rest in await cur.fetchall()}
    return list(logs.values())


async def _ask(conn: AsyncConnection[Any], statement: str, parameters: Mapping[str, Any]) -> AsyncCursor[Any]:
    """Send one statement; in a pipeline its rows are there when they are fetched."""
    cur = conn.cursor(binary=True)
    await cur.execute(QUERIES[statement], parameters)
    return cur


def _key(business: UUID) -> dict[str, Any]:
    return {"business": business, "log": EVENTS}


def _state(origin: str, size: int, frontier: bytes, last_us: int, state: str) -> tuple[str, Frontier, int, bool]:
    return origin, Frontier.load(size, frontier), last_us, state == "open"


async def _store(conn: AsyncConnection[Any], batch: Batch, grown: Sequence[Log]) -> None:
    async with conn.cursor() as cur:
        for statement, data in batch.copies():
            async with cur.copy(QUERIES[statement]) as copy:
                await copy.write(data)
        async with conn.pipeline():
            await cur.executemany(QUERIES["grow_log"], [_growth(log) for log in grown])
            await cur.execute(QUERIES["tell_growth"], {"businesses": [str(log.business) for log in grown]})


def _growth(log: Log) -> dict[str, Any]:
    tree = log.tree
    return {**_key(log.business), "size": tree.size, "frontier": tree.dump(), "last_us": log.last_us}
