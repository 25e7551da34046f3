"""Search finds a dialogue by any form of a word, a phone in any spelling, a deal, a session, a name."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.access.wall import enter
from letopis.dialogues import search
from tests.metrics.journal import after, derived, read_all, write

Conn = psycopg.Connection[Any]

TALK = [
    after(
        0,
        "message_in",
        session_id="sess_8f3c21",
        name="Марина Ковалёва",
        phone="+7 920 123-14-08",
        message="Хочу записаться на маникюр с покрытием",
    ),
    after(
        1, "crm_delivery", session_id="sess_8f3c21", result="ok", crm={"provider": "bitrix24", "deal_id": "D-2026-17"}
    ),
    after(2, "message_in", session_id="sess_8f3c21", message="Мой второй номер 8 (831) 234-56-78"),
    after(3, "message_in", client_id="tg_2", session_id="other", message="Сколько стоит педикюр?"),
]


@pytest.mark.parametrize(
    "query",
    [
        "маникюра",
        "Маникюром покрытие",
        "на маникюре",
        "ковалева",
        "Марина",
        "89201231408",
        "+7 (920) 123 14 08",
        "920-123-14-08",
        "1408",
        "8312345678",
        "d-2026-17",
        "sess_8f3c21",
        "tg_1",
    ],
)
def test_dialogue_is_found_by(app_connection: Conn, business: UUID, query: str) -> None:
    assert found(app_connection, business, query) == {1}


def test_what_nobody_said_is_not_found(app_connection: Conn, business: UUID) -> None:
    assert found(app_connection, business, "наращивание") == set()
    assert found(app_connection, business, "маникюр педикюр") == set()


def test_empty_query_means_nothing(app_connection: Conn, business: UUID) -> None:
    assert search.meant(app_connection.cursor(), "   ") == []


def found(conn: Conn, business: UUID, query: str) -> set[int]:
    write(business, TALK)
    read_all(conn, business)
    dialogues_of: dict[str, set[int]] = {}
    for row in derived(conn, business)["dialogues_word"]:
        dialogues_of.setdefault(row["word"], set()).add(row["dialogue_id"])
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        wanted = search.meant(cur, query)
    each = [set().union(*(dialogues_of.get(word, set()) for word in words)) for words in wanted]
    return set.intersection(*each) if each else set()
