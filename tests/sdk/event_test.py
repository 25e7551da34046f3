"""One event: what of its arguments travels, and what a wrong argument costs."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from letopis_sdk.event import build

NOW = datetime(2026, 3, 2, 15, 4, 5, 678901, tzinfo=timezone(timedelta(hours=3)))


def made(kind: object = "message_in", bytes_max: int = 1_000_000, **fields: object) -> tuple[dict[str, Any], set[str]]:
    built = build(kind, fields, source="telegram", now=NOW, bytes_max=bytes_max)
    return (json.loads(built.body) if built.body is not None else {}), set(built.wrong)


class Colour(Enum):
    RED = "red"


def test_time_of_the_call_has_its_offset() -> None:
    assert made()[0]["timestamp"] == "2026-03-02T15:04:05.678901+03:00"


def test_given_time_goes_before() -> None:
    assert made(timestamp=datetime(2026, 1, 1, tzinfo=UTC))[0]["timestamp"] == "2026-01-01T00:00:00+00:00"
    assert made(timestamp="2026-01-01T10:00:00+03:00")[0]["timestamp"] == "2026-01-01T10:00:00+03:00"
    naive = datetime.fromisoformat("2026-01-01T10:00:00")
    assert made(timestamp=naive)[0]["timestamp"] == naive.astimezone().isoformat()


def test_numbers_of_messengers_become_texts() -> None:
    event, wrong = made(client_id=12345678, session_id=UUID(int=1), message_id=7)
    assert (event["client_id"], event["message_id"]) == ("12345678", "7")
    assert event["session_id"] == "00000000-0000-0000-0000-000000000001"
    assert not wrong


def test_every_event_has_one_key() -> None:
    assert made("model_call", client_id=1, message_id=2)[0]["dedup_key"] != made("model_call")[0]["dedup_key"]
    assert made(dedup_key="mine")[0]["dedup_key"] == "mine"


def test_message_with_its_own_id_needs_no_other_key() -> None:
    assert "dedup_key" not in made(client_id="tg_1", message_id=5)[0]
    assert "dedup_key" in made(message_id=5)[0]  # without a client the number means nothing


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", ["list"]),
        ("client_id", True),
        ("level", "LOUD"),
        ("intent_confidence", "high"),
        ("cost", float("nan")),
        ("tokens_in", True),
        ("test", "yes"),
        ("crm", "D-1"),
        ("timestamp", 5.0),
        ("attributes", {"socket": object()}),
        ("appointment", {"price": float("inf")}),
        ("anything", object()),
    ],
)
def test_wrong_field_is_left_out_and_named(name: str, value: object) -> None:
    event, wrong = made("message_in", 1_000_000, message="Добрый день", **{name: value})
    assert wrong == {name}
    assert event["message"] == "Добрый день"
    assert event.get(name) in (None, "2026-03-02T15:04:05.678901+03:00")


def test_endless_attributes_are_left_out() -> None:
    endless: dict[str, object] = {}
    endless["self"] = endless
    assert made(attributes=endless)[1] == {"attributes"}


@pytest.mark.parametrize("kind", ["", "  ", None, 7])
def test_event_without_a_kind_is_none(kind: object) -> None:
    assert made(kind) == ({}, {"event"})


def test_too_large_event_is_not_taken() -> None:
    assert made(message="x" * 2_000, bytes_max=1_000) == ({}, {"size"})


def test_levels_of_logging_are_understood() -> None:
    assert [made(level=level)[0]["level"] for level in ("warning", "CRITICAL", "debug")] == ["WARN", "ERROR", "DEBUG"]


def test_values_of_python_become_json() -> None:
    event, wrong = made(
        "appointment_created",
        appointment={"id": 5, "start": NOW, "price": Decimal("2500.50"), "day": date(2026, 3, 2)},
        cost=Decimal("0.35"),
        intent=Colour.RED,
        attributes={"colour": Colour.RED, "tags": {"a"}},
        valid_from=date(2026, 3, 1),
        campaign=None,
    )
    assert not wrong
    assert event["appointment"] == {
        "id": 5,
        "start": "2026-03-02T15:04:05.678901+03:00",
        "price": 2500.5,
        "day": "2026-03-02",
    }
    assert (event["cost"], event["intent"], event["valid_from"]) == (0.35, "red", "2026-03-01")
    assert event["attributes"] == {"colour": "red", "tags": ["a"]}
    assert "campaign" not in event


def test_unknown_field_travels_as_it_is() -> None:
    assert made(loyalty_card="gold")[0]["loyalty_card"] == "gold"


def test_halved_emoji_does_not_break_the_event() -> None:
    assert made(message="Спасибо \ud83d")[0]["message"] == "Спасибо \ufffd"
    assert made(message="Спасибо \ud83d\udc4d")[0]["message"] == "Спасибо 👍"


def test_later_change_of_an_argument_changes_nothing() -> None:
    attributes = {"n": 1}
    built = build("x", {"attributes": attributes}, source=None, now=NOW, bytes_max=1_000)
    attributes["n"] = 2
    assert built.body is not None
    assert json.loads(built.body)["attributes"] == {"n": 1}
