"""Working time: worked examples over breaks, nights, holidays, changes of schedule, parts and a jump of the clock."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letopis.base.calendars import RUSSIA
from letopis.base.worktime import WEEKDAYS, Hours, Schedule, Scope, Version

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


# Official days off.

OFFICE = {
    **{day: [["09:00", "18:00"]] for day in WEEKDAYS[:4]},
    "fri": [["09:00", "17:00"]],
    "sat": [["10:00", "14:00"]],
}
BY_CALENDAR = Schedule(MOSCOW, [Version(date(2024, 1, 1), {**OFFICE, "2026-05-11": [["12:00", "15:00"]]}, RUSSIA)])
EVERY_DAY = Schedule(MOSCOW, [Version(date(2024, 1, 1), OFFICE)])
HOUR = 3600


def test_wait_over_the_may_holidays_counts_no_day_off() -> None:
    """Thursday 30 April to Tuesday 12 May 2026: 1, 9 and 11 May are off, 11 May has hours by its date."""
    begin, end = moscow("2026-04-30T17:00"), moscow("2026-05-12T10:00")
    first_week = 4 + 4 * 9 + 8  # Saturday 2 May, then Monday to Friday.
    assert BY_CALENDAR.seconds_between(begin, end) == (1 + first_week + 3 + 1) * HOUR
    first_of_may, the_ninth, usual_monday = 8, 4, 9
    assert (
        EVERY_DAY.seconds_between(begin, end) == (1 + first_week + first_of_may + the_ninth + usual_monday + 1) * HOUR
    )


@pytest.mark.parametrize(
    ("day", "minutes"),
    [
        ("2025-10-31", 8 * 60),
        ("2025-11-01", 9 * 60),
        ("2025-11-03", 0),
        ("2025-11-04", 0),
        ("2025-11-08", 4 * 60),
        ("2025-12-31", 0),
        ("2026-01-09", 0),
        ("2026-05-08", 8 * 60),
        ("2026-05-11", 3 * 60),
        ("2028-05-01", 0),
        ("2028-05-02", 9 * 60),
    ],
    ids=[
        "friday-before-is-not-shortened",
        "saturday-worked-as-monday",
        "moved-day-off",
        "holiday",
        "usual-saturday",
        "moved-from-january",
        "moved-within-january",
        "eve-of-a-holiday",
        "date-goes-before-calendar",
        "holiday-of-a-year-not-decreed",
        "day-of-a-year-not-decreed",
    ],
)
def test_official_calendar_closes_and_opens(day: str, minutes: int) -> None:
    assert BY_CALENDAR.minutes_on(date.fromisoformat(day)) == minutes


def test_worked_saturday_of_who_has_mondays_off_stays_as_it_is() -> None:
    schedule = Schedule(MOSCOW, [Version(date(2025, 1, 1), {"sat": [["10:00", "14:00"]]}, RUSSIA)])
    assert schedule.minutes_on(date(2025, 11, 1)) == 4 * 60


def test_without_a_calendar_holidays_are_days_like_others() -> None:
    assert EVERY_DAY.minutes_on(date(2026, 5, 1)) == 8 * 60
    assert EVERY_DAY.minutes_on(date(2025, 11, 1)) == 4 * 60


def test_minutes_of_a_day_before_the_first_version_are_not_known() -> None:
    assert EVERY_DAY.minutes_on(date(2023, 12, 31)) is None


# Parts with hours of their own.


def every_day(*ranges: list[str]) -> dict[str, list[list[str]]]:
    return {day: list(ranges) for day in WEEKDAYS}


ALL_DAYS = every_day(["10:00", "20:00"])
FOREST = {**every_day(["12:00", "18:00"]), "2026-12-31": [["12:00", "14:00"]]}
HOURS = Hours(
    MOSCOW,
    Schedule(MOSCOW, [Version(date(2026, 1, 1), {**ALL_DAYS, "2026-12-31": []})]),
    {
        Scope(channel="phone"): [Version(date(2026, 2, 1), every_day(["09:00", "18:00"]))],
        Scope(branch="Лесная"): [Version(date(2026, 3, 1), FOREST), Version(date(2026, 6, 1), None)],
        Scope(person="Аня"): [Version(date(2026, 4, 1), {"mon": [["10:00", "14:00"]]})],
        Scope(branch="Лесная", person="Аня"): [Version(date(2026, 5, 1), {"mon": [["15:00", "17:00"]]})],
    },
)


def monday_of(month: int) -> date:
    return next(day for n in range(8, 15) if (day := date(2026, month, n)).weekday() == 0)


@pytest.mark.parametrize(
    ("month", "part", "hours"),
    [
        (1, {"branch": "Лесная", "channel": "phone", "person": "Аня"}, 10),
        (2, {"branch": "Лесная", "channel": "phone", "person": "Аня"}, 9),
        (3, {"branch": "Лесная", "channel": "phone", "person": "Аня"}, 6),
        (4, {"branch": "Лесная", "channel": "phone", "person": "Аня"}, 4),
        (5, {"branch": "Лесная", "channel": "phone", "person": "Аня"}, 2),
        (5, {"branch": "Садовая", "person": "аня "}, 4),
        (5, {"branch": "лесная", "person": "Света"}, 6),
        (5, {"channel": "phone"}, 9),
        (5, {"channel": "vk"}, 10),
        (5, {}, 10),
        (6, {"branch": "Лесная"}, 10),
        (6, {"branch": "Лесная", "channel": "phone"}, 9),
    ],
    ids=[
        "nobody-has-own-hours-yet",
        "channel-before-all",
        "branch-before-channel",
        "person-before-branch",
        "person-in-a-branch-before-person",
        "person-elsewhere",
        "another-person",
        "channel",
        "another-channel",
        "all",
        "branch-gave-its-hours-up",
        "branch-gave-up-and-channel-holds",
    ],
)
def test_nearest_hours_hold(month: int, part: dict[str, str], hours: int) -> None:
    assert HOURS.of(**part).minutes_on(monday_of(month)) == hours * 60


def test_wait_is_cut_where_a_part_begins_its_own_hours() -> None:
    """From the last evening of the common hours to the first noon of the branch's."""
    wait = moscow("2026-02-28T19:00"), moscow("2026-03-01T13:00")
    assert HOURS.of(branch="Лесная").seconds_between(*wait) == (1 + 1) * HOUR
    assert HOURS.of().seconds_between(*wait) == (1 + 3) * HOUR


