"""The read API of dialogues and visits, asked as a program asks it."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client

from letopis.access.keys import create_key
from letopis.access.models import Look
from letopis.access.wall import enter
from tests import cast


def _get(business: UUID, path: str, status: int = 200, scope: str = "read") -> Any:
    _row, key = create_key(business, "reports", scope)
    client = Client(SERVER_NAME="localhost", headers={"authorization": f"Bearer {key}"})
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_list_tells_outcomes(salon: UUID) -> None:
    told = _get(salon, "/dialogues")
    assert told["total"] == len(told["items"]) == 3
    assert told["next"] is None
    by_session = {one["session_id"]: one for one in told["items"]}
    assert by_session[cast.IRINA_SESSION]["outcome"] == "booked"
    assert by_session[cast.MARINA_SESSION]["state"] == "lost"
    assert by_session[cast.MARINA_SESSION]["cost"] == "0.17000"


def test_cursor_gives_every_dialogue_once(business: UUID) -> None:
    cast.play(business, cast.crowd(23))
    seen: list[int] = []
    after = ""
    while True:
        told = _get(business, f"/dialogues?limit=10&after={after}")
        seen += [one["id"] for one in told["items"]]
        if told["next"] is None:
            break
        after = told["next"].replace("+", "%2B")
    assert len(seen) == len(set(seen)) == told["total"] == 23


def test_one_dialogue_has_messages_and_steps(salon: UUID) -> None:
    number = _get(salon, f"/dialogues?q={cast.MARINA_SESSION}")["items"][0]["id"]
    told = _get(salon, f"/dialogues/{number}")
    assert [one["role"] for one in told["messages"]][:3] == ["client", "assistant", "client"]
    assert told["messages"][2]["text"] == "15:00 подойдёт"
    failed = next(one for one in told["steps"] if one["failed"])
    assert (failed["type"], failed["reason"], failed["latency_ms"]) == ("tool_call", "409 Conflict: slot_taken", 1100)
    assert told["broke_at"] is not None
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, salon)
        look = Look.objects.get(business_id=salon, subject_kind="dialogue")
    assert (look.subject_id, look.person_id) == (str(number), None)
    assert look.key_id is not None


@pytest.mark.parametrize("path", ["/dialogues?limit=101", "/dialogues?from=yesterday", "/appointments?limit=0"])
def test_wrong_value_is_named(salon: UUID, path: str) -> None:
    assert _get(salon, path, 400)["errors"][0]["field"] in path


def test_key_opens_its_own_business_only(salon: UUID, stranger_business: UUID) -> None:
    number = _get(salon, "/dialogues")["items"][0]["id"]
    assert _get(stranger_business, "/dialogues")["items"] == []
    _get(stranger_business, f"/dialogues/{number}", 404)
    _get(salon, "/dialogues", 403, scope="send")


def test_appointments_are_told(salon: UUID) -> None:
    told = _get(salon, "/appointments?state=arrived")
    [visit] = told["items"]
    assert (visit["appointment_id"], visit["price"], visit["resource"]) == ("A-1", "2400.00", "Аня")
