"""Reminders find the visit that they were about when they were sent."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.appointments.chains import Visit
from letopis.appointments.facts import VisitFact
from tests.appointments.chains_test import NOON, START, booked, told, visits
from tests.metrics import journal

DAY = timedelta(days=1)


def reminded(seq: int, hours: float, visit: str = "A1", **fields: Any) -> VisitFact:
    return told(seq, hours, "reminder_sent", visit, **fields)


def moved(seq: int, hours: float, visit: str = "A2", **fields: Any) -> VisitFact:
    later = START + DAY
    return told(seq, hours, "appointment_moved", visit, start_at=later, end_at=later + timedelta(hours=1), **fields)


def hours_of(visit: Visit) -> tuple[float | None, float | None]:
    """When it was reminded and asked, in hours after noon."""
    reminded_at, asked_at = (
        None if at is None else (at - NOON) / timedelta(hours=1) for at in (visit.reminded_at, visit.asked_at)
    )
    return reminded_at, asked_at


def test_first_reminder_and_first_question_are_kept() -> None:
    [visit] = visits(booked(), reminded(2, 10), reminded(3, 24, asks=True), reminded(4, 40, asks=True))
    assert hours_of(visit) == (10, 24)
    assert visit.state == "created"


def test_failed_reminder_reminds_of_nothing() -> None:
    [visit] = visits(booked(), reminded(2, 10, failed=True, asks=True), reminded(3, 24))
    assert hours_of(visit) == (24, None)


def test_reminder_makes_no_visit() -> None:
    assert visits(reminded(1, 10), reminded(2, 10, "", start_at=START)) == []


def test_reminder_known_before_its_booking_finds_it() -> None:
    [visit] = visits(reminded(1, 24), booked(2))
    assert hours_of(visit) == (24, None)


def test_reminder_without_an_id_is_about_the_nearest_visit_to_come() -> None:
    past, near, far = visits(
        booked(1, -72, "A1", START - 2 * DAY),
        booked(2, 0, "A2", START),
        booked(3, 0, "A3", START + 3 * DAY),
        reminded(4, 24, ""),
    )
    assert [hours_of(visit)[0] for visit in (past, near, far)] == [None, 24, None]


def test_reminder_without_an_id_passes_over_a_cancelled_visit() -> None:
    gone, standing = visits(
        booked(), booked(2, 0, "A2", START + DAY), told(3, 5, "appointment_cancelled"), reminded(4, 24, "")
    )
    assert (hours_of(gone)[0], hours_of(standing)[0]) == (None, 24)


def test_reminder_without_an_id_is_not_about_a_visit_booked_later() -> None:
    [visit] = visits(reminded(1, 10, ""), booked(2, 20))
    assert hours_of(visit) == (None, None)


@pytest.mark.parametrize("names", ["A1", "A2", ""])
@pytest.mark.parametrize(("at", "expected"), [(2, (2, None)), (10, (None, 10))])
def test_reminder_belongs_to_the_slot_in_force(names: str, at: float, expected: tuple[Any, Any]) -> None:
    """Sent before the move it was about the old time, sent after it about the new one, by whichever id."""
    if names == "A2" and at == 2:
        pytest.skip("the new id was not known yet")
    old, new = visits(booked(), moved(2, 5, previous_id="A1"), reminded(3, at, names))
    assert (hours_of(old)[0], hours_of(new)[0]) == expected


@pytest.mark.parametrize(("at", "expected"), [(2, (2, None)), (10, (None, 10))])
def test_reminder_of_a_visit_moved_under_its_id(at: float, expected: tuple[Any, Any]) -> None:
    old, new = visits(booked(), moved(2, 5, "A1"), reminded(3, at))
    assert (hours_of(old)[0], hours_of(new)[0]) == expected


def test_reminder_of_a_cancelled_visit_reminds_of_nothing() -> None:
    [visit] = visits(booked(), told(2, 5, "appointment_cancelled"), reminded(3, 10))
    assert hours_of(visit) == (None, None)


def test_test_reminder_reminds_of_test_visits_alone() -> None:
    [real] = visits(booked(), reminded(2, 10, test=True))
    [test] = visits(booked(test=True), reminded(2, 10, test=True))
    assert (real.test, hours_of(real)[0], hours_of(test)[0]) == (False, None, 10)


def test_services_of_one_visit_have_the_first_reminder() -> None:
    second = START + timedelta(hours=1)
    [visit] = visits(
        booked(),
        booked(2, 0.05, "A2", second, branch="Лесная"),
        reminded(3, 20, "A2"),
        reminded(4, 22, "A1", asks=True),
    )
    assert hours_of(visit) == (20, 22)
    assert visit.branch == "Лесная"


def test_first_branch_told_is_kept() -> None:
    [told_at_once] = visits(booked(branch="Лесная"), told(2, 5, "appointment_confirmed", branch="Садовая"))
    [told_late] = visits(booked(), told(2, 5, "appointment_confirmed", branch="Садовая"))
    old, new = visits(booked(branch="Лесная"), moved(2, 5, previous_id="A1"))
    assert [visit.branch for visit in (told_at_once, told_late, old, new)] == ["Лесная", "Садовая", "Лесная", "Лесная"]


def test_first_confirmation_is_kept() -> None:
    """One repeated after the start would hide that the client confirmed in time."""
    [visit] = visits(booked(), told(2, 5, "appointment_confirmed"), told(3, 49, "appointment_confirmed"))
    assert visit.confirmed_at == NOON + timedelta(hours=5)


EVENTS = {
    "booked": ("appointment_created", 0, {"appointment": {"id": "A1", "start": START.isoformat()}, "branch": "Лесная"}),
    "failed": ("reminder_sent", 60, {"appointment": {"id": "A1"}, "state": "failed", "message": "Придёте?"}),
    "told": ("reminder_sent", 120, {"appointment": {"id": "A1"}, "state": "sent", "message": "Ждём вас завтра."}),
    "asked": ("reminder_sent", 180, {"state": "delivered", "message": "Ждём вас завтра. Придёте?"}),
}


@pytest.mark.parametrize("order", [("booked", "failed", "told", "asked"), ("asked", "told", "failed", "booked")])
def test_words_of_the_journal_become_marks(
    app_connection: psycopg.Connection[Any], business: UUID, order: tuple[str, ...]
) -> None:
    events = []
    for name in order:
        kind, minutes, fields = EVENTS[name]
        events.append(journal.after(minutes, kind, session_id="s1", **fields))
    [slot] = journal.told(app_connection, business, events)["appointments_slot"]
    assert slot["reminded_at"] == journal.MONDAY + timedelta(hours=2)
    assert slot["asked_at"] == journal.MONDAY + timedelta(hours=3)
    assert (slot["branch"], slot["started"], slot["state"]) == ("Лесная", True, "unknown")
    [fact] = [one for one in journal.rows(app_connection, business, "appointments_fact") if "asks" in one["body"]][-1:]
    assert "Придёте" not in fact["body"]


def test_visit_has_started_when_its_time_comes(app_connection: psycopg.Connection[Any], business: UUID) -> None:
    """Time alone makes it so, whatever became of the visit."""
    for n, event in enumerate(("appointment_created", "appointment_cancelled")):
        visit = {"id": "A1", "start": START.isoformat()}
        journal.write(business, [journal.after(n, event, by="client", appointment=visit)])
    journal.read_all(app_connection, business)
    started = []
    for moment in (START - timedelta(seconds=1), START):
        journal.let_pass(app_connection, business, moment)
        started += [slot["started"] for slot in journal.rows(app_connection, business, "appointments_slot")]
    assert started == [False, True]
