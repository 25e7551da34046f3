"""Every row of the table of numbers, dates and money, in both languages."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from letopis.base import clock, format

NOW = datetime(2026, 11, 22, 7, 42, tzinfo=UTC)


@pytest.fixture(autouse=True)
def salon_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with timezone.override(ZoneInfo("Europe/Moscow")):
        yield


ROWS: list[tuple[Callable[..., str], tuple[object, ...], str, str]] = [
    (format.integer, (1284,), "1 284", "1,284"),
    (format.integer, (0,), "0", "0"),
    (format.integer, (-3,), "−3", "−3"),
    (format.decimal, (-3.4, 1), "−3,4", "−3.4"),
    (format.decimal, (0.41,), "0,41", "0.41"),
    (format.decimal, (2.5, 0), "3", "3"),
    (format.share, (425, 1000), "42,5 %", "42.5%"),
    (format.share, (81, 100), "81 %", "81%"),
    (format.share, (85, 199), "43 %", "43%"),
    (format.share, (85, 200), "42,5 %", "42.5%"),
    (format.share, (0, 0), "—", "—"),
    (format.points, (5.4,), "+5,4 п. п.", "+5.4 pp"),
    (format.points, (-3.4,), "−3,4 п. п.", "−3.4 pp"),
    (format.points, (5.4, 60), "+5 п. п.", "+5 pp"),
    (format.points, (0.04,), "0,0 п. п.", "0.0 pp"),
    (format.change, (1284, 1197), "+7,3 %", "+7.3%"),
    (format.change, (40, 29), "", ""),
    (format.change, (20, 30), "−33,3 %", "−33.3%"),
    (format.money, (170_400_00,), "170 400 ₽", "₽170,400"),
    (format.money, (1_31,), "1,31 ₽", "₽1.31"),
    (format.money, (100_50,), "101 ₽", "₽101"),
    (format.money, (50_00,), "50 ₽", "₽50"),
    (format.money, (0,), "0 ₽", "₽0"),
    (format.money, (-1_31,), "−1,31 ₽", "−₽1.31"),
    (format.money_range, (67_200_00, 117_600_00), "от 67 до 118 тыс. ₽", "₽67,000 to ₽118,000"),
    (format.money_range, (700_00, 1_900_00), "от 700 до 1 900 ₽", "₽700 to ₽1,900"),
    (format.money_range_whole, (123_900_00, 218_400_00), "от 124 000 до 218 000 ₽", "₽124,000 to ₽218,000"),
    (format.day, (date(2026, 11, 18),), "18 ноября", "18 November"),
    (format.day, (date(2025, 11, 18),), "18 нояб. 2025", "18 Nov 2025"),
    (format.day_short, (date(2026, 11, 18),), "18 нояб.", "18 Nov"),
    (format.day_short, (date(2025, 11, 18),), "18 нояб. 2025", "18 Nov 2025"),
    (format.day, (datetime(2026, 11, 18, 21, 30, tzinfo=UTC),), "19 ноября", "19 November"),
    (format.period, (date(2026, 10, 24), date(2026, 11, 22)), "24 окт. – 22 нояб.", "24 Oct – 22 Nov"),
    (format.time, (datetime(2026, 11, 18, 16, 42, 8, tzinfo=UTC),), "19:42", "19:42"),
    (format.time_exact, (datetime(2026, 11, 18, 16, 42, 8, tzinfo=UTC),), "19:42:08", "19:42:08"),
    (format.moment, (datetime(2026, 11, 18, 16, 42, tzinfo=UTC),), "18 нояб., 19:42", "18 Nov, 19:42"),
    (format.ago, (NOW - timedelta(seconds=59),), "только что", "just now"),
    (format.ago, (NOW - timedelta(minutes=4),), "4 мин назад", "4 min ago"),
    (format.ago, (NOW - timedelta(hours=5, minutes=59),), "5 ч назад", "5 h ago"),
    (format.ago, (NOW - timedelta(days=4),), "18 нояб.", "18 Nov"),
    (format.ago, (NOW + timedelta(minutes=12),), "через 12 мин", "in 12 min"),
    (format.ago, (NOW + timedelta(seconds=40),), "через 40 с", "in 40 s"),
    (format.length, (0.5,), "0,5 с", "0.5 s"),
    (format.length, (9.96,), "10 с", "10 s"),
    (format.length, (110,), "1 мин 50 с", "1 min 50 s"),
    (format.length, (59.7,), "1 мин", "1 min"),
    (format.length, (690,), "11 мин", "11 min"),
    (format.length, (4_800,), "1 ч 20 мин", "1 h 20 min"),
    (format.length, (3_600,), "1 ч", "1 h"),
    (format.length, (172_800,), "2 дня", "2 days"),
    (format.length_coarse, (110,), "1 мин", "1 min"),
    (format.phone, ("+79201231408",), "+7 920 123-14-08", "+7 920 123-14-08"),
    (format.phone, ("8 (920) 123-14-08",), "+7 920 123-14-08", "+7 920 123-14-08"),
    (format.phone_masked, ("+79201231408",), "+7 920 •••-14-08", "+7 920 •••-14-08"),
    (format.phone_masked, ("12",), "12", "12"),
    (format.id_masked, ("tg_12345678",), "tg_••••5678", "tg_••••5678"),
    (format.id_masked, ("wa_12",), "wa_••••", "wa_••••"),
    (format.hash_short, ("9f2c71d0" + "0" * 50 + "e71a04",), "9f2c71d0…e71a04", "9f2c71d0…e71a04"),
]


@pytest.mark.parametrize(("show", "given", "russian", "english"), ROWS)
def test_reads_as_people_write(show: Callable[..., str], given: tuple[object, ...], russian: str, english: str) -> None:
    with translation.override("ru"):
        assert show(*given).replace(format.NBSP, " ") == russian
    with translation.override("en"):
        assert show(*given).replace(format.NBSP, " ") == english


def test_number_and_its_sign_never_part() -> None:
    with translation.override("ru"):
        for shown in (format.integer(1284), format.share(1, 2), format.points(5.4), format.money(170_400_00)):
            assert " " not in shown
        assert format.day(date(2026, 11, 18)) == f"18{format.NBSP}ноября"


def test_face_has_every_sign() -> None:
    """Narrow and figure spaces, arrows and the like are missing from the face we ship."""
    for language in ("ru", "en"):
        with translation.override(language):
            text = "".join(show(*given) for show, given, _, _ in ROWS)
            assert not set(text) & set("\u202f\u2007→≈≤≥")
