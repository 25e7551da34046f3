"""A person asks about herself: found on two channels, given out, erased, and the act proves it."""

import html
import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.test import Client

from letopis.access.wall import enter
from letopis.base import clock
from letopis.base.database import ERASER, connect
from letopis.journal.leaf import leaf_hash
from letopis.journal.tree import includes
from letopis.subjects.requests.request import KEPT, drop_old, requests_of
from tests.metrics.journal import after, at, derived, read_all, write
from tests.subjects.conftest import Browser
from tests.subjects.erasure_test import text_of
from tests.subjects.retention_pages_test import words_of

Conn = psycopg.Connection[Any]
MARIA, PHONE = "Мария Канарейкина", "+79201234567"
PASSWORD = "лада-и-сирень-7"


@pytest.fixture
def salon(business: UUID, app_connection: Conn) -> UUID:
    """Maria wrote in two channels that nobody has linked; the salon spoke of Olga to her; Oleg wrote of her."""
    now = clock.now() - timedelta(days=3)
    telegram = {"session_id": "s1", "name": MARIA}
    whatsapp = {"session_id": "w1", "client_id": "wa_1", "source": "whatsapp", "name": "Маша", "phone": PHONE}
    write(
        business,
        [
            at(now, "message_in", message="Здравствуйте, это Мария, мой номер 8 920 123-45-67", **telegram),
            at(
                now,
                "message_out",
                message="Мария, вас ждёт Ольга Сиренева, +7 903 555-44-33",
                role="assistant",
                session_id="s1",
            ),
            at(now, "message_in", message="Удалите, пожалуйста, мои данные", **whatsapp),
            at(now, "message_in", message="Меня записала Мария", client_id="tg_2", session_id="s2", name="Олег"),
        ],
    )
    read_all(app_connection, business)
    return business


def page(client: Client, business: UUID, path: str = "requests", **form: Any) -> Any:
    url = f"/b/{business}/{path}"
    return client.post(url, form) if form else client.get(url)


def persons_in(answer: Any) -> list[str]:
    return re.findall(r'name="persons" value="(\d+)"', answer.content.decode())


def opened(client: Client, business: UUID, persons: list[str], **changed: Any) -> str:
    """The path of a request that was just written down."""
    today = clock.now().date().isoformat()
    told = {"persons": persons, "asks": "erasure", "subject": MARIA, "via": "chat", "received_on": today} | changed
    answer = page(client, business, "requests/new", **told)
    assert answer.status_code == 302, words_of(answer)
    return "requests/" + answer["Location"].rpartition("/")[2]


def test_talk_that_sounds_like_a_request_is_proposed(salon: UUID, browser: Browser) -> None:
    shown = page(browser("manager"), salon)
    assert "Ответа о своих данных никто не ждёт" in words_of(shown)
    assert len(persons_in(shown)) == 1
    assert "Маша" in words_of(shown)


@pytest.mark.parametrize(
    ("words", "first", "others"),
    [
        ("8 (920) 123-45-67", 1, 1),
        ("+79201234567", 1, 1),
        ("wa_1", 1, 0),
        ("Марию Канарейкину", 1, 0),
        ("мария", 1, 1),
    ],
)
def test_person_is_found_in_any_spelling(salon: UUID, browser: Browser, words: str, first: int, others: int) -> None:
    answer = page(browser("manager"), salon, "requests/find", words=words)
    assert answer.status_code == 200
    assert len(re.findall(r'name="persons" value="\d+" checked', answer.content.decode())) == first
    assert words_of(answer).count("только упомянут в переписке") == others


def test_nobody_is_found_and_that_is_said(salon: UUID, browser: Browser) -> None:
    answer = page(browser("manager"), salon, "requests/find", words="Аполлинария")
    assert "Никто не нашёлся" in words_of(answer)


def test_story_from_the_request_to_the_act(salon: UUID, browser: Browser, app_connection: Conn) -> None:
    manager = browser("manager")
    found = persons_in(page(manager, salon, "requests/find", words="8 920 123 45 67"))
    path = opened(manager, salon, found)
    shown = words_of(page(manager, salon, path))
    assert re.search(r"Остал\w+ \d+ д", shown)
    assert "Маша" in shown
    assert MARIA in shown

    given = page(manager, salon, f"{path}/export", form="json")
    assert given["Content-Disposition"].startswith("attachment")
    told = json.loads(given.content)
    assert {one["client_id"] for one in told["known_as"]} == {"tg_1", "wa_1"}
    texts = [event.get("text", "") for event in told["events"]]
    assert "Здравствуйте, это Мария, мой номер 8 920 123-45-67" in texts, "her own words are whole"
    assert not any("Сиренева" in text or "555-44-33" in text for text in texts), "other people are hidden"
    readable = page(manager, salon, f"{path}/export", form="html")
    assert "Удалите, пожалуйста, мои данные" in html.unescape(readable.content.decode())

    refused = page(manager, salon, f"{path}/erase", reason="withdrawn", password="не тот")
    assert refused.status_code == 400
    assert "Это не ваш пароль" in words_of(refused)
    assert "Канарейкина" in text_of(derived(app_connection, salon))
    assert page(manager, salon, f"{path}/erase", reason="withdrawn", password=PASSWORD).status_code == 302
    rows = text_of(derived(app_connection, salon))
    assert not any(word in rows for word in ("Канарейкина", "Маша", PHONE, "wa_1"))
    assert "Олег" in rows
    shown = page(manager, salon, path)
    assert "больше ничего не хранится" in words_of(shown)

    act = re.search(r"acts/([0-9a-f-]{36})\.pdf", shown.content.decode())
    assert act
    document = page(manager, salon, f"acts/{act[1]}.pdf")
    assert document.content.startswith(b"%PDF")
    extract = json.loads(page(manager, salon, f"acts/{act[1]}.json").content)
    assert extract["entries"] == 3
    assert MARIA not in json.dumps(extract, ensure_ascii=False)
    [proof] = extract["control_entries"]
    path_up = [bytes.fromhex(one) for one in proof["path"]]
    leaf = leaf_hash(bytes.fromhex(proof["leaf"]))
    assert includes(bytes.fromhex(proof["root"]), proof["tree_size"], proof["entry"], leaf, path_up)

    again = page(manager, salon, f"{path}/erase", reason="withdrawn", password=PASSWORD)
    assert again.status_code == 302
    assert len(re.findall(r"acts/[0-9a-f-]{36}\.pdf", page(manager, salon, path).content.decode())) == 1

    page(manager, salon, f"{path}/answer", how="Удалили, сообщили в WhatsApp")
    assert "Удалили, сообщили в WhatsApp" in words_of(page(manager, salon, path))
    assert "Ответа о своих данных никто не ждёт" in words_of(page(manager, salon))


