"""Single values: every spelling that senders use, and those that are refused."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from letopis.intake import values
from letopis.intake.faults import RefusedError
from letopis.intake.values import Context, Decimals, Noted

CONTEXT = Context(UUID(int=1), "bot", ZoneInfo("Europe/Moscow"))
AT_US = 1795338000_000000  # 2026-11-22T12:00:00+03:00


@pytest.mark.parametrize(
    "spelled",
    [
        "2026-11-22T12:00:00+03:00",
        "2026-11-22T09:00:00Z",
        "2026-11-22t09:00:00z",
        "2026-11-22 09:00:00Z",
        " 2026-11-22T12:00 ",
        "2026-11-22T12:00:00",
        "2026-11-22 12:00:00",
        "22.11.2026 12:00",
        "22.11.2026, 12:00:00",
        AT_US // 1_000_000,
        AT_US // 1000,
        AT_US,
        AT_US * 1000,
        str(AT_US // 1000),
        Decimals(f"{AT_US // 1_000_000}.000"),
        Decimals("1.795338e9"),
    ],
)
def test_one_moment_in_every_spelling(spelled: Any) -> None:
    assert values.moment(spelled, CONTEXT) == AT_US


def test_fractions_of_a_second_are_exact() -> None:
    assert values.moment("2026-11-22T12:00:00.123456+03:00", CONTEXT) == AT_US + 123456
    assert values.moment(Decimals(f"{AT_US // 1_000_000}.123456"), CONTEXT) == AT_US + 123456


@pytest.mark.parametrize(
    "nonsense",
    [
        "завтра",
        "2026-13-01T00:00:00Z",
        "2026-11-22",
        "31.02.2026 10:00",
        "12:00",
        "1e99",
        "0001-01-01T00:00:00+14:00",
        -5,
    ],
)
def test_time_that_is_none_is_refused(nonsense: Any) -> None:
    with pytest.raises(RefusedError):
        values.moment(nonsense, CONTEXT)


@pytest.mark.parametrize(
    ("spelled", "ppm"),
    [
        (Decimals("0.92"), 920000),
        ("0,92", 920000),
        ("92%", 920000),
        (" 92,5 % ", 925000),
        (1, 1_000_000),
        (0, 0),
        (Decimals("0.1"), 100000),
        (92, Noted("percent", 920000)),
        (Decimals("99.9"), Noted("percent", 999000)),
        (101, Noted("dropped", None)),
        ("-3", Noted("dropped", None)),
        ("150%", Noted("dropped", None)),
    ],
)
def test_confidence_in_every_form(spelled: Any, ppm: Any) -> None:
    assert values.confidence(spelled, CONTEXT) == ppm


@pytest.mark.parametrize(
    ("spelled", "kopecks"),
    [
        ("2400", 240000),
        (2400, 240000),
        (Decimals("2400.5"), 240050),
        ("2 400,50 ₽", 240050),
        ("2\u00a0400 руб.", 240000),
        ("2400р", 240000),
    ],
)
def test_money_is_whole_kopecks(spelled: Any, kopecks: int) -> None:
    assert values.kopecks(spelled, CONTEXT) == kopecks


def test_cost_of_a_call_keeps_thousandths_of_a_kopeck() -> None:
    assert values.millikopecks(Decimals("0.00123"), CONTEXT) == 123


@pytest.mark.parametrize("wrong", ["дорого", True, [1], "1e400", "9" * 40, -1, "inf", "1.2.3"])
def test_number_that_is_none_is_refused(wrong: Any) -> None:
    with pytest.raises(RefusedError):
        values.count(wrong, CONTEXT)


@pytest.mark.parametrize(
    ("spelled", "e164"),
    [
        ("8 (900) 000-00-03", "+79000000003"),
        ("+7 900 000 00 03", "+79000000003"),
        (79000000003, "+79000000003"),
        ("9000000003", "+79000000003"),
        ("+375 29 000-00-00", "+375290000000"),
        ("80290000000", "80290000000"),
        ("добавочный 12", "добавочный 12"),
    ],
)
def test_phone_is_international_where_no_doubt_is_left(spelled: Any, e164: str) -> None:
    assert values.phone(spelled, CONTEXT) == e164


@pytest.mark.parametrize(
    ("spelled", "name"),
    [("Telegram", "telegram"), ("tg", "telegram"), ("WhatsApp Business", "whatsapp_business"), ("ВКонтакте", "vk")],
)
def test_channel_is_known_by_one_name(spelled: str, name: str) -> None:
    assert values.source(spelled, CONTEXT) == name


@pytest.mark.parametrize(
    ("spelled", "expected"), [(True, True), ("да", True), (1, True), ("False", False), ("0", False)]
)
def test_yes_and_no_in_every_form(spelled: Any, expected: bool) -> None:
    assert values.yes_or_no(spelled, CONTEXT) is expected


@pytest.mark.parametrize(("spelled", "day"), [("2026-11-22", "2026-11-22"), ("22.11.2026", "2026-11-22"), ("", None)])
def test_day_in_every_form(spelled: str, day: str | None) -> None:
    assert values.day(spelled, CONTEXT) == day


@pytest.mark.parametrize(
    "wrong", [{"monday": []}, {"mon": [["20:00", "10:00"]]}, {"mon": [["10:00"]]}, {"mon": [["25:00", "26:00"]]}, []]
)
def test_hours_that_are_none_are_refused(wrong: Any) -> None:
    with pytest.raises(RefusedError):
        values.weekly(wrong, CONTEXT)
