"""A closed month stands: in the journal, after a rebuild, beside what is reckoned today, and whoever closes it."""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction

from letopis import worker
from letopis.access.wall import enter
from letopis.base import clock
from letopis.base import database as roles
from letopis.journal.draft import CONTROL, Draft, Outcome
from letopis.journal.entries import Entry, read_after
from letopis.journal.positions import standings
from letopis.journal.scribe import append_now
from letopis.metrics import pipeline
from letopis.metrics.board import read_board
from letopis.metrics.frozen import reader
from letopis.metrics.frozen.figure import FROZEN, Figure, by_month
from letopis.metrics.frozen.reader import frozen_since
from letopis.metrics.period import Period
from tests.metrics.conftest import Salon
from tests.metrics.goals.pages_test import row
from tests.metrics.journal import MOSCOW, after, let_pass, read_all, write
from tests.metrics.pages_test import text_of

Conn = psycopg.Connection[Any]
SetClock = Callable[[str], datetime]
OCTOBER = date(2026, 10, 1)
DAY = 24 * 60
LEADS, BOOKED = 4, 2


def leads() -> Iterator[dict[str, Any]]:
    """Four leads of October, of which two book."""
    for n in range(LEADS):
        who = {"client_id": f"c_{n}", "session_id": f"s_{n}"}
        yield after(n * DAY, "message_in", message="Хочу на маникюр", **who)
        yield after(n * DAY + 1, "message_out", role="assistant", message="Завтра в 16:00?", **who)
        if n < BOOKED:
            visit = {"id": f"A{n}", "start": after((n + 1) * DAY, "x")["timestamp"]}
            yield after(n * DAY + 2, "appointment_created", appointment=visit, **who)


LATE_LEAD = after(5 * DAY, "message_in", message="Есть время?", client_id="late", session_id="late")
ONE_PERSON = after(6 * DAY, "identity_link", client_id="c_2", other_client_id="c_3", by="business")


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    def at(words: str) -> datetime:
        now = datetime.fromisoformat(words)
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    return at


@pytest.fixture
def salon(empty_salon: Salon, app_connection: Conn, set_clock: SetClock) -> Salon:
    """October is read and decided; it may be closed from now on."""
    now = set_clock("2026-11-11T00:00:00+03:00")
    write(empty_salon.business, leads())
    read_all(app_connection, empty_salon.business)
    let_pass(app_connection, empty_salon.business, now)
    return empty_salon


def closings(business: UUID) -> list[Entry]:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return [entry for entry in read_after(cur, business, -1, 2000) if entry.type == "figures.frozen"]


def frozen(business: UUID) -> dict[tuple[date, str], Figure]:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return by_month(frozen_since(cur, business, OCTOBER))


def close(conn: Conn, business: UUID) -> int:
    """Close what may be closed, and read it."""
    done = worker.close_months(conn, business)
    read_all(conn, business)
    return done


def learn(conn: Conn, business: UUID, *events: dict[str, Any]) -> None:
    """Later news, read and worked off."""
    write(business, events)
    read_all(conn, business)
    let_pass(conn, business, clock.now())


def test_month_is_closed_at_the_local_midnight_and_once(
    salon: Salon, app_connection: Conn, set_clock: SetClock
) -> None:
    set_clock("2026-11-10T23:59:00+03:00")
    assert worker.close_months(app_connection, salon.business) == 0
    set_clock("2026-11-11T00:00:00+03:00")
    assert [close(app_connection, salon.business) for _ in range(3)] == [1, 0, 0]
    [entry] = closings(salon.business)
    assert (entry.kind, entry.meta["month"]) == (CONTROL, "2026-10-01")
    assert [item["metric"] for item in entry.meta["figures"]] == list(FROZEN)


def test_closed_figures_are_those_of_the_day_of_closing(salon: Salon, app_connection: Conn) -> None:
    close(app_connection, salon.business)
    figures = frozen(salon.business)
    assert (figures[OCTOBER, "M1"].n, figures[OCTOBER, "M2"].numerator, figures[OCTOBER, "M2"].denominator) == (4, 2, 4)
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, salon.business)
        october = Period(OCTOBER, date(2026, 10, 31))
        board = read_board(cur, salon.business, october.first, october.last, FROZEN)
    assert {metric for (_, metric), figure in figures.items() if figure.differs(board.value(metric, october))} == set()
    assert len(figures) == len(FROZEN)


def test_nothing_is_closed_while_something_is_unread_or_not_worked_off(
    empty_salon: Salon, app_connection: Conn, set_clock: SetClock
) -> None:
    """A worker that was away for a month must first let the time pass: an undecided lead would stay so for ever."""
    now = set_clock("2026-11-11T00:00:00+03:00")
    business = empty_salon.business
    write(business, leads())
    pipeline.advance(app_connection, business, 3)
    assert worker.close_months(app_connection, business) == 0
    read_all(app_connection, business)
    assert worker.close_months(app_connection, business) == 0
    let_pass(app_connection, business, now)
    assert close(app_connection, business) == 1
    assert frozen(business)[OCTOBER, "M2"].pending == 0