def test_urgent_request_is_counted_in_the_menu(salon: UUID, browser: Browser) -> None:
    owner = browser("owner")
    found = persons_in(page(owner, salon, "requests/find", words="wa_1"))
    long_ago = (clock.now().date() - timedelta(days=40)).isoformat()
    opened(owner, salon, found, asks="access", received_on=long_ago)
    shown = words_of(page(owner, salon))
    assert "просрочено на" in shown
    assert "Ответа ждёт 1 человек" in shown


def test_extension_is_given_once_and_only_where_the_law_knows_it(salon: UUID, browser: Browser) -> None:
    owner = browser("owner")
    found = persons_in(page(owner, salon, "requests/find", words="wa_1"))
    path = opened(owner, salon, found, asks="access")
    assert page(owner, salon, f"{path}/extend", why="Собираем из трёх систем").status_code == 302
    assert page(owner, salon, f"{path}/extend", why="Ещё раз").status_code == 400
    other = opened(owner, salon, found, asks="erasure")
    assert page(owner, salon, f"{other}/extend", why="Некогда").status_code == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"persons": []},
        {"persons": ["99999999"]},
        {"persons": ["-1", "x"]},
        {"persons": [str(n) for n in range(100)]},
        {"asks": "party"},
        {"subject": ""},
        {"subject": "я" * 301},
        {"received_on": "2999-01-01"},
        {"received_on": "вчера"},
    ],
)
def test_wrong_request_is_refused(salon: UUID, browser: Browser, app_connection: Conn, changed: dict[str, Any]) -> None:
    told = {
        "persons": ["1"],
        "asks": "access",
        "subject": MARIA,
        "via": "chat",
        "received_on": clock.now().date().isoformat(),
    }
    assert page(browser("owner"), salon, "requests/new", **(told | changed)).status_code == 400


def test_nobody_else_comes_near(salon: UUID, stranger_business: UUID, browser: Browser) -> None:
    owner = browser("owner")
    found = persons_in(page(owner, salon, "requests/find", words="wa_1"))
    path = opened(owner, salon, found)
    stranger, integrator = browser("owner", stranger_business), browser("integrator")
    for step, form in (
        ("", {}),
        ("/export", {"form": "json"}),
        ("/erase", {"reason": "withdrawn", "password": PASSWORD}),
    ):
        assert page(stranger, salon, path + step, **form).status_code == 404
        assert page(stranger, stranger_business, path + step, **form).status_code == 404
        assert page(integrator, salon, path + step, **form).status_code == 403


def test_links_made_since_are_followed(salon: UUID, browser: Browser, app_connection: Conn) -> None:
    owner = browser("owner")
    path = opened(owner, salon, persons_in(page(owner, salon, "requests/find", words="wa_1")))
    write(salon, [after(0, "identity_link", other_client_id="wa_1")])
    read_all(app_connection, salon)
    page(owner, salon, f"{path}/erase", reason="withdrawn", password=PASSWORD)
    rows = text_of(derived(app_connection, salon))
    assert "Канарейкина" not in rows
    assert "wa_1" not in rows


def test_papers_go_after_three_years(salon: UUID, browser: Browser, app_connection: Conn) -> None:
    owner = browser("owner")
    path = opened(owner, salon, persons_in(page(owner, salon, "requests/find", words="wa_1")))
    page(owner, salon, f"{path}/erase", reason="reached", password=PASSWORD)
    page(owner, salon, f"{path}/answer", how="Удалили")
    cur: Any
    with connect(ERASER) as conn, conn.transaction(), conn.cursor() as cur:
        enter(cur, salon)
        drop_old(cur, salon, clock.now().date())
        assert len(requests_of(cur, salon)) == 1
    later = clock.now() + KEPT + timedelta(days=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: later)
        with connect(ERASER) as conn, conn.transaction(), conn.cursor() as cur:
            enter(cur, salon)
            drop_old(cur, salon, later.date())
            assert requests_of(cur, salon) == []
