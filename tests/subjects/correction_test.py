"""A wrong name or number is nowhere any more, the right one is everywhere, and rebuilt is the same."""

import json
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.journal.verify import verify
from letopis.subjects.correction import Right, correct
from tests.metrics.equality_test import same_when_rebuilt
from tests.metrics.journal import derived, read_all
from tests.subjects.conftest import Browser
from tests.subjects.erasure_test import NAME, PHONE, entries, maria, persons_of, text_of
from tests.subjects.requests_test import opened, page
from tests.subjects.retention_pages_test import words_of

__all__ = ["maria"]

Conn = psycopg.Connection[Any]
RIGHT = "Марина Канарейкина"


def people(conn: Conn, business: UUID) -> dict[str, tuple[str, str]]:
    rows = derived(conn, business)["clients_identity"]
    return {row["client_id"]: (row["name"], row["phone"]) for row in rows}


def stored(conn: Conn, business: UUID) -> str:
    told = [[entry.who, entry.text] for entry in entries(conn, business)]
    return json.dumps(told, ensure_ascii=False) + text_of(derived(conn, business))


def test_name_is_corrected_and_the_rest_stays(maria: UUID, app_connection: Conn) -> None:
    before = derived(app_connection, maria)
    done = correct(maria, persons_of(app_connection, maria, "tg_1"), Right(name=RIGHT), "Анна Ладова")
    assert done == 1
    assert people(app_connection, maria) == {"tg_1": (RIGHT, PHONE), "wa_1": (RIGHT, PHONE), "tg_2": ("Олег", "")}
    assert NAME not in stored(app_connection, maria)
    assert "name:мария" not in stored(app_connection, maria)
    now = same_when_rebuilt(app_connection, maria)
    assert now["metrics_cell"] == before["metrics_cell"]
    assert verify(maria).problems == []


def test_number_is_corrected_and_nobody_else_holds_it(maria: UUID, app_connection: Conn) -> None:
    correct(maria, persons_of(app_connection, maria, "tg_1"), Right(phone="+79201112233"), "Анна Ладова")
    assert people(app_connection, maria)["tg_1"] == (NAME, "+79201112233")
    assert PHONE not in stored(app_connection, maria)
    rows = same_when_rebuilt(app_connection, maria)
    assert {row["phone"] for row in rows["clients_phone"]} == {"+79201112233"}
    assert verify(maria).problems == []


def test_what_is_right_already_is_left_alone(maria: UUID, app_connection: Conn) -> None:
    assert correct(maria, persons_of(app_connection, maria, "tg_1"), Right(name=NAME), "Анна Ладова") == 0
    assert people(app_connection, maria)["wa_1"][0] == NAME, "also where she was not called at all"


def test_corrected_again(maria: UUID, app_connection: Conn) -> None:
    persons = persons_of(app_connection, maria, "tg_1")
    correct(maria, persons, Right(name=RIGHT), "Анна Ладова")
    correct(maria, persons, Right(name="Марианна"), "Анна Ладова")
    assert RIGHT not in stored(app_connection, maria)
    assert people(app_connection, maria)["tg_1"] == ("Марианна", PHONE)
    same_when_rebuilt(app_connection, maria)


@pytest.mark.parametrize(
    ("told", "words"), [({}, "Скажите, что верно"), ({"phone": "12"}, "Такого телефона нет"), ({"name": "я" * 301}, "")]
)
def test_page_corrects_or_says_why_not(
    maria: UUID, browser: Browser, app_connection: Conn, told: dict[str, str], words: str
) -> None:
    manager = browser("manager")
    path = opened(manager, maria, [str(persons_of(app_connection, maria, "tg_1")[0])], asks="correction")
    answer = page(manager, maria, f"{path}/correct", **({"name": "", "phone": ""} | told))
    assert answer.status_code == 400
    assert words in words_of(answer)
    assert page(manager, maria, f"{path}/correct", name=RIGHT, phone="8 920 111 22 33").status_code == 302
    read_all(app_connection, maria)
    assert people(app_connection, maria)["tg_1"] == (RIGHT, "+79201112233")
