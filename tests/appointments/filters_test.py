"""The list of visits by the questions of the numbers: its addresses, its chips, its count and its file."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import psycopg
import pytest
from django.test import Client
from openpyxl import load_workbook

from letopis.access.keys import create_key
from letopis.access.wall import enter
from letopis.appointments import listing, measures
from letopis.appointments.listing import FLAGS, NAMED, Filters, Tab, read_filters
from letopis.appointments.reader import store
from letopis.appointments.records import Slot
from letopis.base.rows import difference
from tests.appointments.slots import START, cancelled, hours, slot
from tests.dialogues.conftest import Browser

TODAY = date(2026, 10, 9)
ALL = "tab=all"


@pytest.fixture
def week(app_connection: psycopg.Connection[Any], business: UUID) -> list[Slot]:
    """Ten visits of two masters, each with a story of its own."""
    early, late = START - hours(26), START - hours(1)
    told = [
        slot(1, state="arrived", reminded_at=early, asked_at=early, confirmed_at=START - hours(20), branch="лес"),
        slot(2, state="arrived", reminded_at=early, service="Педикюр", channel="vk"),
        slot(3, state="no_show", reminded_at=late, asked_at=late, campaign="insta"),
        slot(4, state="no_show", resource=""),
        slot(5, state="no_show", excluded="test", test=True),
        slot(6, state="unknown", created_at=START - hours(3)),
        cancelled(7, resource="Света", refilled=True),
        cancelled(8, 3, resource="Света"),
        slot(9, state="cancelled_business", final_at=START - hours(5), resource="=1+1"),
        slot(10, start_at=START + timedelta(days=2), state="confirmed", confirmed_at=early, started=False),
    ]
    slots = {one.slot_id: one for one in told}
    for one in told:
        one.business_id = business
    cur: Any
    with app_connection.transaction(), app_connection.cursor() as cur:
        enter(cur, business)
        store(cur, business, difference({}, slots))
    return told


def shown(browser: Browser, business: UUID, query: str) -> str:
    answer = browser("owner").get(f"/b/{business}/visits?{query}")
    assert answer.status_code == 200, query
    page: str = answer.content.decode().replace("\xa0", " ")
    return page


def rows_of(page: str) -> int:
    return page.count("<tr ") - 1 if "<tr " in page else 0


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (ALL, 10),
        ("master=Аня", 6),
        ("master=-", 1),
        ("service=Педикюр&channel=vk", 1),
        ("branch=лес", 1),
        ("branch=-", 9),
        ("campaign=insta", 1),
        ("state=no_show", 3),
        ("state=no_show&state=arrived", 5),
        ("state=no_show,arrived,nonsense", 5),
        ("state=no_show&counted=1", 2),
        ("counted=0", 1),
        ("started=1", 9),
        ("started=0", 1),
        ("booked=1", 7),
        ("due=1", 5),
        ("due=1&reminded=1", 2),
        ("due=1&reminded=0", 3),
        ("booked=1&asked=1", 2),
        ("booked=1&asked=1&confirmed=1", 1),
        ("confirmed=1", 2),
        ("freed=1", 3),
        ("freed=1&refilled=0", 2),
        ("refilled=1", 1),
        ("refilled=perhaps", 0),
        ("from=2026-10-07&to=2026-10-07&booked=1&state=cancelled_late", 1),
        ("from=2026-10-08&to=2026-10-08", 0),
    ],
)
def test_list_is_as_long_as_its_number(
    week: list[Slot], business: UUID, browser: Browser, query: str, rows: int
) -> None:
    page = shown(browser, business, query)
    assert rows_of(page) == rows
    if rows > 1 and "from" not in query:
        assert f"{rows} визит" in page


def test_numbers_and_lists_ask_alike(week: list[Slot], business: UUID, browser: Browser) -> None:
    for name, question in FLAGS.items():
        for answer in (True, False):
            expected = sum(question(one) is answer for one in week)
            assert rows_of(shown(browser, business, f"{name}={int(answer)}")) == expected, name


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(date(2026, 10, 1), date(2026, 10, 7), ("arrived", "no_show"), master="Аня", due=True, reminded=False),
        Filters(service="Стрижка, укладка & уход", branch=listing.UNTOLD, counted=True, refilled=False),
        *(Filters(**{name: "слово"}) for name in NAMED),
        *(Filters(**{name: False}) for name in FLAGS),
    ],
)
def test_address_of_a_list_leads_to_it(filters: Filters) -> None:
    assert read_filters(dict(parse_qsl(filters.query)), TODAY) == filters


def test_each_filter_can_be_taken_away(week: list[Slot], business: UUID, browser: Browser) -> None:
    page = shown(browser, business, "master=Аня&state=no_show&state=arrived&reminded=1&from=2026-10-07&to=2026-10-07")
    for words in ("Мастер: Аня", "пришёл, не пришёл", "напомнили за 2 часа и раньше", "7 окт."):
        assert words in page
    assert page.count('class="chip"') == 4
    assert 'href="?from=2026-10-07&amp;to=2026-10-07&amp;state=arrived,no_show&amp;reminded=1"' in page
    assert '<option value="arrived,no_show" selected>' in page
    assert '<input type="hidden" name="reminded" value="1">' in page


def test_tab_needs_no_chips(week: list[Slot], business: UUID, browser: Browser) -> None:
    assert 'class="chip"' not in shown(browser, business, "tab=no_shows")
    assert read_filters({}, TODAY).tab is Tab.TOMORROW


def test_form_offers_what_there_is(week: list[Slot], business: UUID, browser: Browser) -> None:
    page = shown(browser, business, ALL)
    for option in ("Аня", "Света", "Педикюр", "ВКонтакте", "лес"):
        assert f">{option}</option>" in page
    assert "не указан" not in page


def test_file_holds_what_is_shown(week: list[Slot], business: UUID, browser: Browser) -> None:
    answer = browser("manager").get(f"/b/{business}/visits?master=Света&form=csv")
    assert "attachment" in answer["Content-Disposition"]
    lines = list(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert lines[0][:5] == ["Время визита", "Состояние", "Клиент", "Услуга", "Мастер"]
    assert [line[1] for line in lines[1:]] == ["отменил поздно", "отменил заранее"]
    assert "tg_7" not in answer.getvalue().decode()


def test_workbook_holds_all_pages_and_no_formula(week: list[Slot], business: UUID, browser: Browser) -> None:
    answer = browser("owner").get(f"/b/{business}/visits?{ALL}&form=xlsx")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    assert sheet.max_row == 11
    formulas = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert not formulas


def test_list_too_long_for_a_file_says_so(
    week: list[Slot], business: UUID, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("letopis.appointments.file.ROWS_MAX", 9)
    answer = browser("owner").get(f"/b/{business}/visits?{ALL}&form=csv")
    assert answer.status_code == 422
    assert "Выберите период короче" in answer.content.decode()


def test_programs_ask_by_the_same_filters(week: list[Slot], business: UUID) -> None:
    _row, key = create_key(business, "reports", "read")
    client = Client(SERVER_NAME="localhost", headers={"authorization": f"Bearer {key}"})

    def told(query: str) -> Any:
        return client.get(f"/api/v1/appointments?{query}").json()

    assert told("due=true&reminded=false")["total"] == 3
    assert told("state=no_show,arrived&master=Аня")["total"] == 4
    assert told("")["total"] == 10
    [freed] = told("freed=1&refilled=1")["items"]
    assert (freed["id"], freed["refilled"], freed["started"], freed["reminded_at"]) == (7, True, True, None)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_file_is_for_those_who_see_the_list(week: list[Slot], business: UUID, browser: Browser, form: str) -> None:
    assert browser("integrator").get(f"/b/{business}/visits?{ALL}&form={form}").status_code == 403
    assert browser("stranger").get(f"/b/{business}/visits?{ALL}&form={form}").status_code == 404


def test_words_of_strangers_are_bounded() -> None:
    long = read_filters({"master": "я" * 5000, "state": "," * 5000}, TODAY)
    assert len(long.master) == listing.WORD_CHARS_MAX
    assert long.states == ()
    assert measures.is_counted in FLAGS.values()
