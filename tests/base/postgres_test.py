"""The embedded server: started by whoever comes first, found by the others, back after kill -9."""

import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from letopis.base import database
from letopis.base.postgres import SOCKET_FOLDER_BYTES_MAX, SUPERUSER, EmbeddedServer


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        one = EmbeddedServer(Path(folder))
        one.ensure_running()
        yield one
        one.stop()


def ask(server: EmbeddedServer, statement: str) -> str:
    with psycopg.connect(server.url(user=SUPERUSER, database="postgres")) as conn:
        row = conn.execute(statement).fetchone()
    assert row is not None
    return str(row[0])


def test_second_start_finds_it_running(server: EmbeddedServer) -> None:
    assert server.ensure_running() is False
    assert server.is_alive()


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit", "data_checksums"])
def test_nothing_acknowledged_can_be_lost(server: EmbeddedServer, name: str) -> None:
    assert ask(server, f"SHOW {name}") == "on"


def test_no_network_port_is_open(server: EmbeddedServer) -> None:
    assert ask(server, "SHOW listen_addresses") == ""
    assert oct(server.home.stat().st_mode)[-3:] == "700"


def test_cyrillic_folds(server: EmbeddedServer) -> None:
    assert ask(server, "SELECT lower('ЩЁЛК') || ('Маникюр' ILIKE 'МАНИК%')") == "щёлкtrue"


def test_failed_statement_leaves_no_words_in_the_log(server: EmbeddedServer) -> None:
    with psycopg.connect(server.url(user=SUPERUSER, database="postgres")) as conn, pytest.raises(psycopg.DataError):
        conn.execute("SELECT '79000000123 Марина'::int")
    assert "79000000123" not in (server.home / "server.log").read_text()


def test_killed_server_comes_back_with_its_data(server: EmbeddedServer) -> None:
    with psycopg.connect(server.url(user=SUPERUSER, database="postgres")) as conn:
        conn.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    pid = int((server.cluster / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    while server.is_alive():
        pass
    assert server.ensure_running() is True
    assert ask(server, "SELECT answer FROM kept") == "42"


def test_two_starts_at_once_make_one_server(server: EmbeddedServer) -> None:
    server.stop()
    started: list[bool] = []
    both = [threading.Thread(target=lambda: started.append(server.ensure_running())) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(started) == [False, True]


def test_cluster_is_prepared_twice_without_harm(server: EmbeddedServer) -> None:
    server.ensure_running()
    for _ in range(2):
        database.prepare_cluster(server.url(user=SUPERUSER, database="postgres"), "letopis", "letopis")
        database.prepare(server.url())
    with psycopg.connect(database.session(server.url(), database.APP)) as conn:
        row = conn.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert row == ("letopis_app", False, False)


def test_long_data_folder_still_gets_a_socket() -> None:
    server = EmbeddedServer(Path("/srv", *["очень-длинное-имя"] * 6))
    assert len(os.fsencode(server.socket_folder)) <= SOCKET_FOLDER_BYTES_MAX
