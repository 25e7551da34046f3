"""A frozen person is in no list, search, file or answer; the owner alone sees her, and figures stay."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.access.keys import create_key
from letopis.base import clock
from letopis.clients.blocks import BLOCKED
from letopis.intake.mapping import map_event
from letopis.intake.values import Context
from tests.metrics.equality_test import same_when_rebuilt
from tests.metrics.journal import MOSCOW, after, at, derived, read_all, write
from tests.subjects.conftest import Browser
from tests.subjects.erasure_test import persons_of
from tests.subjects.requests_test import opened, page, persons_in
from tests.subjects.retention_pages_test import words_of

Conn = psycopg.Connection[Any]
NAME = "Мария Канарейкина"


@pytest.fixture
def salon(business: UUID, app_connection: Conn) -> UUID:
    now = clock.now() - timedelta(hours=5)
    seat = {"id": "A1", "start": (clock.now() + timedelta(hours=20)).isoformat(), "service": "Аквагрим"}
    write(
        business,
        [
            at(now, "message_in", message="Есть окошко на аквагрим?", session_id="s1", name=NAME),
            at(now, "appointment_created", appointment=seat, session_id="s1", by="client"),
            at(now, "message_in", message="Это я же", client_id="wa_1", source="whatsapp", session_id="w1"),
            at(now, "message_in", message="Есть окошко?", client_id="tg_2", session_id="s2", name="Олег"),
        ],
    )
    read_all(app_connection, business)
    return business


def dialogue_of(conn: Conn, business: UUID, client: str) -> int:
    return next(
        row["dialogue_id"] for row in derived(conn, business)["dialogues_dialogue"] if row["client_id"] == client
    )


def test_frozen_person_is_shown_to_the_owner_alone(salon: UUID, browser: Browser, app_connection: Conn) -> None:
    manager, owner = browser("manager"), browser("owner")
    dialogue = dialogue_of(app_connection, salon, "tg_1")
    path = opened(manager, salon, [str(persons_of(app_connection, salon, "tg_1")[0])], asks="access")
    for where in ("dialogues", "dialogues?q=аквагрим", "visits", "", f"dialogues/{dialogue}"):
        assert NAME in words_of(page(manager, salon, where)) or where == "", f"{where}: she must be there first"
    before = derived(app_connection, salon)["metrics_cell"]
    assert page(manager, salon, f"{path}/freeze", x="1").status_code == 302
    for client in (manager, owner):
        for where in ("dialogues", "dialogues?q=аквагрим", "visits", "visits?format=csv", ""):
            answer = page(client, salon, where)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert NAME not in body.decode(), where
        assert "Олег" in words_of(page(client, salon, "dialogues"))
    assert page(manager, salon, f"dialogues/{dialogue}").status_code == 404
    assert NAME in words_of(page(owner, salon, f"dialogues/{dialogue}"))
    assert persons_in(page(manager, salon, "requests/find", words=NAME)) == []
    assert len(persons_in(page(owner, salon, "requests/find", words=NAME))) == 1
    shown = page(manager, salon, path)
    assert "Заморожено" in words_of(shown)
    assert "/export" not in shown.content.decode()
    assert page(manager, salon, f"{path}/free", x="1").status_code == 403
    rows = same_when_rebuilt(app_connection, salon)
    assert rows["metrics_cell"] == before, "figures stay"
    assert page(owner, salon, f"{path}/free", x="1").status_code == 302
    assert NAME in words_of(page(manager, salon, "dialogues"))
    assert same_when_rebuilt(app_connection, salon)["clients_block"] == []


def test_program_reads_nothing_of_a_frozen_person(salon: UUID, browser: Browser, app_connection: Conn) -> None:
    owner = browser("owner")
    dialogue = dialogue_of(app_connection, salon, "tg_1")
    _, key = create_key(salon, source="bi", scope="read")
    sent = {"authorization": f"Bearer {key}"}
    assert owner.get(f"/api/v1/dialogues/{dialogue}", headers=sent).status_code == 200
    path = opened(owner, salon, [str(persons_of(app_connection, salon, "tg_1")[0])], asks="access")
    page(owner, salon, f"{path}/freeze", x="1")
    assert owner.get(f"/api/v1/dialogues/{dialogue}", headers=sent).status_code == 404
    listed = owner.get("/api/v1/dialogues?from=2020-01-01&to=2030-01-01", headers=sent).content.decode()
    assert f'"id": {dialogue},' not in listed
    assert owner.get("/api/v1/visits?from=2020-01-01&to=2030-01-01", headers=sent).json().get("total", 0) == 0


def test_links_made_since_are_frozen_too(salon: UUID, browser: Browser, app_connection: Conn) -> None:
    owner, manager = browser("owner"), browser("manager")
    path = opened(owner, salon, [str(persons_of(app_connection, salon, "wa_1")[0])], asks="access")
    page(owner, salon, f"{path}/freeze", x="1")
    assert NAME in words_of(page(manager, salon, "dialogues"))
    write(salon, [after(0, "identity_link", other_client_id="wa_1")])
    read_all(app_connection, salon)
    assert NAME not in words_of(page(manager, salon, "dialogues"))


def test_no_sender_freezes_anybody(business: UUID) -> None:
    event = {"event": BLOCKED, "source": "letopis", "persons": [1]}
    assert isinstance(map_event(event, Context(business, "letopis", MOSCOW), b"{}"), list)
