"""A BI login reads its businesses and nothing else, whatever it says to the server."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import typer
from django.conf import settings
from typer.testing import CliRunner

from letopis.base import database as roles
from letopis.base.errors import SenderError
from letopis.metrics.bi import commands, readers
from letopis.metrics.bi.readers import CONNECTIONS_MAX, PREFIX
from tests.metrics.bi.conftest import SECRET, Grant, Tool
from tests.metrics.conftest import Salon

Conn = psycopg.Connection[Any]
VIEWS = ("business", "metric_day", "lead", "visit", "change_mark", "goal", "campaign_cost", "month")
BASE_TABLES = (
    "public.metrics_cell",
    "public.metrics_lead",
    "public.metrics_mark",
    "public.metrics_goal",
    "public.metrics_cost",
    "public.metrics_frozen",
    "public.appointments_slot",
    "public.access_business",
    "public.access_person",
    "public.access_apikey",
    "public.clients_identity",
    "public.journal_entry",
    "public.journal_content",
    "bi.reader",
    "bi.definition",
    "pg_catalog.pg_authid",
    "pg_catalog.pg_statistic",
)
WRITABLE = "SET default_transaction_read_only = off"
REFUSALS = (
    "permission denied",
    "must be owner",
    "must be superuser",
    "cannot update view",
    "cannot delete from view",
    "is not available",
)


def businesses(tool: Tool, *before: str, view: str = "lead") -> set[str]:
    return {row["business"] for row in tool.rows(*before, f"SELECT DISTINCT business FROM bi.{view}")}


def test_own_business_is_read(tool: Tool, salon: Salon) -> None:
    for view in ("business", "metric_day", "lead", "visit"):
        assert businesses(tool, view=view) == {str(salon.business)}


def test_settings_of_a_session_open_nothing(tool: Tool, salon: Salon, told_stranger: Salon) -> None:
    """The wall of the tables trusts `app.business`, which any session may set; the views do not."""
    for words in (f"SET app.business = '{told_stranger.business}'", f"SET app.business = '{salon.business}'"):
        for view in VIEWS:
            assert businesses(tool, words, view=view) <= {str(salon.business)}
    assert businesses(tool, "SET search_path = public, bi") == {str(salon.business)}


def test_role_of_another_tool_opens_nothing(
    grant: Grant, tool: Tool, salon: Salon, told_stranger: Salon, owner_connection: Conn
) -> None:
    """An administrator who has made one login a member of another changes nothing: who signed in is asked."""
    other = grant(told_stranger.business)
    owner_connection.execute(f'GRANT "{PREFIX}{other.name}" TO "{PREFIX}{tool.name}"'.encode())
    assert businesses(tool, f'SET ROLE "{PREFIX}{other.name}"') == {str(salon.business)}


@pytest.mark.parametrize(
    "words",
    [
        "SET ROLE letopis",
        "SET ROLE letopis_app",
        "SET ROLE letopis_scribe",
        "SET SESSION AUTHORIZATION letopis",
        "SET SESSION AUTHORIZATION postgres",
        "SET ROLE postgres",
    ],
)
def test_nobody_else_can_be_become(tool: Tool, words: str) -> None:
    assert "permission denied" in tool.refusal(words)


def test_turning_row_security_off_is_an_error(tool: Tool) -> None:
    assert "row-level security" in tool.refusal("SET row_security = off", "TABLE bi.lead")


def test_conditions_see_no_row_of_others(tool: Tool) -> None:
    """A condition that fails on a foreign row would tell that there is one, so it is asked after the filter, whatever
    plan the session forces.
    """
    forced = [f"SET enable_{way} = off" for way in ("indexscan", "indexonlyscan", "bitmapscan", "nestloop")]
    for view, column in (("lead", "campaign"), ("visit", "campaign"), ("metric_day", "member")):
        for before in ([], forced):
            query = f"SELECT count(*) AS n FROM bi.{view} WHERE 1 / ({column} <> '{SECRET}')::int > 0"
            [row] = tool.rows(*before, query)
            assert int(row["n"]), view


@pytest.mark.parametrize("table", BASE_TABLES)
def test_no_table_can_be_read(tool: Tool, table: str) -> None:
    assert "permission denied" in tool.refusal(f"SELECT FROM {table}")


@pytest.mark.parametrize(
    "words",
    [
        "INSERT INTO bi.reader VALUES (session_user, gen_random_uuid(), now())",
        "UPDATE bi.reader SET role = session_user",
        "DELETE FROM bi.reader",
        "UPDATE bi.lead SET excluded = 'spam'",
        "DELETE FROM bi.metric_day",
        "INSERT INTO bi.metric (metric) VALUES ('M99')",
        "TRUNCATE bi.definition",
        "DROP VIEW bi.lead",
        "ALTER VIEW bi.lead SET (security_barrier = off)",
        "CREATE OR REPLACE VIEW bi.lead AS SELECT 1 AS a",
        "CREATE TABLE bi.mine (a int)",
        "CREATE TABLE public.mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "CREATE FUNCTION pg_temp.leak(text) RETURNS bool LANGUAGE sql COST 0.0001 AS 'SELECT true'",
        "CREATE FUNCTION bi.leak(text) RETURNS bool LANGUAGE sql COST 0.0001 AS 'SELECT true'",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION dblink",
        "CREATE ROLE mine",
        "CREATE POLICY mine ON public.metrics_cell USING (true)",
        "GRANT SELECT ON bi.reader TO PUBLIC",
        "ALTER TABLE public.metrics_cell NO FORCE ROW LEVEL SECURITY",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_ls_dir('/')",
        "SELECT lo_import('/etc/passwd')",
        "COPY bi.lead TO '/tmp/leads'",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "COPY bi.reader FROM STDIN",
        "SET temp_file_limit = -1",
    ],
)
def test_nothing_can_be_written_or_taken_from_the_machine(tool: Tool, words: str) -> None:
    """Even where the session gives up being read-only, which is only its default."""
    said = tool.refusal(WRITABLE, words)
    assert any(reason in said for reason in REFUSALS), said


def test_sessions_are_read_only_and_bounded(tool: Tool) -> None:
    assert "read-only transaction" in tool.refusal("CREATE TABLE bi.mine (a int)")
    for setting, value in readers.SETTINGS.items():
        [row] = tool.rows(f"SELECT current_setting('{setting}') AS value")
        assert row["value"] in (value, "1min"), setting
    sessions = [psycopg.connect(tool.url) for _ in range(CONNECTIONS_MAX)]
    with pytest.raises(psycopg.OperationalError, match="too many connections"):
        psycopg.connect(tool.url)
    for session in sessions:
        session.close()


def test_owner_stays_behind_the_wall_in_sessions_of_its_own(tool: Tool) -> None:
    with roles.connect(role=None) as owner:
        assert owner.execute("SELECT count(*) FROM metrics_lead").fetchone() == (0,)
        assert owner.execute("SELECT count(*) FROM bi.lead").fetchone() == (0,)


def test_pages_role_sees_nothing_through_the_views(tool: Tool, app_connection: Conn) -> None:
    assert app_connection.execute("SELECT count(*) FROM bi.lead").fetchone() == (0,)


def rows_left(session: Conn) -> int:
    """What an open session still reads; on a server of one's own it may outlive its login."""
    try:
        row = session.execute("SELECT count(*) FROM bi.lead").fetchone()
    except psycopg.Error:
        return 0
    return int(row[0]) if row else 0


