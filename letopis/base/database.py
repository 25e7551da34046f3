"""Connections to PostgreSQL and the roles behind them.

Four roles, none a superuser in our hands:

- the owner (whoever `LETOPIS_DATABASE_URL` names): owns the tables, runs migrations and makes partitions;
- `letopis_app`: pages, readers, read API; row-level security holds it inside one business;
- `letopis_scribe`: the writer of the journal alone; may insert for every business and read nobody's words;
- `letopis_eraser`: what `letopis_app` is, inside the same wall, and besides takes content out of the journal.

`connect` starts a session in one of the last three by the `role` option, so the second wall stands from the first
statement on.
"""

from typing import Any

import psycopg
from django.conf import settings
from psycopg import conninfo, sql

from letopis.base.errors import OuterError, SenderError
from letopis.base.sql import Queries

APP = "letopis_app"
SCRIBE = "letopis_scribe"
ERASER = "letopis_eraser"
VERSION_MIN = 150000
GREW_CHANNEL = "letopis_grew"

# What an administrator runs once on a server where our own user may not make roles; those that are there are left out.
ROLES_SQL = {
    APP: "CREATE ROLE letopis_app NOLOGIN NOSUPERUSER NOBYPASSRLS;",
    SCRIBE: "CREATE ROLE letopis_scribe NOLOGIN NOSUPERUSER BYPASSRLS;",
    ERASER: "CREATE ROLE letopis_eraser NOLOGIN NOSUPERUSER NOBYPASSRLS IN ROLE letopis_app;",
}
GRANT_SQL = "GRANT letopis_app, letopis_scribe, letopis_eraser TO {owner};"

MUST_BE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "server_encoding": "UTF8"}

QUERIES = Queries("letopis.base")


def session(url: str, role: str | None) -> str:
    """The connection string for sessions in `role` (None: the owner)."""
    options = "-c timezone=UTC" if role is None else f"-c timezone=UTC -c role={role}"
    return conninfo.make_conninfo(url, options=options, application_name=f"letopis {role or 'owner'}")


def connect(role: str | None = APP, *, autocommit: bool = False) -> psycopg.Connection[Any]:
    """A new session; the caller closes it.

    Raises:
        OuterError: the server does not answer.
    """
    try:
        return psycopg.connect(session(settings.LETOPIS_DATABASE_URL, role), autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise OuterError("the database does not answer", hint=type(error).__name__) from error


async def aconnect(role: str | None = APP, *, autocommit: bool = False) -> psycopg.AsyncConnection[Any]:
    """`connect` for the event loop."""
    try:
        url = session(settings.LETOPIS_DATABASE_URL, role)
        return await psycopg.AsyncConnection.connect(url, autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise OuterError("the database does not answer", hint=type(error).__name__) from error


def prepare_cluster(superuser_url: str, owner: str, database: str) -> None:
    """On our own embedded server: make owner, roles and database; does nothing on repeat."""
    with psycopg.connect(superuser_url, autocommit=True) as conn, conn.cursor() as cur:
        QUERIES.run(cur, "lock_roles")
        if not _found(cur, "has_role", name=owner):
            cur.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER").format(sql.Identifier(owner)))
        _make_roles(cur, owner)
        if not _found(cur, "has_database", name=database):
            names = {"database": sql.Identifier(database), "owner": sql.Identifier(owner)}
            cur.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner} ENCODING 'UTF8'").format(**names))


def prepare(url: str) -> None:
    """Check server and roles, and let what the owner makes from now on be used by `letopis_app`.

    Raises:
        SenderError: the server is too old, keeps data unsafely, or lacks the roles; the remedy is the hint.
    """
    with psycopg.connect(session(url, None), autocommit=True) as conn, conn.cursor() as cur:
        _check_server(conn, cur)
        owner = conn.info.user
        if not _found(cur, "is_member_of_all"):
            try:
                QUERIES.run(cur, "lock_roles")
                _make_roles(cur, owner)
            except psycopg.errors.InsufficientPrivilege:
                raise SenderError(
                    f"the database user {owner!r} may not make the roles that Letopis needs",
                    field="LETOPIS_DATABASE_URL",
                    hint="let an administrator run:\n" + _roles_sql(cur, owner),
                ) from None
        for grant in ("grant_schema", "grant_tables", "grant_sequences"):
            QUERIES.run(cur, grant)


def _roles_sql(cur: psycopg.Cursor[Any], owner: str) -> str:
    missing = [statement for name, statement in ROLES_SQL.items() if not _found(cur, "has_role", name=name)]
    return "\n".join([*missing, GRANT_SQL.format(owner=owner)])


def _make_roles(cur: psycopg.Cursor[Any], owner: str) -> None:
    if not _found(cur, "has_role", name=APP):
        QUERIES.run(cur, "make_app")
    if not _found(cur, "has_role", name=SCRIBE):
        QUERIES.run(cur, "make_scribe")
    if not _found(cur, "has_role", name=ERASER):
        QUERIES.run(cur, "make_eraser")
    cur.execute(sql.SQL("GRANT letopis_app, letopis_scribe, letopis_eraser TO {}").format(sql.Identifier(owner)))


def _found(cur: psycopg.Cursor[Any], name: str, /, **params: str) -> bool:
    row = QUERIES.row(cur, name, **params)
    return bool(row and row["found"])


def _check_server(conn: psycopg.Connection[Any], cur: psycopg.Cursor[Any]) -> None:
    if conn.info.server_version < VERSION_MIN:
        raise SenderError(
            f"the PostgreSQL server is version {conn.info.server_version // 10000}",
            field="LETOPIS_DATABASE_URL",
            hint="Letopis needs version 15 or newer",
        )
    for name, wanted in MUST_BE.items():
        row = QUERIES.row(cur, "setting", name=name)
        if row is None or row["value"] != wanted:
            raise SenderError(
                f"the server runs with {name} = {row and row['value']}",
                field="LETOPIS_DATABASE_URL",
                hint=f"Letopis needs {name} = {wanted}: else an acknowledged event could be lost or garbled",
            )
