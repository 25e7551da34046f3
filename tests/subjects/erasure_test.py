"""Erasing persons: nothing derived names them, figures stand, the rest is untouched, and rebuilt is the same."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from letopis.access.businesses import create_business
from letopis.access.wall import enter
from letopis.base.sql import Queries
from letopis.journal.entries import Entry, read_after
from letopis.journal.verify import verify
from letopis.subjects.erasure import erase_persons
from tests.metrics.equality_test import STEPS, journal, same_when_rebuilt
from tests.metrics.journal import MONDAY, Event, after, derived, let_pass, read_all, write

Conn = psycopg.Connection[Any]
QUERIES = Queries("tests.subjects")
COUNTED = ("metrics_cell", "metrics_frozen", "metrics_mark", "metrics_goal")
NAME, PHONE, WORDS = "Мария Канарейкина", "+79201234567", "Сделайте, пожалуйста, аквагрим канарейкой"


def persons_of(conn: Conn, business: UUID, *clients: str) -> list[int]:
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        rows = QUERIES.rows(cur, "persons_of", business=business, clients=list(clients))
        return [row["person_id"] for row in rows]


def entries(conn: Conn, business: UUID) -> list[Entry]:
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        return read_after(cur, business, -1, 1000)


def text_of(rows: dict[str, list[Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, default=str)


@pytest.fixture
def maria(business: UUID, app_connection: Conn) -> UUID:
    """Maria wrote in two channels and came; Oleg wrote too."""
    told: Event = {"name": NAME, "phone": PHONE}
    seat = {"id": "A1", "start": (MONDAY + timedelta(hours=30)).isoformat(), "service": "Маникюр", "resource": "Аня"}
    write(
        business,
        [
            after(0, "message_in", message=WORDS, session_id="s1", message_id="m1", **told),
            after(1, "message_out", message="Записать вас на 15:30?", session_id="s1", role="assistant"),
            after(2, "message_in", message="да", client_id="wa_1", source="whatsapp", phone=PHONE),
            after(3, "identity_link", other_client_id="wa_1"),
            after(4, "appointment_created", appointment=seat, session_id="s1", by="client"),
            after(5, "crm_delivery", crm={"deal_id": "D-77"}, session_id="s1", result="ok"),
            after(6, "message_in", message="Есть окошко?", client_id="tg_2", session_id="s2", name="Олег"),
            after(60 * 31, "arrived", appointment={"id": "A1"}, client_id=None, source="yclients"),
        ],
    )
    read_all(app_connection, business)
    let_pass(app_connection, business, MONDAY + timedelta(days=3))
    return business


def test_nothing_derived_names_the_person(maria: UUID, app_connection: Conn) -> None:
    before = derived(app_connection, maria)
    for word in (NAME, PHONE, "tg_1", "wa_1", "s1", "A1", "D-77", "аквагрим"):
        assert word in text_of(before), f"{word} must be there first"
    done = erase_persons(maria, persons_of(app_connection, maria, "tg_1"), told={"act": "2026-1"})
    now = derived(app_connection, maria)
    shown = text_of(now)
    for word in (NAME, "Канарейкин", PHONE, "9201234567", "tg_1", "wa_1", '"s1"', "A1", "D-77", "аквагрим"):
        assert word not in shown, word
    assert "Олег" in shown
    assert done.entries == 7
    assert done.kinds == {
        "message_in": 2,
        "message_out": 1,
        "identity_link": 1,
        "appointment_created": 1,
        "crm_delivery": 1,
        "arrived": 1,
    }
    for table in COUNTED:
        assert now[table] == before[table], table
    same_when_rebuilt(app_connection, maria)
    assert verify(maria).problems == []


def test_journal_keeps_only_what_belongs_together(maria: UUID, app_connection: Conn) -> None:
    erase_persons(maria, persons_of(app_connection, maria, "tg_1"), told={"act": "2026-1"})
    found = entries(app_connection, maria)
    assert [entry.text for entry in found if entry.text] == ["Есть окошко?"]
    own = [entry for entry in found[1:9] if entry.who.get("client_id") != "tg_2"]
    assert {entry.who["client_id"][0] for entry in own if "client_id" in entry.who} == {"~"}
    assert not any({"name", "phone"} & entry.who.keys() for entry in own)
    assert found[-1].meta["act"] == "2026-1"


def test_who_writes_again_is_somebody_new(maria: UUID, app_connection: Conn) -> None:
    erase_persons(maria, persons_of(app_connection, maria, "tg_1"))
    write(maria, [after(60 * 80, "message_in", message="Хочу записаться", session_id="s1", name=NAME, phone=PHONE)])
    read_all(app_connection, maria)
    rows = same_when_rebuilt(app_connection, maria)
    [new] = [row for row in rows["dialogues_dialogue"] if row["client_id"] == "tg_1"]
    assert new["messages_in"] == 1
    assert [row["name"] for row in rows["clients_identity"] if row["client_id"] == "tg_1"] == [NAME]


def test_erasing_again_or_nobody_does_no_harm(maria: UUID, app_connection: Conn) -> None:
    [person] = set(persons_of(app_connection, maria, "tg_1"))
    erase_persons(maria, [person])
    before = derived(app_connection, maria)
    assert erase_persons(maria, [10_000_000]).entries == 0
    erase_persons(maria, [person])
    now = derived(app_connection, maria)
    assert now["metrics_cell"] == before["metrics_cell"]
    same_when_rebuilt(app_connection, maria)
    assert verify(maria).problems == []


def test_another_business_is_not_touched(maria: UUID, stranger_business: UUID, app_connection: Conn) -> None:
    write(stranger_business, [after(0, "message_in", message=WORDS, name=NAME, phone=PHONE, session_id="s1")])
    read_all(app_connection, stranger_business)
    before = derived(app_connection, stranger_business)
    erase_persons(maria, persons_of(app_connection, maria, "tg_1"))
    read_all(app_connection, stranger_business)
    assert derived(app_connection, stranger_business) == before


def test_phone_that_two_gave_stays_with_the_other(business: UUID, app_connection: Conn) -> None:
    write(
        business,
        [
            after(0, "message_in", message="Здравствуйте", phone=PHONE),
            after(1, "message_in", message="Это муж", client_id="tg_3", phone=PHONE),
            after(2, "identity_unlink", other_client_id="tg_3"),
            after(3, "message_in", message="И сестра", client_id="tg_4", phone=PHONE),
        ],
    )
    read_all(app_connection, business)
    erase_persons(business, persons_of(app_connection, business, "tg_1"))
    rows = same_when_rebuilt(app_connection, business)
    assert [(row["client_id"], row["twin_of"]) for row in rows["clients_phone"]] == [("tg_3", ""), ("tg_4", "tg_3")]


def test_conflicting_second_body_goes_too(business: UUID, app_connection: Conn) -> None:
    for words in ("Я Мария", "Я Мария Канарейкина"):
        write(business, [after(0, "message_in", message=words, session_id="s1", dedup_key="one")])
    read_all(app_connection, business)
    assert [entry.type for entry in entries(app_connection, business)][1:] == ["message_in", "event.conflict"]
    erase_persons(business, persons_of(app_connection, business, "tg_1"))
    assert [entry.text for entry in entries(app_connection, business) if entry.text] == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    events=journal(), steps=STEPS, picks=st.lists(st.integers(0, 30), min_size=1, max_size=3), cut=st.integers(1, 60)
)
def test_erasing_equals_rebuilt(
    app_connection: Conn, database: None, events: list[Event], steps: list[int | timedelta], picks: list[int], cut: int
) -> None:
    """Persons are erased in the middle of any journal; more comes after it, also from them."""
    business: UUID = create_business(name="Студия", timezone="Europe/Moscow", vertical="salon").id
    write(business, events[:cut])
    read_all(app_connection, business)
    moment = max((step for step in steps if isinstance(step, timedelta)), default=timedelta())
    let_pass(app_connection, business, MONDAY + moment)
    for pick in picks:
        before = derived(app_connection, business)
        persons = sorted({row["person_id"] for row in before["dialogues_dialogue"] + before["appointments_slot"]})
        if not persons:
            break
        gone = persons[pick % len(persons)]
        clients = {row["client_id"] for row in before["clients_identity"] if row["person_id"] == gone}
        erase_persons(business, [gone])
        now = derived(app_connection, business)
        assert now["metrics_cell"] == before["metrics_cell"]
        assert not clients & {row["client_id"] for row in now["clients_identity"] + now["dialogues_dialogue"]}
        same_when_rebuilt(app_connection, business)
    write(business, events[cut:])
    read_all(app_connection, business, batch=7)
    let_pass(app_connection, business, MONDAY + timedelta(days=61))
    same_when_rebuilt(app_connection, business)
    assert verify(business).problems == []
