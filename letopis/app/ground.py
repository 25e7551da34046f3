"""What must stand before anything else: data folder, secret, clock, database server, roles, schema, page files.

`standing` is the one way in for every command. A second command beside a running `letopis serve` finds all of it
standing and takes nothing down.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from letopis.app.household import is_kept
from letopis.base import clock, database
from letopis.base.errors import SenderError
from letopis.base.postgres import SUPERUSER, SYSTEM_USER, EmbeddedServer
from letopis.journal import partitions
from letopis.subjects import restored


@contextmanager
def standing() -> Iterator[None]:
    """All of it stands inside the block; what this call started is stopped after it."""
    check_clock(settings.LETOPIS_DATA)
    started = raise_server()
    try:
        raise_schema()
        yield
    finally:
        for connection in connections.all(initialized_only=True):
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined]
        if started and not is_kept(settings.LETOPIS_DATA):
            EmbeddedServer(settings.LETOPIS_DATA).stop()


def raise_server() -> bool:
    """The embedded server and its roles; True when this call started the server."""
    if not settings.LETOPIS_EMBEDDED:
        return False
    server = EmbeddedServer(settings.LETOPIS_DATA)
    started = server.ensure_running()
    database.prepare_cluster(server.url(user=SUPERUSER, database="postgres"), SYSTEM_USER, "letopis")
    return started


def raise_schema() -> None:
    """Roles checked, tables brought up to date, and nothing there that was erased after a backup was made.

    Costs a few milliseconds when all is up to date.
    """
    executor = MigrationExecutor(connections["owner"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        database.prepare(settings.LETOPIS_DATABASE_URL)
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        with database.connect(role=None, autocommit=True) as owner:
            partitions.make_ahead(owner, clock.now().date())
    connections["owner"].close()
    restored.erase_again()


def raise_static() -> None:
    """Page files collected, hashed and packed once per version of them."""
    mark: Path = settings.STATIC_ROOT / "collected"
    print_of_files = _static_fingerprint()
    if mark.exists() and mark.read_text() == print_of_files:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, stdout=StringIO())
    mark.write_text(print_of_files)


def check_clock(data: Path) -> None:
    """A shifted clock and real data do not mix: times of the two would lie among each other for ever.

    Raises:
        SenderError: `LETOPIS_CLOCK` is set for a data folder that has lived in the real time.
    """
    mark = data / "clock"
    lived = mark.read_text().strip() if mark.exists() else ""
    if clock.is_shifted() and lived == "real":
        raise SenderError(
            "this data folder has been used in the real time",
            field="LETOPIS_CLOCK",
            place=str(data),
            hint="leave LETOPIS_CLOCK away, or name another folder with --data",
        )
    wanted = "shifted" if clock.is_shifted() else "real"
    if lived != wanted:
        data.mkdir(parents=True, exist_ok=True)
        mark.write_text(wanted)


def _static_fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(None):
            stat = os.stat(storage.path(path))
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