def test_two_workers_at_once_close_it_once_and_the_first_word_stands(
    salon: Salon, app_connection: Conn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has reckoned other figures by the time when both write."""
    drafts: list[list[Draft]] = []
    with monkeypatch.context() as held:
        held.setattr(reader, "append_now", drafts.append)
        worker.close_months(app_connection, salon.business)
        learn(app_connection, salon.business, LATE_LEAD)
        worker.close_months(app_connection, salon.business)
    assert len(drafts) == 2
    assert drafts[0][0].slots != drafts[1][0].slots
    outcomes = [append_now(some)[0].outcome for some in drafts]
    assert outcomes == [Outcome.ACCEPTED, Outcome.DUPLICATE]
    read_all(app_connection, salon.business)
    assert len(closings(salon.business)) == 1
    assert frozen(salon.business)[OCTOBER, "M1"].n == LEADS


@pytest.mark.parametrize(("news", "now_reckoned"), [(LATE_LEAD, 5), (ONE_PERSON, 3)])
def test_later_news_leave_the_figure_and_make_a_note(
    salon: Salon, app_connection: Conn, news: dict[str, Any], now_reckoned: int
) -> None:
    """An event that came late; two clients who turned out to be one."""
    close(app_connection, salon.business)
    owner = salon.browser()
    before = row(owner.get(salon.url("months")), "октябрь 2026")
    assert before[1] == "4"
    assert "сейчас" not in " ".join(before)
    learn(app_connection, salon.business, news)
    after_news = row(owner.get(salon.url("months")), "октябрь 2026")
    assert after_news[1] == f"4 сейчас выходит {now_reckoned}"
    assert frozen(salon.business)[OCTOBER, "M1"].n == LEADS
    assert close(app_connection, salon.business) == 0


def test_rebuild_brings_closed_months_back_as_they_were(salon: Salon, app_connection: Conn) -> None:
    close(app_connection, salon.business)
    learn(app_connection, salon.business, LATE_LEAD)
    before = frozen(salon.business)
    pipeline.rebuild(app_connection, salon.business, lambda done, size: None)
    assert frozen(salon.business) == before
    assert before[OCTOBER, "M1"].n == LEADS


def test_worker_closes_months_by_itself_once_an_hour(
    salon: Salon, stranger_business: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[UUID] = []
    close_months = worker.close_months

    def counted(conn: Conn, business: UUID) -> int:
        asked.append(business)
        return close_months(conn, business)

    # Other tests' businesses share the database; their months are not ours to close.
    only_ours = lambda cur: [one for one in standings(cur) if one.business == salon.business]  # noqa: E731
    monkeypatch.setattr(worker, "standings", only_ours)
    monkeypatch.setattr(worker, "close_months", counted)
    turner = worker.Worker()
    with roles.connect() as conn:
        for _ in range(2):
            turner._close_months(conn)
    assert asked == [salon.business]
    assert len(closings(salon.business)) == 1
    assert closings(stranger_business) == []


def test_months_that_run_are_told_live(salon: Salon, app_connection: Conn, set_clock: SetClock) -> None:
    owner = salon.browser()
    assert "Ни один месяц ещё не закрыт." in text_of(owner.get(salon.url("months")))
    close(app_connection, salon.business)
    page = owner.get(salon.url("months"))
    assert "Последний закрытый месяц — октябрь 2026" in text_of(page)
    assert row(page, "ноябрь 2026")[-1] == "идёт"
    assert re.fullmatch(r"11 нояб\. запись \d+", row(page, "октябрь 2026")[-1])
    set_clock("2026-12-05T12:00:00+03:00")
    assert row(owner.get(salon.url("months")), "ноябрь 2026")[-1] == "ещё нет"


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("manager", 200), ("integrator", 403)])
def test_who_sees_the_months(salon: Salon, stranger_business: UUID, role: str, status: int) -> None:
    browser = salon.browser(role)
    assert browser.get(salon.url("months")).status_code == status
    assert browser.get(Salon(stranger_business).url("months")).status_code == 404


def test_file_holds_both_figures_and_the_local_time_of_closing(salon: Salon, app_connection: Conn) -> None:
    close(app_connection, salon.business)
    learn(app_connection, salon.business, LATE_LEAD)
    answer = salon.browser().get(salon.url("months?form=csv"))
    lines = list(csv.reader(b"".join(answer).decode("utf-8-sig").splitlines(), delimiter=";"))
    [leads_of_october] = [line for line in lines if line[0] == "01.10.2026" and line[1].startswith("M1 ")]
    [entry] = closings(salon.business)
    closed = entry.at.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M:%S")
    assert leads_of_october[4:] == ["4", "4", closed, str(entry.seq), "5", "5"]
