"""Prices and lengths as people write them, and back in words."""

import pytest
from django.utils import translation

from letopis.appointments.catalogue.offer import Price
from letopis.appointments.catalogue.words import (
    NotUnderstoodError,
    price_field,
    price_words,
    read_minutes,
    read_price,
)


def exact(roubles: int) -> Price:
    return Price(roubles * 100, roubles * 100)


@pytest.mark.parametrize(
    ("told", "price"),
    [
        ("", None),
        ("2400", exact(2400)),
        ("2 400 ₽", exact(2400)),
        ("2\xa0400,50 руб.", Price(240050, 240050)),
        ("2400.5", Price(240050, 240050)),
        ("0", exact(0)),
        ("от 2 400", Price(240000, None)),
        ("From 2400 ₽", Price(240000, None)),
        ("до 3000 р", Price(None, 300000)),
        ("2400-2800", Price(240000, 280000)),
        ("2 400 ₽ – 2 800 ₽", Price(240000, 280000)),
        ("от 2400 до 2800", Price(240000, 280000)),
        ("2400—2400", exact(2400)),
    ],
)
def test_price_is_understood(told: str, price: Price | None) -> None:
    assert read_price(told) == price


@pytest.mark.parametrize("told", ["дорого", "2800–2400", "-5", "2 40", "24 00", "1e9", "от", "99999999999", "2400 $"])
def test_what_is_no_price_is_refused(told: str) -> None:
    with pytest.raises(NotUnderstoodError):
        read_price(told)


@pytest.mark.parametrize(
    ("price", "words"),
    [
        (None, ""),
        (exact(2400), "2 400 ₽"),
        (exact(0), "0 ₽"),
        (Price(240000, None), "от 2 400 ₽"),
        (Price(None, 300000), "до 3 000 ₽"),
        (Price(240000, 280000), "от 2 400 ₽ до 2 800 ₽"),
    ],
)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_price_in_words_and_in_its_field(price: Price | None, words: str, language: str) -> None:
    with translation.override("ru"):
        assert price_words(price).replace("\xa0", " ") == words
    with translation.override(language):
        assert read_price(price_field(price)) == price


@pytest.mark.parametrize(
    ("told", "minutes"),
    [
        ("", None),
        ("90", 90),
        ("90 мин", 90),
        ("90 минут", 90),
        ("1:30", 90),
        ("01:30:00", 90),
        ("1 ч 30 мин", 90),
        ("1 час", 60),
        ("1,5 часа", 90),
        ("2h", 120),
    ],
)
def test_length_is_understood(told: str, minutes: int | None) -> None:
    assert read_minutes(told) == minutes


@pytest.mark.parametrize("told", ["0", "1441", "долго", "1:75", "-30", "ч", "30 сек"])
def test_what_is_no_length_is_refused(told: str) -> None:
    with pytest.raises(NotUnderstoodError):
        read_minutes(told)
