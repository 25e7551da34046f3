"""The owner approves goals, everybody inside sees how far they are, and nobody rewrites what was wanted before."""

import csv
import html
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client

from letopis.access.wall import enter
from letopis.base import clock
from letopis.journal.entries import Entry, read_after
from letopis.metrics import pipeline
from letopis.metrics.board import read_board
from letopis.metrics.definitions import METRICS
from letopis.metrics.goals.goal import Goal
from letopis.metrics.goals.reader import goals_of
from letopis.metrics.period import last_days
from tests.metrics import told
from tests.metrics.conftest import Salon
from tests.metrics.journal import MONDAY, at, derived, read_all, rows, write
from tests.metrics.pages_test import text_of

Conn = psycopg.Connection[Any]
TODAY = told.NOW.date()
ROW = re.compile(r"<tr role=\"row\">(.*?)</tr>", re.DOTALL)


def cells(page: Any) -> list[list[str]]:
    """The table of a page, as a person reads it."""
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in ROW.findall(page.content.decode())]
    return [[" ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in found]


def row(page: Any, name: str) -> list[str]:
    [found] = [one for one in cells(page) if one[:1] == [name]]
    return found


def approve(browser: Client, salon: Salon, metric: str, target: str, valid_from: date = TODAY, **more: str) -> Any:
    return browser.post(salon.url(f"goals/{metric}"), {"target": target, "valid_from": valid_from.isoformat(), **more})


def goals(business: UUID) -> list[Goal]:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return goals_of(cur, business)


def told_goals(conn: Conn, business: UUID) -> list[tuple[str, str, float | None, str]]:
    """Metric, day, target and who, as the pages know them."""
    read_all(conn, business)
    return [(one.metric, one.valid_from.isoformat(), one.target, one.person) for one in goals(business)]


def goal_events(business: UUID) -> Sequence[Entry]:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return [entry for entry in read_after(cur, business, -1, 2000) if entry.type == "goal_set"]


@pytest.fixture
def at_noon(empty_salon: Salon, monkeypatch: pytest.MonkeyPatch) -> Salon:
    """An empty salon at the told world's now."""
    monkeypatch.setattr(clock, "now", lambda: told.NOW)
    return empty_salon


def test_approved_goal_is_one_event_and_every_page_shows_how_far_it_is(salon: Salon, app_connection: Conn) -> None:
    owner = salon.browser()
    assert approve(owner, salon, "M2", "60 %").status_code == 302
    assert approve(owner, salon, "M4", "90 %").status_code == 302
    read_all(app_connection, salon.business)
    first, second = goal_events(salon.business)
    assert (first.meta["metric"], first.meta["goal_ppm"], first.meta["valid_from"]) == ("M2", 600_000, "2026-11-02")
    assert (first.who["person"], second.meta["metric"]) == ("Анна", "M4")

    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, salon.business)
        period = last_days(TODAY, 30)
        value = read_board(cur, salon.business, period.first, period.last, ["M2"]).value("M2", period)
    assert value.value is not None
    missing = f"{60 - 100 * value.value:.1f}".replace(".", ",")
    short = f"цель от 60 %, не хватает {missing} п. п."
    listed = owner.get(salon.url("goals"))
    assert row(listed, METRICS["M2"].title.ru)[4:] == [short, "Анна, 2 нояб."]
    assert row(listed, METRICS["M4"].title.ru)[4] == "цель до 90 %"
    for page in ("overview", "goals/M2"):
        assert short in text_of(owner.get(salon.url(page))), page


@pytest.mark.parametrize(("role", "opened", "posted"), [("manager", 200, 403), ("integrator", 403, 403)])
def test_only_the_owner_approves(at_noon: Salon, app_connection: Conn, role: str, opened: int, posted: int) -> None:
    browser = at_noon.browser(role)
    page = browser.get(at_noon.url("goals/M2"))
    assert page.status_code == browser.get(at_noon.url("goals")).status_code == opened
    assert 'name="target"' not in page.content.decode()
    assert approve(browser, at_noon, "M2", "40 %").status_code == posted
    assert browser.post(at_noon.url("goals/M2"), {"end": "1"}).status_code == posted
    assert not goal_events(at_noon.business)


def test_stranger_finds_nothing(at_noon: Salon, stranger_business: UUID) -> None:
    stranger = Salon(stranger_business).browser()
    assert stranger.get(at_noon.url("goals")).status_code == 404
    assert approve(stranger, at_noon, "M2", "40 %").status_code == 404
    assert stranger.get(Salon(stranger_business).url("goals/M18")).status_code == 404
    assert not goal_events(at_noon.business)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"target": "сорок"}, "Это не число. Например: 40 %"),
        ({"target": "140 %"}, "Доля бывает от 0 до 100 %."),
        ({"valid_from": "2026-11-01"}, "Цель действует не раньше сегодняшнего дня"),
        ({"valid_from": "2028-11-01"}, "Это слишком далеко впереди."),
        ({"valid_from": "0001-01-01"}, "Цель действует не раньше сегодняшнего дня"),
        ({"valid_from": "завтра"}, "Введите правильную дату."),
        ({"margin": "80"}, "меньше либо равно 50"),
    ],
)
def test_wrong_field_keeps_what_was_typed_and_says_what_to_do(at_noon: Salon, typed: dict[str, str], said: str) -> None:
    sent = {"target": "41 %", "valid_from": "2026-11-09", "margin": "3", **typed}
    page = at_noon.browser().post(at_noon.url("goals/M2"), sent)
    content = page.content.decode()
    assert page.status_code == 400
    assert said in text_of(page).partition("Исправьте")[2][:300]
    assert content.count('role="alert"') == 1
    for name, value in sent.items():
        assert re.search(rf'name="{name}" value="{re.escape(value)}"', content), name
    assert not goal_events(at_noon.business)


