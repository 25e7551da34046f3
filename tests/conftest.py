"""The ground of all tests: one real PostgreSQL a session, migrated once; every test makes businesses of its own."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

# Before anything of ours is imported: settings are read once.
_FOLDER = tempfile.TemporaryDirectory(prefix="letopis-test-", ignore_cleanup_errors=True)
os.chmod(_FOLDER.name, 0o755)
os.environ["LETOPIS_DATA"] = _FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "letopis.app.settings"
os.environ.pop("LETOPIS_CLOCK", None)
_OWN_SERVER = os.environ.get("LETOPIS_DATABASE_URL", "")
_OWN_DATABASE = f"letopis_test_{os.getpid()}"
if _OWN_SERVER:
    os.environ["LETOPIS_DATABASE_URL"] = psycopg.conninfo.make_conninfo(_OWN_SERVER, dbname=_OWN_DATABASE)

import django  # noqa: E402

django.setup()

from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: E402

# The same algorithm with the least work: hundreds of sign-ins, and none of them guards anything.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1

from letopis.app import ground  # noqa: E402
from letopis.base import database as roles  # noqa: E402


@pytest.fixture(scope="session")
def database() -> Iterator[None]:
    """A migrated database: embedded, or a throw-away one on the server of LETOPIS_DATABASE_URL."""
    if _OWN_SERVER:
        with psycopg.connect(_OWN_SERVER, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{_OWN_DATABASE}"')
    with ground.standing():
        ground.raise_static()
        yield
    if _OWN_SERVER:
        with psycopg.connect(_OWN_SERVER, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{_OWN_DATABASE}" WITH (FORCE)')


@pytest.fixture
def business(database: None) -> UUID:
    """A fresh salon; what other tests did is behind the wall."""
    from letopis.access.businesses import create_business

    made: UUID = create_business(name="Студия «Лада»", timezone="Europe/Moscow", vertical="salon").id
    return made


@pytest.fixture
def stranger_business(database: None) -> UUID:
    """Another business, whose people must see nothing of the first."""
    from letopis.access.businesses import create_business

    made: UUID = create_business(name="Чужой салон", timezone="Europe/Moscow", vertical="salon").id
    return made


@pytest.fixture
def app_connection(database: None) -> Iterator[psycopg.Connection[Any]]:
    """A session of `letopis_app`, as readers have it."""
    with roles.connect() as conn:
        yield conn


@pytest.fixture
def owner_connection(database: None) -> Iterator[psycopg.Connection[Any]]:
    """A session that passes the wall: for tests that look behind it or damage what is stored."""
    url = ground.EmbeddedServer(Path(_FOLDER.name)).url(user="postgres") if not _OWN_SERVER else None
    with psycopg.connect(url or os.environ["LETOPIS_DATABASE_URL"], autocommit=True) as conn:
        yield conn
