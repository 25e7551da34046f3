"""Roles of BI tools: a login of its own for each, which reads the views of `bi` and nothing else.

What a role reads is a matter of rows in `bi.reader`, which only the owner of the tables writes; the views ask them for
`session_user`, which no session can change. So a grant is a row, and the login beside it is made once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from psycopg import errors, sql

from letopis.access.models import Business
from letopis.base import clock, database, ids
from letopis.base.errors import SenderError
from letopis.base.postgres import SUPERUSER, EmbeddedServer
from letopis.base.sql import Queries
from letopis.metrics.bi import definition

QUERIES = Queries("letopis.metrics.bi")
ROLES = Queries("letopis.base")
PREFIX = "letopis_bi_"
NAME_CHARS_MAX = 40
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
CONNECTIONS_MAX = 8
SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
    "search_path": "bi",
}
# Only a superuser may set this one, and then the role cannot set it back.
SETTINGS_OF_SUPERUSER = {"temp_file_limit": "1GB"}


@dataclass(frozen=True, slots=True)
class Granted:
    """A role that reads a business; `password` only when the role was made just now.

    `administrator`: what an administrator of the server must run, where our own user may not make roles.
    """

    role: str
    password: str | None
    administrator: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """A role with the businesses it reads; `made`: the server knows it."""

    role: str
    made: bool
    businesses: tuple[tuple[UUID, str], ...]


def grant(business: UUID, name: str) -> Granted:
    """Let the role of a BI tool read a business; on repeat nothing changes, the password neither.

    Raises:
        SenderError: the name cannot be used or is taken by a role that is not ours; there is no such business.
    """
    role = _role(name)
    if not Business.objects.filter(pk=business).exists():
        raise SenderError(
            f"there is no business {business}", field="business", hint="letopis business list tells the businesses"
        )
    with _administrator() as conn, conn.cursor() as cur:
        QUERIES.run(cur, "lock")
        made, ours = _is_made(cur, role), _is_ours(cur, role)
        if made and not ours:
            raise SenderError(
                f"the server has a role {role} that this installation did not make",
                field="name",
                hint="choose another --name, or drop that role",
            )
        QUERIES.run(cur, "add_reader", role=role, business=business, now=clock.now())
        definition.tell(cur)
        return Granted(role, None) if made else _make(conn, role)


def revoke(name: str, business: UUID | None = None) -> str:
    """Cut a role off from a business, or from all; without a business left the login goes too.

    Gives what an administrator of the server must run, where our own user may not drop roles.

    Raises:
        SenderError: no such role was granted anything.
    """
    role = _role(name)
    with _administrator() as conn, conn.cursor() as cur:
        QUERIES.run(cur, "lock")
        if not _is_ours(cur, role):
            raise SenderError(f"nothing was granted to {role}", field="name", hint="letopis bi list tells the roles")
        QUERIES.run(cur, "drop_reader", role=role, business=business)
        if _is_ours(cur, role) or not _is_made(cur, role):
            return ""
        QUERIES.run(cur, "end_sessions", role=role)
        return _try(conn, [_filled("drop_role", role=sql.Identifier(role))])


def readers() -> list[Reader]:
    """All roles of BI tools, by name."""
    with _administrator() as conn, conn.cursor() as cur:
        rows = QUERIES.rows(cur, "readers")
    businesses: dict[tuple[str, bool], list[tuple[UUID, str]]] = {}
    for row in rows:
        businesses.setdefault((row["role"], row["made"]), []).append((row["business"], row["name"]))
    return [Reader(role, made, tuple(some)) for (role, made), some in businesses.items()]


def _make(conn: psycopg.Connection[Any], role: str) -> Granted:
    """Make the login; the server is told a verifier of the password, so that no log of it can hold the password."""
    password = ids.token()
    verifier = conn.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    name = sql.Identifier(role)
    told = dict(SETTINGS, **(SETTINGS_OF_SUPERUSER if settings.LETOPIS_EMBEDDED else {}))
    statements = [
        _filled("make_role", role=name, connections=sql.Literal(CONNECTIONS_MAX), verifier=sql.Literal(verifier)),
        *(
            _filled("set_role", role=name, setting=sql.Identifier(setting), value=sql.Literal(value))
            for setting, value in told.items()
        ),
        _filled("refuse_temporary_tables", database=sql.Identifier(conn.info.dbname)),
    ]
    return Granted(role, password, _try(conn, statements))


def _try(conn: psycopg.Connection[Any], statements: Iterable[sql.Composed]) -> str:
    """Run them all, or none and give their text for somebody who may."""
    statements = list(statements)
    try:
        with conn.transaction():
            for statement in statements:
                conn.execute(statement)
    except (errors.InsufficientPrivilege, errors.DependentObjectsStillExist):
        return "\n".join(f"{statement.as_string(conn)};" for statement in statements)
    return ""


def _filled(name: str, **parts: sql.Composable) -> sql.Composed:
    return sql.SQL(QUERIES[name]).format(**parts)


def _administrator() -> psycopg.Connection[Any]:
    """A session that may make roles: the superuser of our own server, the owner on a server of somebody's own."""
    if not settings.LETOPIS_EMBEDDED:
        return database.connect(role=None)
    url = EmbeddedServer(settings.LETOPIS_DATA).url(user=SUPERUSER)
    return psycopg.connect(database.session(url, None))


def _is_made(cur: Any, role: str) -> bool:
    row = ROLES.row(cur, "has_role", name=role)
    return bool(row and row["found"])


def _is_ours(cur: Any, role: str) -> bool:
    return bool(QUERIES.rows(cur, "businesses_of", role=role))


def _role(name: str) -> str:
    """Under a prefix, so that no name reaches a role of anybody else."""
    if not name or len(name) > NAME_CHARS_MAX or not set(name) <= LETTERS:
        raise SenderError(
            f"the name {name!r} cannot be used",
            field="name",
            hint=f"1 to {NAME_CHARS_MAX} of a-z, 0-9 and _, such as grafana",
        )
    return PREFIX + name
