"""Which weeks are held against which around a change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from letopis.base.worktime import Schedule, Version
from letopis.metrics.marks.weeks import Weeks, days_off, weeks_around, without_bad_week

MOSCOW = ZoneInfo("Europe/Moscow")
WEDNESDAY = datetime(2026, 4, 1, 9, tzinfo=UTC)
MONDAY_BEFORE, MONDAY_AFTER = date(2026, 3, 23), date(2026, 4, 6)
LONG_AGO, LONG_AFTER = date(2025, 1, 1), date(2027, 1, 1)


def around(
    at: datetime = WEDNESDAY, *, since: date = LONG_AGO, mature: date = LONG_AFTER, **neighbours: datetime
) -> Weeks:
    near = {"before": None, "after": None} | neighbours
    return weeks_around(at, MOSCOW, since=since, mature=mature, before=near["before"], after=near["after"])


def test_whole_weeks_lie_next_to_the_week_of_the_change() -> None:
    found = around()
    assert (found.before[-1], found.after[0]) == (MONDAY_BEFORE, MONDAY_AFTER)
    assert len(found.before) == len(found.after) == 12
    assert all(monday.weekday() == 0 for monday in (*found.before, *found.after))


def test_change_on_sunday_needs_a_day_to_settle() -> None:
    found = around(datetime(2026, 4, 5, 9, tzinfo=UTC))
    assert found.after[0] == date(2026, 4, 13)


def test_change_at_the_midnight_of_the_business_is_dated_there() -> None:
    """00:30 on Monday in Moscow is still Sunday elsewhere."""
    found = around(datetime(2026, 4, 5, 21, 30, tzinfo=UTC))
    assert (found.before[-1], found.after[0]) == (date(2026, 3, 30), date(2026, 4, 13))


def test_weeks_that_are_not_decided_yet_wait() -> None:
    assert around(mature=date(2026, 4, 19)).after == [MONDAY_AFTER, date(2026, 4, 13)]
    assert around(mature=date(2026, 4, 18)).after == [MONDAY_AFTER]
    assert not around(mature=date(2026, 4, 11)).known


def test_first_week_of_the_data_counts_only_whole() -> None:
    assert around(since=MONDAY_BEFORE).before == [MONDAY_BEFORE]
    assert not around(since=MONDAY_BEFORE + timedelta(days=1)).known


def test_neighbouring_changes_end_the_weeks() -> None:
    found = around(before=datetime(2026, 3, 11, 9, tzinfo=UTC), after=datetime(2026, 4, 22, 9, tzinfo=UTC))
    assert found.before == [date(2026, 3, 16), MONDAY_BEFORE]
    assert found.after == [MONDAY_AFTER, date(2026, 4, 13)]


def test_two_changes_in_one_week_cannot_be_told_apart() -> None:
    for neighbour in ({"before": WEDNESDAY - timedelta(days=1)}, {"after": WEDNESDAY + timedelta(days=2)}):
        found = around(**neighbour)
        assert (found.known, found.neighbour) == (False, True)


def test_nothing_to_compare_is_no_crowd() -> None:
    found = around(since=date(2026, 4, 1), mature=date(2026, 4, 3), before=WEDNESDAY - timedelta(days=30))
    assert (found.known, found.neighbour) == (False, False)


def test_unusually_bad_week_right_before_is_left_out() -> None:
    counts = [(40, 100)] * 11 + [(10, 100)]
    found = without_bad_week(around(), WEDNESDAY.date(), counts, more_is_better=True)
    assert found.left_out == MONDAY_BEFORE
    assert MONDAY_BEFORE not in found.before


def test_good_week_or_one_long_past_stays() -> None:
    weeks = around()
    good, past = [(40, 100)] * 11 + [(70, 100)], [(10, 100)] + [(40, 100)] * 11
    assert without_bad_week(weeks, WEDNESDAY.date(), good, more_is_better=True) == weeks
    assert without_bad_week(weeks, WEDNESDAY.date(), past, more_is_better=True) == weeks
    assert without_bad_week(weeks, WEDNESDAY.date(), good, more_is_better=False).left_out == MONDAY_BEFORE


def test_thin_weeks_are_not_judged() -> None:
    weeks = around()
    assert without_bad_week(weeks, WEDNESDAY.date(), [(4, 10)] * 11 + [(0, 10)], more_is_better=True) == weeks


def test_official_days_off_are_counted_on_both_sides() -> None:
    weeks = Weeks([date(2026, 4, 20)], [date(2026, 5, 4)])
    told = {day: [["10:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}
    assert days_off(Schedule(MOSCOW, [Version(LONG_AGO, told, "ru")]), Weeks([date(2026, 4, 27)], weeks.before)) == (
        1,
        0,
    )
    assert days_off(Schedule(MOSCOW, [Version(LONG_AGO, told, "")]), weeks) == (0, 0)
