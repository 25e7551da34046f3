"""The client as a developer meets it: bound dialogues, timed calls, warnings, silence about secrets."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import Any

import pytest
from letopis_sdk import Letopis, LetopisHandler, Limits, Notice

from tests.sdk.conftest import KEY, Connect, codes
from tests.sdk.standin import Event, Reply, StandIn

TEXT = "Запишите меня, Анна, +7 900 000-00-01"


def by_kind(server: StandIn) -> dict[str, Event]:
    return {event["event"]: event for event in server.stored.values()}


def test_dialogue_says_its_ids_once(server: StandIn, connect: Connect) -> None:
    letopis = connect()
    dialogue = letopis.dialogue("tg_1", "s1", scenario="booking", version="7")
    dialogue.message_in("Хочу на маникюр", message_id=11)
    dialogue.intent_detected(intent="book_appointment", intent_confidence=0.92)
    dialogue.appointment_created(appointment={"id": "A1", "service": "Маникюр"})
    dialogue.message_out("Записала", role="human", scenario=None)
    assert letopis.flush(5)
    events = by_kind(server)
    assert set(events) == {"message_in", "intent_detected", "appointment_created", "message_out"}
    assert {(event["client_id"], event["session_id"], event["version"]) for event in events.values()} == {
        ("tg_1", "s1", "7")
    }
    assert events["message_out"]["role"] == "human"
    assert "scenario" not in events["message_out"]


def test_model_call_is_measured(server: StandIn, connect: Connect) -> None:
    letopis = connect()
    with letopis.dialogue("tg_1", "s1").model_call(model="gpt") as call:
        call.set(tokens_in=10, tokens_out=20, cost=0.05)
    assert letopis.flush(5)
    event = by_kind(server)["model_call"]
    assert isinstance(event["latency_ms"], int)
    assert 0 <= event["latency_ms"] < 1000
    assert (event["model"], event["result"], event["tokens_in"], event["cost"]) == ("gpt", "ok", 10, 0.05)
    assert "level" not in event


def test_failed_call_is_an_error_without_its_text(server: StandIn, connect: Connect) -> None:
    letopis = connect()
    with pytest.raises(ValueError, match=r"\+7 900"), letopis.tool_call(tool="slots", client_id="tg_1"):
        raise ValueError(TEXT)
    with letopis.model_call(model="gpt") as call:
        call.fail("empty_answer")
    assert letopis.flush(5)
    tool, model = by_kind(server)["tool_call"], by_kind(server)["model_call"]
    assert (tool["level"], tool["result"], tool["reason"]) == ("ERROR", "error", "ValueError")
    assert TEXT not in str(tool)
    assert (model["level"], model["result"], model["reason"]) == ("ERROR", "error", "empty_answer")


def test_cancelled_call_is_no_error(server: StandIn, connect: Connect) -> None:
    letopis = connect()

    async def ask() -> None:
        with letopis.model_call(model="gpt"):
            await asyncio.sleep(30)

    async def main() -> None:
        task = asyncio.create_task(ask())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(letopis.flush, 5)

    asyncio.run(main())
    event = by_kind(server)["model_call"]
    assert (event["level"], event["result"]) == ("WARN", "cancelled")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (None, KEY),
        ("", KEY),
        ("letopis.example", KEY),
        ("ftp://letopis.example", KEY),
        ("https://user:pass@letopis.example", KEY),
        ("https://letopis.example:port", KEY),
        ("https://letopis.example", None),
        ("https://letopis.example", "  "),
        ("https://letopis.example", "lt_\nInjected: 1"),
    ],
)
def test_wrong_address_or_key_switches_off(url: Any, key: Any, tmp_path: Path) -> None:
    told: list[Notice] = []
    letopis = Letopis(url, key=key, spool=tmp_path, on_warning=told.append)
    letopis.message_in("Привет", client_id="tg_1")
    with letopis.model_call(model="gpt"):
        pass
    assert letopis.flush()
    assert letopis.close()
    assert codes(told) == {"off"}
    assert letopis.stats().dropped == 2
    assert not list(tmp_path.iterdir())
    assert "pass" not in told[0].message
    assert "Injected" not in told[0].message


def test_open_road_is_pointed_out(tmp_path: Path) -> None:
    told: list[Notice] = []
    Letopis("http://letopis.invalid", key=KEY, spool=tmp_path, on_warning=told.append).close(timeout=0)
    assert codes(told) == {"open_road"}


def test_wrong_limit_is_a_mistake_in_code() -> None:
    with pytest.raises(ValueError, match="batch_events_max"):
        Limits(batch_events_max=0)


def test_wrong_arguments_warn_by_name_only(server: StandIn, connect: Connect, notices: list[Notice]) -> None:
    letopis = connect()
    wrong: Any = letopis
    wrong.message_in(message=TEXT, phone=["+79000000001"])
    wrong.event("error", **{TEXT: object()})
    wrong.event(None)
    assert letopis.flush(5)
    assert codes(notices) == {
        "wrong_field:phone",
        "missing_field:message_in",
        "wrong_field:?",
        "wrong_field:event",
    }
    assert not any("900" in notice.message for notice in notices)
    assert server.messages == [TEXT, ""]
    assert letopis.stats().dropped == 1


def test_broken_callback_breaks_nothing(server: StandIn, spool: Path, caplog: pytest.LogCaptureFixture) -> None:
    def broken(notice: Notice) -> None:
        raise RuntimeError(TEXT)

    with Letopis(server.url, key=KEY, spool=spool, on_warning=broken) as letopis:
        letopis.message_in(TEXT)
    assert server.messages == [TEXT]
    assert "RuntimeError" in caplog.text
    assert TEXT not in caplog.text


def test_same_warning_is_told_once_a_pause(server: StandIn, connect: Connect, notices: list[Notice]) -> None:
    letopis = connect(notice_pause_s=0.2)
    for _ in range(5):
        letopis.message_in("Привет")
    assert [notice.held_back for notice in notices] == [0]
    time.sleep(0.2)
    letopis.message_in("Привет")
    assert [notice.held_back for notice in notices] == [0, 4]


def test_no_secret_and_no_text_in_the_log(
    server: StandIn, connect: Connect, spool: Path, notices: list[Notice], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {"results": [{"outcome": "rejected", "field": TEXT, "detail": TEXT}]}
    server.replies = [
        Reply(503, body=TEXT),
        Reply(401, body={"detail": TEXT}),
        Reply(404, body=TEXT, content_type="text/html"),
        Reply(cut=True, store=False),
        Reply(400, body=echo),
    ]
    letopis = connect()
    wrong: Any = letopis
    wrong.event(TEXT, client_id="tg_1", message=TEXT, phone=["+79000000001"])
    assert letopis.flush(5)
    letopis.close()
    letopis.message_in(TEXT)
    said = caplog.text + "".join(map(str, notices)) + repr(letopis)
    assert {"rejected", "away", "key_refused", "not_letopis", "closed"} <= codes(notices)
    for secret in (KEY, KEY.split("_")[2], TEXT, "Анна", "900"):
        assert secret not in said
    for path in spool.rglob("*"):
        assert KEY not in str(path)


def test_errors_of_the_log_become_events(server: StandIn, connect: Connect) -> None:
    letopis = connect()
    log = logging.getLogger("assistant.booking")
    quiet, full = LetopisHandler(letopis), LetopisHandler(letopis, logging.CRITICAL, with_text=True)
    log.addHandler(quiet)
    try:
        log.warning("below")
        try:
            raise KeyError(TEXT)
        except KeyError:
            log.exception("booking failed for %s", TEXT)
        assert letopis.flush(5)
        (event,) = server.stored.values()
        assert (event["event"], event["level"], event["reason"]) == ("error", "ERROR", "KeyError")
        assert event["attributes"]["logger"] == "assistant.booking"
        assert TEXT not in str(event)
        log.removeHandler(quiet)
        log.addHandler(full)
        log.critical("stopped: %s", "no model")
        logging.getLogger("letopis_sdk").critical("not for me")
        assert letopis.flush(5)
        assert server.messages[1] == "stopped: no model"
        assert len(server.stored) == 2
    finally:
        log.removeHandler(quiet)
        log.removeHandler(full)
