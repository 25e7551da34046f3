"""The scribe's way to PostgreSQL: statements prepared once and sent in groups, a group being one journey.

It stands on the driver's own layer of libpq (`psycopg.pq`), because a cursor costs the scribe more than the statement
that it carries: with cursors a transaction of sixty events took three times as much CPU here as in the server.
"""

import asyncio
import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import psycopg
from psycopg import AsyncConnection
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGresult

COPY_PIECE_BYTES = 256 * 1024
LOOK_S = 0.5
"""uvloop tells of an error at a socket once and never looks again; when the last words of a dying server came with it,
its end would stay unseen."""

_NAMED = re.compile(r"%\((\w+)\)s")
_FAILED = (ExecStatus.FATAL_ERROR, ExecStatus.BAD_RESPONSE, ExecStatus.PIPELINE_ABORTED)

Asked = tuple[str, Mapping[str, bytes]]
"""Name of a prepared statement and its parameters, each in PostgreSQL's binary form."""


class Wire:
    """A connection that only its wire uses; one journey at a time.

    All methods raise psycopg.Error. A connection on which a journey was cancelled, or broke off, must be closed.
    """

    def __init__(self, conn: AsyncConnection[Any], statements: Mapping[str, str]) -> None:
        self._conn = conn
        self._pg = conn.pgconn
        self._names: dict[str, tuple[str, ...]] = {}
        self._statements = statements
        self._loop = asyncio.get_running_loop()
        # A descriptor of our own for the same socket: libpq closes its own as soon as the server is gone, and then its
        # number may be that of a sender's connection before we hear of it.
        self._socket: int | None = os.dup(self._pg.socket)
        self._told: asyncio.Future[None] | None = None

    @classmethod
    async def open(cls, conn: AsyncConnection[Any], statements: Mapping[str, str]) -> Self:
        """Take a fresh connection over and prepare the statements that `ask` will name."""
        wire = cls(conn, statements)
        # Left in place between journeys: to add and remove it each time would cost more than a short journey.
        assert wire._socket is not None
        wire._loop.add_reader(wire._socket, wire._tell)
        try:
            await wire._travel(wire._prepare)
        except BaseException:
            await wire.close()
            raise
        return wire

    @property
    def is_closed(self) -> bool:
        return self._pg.status != ConnStatus.OK

    async def close(self) -> None:
        """Leave the server; does nothing on repeat."""
        self._stop_listening()
        await self._conn.close()

    def _stop_listening(self) -> None:
        if self._socket is not None:
            self._loop.remove_reader(self._socket)
            os.close(self._socket)
            self._socket = None

    async def ask(self, asked: Sequence[Asked]) -> list[PGresult]:
        """One result for each statement, columns in binary form; after a failed one the rest are not run."""

        def send() -> None:
            for name, values in asked:
                given = [values[parameter] for parameter in self._names[name]]
                self._pg.send_query_prepared(name.encode(), given, [Format.BINARY] * len(given), Format.BINARY)

        return await self._travel(send)

    async def copy(self, copies: Sequence[tuple[str, bytes]]) -> None:
        """Run COPY statements, each with its data, as one script: one journey less than a COPY each would take."""
        self._pg.send_query("\n;".join([statement for statement, _ in copies]).encode())
        await self._flush()
        data = iter([data for _, data in copies])
        failed: PGresult | None = None
        while (result := await self._next()) is not None:
            if result.status == ExecStatus.COPY_IN:
                await self._put(next(data))
            elif result.status in _FAILED:
                failed = failed or result
        if failed is not None:
            raise error_from_result(failed)
        if next(data, None) is not None:
            raise psycopg.OperationalError("the connection ended inside a COPY")

    def _prepare(self) -> None:
        for name, statement in self._statements.items():
            # A parameter named twice is one parameter.
            names = tuple(dict.fromkeys(_NAMED.findall(statement)))
            numbered = _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", statement)  # noqa: B023
            self._names[name] = names
            self._pg.send_prepare(name.encode(), numbered.encode())

    async def _travel(self, send: Callable[[], None]) -> list[PGresult]:
        """Send statements as one pipeline and gather what comes back."""
        self._pg.enter_pipeline_mode()
        send()
        self._pg.pipeline_sync()
        await self._flush()
        results: list[PGresult] = []
        while (result := await self._next()) is None or result.status != ExecStatus.PIPELINE_SYNC:
            if result is not None:
                results.append(result)
            elif self.is_closed:
                break
        for result in results:
            if result.status in _FAILED:
                if not self.is_closed:
                    self._pg.exit_pipeline_mode()
                raise error_from_result(result)
        if self.is_closed:
            raise psycopg.OperationalError("the connection ended inside a journey")
        self._pg.exit_pipeline_mode()
        return results

    async def _next(self) -> PGresult | None:
        while self._pg.is_busy():
            await self._wait()
            self._pg.consume_input()
        return self._pg.get_result()

    async def _put(self, data: bytes) -> None:
        view = memoryview(data)
        for at in range(0, len(view), COPY_PIECE_BYTES):
            self._pg.put_copy_data(view[at : at + COPY_PIECE_BYTES])
            await self._flush()
        self._pg.put_copy_end()
        await self._flush()

    async def _flush(self) -> None:
        while self._pg.flush():
            # The server may itself wait until we have read.
            assert self._socket is not None, "a closed wire is not written to"
            self._loop.add_writer(self._socket, self._tell)
            try:
                await self._wait()
            finally:
                if self._socket is not None:
                    self._loop.remove_writer(self._socket)
            self._pg.consume_input()

    async def _wait(self) -> None:
        """Until the socket has something, or for LOOK_S: then whoever waits looks for himself, and waits again."""
        self._told = self._loop.create_future()
        look = self._loop.call_later(LOOK_S, self._tell)
        try:
            await self._told
        finally:
            look.cancel()
            self._told = None

    def _tell(self) -> None:
        if self._told is None:
            self._hear()
        elif not self._told.done():
            self._told.set_result(None)

    def _hear(self) -> None:
        """The server speaks while nobody asks: a notice, or its end."""
        try:
            self._pg.consume_input()
        except psycopg.OperationalError:
            self._stop_listening()