def test_revoke_cuts_open_sessions_off_and_lets_none_in(grant: Grant, salon: Salon) -> None:
    tool = grant(salon.business)
    with psycopg.connect(tool.url, autocommit=True) as session:
        assert session.execute("SELECT count(*) > 0 FROM bi.lead").fetchone() == (True,)
        assert readers.revoke(tool.name) == ""
        assert rows_left(session) == 0
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(tool.url)
    assert PREFIX + tool.name not in {reader.role for reader in readers.readers()}
    with pytest.raises(SenderError, match="nothing was granted"):
        readers.revoke(tool.name)


def test_grant_twice_changes_nothing(tool: Tool, salon: Salon) -> None:
    again = readers.grant(salon.business, tool.name)
    assert (again.password, again.administrator) == (None, "")
    assert businesses(tool) == {str(salon.business)}


def test_one_login_reads_several_businesses(grant: Grant, salon: Salon, told_stranger: Salon) -> None:
    tool = grant(salon.business, told_stranger.business)
    assert businesses(tool) == {str(salon.business), str(told_stranger.business)}
    [reader] = [one for one in readers.readers() if one.role == PREFIX + tool.name]
    assert [business for business, _ in reader.businesses] == [salon.business, told_stranger.business]
    readers.revoke(tool.name, salon.business)
    assert businesses(tool) == {str(told_stranger.business)}


