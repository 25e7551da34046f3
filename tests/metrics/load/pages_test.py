"""How busy masters and managers were in one told week, reckoned by hand beside."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import psycopg
import pytest
from openpyxl import load_workbook

from letopis.access.businesses import create_business
from letopis.base import clock
from letopis.base import database as roles
from tests.metrics.conftest import Salon
from tests.metrics.goals.pages_test import cells
from tests.metrics.journal import SCHEDULE, after, let_pass, read_all, write
from tests.metrics.pages_test import links_of, rows_behind, text_of

Conn = psycopg.Connection[Any]
NOW = datetime.fromisoformat("2026-10-12T12:00:00+03:00")
WEEK = "from=2026-10-05&to=2026-10-11"
DAY = 24 * 60
INNA_MONDAYS = {**SCHEDULE, "of_person": "Инна", "weekly": {"mon": [["10:00", "15:00"]]}}
VISITS = [
    ("Ольга", 1, 60, "arrived"),
    ("Ольга", 2, 90, "arrived"),
    ("Ольга", 3, 60, "no_show"),
    ("Ольга", 4, 45, "appointment_cancelled"),
    ("Инна", 7, 60, "arrived"),
    (None, 2, 120, "arrived"),
]
"""Master, day, minutes, what became of it; the cancellation came days before and gives the time back."""


def visits() -> Iterator[dict[str, Any]]:
    for n, (master, day, minutes, ended) in enumerate(VISITS):
        who = {"client_id": f"c_{n}", "session_id": f"s_{n}"}
        begins = (day - 7 if master == "Инна" else day) * DAY + 60
        visit: dict[str, Any] = {
            "id": f"A{n}",
            "start": after(begins, "x")["timestamp"],
            "end": after(begins + minutes, "x")["timestamp"],
        }
        if master:
            visit["resource"] = master
        yield after(-3 * DAY, "appointment_created", appointment=visit, **who)
        ends = -2 * DAY if ended == "appointment_cancelled" else begins + minutes + 30
        yield after(ends, ended, appointment={"id": f"A{n}"}, by="client", **who)


def answers() -> Iterator[dict[str, Any]]:
    """Вера takes two talks, after 5 and 15 minutes, and answers in two hours; Юля takes none and answers once."""
    for n, (taken, person) in enumerate(((5, "Вера"), (15, "Вера"), (None, "Юля"))):
        who = {"client_id": f"t_{n}", "session_id": f"t_{n}"}
        begins = n * 60
        yield after(begins, "message_in", message="Позовите человека", **who)
        if taken is not None:
            yield after(begins + 0.2, "escalation", reason="просит человека", **who)
            yield after(begins + 0.2 + taken, "escalation_taken", person=person, **who)
        yield after(begins + 20, "message_out", role="human", person=person, message="Добрый день!", **who)


def told(database: None, schedules: Sequence[dict[str, Any]]) -> Salon:
    business = create_business(name="Студия «Лада»", timezone="Europe/Moscow", vertical="salon").id
    write(business, [*schedules, *visits(), *answers()])
    with roles.connect() as conn:
        read_all(conn, business)
        let_pass(conn, business, NOW)
    return Salon(business)


@pytest.fixture(scope="module")
def scheduled(database: None) -> Salon:
    return told(database, [SCHEDULE, INNA_MONDAYS])


@pytest.fixture(scope="module")
def unscheduled(database: None) -> Salon:
    return told(database, [])


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def table(salon: Salon, path: str) -> dict[str, list[str]]:
    """Rows of the page's tables by their first cell."""
    found = cells(salon.browser().get(salon.url(path)))
    return {row[0]: row[1:] for row in found}


def test_masters_are_booked_for_a_share_of_their_hours(scheduled: Salon) -> None:
    """Ольга: 60 + 90 + 60 of 6 × 600 minutes, an hour of them lost; Инна: 60 of her own 300."""
    page = table(scheduled, f"load?{WEEK}")
    assert page["Ольга"][:3] == ["6 %", "3", "1 ч"]
    assert page["Инна"][:3] == ["20 %", "1", "—"]
    assert "" not in page


