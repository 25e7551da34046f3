"""The yardstick: what the same bytes cost on this machine when nothing is done with them.

A bare ASGI application on uvicorn, uvloop and httptools. Events that arrive while a transaction is under way become the
next one (at most as many as the real scribe takes); each event is one row of leaf, content and raw body in tables made
LIKE the journal's, and the answer leaves after COMMIT. It parses nothing, knows no key, no repeats, no tree.

`python -m bench.yardstick CONNINFO PORT`
"""

import asyncio
import struct
import sys
from collections import deque
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import psycopg
import uvicorn
from psycopg import AsyncConnection
from starlette.types import Receive, Scope, Send

from bench.house import QUERIES

BATCH_EVENTS_MAX = 512
LOG = b"events/1"
HEAD = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TAIL = b"\xff\xff"
TABLES = ("yardstick_drop", "yardstick_schema", "yardstick_entry", "yardstick_content", "yardstick_raw")

META = b'{"confidence_ppm":920000,"crm_provider":"Bitrix24","intent":"book_appointment"}'
WHO = b'{"client_id":"tg_12345678","crm_deal_id":"D-2026-0001","message_id":"7c1e-100000","session_id":"sess_12345678"}'
TEXT = "Здравствуйте! Хочу записаться на маникюр завтра после шести, есть время?".encode()
SALT = bytes(range(32))
# Tag, log hash, numbers, names and four commitments: see the leaf's table in the journal.
LEAF = bytes(16 + 32 + 24 + 4 + 2 + 10 + 2 + 8 + 1 + 4 * 33)

_LENGTH = struct.Struct(">i")
_SEQ = struct.Struct(">iq")


def _value(data: bytes) -> bytes:
    return _LENGTH.pack(len(data)) + data


def _number(value: int, length: int) -> bytes:
    return _value(value.to_bytes(length, "big", signed=True))


def _row(columns: int, *values: bytes) -> bytes:
    return struct.pack(">h", columns) + b"".join(values)


class Yardstick:
    """The application; one connection, one transaction at a time."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._line: deque[tuple[bytes, asyncio.Future[int]]] = deque()
        self._filled = asyncio.Event()
        self._seq = 0
        business = _value(uuid4().bytes)
        log = _value(LOG)
        now_us = int(datetime.now(UTC).timestamp() * 1e6)
        day = (datetime.now(UTC).date() - date(2000, 1, 1)).days
        times = _number(now_us, 8) * 2
        kinds = _number(0, 2) + _number(1, 2) + _number(0, 4)
        self._entry = _row(11, business, log, times, kinds, _value(b"message_in"), _value(b"telegram"), _value(LEAF))
        slots = b"".join(_value(SALT) + _value(data) for data in (META, WHO, TEXT))
        self._content = _row(10, business, log, _number(day, 4), slots)
        self._raw = _row(6, business, log, _number(day, 4), _value(SALT))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        answer = b"ready" if not body else await self._append(body)
        head = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 202 if body else 200, "headers": head})
        await send({"type": "http.response.body", "body": answer})

    async def _append(self, body: bytes) -> bytes:
        loop = asyncio.get_running_loop()
        stored: list[asyncio.Future[int]] = []
        for event in body.splitlines():
            done: asyncio.Future[int] = loop.create_future()
            self._line.append((event, done))
            stored.append(done)
        self._filled.set()
        results = [b'{"outcome":"accepted","seq":%d}' % await one for one in stored]
        return b'{"results":[%b]}' % b",".join(results)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        conn = await AsyncConnection.connect(self._conninfo)
        writer = asyncio.create_task(self._write(conn))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        writer.cancel()
        await conn.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _write(self, conn: AsyncConnection[Any]) -> None:
        while True:
            self._filled.clear()
            if not self._line:
                await self._filled.wait()
            taken = [self._line.popleft() for _ in range(min(len(self._line), BATCH_EVENTS_MAX))]
            first = self._seq
            self._seq += len(taken)
            seqs = [_SEQ.pack(8, seq) for seq in range(first, self._seq)]
            async with conn.cursor() as cur:
                for statement, rows in (
                    ("copy_entry", [self._entry + seq for seq in seqs]),
                    ("copy_content", [self._content + seq for seq in seqs]),
                    ("copy_raw", [self._raw + seq + _value(taken[i][0]) for i, seq in enumerate(seqs)]),
                ):
                    async with cur.copy(QUERIES[statement]) as copy:
                        await copy.write(b"".join([HEAD, *rows, TAIL]))
            await conn.commit()
            for number, (_, done) in enumerate(taken, first):
                if not done.done():
                    done.set_result(number)


def lay_tables(conninfo: str) -> None:
    """Tables of the journal's shape; the journal's own must be there."""
    with psycopg.connect(conninfo, autocommit=True) as conn, conn.cursor() as cur:
        for statement in TABLES:
            QUERIES.run(cur, statement)


def main(conninfo: str, port: int) -> None:
    lay_tables(conninfo)
    uvicorn.run(
        Yardstick(conninfo),
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
