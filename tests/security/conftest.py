"""The whole program as a process of its own on a port, and the people around one salon."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from django.conf import settings

from letopis.access.keys import create_key
from letopis.access.models import Scope
from letopis.access.rules import Visitor
from tests.access.conftest import Cast, cast, new_person

__all__ = ["cast", "new_person"]

START_S_MAX = 30
STOP_S_MAX = 20


@dataclass(frozen=True, slots=True)
class Program:
    """`letopis web` at work on the data folder of the tests, and what it says on its error stream."""

    url: str
    log: Path


@pytest.fixture(scope="session")
def program(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Intake, pages, read API and health on one port, as `letopis serve` shows them."""
    log = tmp_path_factory.mktemp("program") / "log"
    port = free_port()
    with log.open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "letopis.cli", "web", "--port", str(port)], stdout=told, stderr=told
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_ready(url, process, log)
            yield Program(url, log)
        finally:
            process.terminate()
            process.wait(STOP_S_MAX)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_S_MAX
    while True:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, "the program does not become ready"
        try:
            if httpx.get(f"{url}/readyz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Outside:
    """A salon seen over the wire: its keys, and its owner's session."""

    url: str
    business: UUID
    send_key: str
    read_key: str
    owner: httpx.Client


@pytest.fixture
def outside(program: Program, cast: Cast) -> Iterator[Outside]:
    session = cast.browser(Visitor.OWNER).cookies[settings.SESSION_COOKIE_NAME].value
    send, read = (create_key(cast.business, "сайт", scope)[1] for scope in (Scope.SEND, Scope.READ))
    with httpx.Client(base_url=program.url, cookies={settings.SESSION_COOKIE_NAME: session}) as owner:
        yield Outside(program.url, cast.business, send, read, owner)