@pytest.mark.parametrize("name", ["", "Grafana", "bi tool", 'x"; DROP ROLE letopis; --', "я", "x" * 41, "a\0b"])
def test_names_that_cannot_be_a_role_are_refused(salon: Salon, name: str) -> None:
    with pytest.raises(SenderError, match="cannot be used"):
        readers.grant(salon.business, name)


def test_role_of_somebody_else_is_left_alone(salon: Salon, owner_connection: Conn) -> None:
    name = f"other_{uuid4().hex[:8]}"
    owner_connection.execute(f"CREATE ROLE {PREFIX}{name}".encode())
    try:
        with pytest.raises(SenderError, match="did not make"):
            readers.grant(salon.business, name)
    finally:
        owner_connection.execute(f"DROP ROLE {PREFIX}{name}".encode())


def test_unknown_business_is_named(database: None) -> None:
    with pytest.raises(SenderError, match="no business"):
        readers.grant(uuid4(), "grafana")


@pytest.mark.skipif(not settings.LETOPIS_EMBEDDED, reason="only a superuser may look at it")
def test_server_keeps_a_verifier_of_the_password(tool: Tool, owner_connection: Conn) -> None:
    row = owner_connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [PREFIX + tool.name])
    [verifier] = row.fetchone() or [""]
    assert verifier.startswith("SCRAM-SHA-256$")


@pytest.mark.skipif(not settings.LETOPIS_EMBEDDED, reason="on a server of one's own the owner may make roles or not")
def test_administrator_makes_the_role_where_the_owner_may_not(
    salon: Salon, owner_connection: Conn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password that was printed is good once the statements have been run; so it is with the dropping."""
    monkeypatch.setattr(settings, "LETOPIS_EMBEDDED", False)
    name = f"asked_{uuid4().hex[:8]}"
    granted = readers.grant(salon.business, name)
    assert granted.password
    assert granted.password not in granted.administrator
    assert not next(one for one in readers.readers() if one.role == granted.role).made
    owner_connection.execute(granted.administrator.encode())
    tool = Tool(name, granted.password)
    assert businesses(tool) == {str(salon.business)}
    dropped = readers.revoke(name)
    assert businesses(tool) == set()
    owner_connection.execute(dropped.encode())
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(tool.url)


@pytest.fixture
def named(salon: Salon) -> Iterator[str]:
    name = f"cli_{uuid4().hex[:8]}"
    yield name
    if any(reader.role == PREFIX + name for reader in readers.readers()):
        readers.revoke(name)


def test_commands_grant_list_and_revoke(salon: Salon, named: str) -> None:
    app = typer.Typer()
    commands.register(app)

    def told(*arguments: str) -> Any:
        done = CliRunner().invoke(app, ["bi", *arguments, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    business: UUID = salon.business
    granted = told("grant", "--business", str(business), "--name", named)
    assert granted["role"] == PREFIX + named
    assert businesses(Tool(named, granted["password"])) == {str(business)}
    [reader] = [one for one in told("list")["readers"] if one["role"] == granted["role"]]
    assert reader == {
        "role": granted["role"],
        "made": True,
        "businesses": [{"id": str(business), "name": "Студия «Лада»"}],
    }
    said = CliRunner().invoke(app, ["bi", "grant", "--business", str(business), "--name", named]).output
    assert granted["role"] in said
    assert "password" not in said
    assert told("revoke", "--name", named)["administrator"] == ""
    assert granted["role"] not in {one["role"] for one in told("list")["readers"]}
