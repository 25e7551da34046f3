"""One person over many channels: links make persons, unlinks unmake them, and what they wrote goes with them."""

from typing import Any
from uuid import UUID

import psycopg

from letopis.clients.identities import persons
from tests.metrics.journal import LONG_AFTER, after, derived, let_pass, read_all, rows, told, write

Conn = psycopg.Connection[Any]

TALKS = [
    after(0, "message_in", message="Здравствуйте", name="Марина", phone="8 900 000-00-03"),
    after(10, "message_in", client_id="wa_1", source="whatsapp", message="Это снова я"),
]
LINK = after(20, "identity_link", client_id="tg_1", other_client_id="wa_1")
UNLINK = after(30, "identity_unlink", client_id="wa_1", other_client_id="tg_1")


def persons_of(conn: Conn, business: UUID) -> dict[str, int]:
    return {row["client_id"]: row["person_id"] for row in rows(conn, business, "clients_identity")}


def test_person_is_the_first_seen_of_the_linked() -> None:
    assert persons({"a": 5, "b": 3, "c": 9, "d": 1}, [("a", "b"), ("c", "b")]) == {"a": 3, "b": 3, "c": 3, "d": 1}


def test_link_makes_one_person_and_one_lead(app_connection: Conn, business: UUID) -> None:
    found = told(app_connection, business, [*TALKS, LINK])
    assert len({row["person_id"] for row in found["clients_identity"]}) == 1
    assert len({row["person_id"] for row in found["dialogues_dialogue"]}) == 1
    assert len(found["metrics_lead"]) == 1
    assert found["clients_identity"][0]["phone"] == "+79000000003"


def test_unlink_gives_back_what_was(app_connection: Conn, business: UUID) -> None:
    write(business, TALKS)
    read_all(app_connection, business)
    let_pass(app_connection, business, LONG_AFTER)
    before = derived(app_connection, business)
    write(business, [LINK, UNLINK])
    read_all(app_connection, business, batch=1)
    let_pass(app_connection, business, LONG_AFTER)
    after_all = derived(app_connection, business)
    for table in ("dialogues_dialogue", "dialogues_turn", "metrics_lead", "metrics_cell"):
        assert after_all[table] == before[table], table
    [link] = after_all["clients_link"]
    assert link["undone_seq"] > link["seq"]


def test_link_to_somebody_not_seen_yet_waits_for_him(app_connection: Conn, business: UUID) -> None:
    write(business, [TALKS[0], LINK, TALKS[1]])
    read_all(app_connection, business, batch=1)
    assert len(set(persons_of(app_connection, business).values())) == 1


def test_answer_in_the_other_channel_ends_the_wait(app_connection: Conn, business: UUID) -> None:
    answer = after(15, "message_out", client_id="wa_1", source="whatsapp", message="Да, слушаю", role="human")
    found = told(app_connection, business, [*TALKS, answer, LINK])
    first, second = found["dialogues_turn"]
    assert (first["replied_by"], first["own_replied_at"], first["wall_s"]) == ("elsewhere", None, 15 * 60)
    assert (second["replied_by"], second["wall_s"]) == ("human", 5 * 60)
