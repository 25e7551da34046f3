"""The first pages, asked by a browser over a told month that went through the real pipeline."""

import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from letopis.access.models import Person
from letopis.access.wall import enter
from letopis.base import clock
from letopis.metrics.board import read_board
from letopis.metrics.definitions import METRICS
from letopis.metrics.metric import By
from letopis.metrics.parts import WHOLE, Part
from letopis.metrics.period import Period
from letopis.metrics.value import Value
from tests.metrics.conftest import Salon
from tests.metrics.journal import after, write
from tests.metrics.told import EVIL, NOW

LINK = re.compile(r'<a[^>]* href="(?P<url>/b/[^"]+/(?:dialogues|visits)\?[^"]+)"[^>]*>(?P<text>.*?)</a>', re.DOTALL)
NUMBER = re.compile(r"\d[\d\u00a0]*")
QUERIES_MAX = 40


def text_of(page: Any) -> str:
    """What a person reads."""
    main = page.content.decode().partition("<main")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).replace("\u00a0", " ").split())


def links_of(page: Any) -> dict[str, str]:
    """Links of the page's body into lists, with their text."""
    main = page.content.decode().partition("<main")[2]
    return {html.unescape(found["url"]): re.sub(r"<[^>]+>", " ", found["text"]) for found in LINK.finditer(main)}


def rows_behind(browser: Client, url: str) -> int:
    """How many rows the list says it has."""
    page = browser.get(url)
    assert page.status_code == 200, url
    lede = page.content.decode().partition('class="lede">')[2].partition("</p>")[0]
    found = NUMBER.search(html.unescape(lede))
    return int(found[0].replace("\u00a0", "")) if found else 0


def numbers_of(business: UUID, asked: dict[str, list[str]]) -> Callable[[str], Value]:
    """What the board says of the days and the channel of a link."""
    channel = asked.get("channel", [""])[0]
    period = Period(date.fromisoformat(asked["from"][0]), date.fromisoformat(asked["to"][0]))
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        board = read_board(cur, business, period.first, period.last, METRICS, by=(By.ALL, By.CHANNEL))
    part = Part(By.CHANNEL, channel) if channel else WHOLE
    return lambda metric: board.value(metric, period, part)


SAID_BY_THEMSELVES = {"waiting", "cause", "stage", "stopped", "reason", "crm"}
"""Filters of numbers that stand on the link itself."""


def promised(business: UUID, url: str, text: str) -> int | None:
    """What the number on a link says; None where the link is a name, not a number."""
    asked = parse_qs(urlsplit(url).query)
    if asked.keys() & SAID_BY_THEMSELVES or asked.get("outcome", ["booked"]) != ["booked"]:
        found = NUMBER.search(text)
        return int(found[0]) if found else None
    value = numbers_of(business, asked)
    if asked.get("state") == ["no_show"]:
        return value("M4").numerator
    if "lead" in asked:
        return value("M2").hits if "outcome" in asked else value("M1").n
    if "called" in asked:
        return value("M12").numerator
    if "alone" in asked:
        return value("M14").numerator
    if "handed" in asked:
        return value("M13").n + value("M13").pending
    if "late" in asked:
        return value("M8").n - value("M8").numerator
    return None


@pytest.mark.parametrize("page", ["", "overview", "overview?from=2026-10-12&to=2026-10-20"])
def test_every_number_leads_to_as_many_rows(salon: Salon, page: str) -> None:
    browser = salon.browser()
    links = links_of(browser.get(salon.url(page)))
    checked = 0
    for url, text in links.items():
        count = promised(salon.business, url, text)
        if count is not None:
            assert rows_behind(browser, url) == count, (url, text)
            checked += 1
    assert checked >= (5 if not page else 15)


def test_today_says_the_day_in_a_sentence(salon: Salon) -> None:
    said = text_of(salon.browser().get(salon.url()))
    assert "Сегодня, 2 ноября" in said
    assert "4 новых обращения, 1 записался. Двое ждут ответа дольше 15 минут." in said
    assert "3 клиента ждут" in said
    assert "обычно по понедельникам" in said
    assert "Не пришли за неделю" in said