def test_waits_take_minutes_and_no_points(at_noon: Salon, app_connection: Conn) -> None:
    owner = at_noon.browser()
    assert 'name="margin"' not in owner.get(at_noon.url("goals/M9")).content.decode()
    assert approve(owner, at_noon, "M9", "10").status_code == 400
    assert approve(owner, at_noon, "M9", "10 мин").status_code == 302
    assert told_goals(app_connection, at_noon.business) == [("M9", "2026-11-02", 600, "Анна")]


def test_each_day_keeps_the_goal_it_had(salon: Salon, app_connection: Conn, monkeypatch: pytest.MonkeyPatch) -> None:
    """The history names who and when; a period of the past is held against what was wanted then."""
    owner = salon.browser()
    for days, target in ((0, "30 %"), (10, "40 %"), (20, "")):
        monkeypatch.setattr(clock, "now", lambda days=days: told.NOW + timedelta(days=days))
        sent = {"end": "1"} if not target else {"target": target, "valid_from": clock.now().date().isoformat()}
        assert owner.post(salon.url("goals/M14"), sent).status_code == 302
        read_all(app_connection, salon.business)
    known = [one for one in goals(salon.business) if one.metric == "M14"]
    assert [(one.valid_from.day, one.target, one.ended) for one in known] == [
        (2, 0.3, False),
        (12, 0.4, False),
        (22, None, True),
    ]
    page = text_of(owner.get(salon.url("goals/M14")))
    assert "с 22 нояб. снята, Анна с 12 нояб. 40 %, Анна с 2 нояб. 30 %, Анна" in page
    assert "Цель не задана." in page
    for last, goal in (("2026-11-01", ""), ("2026-11-11", "30"), ("2026-11-12", "40"), ("2026-11-22", "")):
        shown = text_of(owner.get(salon.url(f"overview?from=2026-10-10&to={last}")))
        assert re.findall(r"цель от ([34]0) %", shown) == ([goal] if goal else []), last


