"""Working hours: what is wrong with a day, a week in words, and the page on which they are told."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import translation

from letopis.access.wall import enter
from letopis.base.worktime import WEEKDAYS, Schedule, Version
from letopis.dialogues.holidays import Ahead, ahead
from letopis.dialogues.hours import Day, Place, Wrong, hours_words, is_simple, lines_of, tell_hours
from letopis.dialogues.schedules import learn
from tests import cast
from tests.dialogues.conftest import Browser
from tests.dialogues.hours_desk import WEEK, entries_of, form, known, page, post, today
from tests.metrics.journal import rows


@pytest.mark.parametrize(
    ("times", "problems"),
    [
        (("", "", "", ""), {}),
        (("10:00", "20:00", "", ""), {}),
        (("10:00", "20:00", "14:00", "15:00"), {}),
        (("00:00", "00:00", "", ""), {}),
        (("18:00", "00:00", "", ""), {}),
        (("00:00", "00:00", "02:00", "10:00"), {}),
        (("10:00", "", "", ""), {Place.CLOSES: Wrong.MISSING}),
        (("", "20:00", "", ""), {Place.OPENS: Wrong.MISSING}),
        (("10:00", "20:00", "14:00", ""), {Place.RESUMES: Wrong.MISSING}),
        (("10:00", "20:00", "", "15:00"), {Place.PAUSE: Wrong.MISSING}),
        (("", "", "14:00", "15:00"), {Place.OPENS: Wrong.MISSING, Place.CLOSES: Wrong.MISSING}),
        (("20:00", "10:00", "", ""), {Place.CLOSES: Wrong.CLOSES_EARLY}),
        (("18:00", "02:00", "", ""), {Place.CLOSES: Wrong.CLOSES_EARLY}),
        (("10:00", "10:00", "", ""), {Place.CLOSES: Wrong.CLOSES_EARLY}),
        (("10:00", "20:00", "15:00", "14:00"), {Place.RESUMES: Wrong.RESUMES_EARLY}),
        (("10:00", "20:00", "09:00", "11:00"), {Place.PAUSE: Wrong.OUTSIDE}),
        (("10:00", "20:00", "10:00", "11:00"), {Place.PAUSE: Wrong.OUTSIDE}),
        (("10:00", "20:00", "19:00", "21:00"), {Place.RESUMES: Wrong.OUTSIDE}),
    ],
)
def test_day_says_what_is_wrong_with_it(times: tuple[str, str, str, str], problems: dict[Place, Wrong]) -> None:
    assert Day.told(*times).problems() == problems


@pytest.mark.parametrize(
    "ranges", [[], [["10:00", "20:00"]], [["10:00", "14:00"], ["15:00", "21:00"]], [["00:00", "24:00"]]]
)
def test_day_goes_into_the_form_and_back(ranges: list[list[str]]) -> None:
    assert Day.of(ranges).ranges() == ranges


def test_week_is_told_in_few_lines() -> None:
    saturday = {"sat": [["10:00", "14:00"], ["15:00", "18:00"]], "sun": []}
    with translation.override("ru"):
        assert [(line.days, line.hours) for line in lines_of(WEEK | saturday)] == [
            ("пн–пт", "10:00–20:00"),
            ("сб", "10:00–18:00, перерыв 14:00–15:00"),
            ("вс", "выходной"),
        ]
        assert hours_words([["08:00", "09:00"], ["10:00", "11:00"], ["12:00", "13:00"]]) == (
            "08:00–09:00, 10:00–11:00, 12:00–13:00"
        )


def test_week_with_more_breaks_is_not_simple() -> None:
    assert is_simple(WEEK)
    assert not is_simple({"mon": [["08:00", "09:00"], ["10:00", "11:00"], ["12:00", "13:00"]]})


def test_without_hours_the_page_says_what_it_costs(business: UUID, browser: Browser) -> None:
    shown = page(browser, business)
    assert "Пока нет графика, время ответа в рабочие часы не считается." in shown
    assert "Кто написал ночью, утром уже считается просроченным." in shown


def test_saved_hours_are_an_event_that_the_readers_take(business: UUID, browser: Browser) -> None:
    day = today()
    week = dict.fromkeys(WEEKDAYS[:5], ("10:00", "20:00")) | {"sat": ("10:00", "00:00", "14:00", "15:00")}
    answer = post(browser, business, form(day, week))
    assert answer.status_code == 302
    [entry] = entries_of(business)
    assert (entry.source, entry.meta["valid_from"], entry.meta["by"]) == ("letopis", day.isoformat(), "business")
    assert entry.meta["weekly"]["sat"] == [["10:00", "14:00"], ["15:00", "24:00"]]
    assert entry.meta["weekly"]["sun"] == []
    assert entry.who["person"]

    query = answer.headers["Location"].partition("/hours")[2]
    waiting = page(browser, business, query=query)
    assert "Сохранено. Пересчитываем время ответов." in waiting
    assert "hx-trigger" in waiting
    cast.play(business)
    [version] = known(business)
    assert (version.valid_from, version.seq) == (day, entry.seq)
    shown = page(browser, business, query=query)
    assert "Сохранено." not in shown
    assert "hx-trigger" not in shown
    assert "10:00–24:00, перерыв 14:00–15:00" in shown


def test_current_coming_and_former_hours_stand_apart(business: UUID, browser: Browser) -> None:
    for days, opens in ((-30, "08:00"), (-10, "09:00"), (10, "11:00")):
        week = {name: [[opens, "20:00"]] for name in WEEKDAYS}
        tell_hours(business, today() + timedelta(days=days), week, "Анна")
    cast.play(business)
    shown = page(browser, business)
    assert "Сегодня работаете 09:00–20:00." in shown
    assert shown.index("Сейчас") < shown.index("11:00–20:00") < shown.index("Раньше") < shown.index("08:00–20:00")


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ({}, "Все дни выходные"),
        ({"mon": ("20:00", "10:00")}, "Закрытие раньше открытия. Если работаете за полночь"),
        ({"mon": ("10:00", "20:00", "19:00", "21:00")}, "Перерыв должен быть внутри рабочих часов"),
        ({"mon": ("10:00", "20:00", "15:00", "14:00")}, "Перерыв кончается раньше, чем начинается"),
        ({"mon": ("10:00",)}, "Впишите и это время"),
        ({"mon": ("25:00", "26:00")}, "mon_opens_error"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    business: UUID, browser: Browser, week: dict[str, tuple[str, ...]], words: str
) -> None:
    answer = post(browser, business, form(today(), week))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert entries_of(business) == []


@pytest.mark.parametrize("day", ["", "1999-12-31", "завтра", "2126-01-01"])
def test_day_must_be_one(business: UUID, browser: Browser, day: str) -> None:
    answer = post(browser, business, form(day, {"mon": ("10:00", "20:00")}))
    assert answer.status_code == 422
    assert "valid_from_error" in answer.content.decode()


def test_same_hours_again_are_no_event(business: UUID, browser: Browser) -> None:
    tell_hours(business, today() - timedelta(days=3), WEEK, "Анна")
    cast.play(business)
    answer = post(browser, business, form(today(), dict.fromkeys(WEEKDAYS, ("10:00", "20:00"))))
    assert answer.status_code == 422
    assert "Эти часы уже действуют" in answer.content.decode()
    assert len(entries_of(business)) == 1


def test_every_day_is_filled_as_monday(business: UUID, browser: Browser) -> None:
    given = form("2026-11-01", {"mon": ("09:30", "21:00"), "tue": ("12:00", "13:00")}, fill="1")
    shown = post(browser, business, given).content.decode()
    assert len(re.findall(r'name="\w{3}_opens" value="09:30"', shown)) == 7
    assert 'value="2026-11-01"' in shown
    assert entries_of(business) == []


def test_richer_hours_of_a_program_are_shown_whole(business: UUID, browser: Browser) -> None:
    rich = {"mon": [["08:00", "09:00"], ["10:00", "11:00"], ["12:00", "13:00"]]}
    tell_hours(business, today() - timedelta(days=3), rich, "программа")
    cast.play(business)
    shown = page(browser, business)
    assert "08:00–09:00, 10:00–11:00, 12:00–13:00" in shown
    assert "прислала программа" in shown


def test_manager_sees_hours_and_does_not_set_them(business: UUID, browser: Browser) -> None:
    assert "Сохранить" not in page(browser, business, "manager")
    assert post(browser, business, form(today(), {"mon": ("10:00", "20:00")}), "manager").status_code == 403
    assert post(browser, business, form(today(), {"mon": ("10:00", "20:00")}), "integrator").status_code == 302


@pytest.mark.parametrize("saved", ["7", "x", "-1", "9" * 40, ""])
def test_strange_saved_number_shows_the_page(business: UUID, browser: Browser, saved: str) -> None:
    assert "Сохранено" not in page(browser, business, query=f"?saved={saved}")


# Official days off.


def test_page_names_the_holidays_ahead(business: UUID, browser: Browser) -> None:
    answer = post(browser, business, form(today(), dict.fromkeys(WEEKDAYS, ("10:00", "20:00")), calendar="on"))
    assert answer.status_code == 302
    cast.play(business)
    [told] = known(business)
    assert told.calendar == "ru"
    shown = page(browser, business)
    assert "Праздники и переносы" in shown
    assert "В праздники закрыто" in shown


NEW_YEAR = date(2026, 12, 29)


def test_days_off_in_a_row_stand_in_one_line() -> None:
    schedule = Schedule(ZoneInfo("Europe/Moscow"), [Version(date(2026, 1, 1), {**WEEK, "2027-03-08": []}, "ru")])
    with translation.override("ru"):
        found = ahead(schedule, NEW_YEAR)
    assert [line.hours.replace("\u00a0", " ") for line in found.lines][:4] == [
        "выходной вместо 4 января, Новогодние каникулы, Рождество",
        "рабочий день вместо 22 февраля: 10:00–20:00",
        "выходной вместо 20 февраля, День защитника Отечества",
        "Праздник Весны и Труда",
    ]
    assert found.unknown_year is None


def test_year_that_is_not_decreed_is_told() -> None:
    schedule = Schedule(ZoneInfo("Europe/Moscow"), [Version(date(2026, 1, 1), WEEK, "ru")])
    assert ahead(schedule, date(2027, 6, 1)).unknown_year == 2028
    without = Schedule(ZoneInfo("Europe/Moscow"), [Version(date(2026, 1, 1), WEEK)])
    assert ahead(without, date(2027, 6, 1)) == Ahead()


# What the readers make of it.


@pytest.mark.parametrize(
    ("before", "after", "since"),
    [
        (None, (WEEK, ""), date(2026, 3, 1)),
        ((WEEK, ""), (WEEK, ""), None),
        ((WEEK, ""), ({**WEEK, "2026-12-31": []}, ""), date(2026, 12, 31)),
        (({**WEEK, "2026-12-31": []}, ""), (WEEK, ""), date(2026, 12, 31)),
        ((WEEK, ""), ({**WEEK, "2026-01-31": []}, ""), date(2026, 3, 1)),
        ((WEEK, ""), ({**WEEK, "sun": [], "2026-12-31": []}, ""), date(2026, 3, 1)),
        ((WEEK, ""), (WEEK, "ru"), date(2026, 3, 1)),
    ],
    ids=["first", "same", "date-named", "date-taken-out", "date-before-it-begins", "week", "calendar"],
)
def test_only_days_that_differ_are_judged_anew(
    business: UUID, before: tuple[Any, str] | None, after: tuple[Any, str], since: date | None
) -> None:
    zone = ZoneInfo("Europe/Moscow")
    for weekly, calendar in (one for one in (before, after) if one is not None):
        tell_hours(business, date(2026, 3, 1), weekly, "Анна", calendar=calendar)
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        found = [learn(cur, business, [entry], zone) for entry in entries_of(business)]
    assert found[-1] == since


def test_answers_are_judged_anew_by_saved_hours(
    salon: UUID, browser: Browser, app_connection: psycopg.Connection[Any]
) -> None:
    """Without hours nothing is in working time; with them every turn since their day is."""
    assert all(row["working_s"] is None for row in rows(app_connection, salon, "dialogues_turn"))
    post(browser, salon, form(today() - timedelta(days=30), dict.fromkeys(WEEKDAYS, ("00:00", "00:00"))))
    cast.play(salon)
    assert all(row["working_s"] is not None for row in rows(app_connection, salon, "dialogues_turn"))
