"""«До и после»: who marks a change, what a wrong form says, and how a verdict reads on pages and in files."""

import csv
import html
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client
from openpyxl import load_workbook

from letopis.access.models import Person
from letopis.access.wall import enter
from letopis.base import clock
from letopis.journal.entries import Entry, read_after
from letopis.metrics.marks import pages
from letopis.metrics.marks.mark import Mark, What
from letopis.metrics.marks.reader import tell
from letopis.metrics.marks.told import marks_of
from tests.metrics.conftest import Salon
from tests.metrics.journal import MONDAY, at, read_all, write
from tests.metrics.marks.changed import CHANGED_AT, EVIL, NOW
from tests.metrics.pages_test import text_of

Conn = psycopg.Connection[Any]
SENT = {
    "what": "Сначала время, потом телефон",
    "kind": "scenario",
    "at": "2026-11-09T11:30",
    "metric": "M2",
    "effect": "Меньше уходят",
    "points": "5",
}


@pytest.fixture
def fresh(empty_salon: Salon, monkeypatch: pytest.MonkeyPatch) -> Salon:
    """A salon of its own, for tests that write marks."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return empty_salon


def change_marks(business: UUID) -> Sequence[Entry]:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return [entry for entry in read_after(cur, business, -1, 2000) if entry.type == "change_mark"]


def marks(business: UUID) -> list[Mark]:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return marks_of(cur, business)


def english(salon: Salon) -> Client:
    browser = salon.browser()
    Person.objects.filter(pk=browser.session["_auth_user_id"]).update(language="en")
    return browser


def only_url(salon: Salon) -> str:
    [mark] = marks(salon.business)
    return salon.url(f"changes/{mark.seq}")


@pytest.mark.parametrize(("role", "added"), [("owner", 302), ("integrator", 302), ("manager", 403)])
def test_who_marks_and_who_takes_back(fresh: Salon, app_connection: Conn, role: str, added: int) -> None:
    told = tell(fresh.business, NOW - timedelta(days=1), What.PRICE, "Новые цены", person="Игорь Т.")
    read_all(app_connection, fresh.business)
    browser = fresh.browser(role)
    page, one = fresh.url("changes"), fresh.url(f"changes/{told.seq}")
    assert browser.get(page).status_code == browser.get(one).status_code == 200
    may = role != "manager"
    assert (fresh.url("changes/new") in browser.get(page).content.decode()) is may
    assert ("Этого изменения не было" in text_of(browser.get(one))) is may
    assert browser.get(fresh.url("changes/new")).status_code == (200 if may else 403)
    assert browser.post(fresh.url("changes/new"), SENT).status_code == added
    assert browser.post(one).status_code == added
    assert len(change_marks(fresh.business)) == (3 if may else 1)
    read_all(app_connection, fresh.business)
    assert [mark.name for mark in marks(fresh.business)] == [SENT["what"] if may else "Новые цены"]


def test_stranger_finds_no_mark(fresh: Salon, salon: Salon) -> None:
    """The mark of another business is not there, under its own address or under ours."""
    owner, [mark] = fresh.browser(), marks(salon.business)
    for url in (salon.url("changes"), salon.url(f"changes/{mark.seq}"), fresh.url(f"changes/{mark.seq}")):
        assert owner.get(url).status_code == 404, url
        assert owner.post(url).status_code in (404, 405), url
    assert owner.post(salon.url("changes/new"), SENT).status_code == 404
    assert len(change_marks(salon.business)) == 1
    assert EVIL not in html.unescape(owner.get(fresh.url("changes")).content.decode())


def test_marked_change_stands_in_the_list_and_on_the_trend(fresh: Salon, app_connection: Conn) -> None:
    days = (NOW - timedelta(days=n) for n in range(1, 8))
    write(fresh.business, [at(day, "message_in", message="Здравствуйте", client_id=f"c_{day:%d}") for day in days])
    owner = fresh.browser()
    before = owner.get(fresh.url("overview")).content.decode()
    assert owner.post(fresh.url("changes/new"), SENT)["Location"] == fresh.url("changes")
    read_all(app_connection, fresh.business)
    [entry] = change_marks(fresh.business)
    assert (entry.who["person"], entry.meta["effect_ppm"], entry.at) == (
        "Анна",
        50_000,
        datetime.fromisoformat("2026-11-09T11:30+03:00"),
    )
    listed = text_of(owner.get(fresh.url("changes")))
    assert "9 нояб. сценарий Сначала время, потом телефон ждали: Меньше уходят Анна" in listed
    assert SENT["what"] not in before
    drawn = owner.get(fresh.url("overview")).content.decode()
    assert f"9 нояб.: {SENT['what']}" in re.sub(r"<[^>]+>", "", drawn.replace("\u00a0", " "))


def test_change_taken_back_leaves_list_and_chart(fresh: Salon, app_connection: Conn) -> None:
    owner = fresh.browser()
    owner.post(fresh.url("changes/new"), SENT)
    read_all(app_connection, fresh.business)
    url = only_url(fresh)
    assert owner.post(url)["Location"] == fresh.url("changes")
    read_all(app_connection, fresh.business)
    assert owner.get(url).status_code == 404
    assert "Пока ничего не отмечено." in text_of(owner.get(fresh.url("changes")))
    assert len(change_marks(fresh.business)) == 2, "both stay in the journal"


def test_version_that_marked_itself_cannot_be_taken_back(fresh: Salon, app_connection: Conn) -> None:
    who = {"role": "assistant", "message": "Здравствуйте", "scenario": "запись"}
    write(fresh.business, [at(MONDAY + timedelta(days=n), "message_out", version=str(n), **who) for n in range(2)])
    read_all(app_connection, fresh.business)
    owner, url = fresh.browser(), only_url(fresh)
    assert "Этого изменения не было" not in text_of(owner.get(url))
    owner.post(url)
    assert change_marks(fresh.business) == []
    read_all(app_connection, fresh.business)
    assert owner.get(url).status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"what": "  "}, "Обязательное поле."),
        ({"what": "я" * 201}, "не более 200 символов"),
        ({"kind": "ремонт"}, "Выберите корректный вариант."),
        ({"metric": "M1"}, "Выберите корректный вариант."),
        ({"at": "2026-11-10T12:00"}, "отметьте"),
        ({"at": "2024-01-01T12:00"}, "слишком давно"),
        ({"at": "вчера"}, "Введите правильную дату и время."),
        ({"points": "101"}, "меньше либо равно 100"),
        ({"points": "-101"}, "больше либо равно -100"),
        ({"points": "0.00001"}, "не более 2"),
    ],
)
def test_wrong_field_keeps_what_was_typed_and_says_what_to_do(fresh: Salon, typed: dict[str, str], said: str) -> None:
    page = fresh.browser().post(fresh.url("changes/new"), SENT | typed)
    content = page.content.decode()
    assert page.status_code == 400
    assert said in text_of(page).partition("Исправьте")[2][:300]
    assert content.count('role="alert"') == 1
    for name, value in (SENT | typed).items():
        if name not in ("kind", "metric") and value.strip():
            assert re.search(rf'name="{name}" value="{re.escape(value)}"', content), name
    assert f'<option value="{SENT["kind"]}" selected>' in content or "kind" in typed
    assert change_marks(fresh.business) == []


def test_promise_may_be_a_fall_and_is_written_with_a_comma(fresh: Salon) -> None:
    owner = fresh.browser()
    assert owner.post(fresh.url("changes/new"), SENT | {"points": "-2,5", "metric": "M4"}).status_code == 302
    assert owner.post(fresh.url("changes/new"), SENT | {"points": "5", "metric": "M9"}).status_code == 302
    fall, wait = change_marks(fresh.business)
    assert (fall.meta["metric"], fall.meta["effect_ppm"]) == ("M4", -25_000)
    assert (wait.meta["metric"], wait.meta.get("effect_ppm")) == ("M9", None), "a wait is promised nothing in points"


def test_verdict_is_a_sentence_in_the_list_and_on_its_page(salon: Salon) -> None:
    """24 of 80 booked before the change, 48 of 80 after it: thirty points, far beyond chance."""
    for browser, sentence, instead in (
        (salon.browser(), "Стало лучше: ", "Записались 30 % 60 % 80 и 80 +30,0 п. п."),
        (english(salon), "Better: ", "Booked 30% 60% 80 and 80 +30.0 pp"),
    ):
        listed, page = text_of(browser.get(salon.url("changes"))), text_of(browser.get(only_url(salon)))
        lede = page.partition(sentence)[2].partition(".")[0]
        assert lede, page[:400]
        assert sentence + lede in listed
        assert instead in page


def lines_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(b"".join(answer).decode("utf-8-sig").splitlines(), delimiter=";"))


def test_change_is_a_file_with_every_number_before_and_after(salon: Salon) -> None:
    owner, url = salon.browser(), only_url(salon)
    lines = lines_of(owner.get(f"{url}?form=csv"))
    assert lines[1][:6] == ["M2 Записались", "0,3", "80", "0,6", "80", "30,0"]
    low, high = (float(end.replace(",", ".")) for end in lines[1][6:8])
    assert 0 < low < 30 < high
    assert lines[1][8:] == ["", ""]
    sheet = load_workbook(BytesIO(owner.get(f"{url}?form=xlsx").content)).worksheets[0]
    shown = list(sheet.iter_rows(values_only=True))
    assert shown[1][:6] == ("M2 Записались", 0.3, 80, 0.6, 80, 30)
    assert len(shown) == len(lines) > 5


def test_file_of_a_wait_holds_its_medians(salon: Salon, monkeypatch: pytest.MonkeyPatch) -> None:
    [mark] = marks(salon.business)
    waited = Mark(**{name: getattr(mark, name) for name in mark.__struct_fields__} | {"metric": "M9"})
    monkeypatch.setattr(pages, "marks_of", lambda cur, business: [waited])
    lines = lines_of(salon.browser().get(f"{salon.url(f'changes/{mark.seq}')}?form=csv"))
    assert lines[1][1:] == ["", "80", "", "80", "", "", "", "600", "120"]


def test_list_is_a_file_of_its_own(salon: Salon) -> None:
    owner = salon.browser()
    assert "?form=xlsx" in owner.get(salon.url("changes")).content.decode()
    head, line = lines_of(owner.get(salon.url("changes?form=csv")))
    assert len(head) == len(line) == 8
    assert line[:2] == ["30.09.2026 12:00:00", "сценарий"]
    assert line[2].endswith(EVIL)
    assert line[5] == "Записались"
    assert line[6].startswith("Стало лучше")
    sheet = load_workbook(BytesIO(owner.get(salon.url("changes?form=xlsx")).content)).worksheets[0]
    assert [row[6] for row in sheet.iter_rows(values_only=True)][1].startswith("Стало лучше")


def test_senders_words_are_only_text(salon: Salon) -> None:
    owner = salon.browser()
    for url in (salon.url("changes"), only_url(salon), salon.url(f"overview?from={CHANGED_AT:%Y-%m}-20")):
        content = owner.get(url).content.decode()
        assert "<img src=x" not in content, url
    assert html.escape(EVIL) in owner.get(salon.url("changes")).content.decode()


def test_long_list_goes_on_by_pages(fresh: Salon, app_connection: Conn) -> None:
    for n in range(21):
        tell(fresh.business, NOW - timedelta(days=n + 1), What.OTHER, f"Изменение № {n:02d}", person="Анна")
    read_all(app_connection, fresh.business)
    owner = fresh.browser()
    first, second = (text_of(owner.get(fresh.url(f"changes{page}"))) for page in ("", "?page=2"))
    assert re.findall(r"№ (\d\d)", first) == [f"{n:02d}" for n in range(20)]
    assert re.findall(r"№ (\d\d)", second) == ["20"]
    for strange in ("0", "-1", "сто", "9999", "²"):
        assert owner.get(fresh.url(f"changes?page={strange}")).status_code == 200, strange
