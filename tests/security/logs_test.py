"""Nobody's words, numbers, keys or passwords stand in a log, whatever goes wrong on the way."""

import json
import logging
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any
from uuid import UUID

import psycopg
import pytest
import structlog

from letopis import worker
from letopis.access.keys import create_key
from letopis.access.models import Scope
from letopis.access.rules import Visitor, ruled
from letopis.app import logs
from letopis.base import database
from tests import cast as world
from tests.access.conftest import PASSWORD, Cast
from tests.access.routes_test import address
from tests.security.conftest import Outside, Program

# What may stand in no log: of the told world, and of the tests' own secrets.
WORDS = (
    "Марина", "Ирина", "маникюр", "педикюр", "Светлане", "простите за ожидание", "Сколько стоит",
    "9201231408", "920 123", "920) 123", world.MARINA, world.IRINA, world.OLYA, "very-secret", "onerror", PASSWORD,
)  # fmt: skip


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """All that this process logs, as a program of ours would write it, its own logging set up anew."""
    told = StringIO()
    monkeypatch.setattr(logs.sys, "stderr", told)
    before = logging.root.handlers[:], logging.root.level, structlog.get_config()
    logs.speak(logging.DEBUG)
    structlog.configure(cache_logger_on_first_use=False, logger_factory=structlog.PrintLoggerFactory(told))
    yield told
    logging.root.handlers[:], logging.root.level = before[0], before[1]
    structlog.configure(**before[2])


def leaked(text: str, *secrets: str) -> list[str]:
    return [word for word in (*WORDS, *secrets) if word.casefold() in text.casefold()]


def test_hostile_world_leaves_no_word_in_the_log(cast: Cast, written: StringIO) -> None:
    world.play(cast.business, world.marina(), world.irina(), world.olya(), world.hostile())
    for visitor in (Visitor.OWNER, Visitor.MANAGER, Visitor.STRANGER):
        browser = cast.browser(visitor)
        browser.raise_request_exception = False
        for route in ruled():
            for method in route.methods:
                url = address(route, cast.business)
                browser.generic(method, f"{url}?q=Марина&name=8 (920) 123-14-08&before=маникюр", "message=маникюр")
    assert leaked(written.getvalue()) == []


def test_worker_that_fails_tells_no_word(business: UUID, written: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that quotes what it stumbled over is the worst case: only its kind and its places are written."""

    def stumble(*_: Any) -> int:
        told = "Марина, +79201231408, маникюр"
        raise ValueError(f"cannot read {told}")

    one = worker.Worker()
    with database.connect() as conn:
        one._guarded(conn, business, stumble)
    assert "reader_stopped" in written.getvalue()
    assert "ValueError" in written.getvalue()
    assert leaked(written.getvalue()) == []


def test_page_that_fails_tells_no_word(cast: Cast, written: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("letopis.dialogues.pages.listing.some", _stumble)
    browser = cast.browser(Visitor.OWNER)
    browser.raise_request_exception = False
    answer = browser.get(f"/b/{cast.business}/dialogues?q=маникюр")
    assert answer.status_code == 500
    assert leaked(answer.content.decode()) == []
    assert leaked(written.getvalue()) == []
    assert "ValueError" in written.getvalue(), "what went wrong must be found again"


def _stumble(*_: Any, **__: Any) -> Any:
    told = "Марина, +79201231408, маникюр"
    raise ValueError(f"cannot show {told}")


def test_program_writes_no_key_and_no_word(program: Program, outside: Outside) -> None:
    """The real program, its doors and pages, with keys in headers and in addresses."""
    began = len(program.log.read_bytes())
    key = {"Authorization": f"Bearer {outside.send_key}"}
    events = [*world.marina(), *world.hostile(), {"event": "message_in", "timestamp": "Марина", "message": "маникюр"}]
    outside.owner.post("/v1/events", json=events, headers=key)
    outside.owner.post(
        "/v1/events", content=b'{"message": "\xd0\x9c\xd0\xb0\xd1\x80\xd0\xb8\xd0\xbd\xd0\xb0', headers=key
    )
    outside.owner.post(f"/in/{outside.send_key}", json=world.olya())
    outside.owner.post(f"/in/{outside.send_key}x", json=world.olya())
    outside.owner.get(
        f"/api/v1/dialogues?q={world.IRINA_PHONE}", headers={"Authorization": f"Bearer {outside.read_key}"}
    )
    outside.owner.post("/login", data={"login": "Марина@lada.example", "password": PASSWORD})
    outside.owner.get("/b/маникюр/dialogues?q=%00")
    text = program.log.read_bytes()[began:].decode()
    keys = [one.split("_", 2)[2] for one in (outside.send_key, outside.read_key)]
    assert leaked(text, *keys, "lada.example", outside.owner.cookies.get("letopis_session") or "—") == []


def test_records_are_lines_of_json_that_nobody_can_forge(written: StringIO) -> None:
    """A line break inside of a value starts no line of its own."""
    structlog.get_logger().warning("refused", name='a\n{"level": "error", "action": "forged"}', bidi="\u202e\x1b[2J")
    [line] = written.getvalue().splitlines()
    told = json.loads(line)
    assert told["action"] == "refused"
    assert told["level"] == "warning"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", told["timestamp"]), "in UTC"
    assert "\x1b" not in line


def test_keys_and_passwords_never_come_into_a_traceback(business: UUID, written: StringIO) -> None:
    _, key = create_key(business, "бот", Scope.SEND)
    try:
        _fail_with(key)
    except ValueError as error:
        structlog.get_logger().error("failed", exc_info=error)
    assert key not in written.getvalue()


def _fail_with(key: str) -> None:
    raise ValueError(f"no such key {key}")


def test_error_of_the_database_tells_its_code_and_not_the_row(business: UUID, written: StringIO) -> None:
    with database.connect() as conn:
        try:
            conn.execute("SELECT %s::int", ["Марина"])
        except psycopg.Error:
            structlog.get_logger().error("failed", exc_info=True)
            logging.getLogger("library").exception("failed")
    assert leaked(written.getvalue()) == []
    assert written.getvalue().count("22P02") == 2


def test_record_of_a_library_is_one_line(written: StringIO) -> None:
    logging.getLogger("library").error("first\nsecond %s", "third\r\n\x1b[2J")
    assert len(written.getvalue().splitlines()) == 1
    assert "\x1b" not in written.getvalue()