def test_last_word_of_a_day_stands_and_a_goal_to_come_can_be_taken_away(at_noon: Salon, app_connection: Conn) -> None:
    owner = at_noon.browser()
    for target in ("40 %", "35 %"):
        approve(owner, at_noon, "M2", target)
    approve(owner, at_noon, "M4", "10 %", TODAY + timedelta(days=5))
    assert told_goals(app_connection, at_noon.business) == [
        ("M2", "2026-11-02", 0.35, "Анна"),
        ("M4", "2026-11-07", 0.1, "Анна"),
    ]
    assert 'name="end"' in owner.get(at_noon.url("goals/M4")).content.decode()
    assert owner.post(at_noon.url("goals/M4"), {"end": "1"}).status_code == 302
    assert told_goals(app_connection, at_noon.business)[1:] == [
        ("M4", "2026-11-02", None, "Анна"),
        ("M4", "2026-11-07", None, "Анна"),
    ]
    assert 'name="end"' not in owner.get(at_noon.url("goals/M4")).content.decode()
    assert len(goal_events(at_noon.business)) == 5, "nothing is overwritten in the journal"


def goal_event(day: int, **fields: Any) -> dict[str, Any]:
    told_fields: dict[str, Any] = {"metric": "M2", "goal_target": "40%", "person": "Анна Л.", **fields}
    return at(MONDAY + timedelta(days=day), "goal_set", client_id=None, source="letopis", **told_fields)


@pytest.mark.parametrize("batch", [1, 3, 2000])
def test_goals_do_not_depend_on_how_the_journal_is_read(app_connection: Conn, business: UUID, batch: int) -> None:
    write(
        business,
        [
            goal_event(0),
            goal_event(0, goal_target="45%", goal_margin="0.02"),
            goal_event(1, goal_target="90%", test=True),
            goal_event(2, metric="M99"),
            goal_event(3, valid_from="2026-10-05", goal_target="50%"),
            goal_event(4, withdrawn=True, goal_target=None),
            goal_event(5, metric=None),
        ],
    )
    read_all(app_connection, business, batch=batch)
    before = rows(app_connection, business, "metrics_goal")
    known = [(one.metric, one.valid_from.day, one.target, one.margin, one.ended) for one in goals(business)]
    assert known == [("M2", 5, 0.5, None, False), ("M2", 9, None, None, True), ("M99", 7, 0.4, None, False)]
    pipeline.rebuild(app_connection, business, lambda done, size: None)
    assert derived(app_connection, business)["metrics_goal"] == before
    assert Salon(business).browser().get(Salon(business).url("goals")).status_code == 200


def test_year_of_months_is_a_file(salon: Salon, app_connection: Conn) -> None:
    owner = salon.browser()
    approve(owner, salon, "M1", "2 в день")
    read_all(app_connection, salon.business)
    answer = owner.get(salon.url("goals?form=csv"))
    lines = list(csv.reader(b"".join(answer).decode("utf-8-sig").splitlines(), delimiter=";"))
    leads = {line[1]: line for line in lines if line[0].startswith("M1 ")}
    assert (leads["01.10.2026"][4], leads["01.10.2026"][5]) == ("72", "")
    assert (leads["01.11.2026"][4], leads["01.11.2026"][5]) == ("4", "цель от 2 в день")
    assert owner.get(salon.url("goals?form=xlsx"))["Content-Type"].endswith("spreadsheetml.sheet")


def test_day_in_moscow_is_the_day_of_the_goal(
    empty_salon: Salon, app_connection: Conn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 00:30 of the 3rd in Moscow it is the 2nd elsewhere; the 2nd is already the past here."""
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat("2026-11-03T00:30:00+03:00"))
    owner = empty_salon.browser()
    assert approve(owner, empty_salon, "M2", "40 %", date(2026, 11, 2)).status_code == 400
    assert approve(owner, empty_salon, "M2", "40 %", date(2026, 11, 3)).status_code == 302