def test_nobody_waits_and_the_button_is_gone(salon: Salon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=5))
    page = salon.browser().get(salon.url())
    assert "Никто не ждёт." in text_of(page)
    assert 'class="call"' not in page.content.decode()


def test_before_the_first_event_today_leads_to_the_first_run(empty_salon: Salon) -> None:
    answer = empty_salon.browser().get(empty_salon.url())
    assert (answer.status_code, answer["Location"]) == (302, empty_salon.url("welcome"))


def test_overview_of_an_empty_salon_says_so(empty_salon: Salon) -> None:
    said = text_of(empty_salon.browser().get(empty_salon.url("overview")))
    assert "За эти дни никто не писал." in said
    assert "Ничего: никто не ждёт, всё понято." in said


def test_overview_tells_the_cohort_and_what_waits(salon: Salon) -> None:
    said = text_of(salon.browser().get(salon.url("overview")))
    assert "Из 76 обратившихся записались 28." in said
    assert "связаны с нашими ошибками." in said
    assert "3 клиента ждут ответа" in said
    assert "1 диалог передан и не взят" in said
    assert "ВКонтакте" in said
    assert "Телефон" in said


def test_period_and_comparison_stand_in_the_address(salon: Salon) -> None:
    browser = salon.browser()
    week = browser.get(salon.url("overview?from=2026-10-20&to=2026-10-26"))
    assert "20 окт. – 26 окт." in text_of(week)
    assert "compare=none" in week.content.decode()
    alone = text_of(browser.get(salon.url("overview?from=2026-10-20&to=2026-10-26&compare=none")))
    assert "сравнить с теми же днями недели" in alone
    assert "было" not in alone


def test_young_cohort_shows_its_bounds(salon: Salon) -> None:
    """Leads of this week cannot be a rate yet: both ends are told."""
    said = text_of(salon.browser().get(salon.url("overview?from=2026-11-01&to=2026-11-02")))
    assert re.search(r"Записались \d+–\d+ %", said), said


def test_strange_words_are_only_text(salon: Salon) -> None:
    content = salon.browser().get(salon.url("overview")).content.decode()
    assert EVIL not in content
    assert html.escape(EVIL) in content


def test_integrator_sees_no_name_and_no_closed_door(salon: Salon) -> None:
    page = salon.browser("integrator").get(salon.url("overview"))
    assert html.escape(EVIL) not in page.content.decode()
    assert "/visits" not in page.content.decode()


def test_stale_numbers_say_so_above_all(empty_salon: Salon, monkeypatch: pytest.MonkeyPatch) -> None:
    write(empty_salon.business, [after(0, "message_in", message="Добрый день")])
    late = clock.now() + timedelta(minutes=6)
    monkeypatch.setattr(clock, "now", lambda: late)
    for page in ("", "overview"):
        assert "отстаём на 6 мин." in text_of(empty_salon.browser().get(empty_salon.url(page)))


@pytest.mark.parametrize("page", ["", "overview"])
def test_page_asks_the_same_however_long_the_period(salon: Salon, page: str) -> None:
    browser = salon.browser()
    with CaptureQueriesContext(connection) as short:
        browser.get(salon.url(f"{page}?from=2026-10-12"))
    with CaptureQueriesContext(connection) as long:
        browser.get(salon.url(f"{page}?from=2026-01-01"))
    assert len(short) == len(long) <= QUERIES_MAX


@pytest.fixture
def english(salon: Salon) -> Client:
    browser = salon.browser()
    Person.objects.filter(pk=browser.session["_auth_user_id"]).update(language="en")
    return browser


def test_pages_speak_english_too(salon: Salon, english: Client) -> None:
    assert "2 clients have waited for over 15 minutes." in text_of(english.get(salon.url()))
    assert "Of 76 leads, 28 booked." in text_of(english.get(salon.url("overview")))