def test_name_opens_the_visits_and_the_share_those_who_missed(scheduled: Salon) -> None:
    """A visit cancelled days before took no time of Ольга's, but stands among her visits."""
    browser = scheduled.browser()
    links = links_of(browser.get(scheduled.url(f"load?{WEEK}")))
    [visits_of_olga] = [url for url, text in links.items() if text == "Ольга"]
    missed = visits_of_olga.replace("?", "?state=no_show&")
    assert rows_behind(browser, visits_of_olga) == 4
    assert rows_behind(browser, missed) == 1
    assert parse_qs(urlsplit(missed).query) in [parse_qs(urlsplit(url).query) for url in links]


def test_all_masters_together_are_held_against_their_hours_alone(scheduled: Salon) -> None:
    """270 of 3,900 minutes are 7 %; two hours without a master are in nobody's schedule."""
    page = text_of(scheduled.browser().get(scheduled.url(f"load?{WEEK}")))
    assert "Мастера заняты на 7 %." in page
    assert "пустовали 1 ч." in page


def test_without_hours_no_load_is_told(unscheduled: Salon) -> None:
    page = unscheduled.browser().get(unscheduled.url(f"load?{WEEK}"))
    found = {row[0]: row[1:] for row in cells(page)}
    assert found["Ольга"][:3] == ["—", "3", "1 ч"]
    assert f'href="{unscheduled.url("hours")}"' in page.content.decode()
    assert "заняты на" not in text_of(page)


def test_hours_known_for_some_masters_tell_nothing_of_all(database: None) -> None:
    salon = told(database, [INNA_MONDAYS])
    page = salon.browser().get(salon.url(f"load?{WEEK}"))
    found = {row[0]: row[1:] for row in cells(page)}
    assert (found["Инна"][0], found["Ольга"][0]) == ("20 %", "—")
    assert "заняты на" not in text_of(page)


def test_managers_by_their_answers_hours_and_taken_talks(scheduled: Salon) -> None:
    page = table(scheduled, f"load?{WEEK}")
    assert page["Вера"] == ["2", "2", "1,0", "2", "5 мин", "0"]
    assert page["Юля"] == ["1", "1", "1,0", "0", "—", "0"]


def test_taken_talk_that_waits_again_is_open(database: None, app_connection: Conn) -> None:
    salon = told(database, [SCHEDULE])
    """Two wait for an answer now; of one the hand-over was closed before he wrote again."""
    asks_again = 7 * DAY - 30
    for client in ("open", "closed"):
        who = {"client_id": client, "session_id": client}
        closed = [after(asks_again - 6, "escalation_closed", person="Вера", **who)] if client == "closed" else []
        talk = [
            after(asks_again - 10, "message_in", message="Позовите человека", **who),
            after(asks_again - 9, "escalation", reason="просит человека", **who),
            after(asks_again - 8, "escalation_taken", person="Вера", **who),
            after(asks_again - 7, "message_out", role="human", person="Вера", message="Слушаю", **who),
            *closed,
            after(asks_again, "message_in", message="А в среду можно?", **who),
        ]
        write(salon.business, talk)
    read_all(app_connection, salon.business)
    assert table(salon, f"load?{WEEK}")["Вера"][-1] == "1"


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("manager", 200), ("integrator", 403)])
def test_who_sees_the_load(scheduled: Salon, stranger_business: UUID, role: str, status: int) -> None:
    browser = scheduled.browser(role)
    assert browser.get(scheduled.url("load")).status_code == status
    assert browser.get(Salon(stranger_business).url("load")).status_code == 404


def test_load_is_a_workbook_of_two_sheets(scheduled: Salon, unscheduled: Salon) -> None:
    for salon, minutes in ((scheduled, 3600), (unscheduled, None)):
        answer = salon.browser().get(salon.url(f"load?{WEEK}&form=xlsx"))
        masters, people = load_workbook(BytesIO(answer.content)).worksheets
        [olga] = [row for row in masters.iter_rows(values_only=True) if row[0] == "Ольга"]
        assert olga[2:5] == (210, minutes, 60)
        assert [row[0] for row in people.iter_rows(values_only=True)][1:] == ["Вера", "Юля"]


def test_empty_week_says_so(scheduled: Salon) -> None:
    page = text_of(scheduled.browser().get(scheduled.url("load?from=2026-09-01&to=2026-09-07")))
    assert page.count("За эти дни визитов нет.") == 2
