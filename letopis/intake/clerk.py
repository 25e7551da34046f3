"""One thread with one connection for the small statements beside the journal: keys, quarantine, news of sources.

The event loop never waits for them itself, and a slow one holds up only its own kind.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import UUID

import psycopg

from letopis.access.wall import enter_many
from letopis.base.database import connect
from letopis.base.errors import OuterError, Overloaded

WAITING_MAX = 256
TRIES = 2

T = TypeVar("T")


class Clerk:
    """Runs short acts one after another; each in its own transaction, inside the walls of the businesses named."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="clerk")
        # The event loop owns the count, the thread owns the connection.
        self._waiting = 0
        self._conn: psycopg.Connection[Any] | None = None

    async def run(self, act: Callable[[Any], T], businesses: Iterable[UUID] = ()) -> T:
        """The result of `act`, which may run twice where the connection was lost.

        Raises:
            Overloaded: too many acts wait already.
            OuterError: the database does not answer.
        """
        if self._waiting >= WAITING_MAX:
            raise Overloaded
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, act, list(businesses))
        finally:
            self._waiting -= 1

    async def stop(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()

    def _run(self, act: Callable[[Any], T], businesses: list[UUID]) -> T:
        for _ in range(TRIES):
            try:
                return self._transact(act, businesses)
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                self._disconnect()
                lost = error
        raise OuterError("the database does not answer", hint=type(lost).__name__) from lost

    def _transact(self, act: Callable[[Any], T], businesses: list[UUID]) -> T:
        if self._conn is None:
            self._conn = connect()
        with self._conn.transaction(), self._conn.cursor() as cur:
            if businesses:
                enter_many(cur, businesses)
            return act(cur)

    def _disconnect(self) -> None:
        conn, self._conn = self._conn, None
        if conn is not None:
            conn.close()
