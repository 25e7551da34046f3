"""Terms as the law counts them: from the day after, by the official calendar, and never ending on a day off."""

from datetime import date

import pytest

from letopis.subjects.requests.terms import Ask, days_left, due_on


@pytest.mark.parametrize(
    ("ask", "received", "due"),
    [
        (Ask.ACCESS, date(2026, 11, 20), date(2026, 12, 4)),  # a Friday; two weeks of five days
        (Ask.ACCESS, date(2026, 12, 25), date(2027, 1, 19)),  # over New Year, and the 31st is off by decree
        (Ask.CORRECTION, date(2026, 10, 30), date(2026, 11, 11)),  # the 4th of November is off
        (Ask.ERASURE, date(2026, 11, 2), date(2026, 12, 2)),
        (Ask.ERASURE, date(2026, 11, 5), date(2026, 12, 7)),  # the thirtieth day is a Saturday
        (Ask.UNLAWFUL, date(2026, 11, 23), date(2026, 12, 7)),
    ],
)
def test_last_day(ask: Ask, received: date, due: date) -> None:
    assert due_on(ask, received) == due


def test_extension_is_five_working_days() -> None:
    assert due_on(Ask.ACCESS, date(2026, 11, 20), extended=True) == date(2026, 12, 11)


@pytest.mark.parametrize(
    ("ask", "today", "left"),
    [
        (Ask.ACCESS, date(2026, 11, 27), 5),
        (Ask.ACCESS, date(2026, 11, 28), 5),  # a Saturday takes nothing
        (Ask.ACCESS, date(2026, 12, 4), 0),
        (Ask.ACCESS, date(2026, 12, 7), -1),
        (Ask.ERASURE, date(2026, 12, 1), 3),
    ],
)
def test_days_left(ask: Ask, today: date, left: int) -> None:
    assert days_left(ask, date(2026, 12, 4), today) == left
