"""Search finds a dialogue by any form of a word, a phone in any spelling, a deal, a session, a name."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction

from letopis.access.wall import enter
from letopis.dialogues import search
from letopis.dialogues.models import Dialogue
from tests.metrics.journal import after, read_all, write

Conn = psycopg.Connection[Any]

TALK = [
    after(
        0,
        "message_in",
        session_id="sess_8f3c21",
        name="Марина Ковалёва",
        phone="+7 920 123-14-08",
        message="Хочу записаться на маникюр с покрытием, ногти обломались. Гель-лак, шелак, Kodi",
    ),
    after(
        1, "crm_delivery", session_id="sess_8f3c21", result="ok", crm={"provider": "bitrix24", "deal_id": "D-2026-17"}
    ),
    after(2, "message_in", session_id="sess_8f3c21", message="Мой второй номер 8 (831) 234-56-78"),
    after(3, "message_in", client_id="tg_2", session_id="other", message="Сколько стоит педикюр? Мастер Света есть?"),
]
FIRST, SECOND = 1, 4


@pytest.mark.parametrize(
    "query",
    [
        "маникюра",
        "Маникюром покрытие",
        "на маникюре",
        "записалась",
        "запишите",
        "запишусь",
        "записывали",
        "ноготь",
        "ногтей",
        "НОГТЯМ",
        "ковалева",
        "Ковалёвой",
        "Марина",
        "Марине",
        "у Марины Ковалевой",
        "марин",
        "мар",
        "ковал",
        "маник",
        "гель-лаком",
        "гель лак",
        "шелака",
        "kodi",
        "89201231408",
        "+7 (920) 123 14 08",
        "920-123-14-08",
        "920.123.14.08",
        "8 920 123 14 08 Марина",
        "1408",
        "1231408",
        "123-14-08",
        "8 920 123",
        "+7 (9201",
        "8312345678",
        "d-2026-17",
        "sess_8f3c21",
        "tg_1",
    ],
)
def test_dialogue_is_found_by(business: UUID, app_connection: Conn, query: str) -> None:
    tell(app_connection, business)
    assert found(business, query) == {FIRST}


@pytest.mark.parametrize(
    "query", ["наращивание", "маникюр педикюр", "педикюр Марина", "9201231409", "d-2026", "2026", "sess_8f3c", "ник"]
)
def test_what_nobody_said_is_not_found(business: UUID, app_connection: Conn, query: str) -> None:
    tell(app_connection, business)
    assert found(business, query) == set()


def test_name_beside_a_common_word_is_found(business: UUID, app_connection: Conn) -> None:
    """«Света» is the light of a lamp first of all."""
    tell(app_connection, business)
    assert found(business, "Свете") == found(business, "к Светой") == {SECOND}


@pytest.mark.parametrize("among", [0, 1000])
@pytest.mark.parametrize("few", [0, 1])
def test_many_are_found_as_few_are(
    business: UUID, app_connection: Conn, monkeypatch: pytest.MonkeyPatch, few: int, among: int
) -> None:
    """Named one by one, tried one after the other, or brought together: it is the same list."""
    monkeypatch.setattr(search, "FEW_MAX", few)
    monkeypatch.setattr(search, "DENSE_MIN", 1)
    monkeypatch.setattr(search, "DENSE_AMONG", among)
    tell(app_connection, business)
    assert found(business, "маникюр Марине") == {FIRST}
    assert found(business, "маникюр") == {FIRST}
    assert found(business, "маникюр педикюр") == set()


def test_who_may_not_read_texts_finds_ids_alone(business: UUID, app_connection: Conn) -> None:
    tell(app_connection, business)
    assert found(business, "маникюр", sees_text=False) == set()
    assert found(business, "89201231408", sees_text=False) == set()
    assert found(business, "D-2026-17", sees_text=False) == {FIRST}


def test_another_business_is_not_searched(business: UUID, stranger_business: UUID, app_connection: Conn) -> None:
    tell(app_connection, business)
    assert found(stranger_business, "маникюр") == found(stranger_business, "марин") == set()


def test_empty_query_finds_nothing(business: UUID, app_connection: Conn) -> None:
    tell(app_connection, business)
    assert found(business, "   ") == found(business, "!!!") == found(business, "на") == set()


def tell(conn: Conn, business: UUID) -> None:
    write(business, TALK)
    read_all(conn, business)


def found(business: UUID, query: str, *, sees_text: bool = True) -> set[int]:
    rows = Dialogue.objects.filter(business_id=business)
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        looked_up = search.search(cur, business, query, sees_text=sees_text)
        found = set(looked_up.narrow(rows).values_list("dialogue_id", flat=True))
        assert looked_up.count() == len(found)
        return found
