"""The built-in load generator: open loop at a set rate, or closed loop where wrk cannot be had.

Open loop: every request has its moment, whether the answers keep up or not, and its latency counts from that moment;
a slow answer cannot hide the ones that waited behind it.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

import uvloop

TICK_S = 0.001
DRAIN_S_MAX = 15.0


@dataclass(slots=True)
class Load:
    """What came of a run; latencies in seconds, unsorted. `lag_s` is how late the generator itself ever was."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    lag_s: float = 0.0

    @property
    def accepted(self) -> int:
        return self.statuses[202] + self.statuses[200]

    def percentile_ms(self, percent: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000 if ordered else 0.0


class _Line(asyncio.Protocol):
    """One keep-alive connection, one request at a time."""

    def __init__(self, run: "_Run") -> None:
        self._run = run
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's classes.
        self._transport = cast(asyncio.Transport, transport)

    def ask(self, request: bytes, due: float) -> None:
        assert self._transport is not None
        self._due = due
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].partition(b"\r\n")[0]) if at >= 0 else 0
        if len(self._buffer) < end + 4 + length:
            return
        status = int(head[9:12])
        self._buffer = b""
        self._run.answered(self, status, self._due)

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.lost(self)


class _Run:
    def __init__(self, address: str, requests: Iterator[bytes], connections: int) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._requests = requests
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._free: list[_Line] = []
        self._waiting: deque[tuple[bytes, float]] = deque()
        self._open = 0
        self._ends_at = 0.0
        self._closed_loop = False
        self.load = Load()

    async def connect(self) -> None:
        for _ in range(self._connections):
            _, line = await self._loop.create_connection(lambda: _Line(self), self._host, self._port)
            self._free.append(line)

    async def steady(self, per_second: float, seconds: float) -> Load:
        began = self._loop.time()
        total = int(per_second * seconds)
        number = 0
        while number < total:
            now = self._loop.time()
            self.load.lag_s = max(self.load.lag_s, now - began - number / per_second - TICK_S)
            while number < total and (due := began + number / per_second) <= now:
                self._offer(next(self._requests), due)
                number += 1
            await asyncio.sleep(TICK_S)
        await self._drain()
        self.load.seconds = self._loop.time() - began
        return self.load

    async def flood(self, seconds: float) -> Load:
        began = self._loop.time()
        self._closed_loop = True
        self._ends_at = began + seconds
        for _ in range(len(self._free)):
            self._offer(next(self._requests), self._loop.time())
        await asyncio.sleep(seconds)
        await self._drain()
        self.load.seconds = self._loop.time() - began
        return self.load

    def _offer(self, request: bytes, due: float) -> None:
        self.load.sent += 1
        if self._free:
            self._open += 1
            self._free.pop().ask(request, due)
        else:
            self._waiting.append((request, due))

    def answered(self, line: _Line, status: int, due: float) -> None:
        now = self._loop.time()
        self.load.statuses[status] += 1
        self.load.latencies.append(now - due)
        if self._waiting:
            line.ask(*self._waiting.popleft())
            return
        self._open -= 1
        self._free.append(line)
        if self._closed_loop and now < self._ends_at:
            self._offer(next(self._requests), now)

    def lost(self, line: _Line) -> None:
        if line in self._free:
            self._free.remove(line)

    async def _drain(self) -> None:
        deadline = self._loop.time() + DRAIN_S_MAX
        while self._open and self._loop.time() < deadline:
            await asyncio.sleep(0.01)


def steady(address: str, requests: Iterator[bytes], *, per_second: float, seconds: float, connections: int) -> Load:
    """Open loop: so many requests a second, evenly, over so many connections."""

    async def run() -> Load:
        one = _Run(address, requests, connections)
        await one.connect()
        return await one.steady(per_second, seconds)

    return uvloop.run(run())


def flood(address: str, requests: Iterator[bytes], *, seconds: float, connections: int) -> Load:
    """Closed loop: every connection asks again as soon as it is answered."""

    async def run() -> Load:
        one = _Run(address, requests, connections)
        await one.connect()
        return await one.flood(seconds)

    return uvloop.run(run())


def post(path: str, key: str, body: bytes, kind: str = "application/json") -> bytes:
    """The bytes of one request."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
