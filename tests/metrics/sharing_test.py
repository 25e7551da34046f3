"""The day as it is sent to a messenger: three numbers, and nobody's name."""

import html
import re
from datetime import date

from django.utils import translation

from letopis.base.parts import Cell
from letopis.metrics.sharing import day_words
from tests.metrics.conftest import Salon


def test_day_is_told_in_four_lines() -> None:
    cells = [Cell("Новые обращения", "14"), Cell("Записались", "6"), Cell("Ответили за 5 минут", "81 %")]
    with translation.override("ru"):
        told = day_words("Студия «Лада»", date(2025, 11, 22), cells).replace("\u00a0", " ")
        assert told.splitlines() == [
            "Студия «Лада», 22 нояб. 2025",
            "Новые обращения: 14",
            "Записались: 6",
            "Ответили за 5 минут: 81 %",
        ]


def test_today_offers_to_share_only_numbers(salon: Salon) -> None:
    page = salon.browser().get(salon.url()).content.decode()
    button = re.search(r'<button[^>]*data-share="day" data-copy="([^"]+)"', page)
    assert button is not None
    head, *lines = html.unescape(button[1]).replace("\u00a0", " ").splitlines()
    assert head == "Студия «Лада», 2 ноября"
    assert [line.partition(":")[0] for line in lines] == ["Новые обращения", "Записались", "Ответили за 5 минут"]


def test_words_for_a_lost_network_wait_hidden_with_the_time(salon: Salon) -> None:
    page = salon.browser().get(salon.url()).content.decode()
    note = re.search(r"<div[^>]*data-offline hidden>.*?</div>", page, re.DOTALL)
    assert note is not None
    assert re.search(r"Показано состояние на \d\d:\d\d\.", note[0])
