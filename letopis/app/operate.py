"""Commands of whoever runs the installation: serve, web, intake, worker, prepare, status, doctor."""

import json
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from django.conf import settings
from rich.console import Console
from rich.table import Table

from letopis.app import asgi, ground, listening, options, secrets, serve, server
from letopis.app.status import business_states
from letopis.base import crypto, database
from letopis.base.errors import LetopisError
from letopis.worker import Worker

FREE_DISK_BYTES_MIN = 1 << 30

Shared = Annotated[bool, typer.Option("--shared", help="Let other processes listen on the same port beside it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def register(app: typer.Typer) -> None:
    app.command("serve", help="Everything in one command: database, intake and pages on one port, worker.")(serve_all)
    app.command("web", help="Intake and pages on one port, without the worker.")(web)
    app.command("intake", help="The intake alone, for running many of them behind a reverse proxy.")(intake)
    app.command("worker", help="The readers and what is done by the clock.")(worker)
    app.command("prepare", help="Make or upgrade schema and page files, then end.")(prepare)
    app.command("status", help="Journal size, lag of the readers, quarantine and queue of each business.")(status)
    app.add_typer(keys, name="secrets", help="The keys of this installation.", no_args_is_help=True)
    app.command("doctor", help="Look at everything this installation needs and say what is missing.")(doctor)


keys = typer.Typer()


@keys.callback()
def _group() -> None:
    """A group of commands."""


@keys.command("rotate")
def rotate() -> None:
    """Make a new sealing key for the tokens of other systems, used from the next start on; the old ones still open."""
    path = secrets.add_sealing_key(settings.LETOPIS_DATA)
    sys.stdout.write(f"{path}\nRestart Letopis, and back up the folder of secrets.\n")


def serve_all() -> int:
    return serve.main()


def web(shared: Shared = False) -> None:
    ground.raise_static()
    _listen(asgi.whole(), shared)


def intake(shared: Shared = False) -> None:
    _listen(asgi.intake_only(), shared)


def _listen(app: asgi.Letopis, shared: bool) -> None:
    read = options.read_process()
    server.listen(app, listening.listen_on(read["LETOPIS_HOST"], read["LETOPIS_PORT"], shared=shared))


def worker() -> None:
    one = Worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: one.stop())
    one.run()


def prepare() -> None:
    with ground.standing():
        ground.raise_static()


def status(as_json: AsJson = False) -> None:
    states = business_states()
    if as_json:
        sys.stdout.write(json.dumps({"businesses": [state.as_dict() for state in states]}, ensure_ascii=False) + "\n")
        return
    table = Table("business", "name", "journal", "reader", "lag, entries", "lag, s", "quarantine", "due")
    for state in states:
        for reader in state.readers:
            table.add_row(
                str(state.business), state.name, str(state.size), reader.name, str(reader.lag_entries),
                f"{reader.lag_seconds:.1f}", str(state.quarantine), str(state.queue.due),
            )  # fmt: skip
    Console().print(table)


@dataclass(frozen=True, slots=True)
class Look:
    """One thing the doctor looked at."""

    name: str
    ok: bool
    detail: str


def doctor(as_json: AsJson = False) -> None:
    looks = list(_looks())
    if as_json:
        sys.stdout.write(json.dumps([asdict(look) for look in looks]) + "\n")
    else:
        table = Table("", "what", "detail")
        for look in looks:
            table.add_row("[green]✓[/]" if look.ok else "[red]✗[/]", look.name, look.detail)
        Console().print(table)
    if not all(look.ok for look in looks):
        raise typer.Exit(1)


def _looks() -> Iterator[Look]:
    data: Path = settings.LETOPIS_DATA
    yield Look("python", sys.version_info >= (3, 11), sys.version.split()[0])
    free = shutil.disk_usage(data).free
    yield Look("disk", free > FREE_DISK_BYTES_MIN, f"{free >> 20} MiB free in {data}")
    yield _tried("clock", lambda: ground.check_clock(data), "agrees with the data folder")
    yield _tried("secrets", lambda: _check_secrets(data), "closed to others, and they open what they sealed")
    try:
        with ground.standing():
            yield from _database_looks()
    except (LetopisError, psycopg.Error) as error:
        yield Look("database", False, str(error))


def _database_looks() -> Iterator[Look]:
    with database.connect() as conn:
        version = conn.info.server_version
        kind = "embedded" if settings.LETOPIS_EMBEDDED else "own server"
        yield Look("database", version >= database.VERSION_MIN, f"{version // 10000}.{version % 10000}, {kind}")
        role = conn.execute("SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        name, climbs = role.fetchone() or ("", True)
        yield Look("wall", not climbs, f"pages and readers work as {name}")


def _check_secrets(data: Path) -> None:
    secrets.check_modes(data)
    proof = crypto.sealer("doctor")
    assert proof.open(proof.seal("whole", about="doctor"), about="doctor") == "whole"


def _tried(name: str, act: Callable[[], None], good: str) -> Look:
    try:
        act()
        return Look(name, True, good)
    except LetopisError as error:
        return Look(name, False, str(error))
