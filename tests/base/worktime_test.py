"""Working time: worked examples over breaks, nights, days off, changes of schedule and a jump of the clock."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letopis.base.worktime import Schedule, Version

MOSCOW = ZoneInfo("Europe/Moscow")
BERLIN = ZoneInfo("Europe/Berlin")
SALON = {
    **{day: [["10:00", "14:00"], ["15:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "sat": [["11:00", "18:00"]],
    "2026-10-07": [],
}
SCHEDULE = Schedule(
    MOSCOW,
    [
        Version(date(2026, 11, 2), {"mon": [["08:00", "24:00"]]}),
        Version(date(2026, 1, 1), SALON),
    ],
)


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("begin", "end", "minutes"),
    [
        ("2026-10-05T10:00", "2026-10-05T10:05", 5),
        ("2026-10-05T13:50", "2026-10-05T15:10", 20),
        ("2026-10-05T09:00", "2026-10-05T09:30", 0),
        ("2026-10-05T19:58", "2026-10-06T10:03", 5),
        ("2026-10-06T19:00", "2026-10-08T11:00", 120),
        ("2026-10-10T17:59", "2026-10-12T10:01", 2),
        ("2026-10-30T19:59", "2026-11-02T08:01", 7 * 60 + 2),
        ("2026-11-02T23:59", "2026-11-03T12:00", 1),
    ],
    ids=["open", "lunch", "night", "over-night", "holiday", "sunday", "new-schedule", "until-midnight"],
)
def test_open_minutes_between(begin: str, end: str, minutes: int) -> None:
    assert SCHEDULE.seconds_between(moscow(begin), moscow(end)) == minutes * 60


@pytest.mark.parametrize(
    ("begin", "minutes", "due"),
    [
        ("2026-10-05T10:00", 5, "2026-10-05T10:05"),
        ("2026-10-05T13:58", 5, "2026-10-05T15:03"),
        ("2026-10-05T23:00", 5, "2026-10-06T10:05"),
        ("2026-10-06T19:58", 5, "2026-10-08T10:03"),
        ("2026-10-10T18:00", 5, "2026-10-12T10:05"),
    ],
    ids=["open", "lunch", "night-turn-is-opening-plus-target", "holiday", "sunday"],
)
def test_deadline_runs_on_the_working_clock(begin: str, minutes: int, due: str) -> None:
    assert SCHEDULE.deadline(moscow(begin), minutes * 60) == moscow(due)


def test_no_schedule_is_none_and_never_nothing() -> None:
    nobody_told = Schedule(MOSCOW)
    assert nobody_told.seconds_between(moscow("2026-10-05T10:00"), moscow("2026-10-05T11:00")) is None
    assert nobody_told.deadline(moscow("2026-10-05T10:00"), 300) is None
    assert SCHEDULE.seconds_between(moscow("2025-12-31T10:00"), moscow("2026-01-01T11:00")) is None


def test_business_that_never_opens_has_no_deadline() -> None:
    assert Schedule(MOSCOW, [Version(date(2026, 1, 1), {})]).deadline(moscow("2026-10-05T10:00"), 300) is None


def test_night_of_the_clock_change_is_as_long_as_it_was() -> None:
    schedule = Schedule(BERLIN, [Version(date(2026, 1, 1), {"sun": [["00:00", "06:00"]]})])
    autumn = datetime(2026, 10, 25, tzinfo=BERLIN)
    spring = datetime(2026, 3, 29, tzinfo=BERLIN)
    assert schedule.seconds_between(autumn, autumn.replace(hour=12)) == 7 * 3600
    assert schedule.seconds_between(spring, spring.replace(hour=12)) == 5 * 3600


def test_overlapping_intervals_count_once() -> None:
    schedule = Schedule(MOSCOW, [Version(date(2026, 1, 1), {"mon": [["10:00", "14:00"], ["12:00", "16:00"]]})])
    assert schedule.seconds_between(moscow("2026-10-05T00:00"), moscow("2026-10-06T00:00")) == 6 * 3600


@given(st.integers(0, 50 * 24 * 60), st.integers(1, 40_000))
def test_deadline_and_length_agree(minutes: int, seconds: int) -> None:
    since = moscow("2026-10-01T00:00") + timedelta(minutes=minutes)
    due = SCHEDULE.deadline(since, seconds)
    assert due is not None
    assert SCHEDULE.seconds_between(since, due) == seconds