def test_date_on_which_all_are_closed_closes_those_who_do_not_name_it() -> None:
    last_day = date(2026, 12, 31)
    assert HOURS.of(channel="phone").minutes_on(last_day) == 0
    own = Hours(MOSCOW, HOURS.whole, {Scope(branch="Лесная"): HOURS.own[Scope(branch="Лесная")][:1]})
    assert own.of(branch="Лесная").minutes_on(last_day) == 2 * 60


def test_part_with_hours_of_a_business_without_any() -> None:
    own = [Version(date(2026, 4, 1), ALL_DAYS), Version(date(2026, 5, 1), None)]
    hours = Hours(MOSCOW, Schedule(MOSCOW), {Scope(person="Аня"): own})
    assert hours.minutes_on(date(2026, 4, 6), person="Аня") == 10 * 60
    assert hours.minutes_on(date(2026, 3, 30), person="Аня") is None
    assert hours.minutes_on(date(2026, 5, 4), person="Аня") is None
    assert hours.minutes_on(date(2026, 4, 6), branch="Лесная") is None


def test_part_is_merged_once() -> None:
    assert HOURS.of(person="Аня", channel="vk") is HOURS.of(person="Аня", channel="max")
    assert HOURS.of(channel="vk") is HOURS.whole


# What holds for any schedule.

CLOCKS = st.integers(0, 24 * 4).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
RANGES = st.lists(st.tuples(CLOCKS, CLOCKS).map(sorted), max_size=3)
NAMED = st.dates(date(2026, 3, 20), date(2026, 6, 20)).map(date.isoformat)
VERSIONS = st.builds(
    Version,
    st.dates(date(2026, 3, 1), date(2026, 6, 1)),
    st.one_of(st.none(), st.dictionaries(st.one_of(st.sampled_from(WEEKDAYS), NAMED), RANGES, max_size=12)),
    st.sampled_from(("", RUSSIA)),
)
MINUTES = st.integers(0, 90 * 24 * 60)


def instant(minutes: int) -> datetime:
    """In Berlin, over the spring jump of the clock and the May holidays of another country."""
    return datetime(2026, 3, 20, tzinfo=BERLIN) + timedelta(minutes=minutes)


def schedule_of(versions: list[Version]) -> Schedule:
    first = Version(date(2026, 1, 1), OFFICE)
    return Schedule(BERLIN, list({version.valid_from: version for version in (first, *versions)}.values()))


@given(st.lists(VERSIONS, max_size=3), st.tuples(MINUTES, MINUTES, MINUTES).map(sorted))
def test_wait_is_the_sum_of_its_parts(versions: list[Version], minutes: list[int]) -> None:
    schedule = schedule_of(versions)
    begin, middle, end = map(instant, minutes)
    parts = schedule.seconds_between(begin, middle), schedule.seconds_between(middle, end)
    whole = schedule.seconds_between(begin, end)
    if whole is not None:
        assert None not in parts
        assert whole == sum(part or 0 for part in parts)


@given(st.lists(VERSIONS, max_size=3), MINUTES, st.integers(1, 400_000))
def test_deadline_is_the_first_instant_at_which_the_time_is_over(
    versions: list[Version], minutes: int, seconds: int
) -> None:
    schedule, since = schedule_of(versions), instant(minutes)
    due = schedule.deadline(since, seconds)
    if due is not None:
        assert schedule.seconds_between(since, due) == seconds
        assert (schedule.seconds_between(since, due - timedelta(seconds=1)) or 0) < seconds


@given(st.lists(VERSIONS, max_size=3), MINUTES)
def test_open_minutes_of_a_day_are_those_between_its_midnights(versions: list[Version], minutes: int) -> None:
    schedule, day = schedule_of(versions), instant(minutes).date()
    midnight = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
    after = day + timedelta(days=1)
    between = schedule.seconds_between(
        midnight, datetime(after.year, after.month, after.day, tzinfo=BERLIN) - timedelta(seconds=1)
    )
    told = schedule.minutes_on(day)
    if told is None:
        assert between is None
    else:
        assert between is not None
        assert 0 <= told * 60 - between <= 1


@given(st.lists(VERSIONS, max_size=3), st.lists(VERSIONS, max_size=3), MINUTES)
def test_part_keeps_its_own_hours_or_the_common_ones(common: list[Version], own: list[Version], minutes: int) -> None:
    hours = Hours(BERLIN, schedule_of(common), {Scope(branch="Лесная"): own})
    day = instant(minutes).date()
    alone = Schedule(BERLIN, list({version.valid_from: version for version in own}.values()))
    found, part = hours.of(branch="Лесная").minutes_on(day), alone.minutes_on(day)
    assert found in (hours.whole.minutes_on(day), part, 0 if hours.whole.minutes_on(day) == 0 else part)
    if part is not None:
        assert found in (part, 0)
