"""A Letopis of our own for measuring and breaking: a data folder, its processes, its businesses.

Everything goes through what others use too: the command `letopis` and its addresses on loopback. Only counting looks
into the database directly, as the superuser of the embedded server. Processes are ended by the handle that started
them; `close` leaves nothing behind but a folder that was to be kept.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self
from uuid import UUID

import psycopg

from letopis.app import options
from letopis.base.postgres import SUPERUSER, EmbeddedServer
from letopis.base.sql import Queries

QUERIES = Queries("bench")

COMMAND_S_MAX = 120.0
READY_S_MAX = 60.0
STOP_S_MAX = 45.0
NOT_OURS = ("LETOPIS_DATABASE_URL", "LETOPIS_CLOCK", "LETOPIS_CLOCK_OFFSET_US", "LETOPIS_PUBLIC_URL", "LETOPIS_PORT")


class HouseError(RuntimeError):
    """A process of the measured program did not do what it must."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A running process and the address it answers on."""

    process: "subprocess.Popen[bytes]"
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class Behind:
    """How far the slowest reader is: entries it has not seen, and the age of the oldest of them."""

    entries: int
    seconds: float


class House:
    """One data folder; a folder given is kept, otherwise a temporary one is removed at the end."""

    def __init__(self, kept: Path | None = None) -> None:
        self.is_kept = kept is not None
        self.data = (kept or Path(tempfile.mkdtemp(prefix="letopis-bench-"))).absolute()
        self.data.mkdir(parents=True, exist_ok=True)
        # The database server may run as a user of its own, who must be able to reach the folder.
        self.data.chmod(0o755)
        self.server = EmbeddedServer(self.data)

    def __enter__(self) -> Self:
        self.server.ensure_running()
        self.command("prepare")
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.server.stop()
        if not self.is_kept:
            home = self.server.home
            shutil.rmtree(self.server.socket_folder, ignore_errors=True)
            shutil.rmtree(home, ignore_errors=True)
            shutil.rmtree(self.data, ignore_errors=True)

    def command(self, *arguments: str, told: str = "", seconds_max: float = COMMAND_S_MAX) -> str:
        """Run `letopis …` to its end and give what it printed; `told` goes to its standard input."""
        return self._run([*letopis_command(), *arguments], told, seconds_max)

    def senders(self, name: str, businesses: int, keys: int) -> list[list[str]]:
        """New businesses with so many send keys each."""
        made = self._run([sys.executable, "-m", "bench.senders", name, str(businesses), str(keys)])
        return list(json.loads(made))

    def _run(self, command: Sequence[str], told: str = "", seconds_max: float = COMMAND_S_MAX) -> str:
        done = subprocess.run(
            command,
            input=told,
            capture_output=True,
            text=True,
            env=self.environment(),
            timeout=seconds_max,
            check=False,
        )
        if done.returncode != 0:
            raise HouseError(f"{' '.join(command[2:])} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return done.stdout

    def business(self, name: str) -> UUID:
        made = self.command("business", "create", "--name", name, "--timezone", "Europe/Moscow", "--vertical", "salon",
                            "--json")  # fmt: skip
        return UUID(json.loads(made)["id"])

    def key(self, business: UUID, source: str = "telegram") -> str:
        made = self.command(
            "key", "create", "--business", str(business), "--source", source, "--scope", "send", "--json"
        )
        return str(json.loads(made)["key"])

    def connect(self) -> psycopg.Connection[Any]:
        """A session of the superuser, who sees past the walls: for counting only."""
        return psycopg.connect(self.url(), autocommit=True)

    def url(self) -> str:
        """The connection string of the superuser."""
        return self.server.url(user=SUPERUSER)

    def entries(self, business: UUID | None = None) -> int:
        """Entries in the journal of one business, or of all."""
        with self.connect() as conn, conn.cursor() as cur:
            row = QUERIES.row(cur, "entries", business=business)
        return int(row["entries"]) if row else 0

    def behind(self) -> Behind:
        with self.connect() as conn:
            return behind(conn)

    def catch_up(self, seconds_max: float) -> float:
        """Wait until no reader is behind; how long it took."""
        began = time.monotonic()
        with self.connect() as conn:
            while (left := behind(conn)).entries:
                if time.monotonic() - began > seconds_max:
                    raise HouseError(f"readers are still {left.entries} entries behind after {seconds_max:.0f} s")
                time.sleep(0.05)
        return time.monotonic() - began

    def settle(self) -> None:
        """Bring all changed pages to the disk, so that the next measurement does not pay for the last one."""
        with self.connect() as conn, conn.cursor() as cur:
            QUERIES.run(cur, "settle")

    @contextmanager
    def serving(self, name: str) -> Iterator[Serving]:
        """`letopis <name>` on a free port, ready to answer; ended after the block, whatever happens in it.

        `web` runs in as many processes as `serve` would run, without the worker.
        """
        port = free_port()
        own_database = name == "serve"
        if own_database:
            self.server.stop()
        try:
            with ExitStack() as beside:
                command = [*letopis_command(), name, "--port", str(port)]
                processes = options.read({})["LETOPIS_WEB_PROCESSES"] if name == "web" else 1
                if processes > 1:
                    command.append("--shared")
                started = [beside.enter_context(self.running(command)) for _ in range(processes)]
                serving = Serving(started[0], port)
                wait_for_answer(serving)
                wait_for_listeners(port, processes)
                yield serving
        finally:
            if own_database:
                self.server.ensure_running()

    @contextmanager
    def running(self, command: Sequence[str], log: IO[bytes] | None = None) -> "Iterator[subprocess.Popen[bytes]]":
        """Any process on this data folder, in a session of its own, ended after the block."""
        out = log or subprocess.DEVNULL
        process = subprocess.Popen(
            command, env=self.environment(), stdin=subprocess.DEVNULL, stdout=out, stderr=log, start_new_session=True
        )
        try:
            yield process
        finally:
            end(process)

    def environment(self) -> dict[str, str]:
        """What a process of this house is told."""
        kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        return {**kept, "LETOPIS_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": "letopis.app.settings"}


def letopis_command() -> list[str]:
    """The command as this interpreter runs it."""
    return [sys.executable, "-m", "letopis.cli"]


def behind(conn: psycopg.Connection[Any]) -> Behind:
    with conn.cursor() as cur:
        row = QUERIES.row(cur, "behind")
    return Behind(int(row["entries"]), float(row["seconds"])) if row else Behind(0, 0.0)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def wait_for_answer(serving: Serving, seconds_max: float = READY_S_MAX) -> float:
    """Wait until /readyz says yes; how long it took."""
    began = time.monotonic()
    while not is_ready(serving.address):
        if serving.process.poll() is not None:
            raise HouseError(f"the process ended with {serving.process.returncode} before it was ready")
        if time.monotonic() - began > seconds_max:
            raise HouseError(f"not ready after {seconds_max:.0f} s")
        time.sleep(0.02)
    return time.monotonic() - began


def wait_for_listeners(port: int, count: int, seconds_max: float = READY_S_MAX) -> None:
    """Wait until so many processes share a port: one that answers says nothing of the others."""
    began = time.monotonic()
    while count > 1 and _listeners(port) < count:
        if time.monotonic() - began > seconds_max:
            raise HouseError(f"not {count} processes listen on port {port} after {seconds_max:.0f} s")
        time.sleep(0.02)


def _listeners(port: int) -> int:
    """Sockets in the state LISTEN (0A) on a port, as Linux tells them."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    return sum(1 for row in rows if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask it to end; then end its whole session, which holds nothing but its children."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_S_MAX)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(STOP_S_MAX)
