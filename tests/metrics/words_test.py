"""Sentences of the first pages, in the forms that Russian has."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from letopis.intake.sources import News
from letopis.metrics import words
from letopis.metrics.trust import heard

NOW = datetime(2026, 11, 22, 7, 42, tzinfo=UTC)


@pytest.fixture(autouse=True)
def russian() -> object:
    with translation.override("ru"):
        yield


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "Никто не ждёт."),
        (1, "Один клиент ждёт ответа дольше 15 минут."),
        (3, "Трое ждут ответа дольше 15 минут."),
        (7, "7 клиентов ждут ответа дольше 15 минут."),
        (21, "21 клиент ждёт ответа дольше 15 минут."),
    ],
)
def test_small_counts_are_said_as_people_say_them(count: int, said: str) -> None:
    assert words.waiting(count, 15).replace("\u00a0", " ") == said


def test_day_so_far_takes_the_plural_of_each_count() -> None:
    assert words.day_so_far(14, 6) == "14 новых обращений, 6 записались."
    assert words.day_so_far(1, 1) == "1 новое обращение, 1 записался."
    assert words.day_so_far(0, 0) == "Новых обращений пока нет."


def test_cohort_tells_who_still_thinks() -> None:
    said = words.cohort(982, 546, 34).replace("\u00a0", " ")
    assert said == "Из 982 обратившихся записались 546. Ещё думают 34."
    assert words.cohort(0, 0, 0) == "За эти дни никто не писал."


def test_usual_names_the_weekday() -> None:
    assert words.usual_on(NOW.date(), 11) == "обычно по воскресеньям 11"


def news(source: str, hours: float, connection: str = "bot") -> News:
    at = NOW - timedelta(hours=hours)
    return News(connection, source, at, at, "message_in", at.date(), 0, 0, 0, 0, None, "", "")


def test_source_is_heard_when_one_of_its_connections_is() -> None:
    assert not heard([news("telegram", 40), news("telegram", 1, "other")], NOW).silent


def test_longest_silence_is_named_first() -> None:
    hearing = heard([news("vk", 30), news("telegram", 49), news("avito", 1)], NOW)
    said = words.silence(hearing.silent, NOW).replace("\u00a0", " ")
    assert said == "Telegram молчит 2 дня 1 ч, и ещё 1"


def test_nothing_heard_yet_is_not_trust() -> None:
    assert not heard([], NOW).known
