"""The official calendar of Russia, against what the decrees of its years say."""

from datetime import date, timedelta

import pytest

from letopis.base.calendars import RUSSIA, year_of

FREE = {
    2023: {"01": range(1, 9), "02": (23, 24), "03": (8,), "05": (1, 8, 9), "06": (12,), "11": (4, 6)},
    2024: {"01": range(1, 9), "02": (23,), "03": (8,), "04": (29, 30), "05": (1, 9, 10), "06": (12,), "11": (4,),
           "12": (30, 31)},
    2025: {"01": range(1, 9), "02": (23,), "03": (8,), "05": (1, 2, 8, 9), "06": (12, 13), "11": (3, 4), "12": (31,)},
    2026: {"01": range(1, 10), "02": (23,), "03": (8, 9), "05": (1, 9, 11), "06": (12,), "11": (4,), "12": (31,)},
    2027: {"01": range(1, 9), "02": (22, 23), "03": (8,), "05": (1, 3, 9, 10), "06": (12, 14), "11": (4, 5),
           "12": (31,)},
}  # fmt: skip
WORKED = {
    2024: {"2024-04-27": "2024-04-29", "2024-11-02": "2024-04-30", "2024-12-28": "2024-12-30"},
    2025: {"2025-11-01": "2025-11-03"},
    2027: {"2027-02-20": "2027-02-22"},
}
# Working days of a five-day week, as production calendars print them.
WORKING_DAYS = {2023: 247, 2024: 248, 2025: 247, 2026: 247, 2027: 247}


@pytest.mark.parametrize("year", FREE)
def test_days_off_are_those_of_the_decree(year: int) -> None:
    expected = {date(year, int(month), day) for month, days in FREE[year].items() for day in days}
    found = year_of(RUSSIA, year)
    assert found.is_decreed
    assert set(found.off) == expected


@pytest.mark.parametrize("year", FREE)
def test_worked_weekends_name_the_day_off_given_for_them(year: int) -> None:
    expected = {date.fromisoformat(day): date.fromisoformat(off) for day, off in WORKED.get(year, {}).items()}
    assert year_of(RUSSIA, year).working == expected


@pytest.mark.parametrize("year", FREE)
def test_year_has_as_many_working_days_as_printed(year: int) -> None:
    found = year_of(RUSSIA, year)
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(365 + (year % 4 == 0)))
    worked = [day for day in days if day in found.working or (day.weekday() < 5 and day not in found.off)]
    assert len(worked) == WORKING_DAYS[year]


def test_day_off_says_why() -> None:
    year = year_of(RUSSIA, 2026)
    assert str(year.off[date(2026, 5, 9)].holiday) == "День Победы"
    assert year.off[date(2026, 5, 11)].moved_from == date(2026, 5, 9)
    assert year.off[date(2026, 12, 31)].moved_from == date(2026, 1, 4)


@pytest.mark.parametrize("year", [2019, 2028])
def test_year_without_a_decree_has_its_holidays_and_no_more(year: int) -> None:
    found = year_of(RUSSIA, year)
    assert not found.is_decreed
    assert len(found.off) == 14
    assert all(day.holiday is not None for day in found.off.values())
    assert found.working == {}
