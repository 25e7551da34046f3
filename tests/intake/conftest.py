"""The doors as senders meet them: a real server on a port of the system's choice, in front of the real database."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from letopis.access.keys import create_key
from letopis.access.wall import enter
from letopis.base.database import connect
from letopis.intake.app import Intake
from letopis.journal.entries import Entry, raw_of, read_after

START_S_MAX = 20
ENTRIES_READ = 2000


class Alive:
    """The intake with the life of its server around it, as the whole program has it."""

    def __init__(self) -> None:
        self.intake: Intake | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            self.intake = Intake()
            await self.intake.startup()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await self.intake.shutdown()
            await send({"type": "lifespan.shutdown.complete"})
            return
        assert self.intake is not None
        await self.intake(scope, receive, send)


@contextlib.contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """The address of a server that lives as long as the block."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", access_log=False, lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_S_MAX
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server does not start"
        time.sleep(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def address(database: None) -> Iterator[str]:
    with serving(Alive()) as url:
        yield url


@dataclass(frozen=True, slots=True)
class Door:
    """One key of one business at the doors."""

    http: httpx.Client
    business: UUID
    key: str
    key_row: Any

    def post(self, content: Any = None, *, path: str = "/v1/events", **headers: str) -> httpx.Response:
        """Send bytes as they are, anything else as JSON; header names with underscores."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        told.setdefault("authorization", f"Bearer {self.key}")
        if isinstance(content, bytes):
            return self.http.post(path, content=content, headers=told)
        return self.http.post(path, json=content, headers=told)

    def entries(self) -> list[Entry]:
        """The events in the journal, without those the journal wrote itself."""
        with connect() as conn, conn.cursor() as cur:
            enter(cur, self.business)
            return [entry for entry in read_after(cur, self.business, -1, ENTRIES_READ) if entry.kind == 0]

    def raw(self, seq: int) -> bytes | None:
        with connect() as conn, conn.cursor() as cur:
            enter(cur, self.business)
            return raw_of(cur, self.business, seq)


@pytest.fixture
def door(address: str, business: UUID) -> Iterator[Door]:
    row, key = create_key(business, "telegram-bot", "send")
    with httpx.Client(base_url=address) as http:
        yield Door(http, business, key, row)
