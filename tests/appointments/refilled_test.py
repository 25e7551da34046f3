"""The mark of a refilled place in the stored rows, whoever changes them and in whatever order."""

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.metrics.equality_test import same_when_rebuilt
from tests.metrics.journal import MONDAY, Event, after, let_pass, read_all, rows, write

Conn = psycopg.Connection[Any]

START = MONDAY + timedelta(days=3)
DAY = 24 * 60


def booked(n: int, minutes: float, resource: str = "Аня", start: Any = START, **fields: Any) -> Event:
    visit = {"id": f"A{n}", "start": start.isoformat(), "resource": resource}
    return after(minutes, "appointment_created", client_id=f"tel_{n}", source="yclients", appointment=visit, **fields)


def cancelled(n: int, minutes: float, by: str = "client") -> Event:
    visit = {"id": f"A{n}"}
    return after(minutes, "appointment_cancelled", client_id=f"tel_{n}", source="yclients", appointment=visit, by=by)


def refilled(conn: Conn, business: UUID) -> dict[str, bool]:
    return {one["appointment_id"]: one["refilled"] for one in rows(conn, business, "appointments_slot")}


def read_apart(conn: Conn, business: UUID, *events: Event) -> None:
    """Each in a batch of its own."""
    for event in events:
        write(business, [event])
        read_all(conn, business)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_place_of_another_client_is_refilled(app_connection: Conn, business: UUID, order: tuple[int, ...]) -> None:
    """Also when its cancellation, or even its booking, becomes known last."""
    events = [booked(1, 0), cancelled(1, 60), booked(2, 120)]
    read_apart(app_connection, business, *(events[n] for n in order))
    assert refilled(app_connection, business) == {"A1": True, "A2": False}
    same_when_rebuilt(app_connection, business)


def test_refill_that_was_a_slip_is_taken_back(app_connection: Conn, business: UUID) -> None:
    read_apart(app_connection, business, booked(1, 0), cancelled(1, 60), booked(2, 120))
    read_apart(app_connection, business, cancelled(2, 125, by="business"))
    assert refilled(app_connection, business) == {"A1": False, "A2": False}


def test_refill_that_was_moved_away_stays_one(app_connection: Conn, business: UUID) -> None:
    """It was another slot made later; that it is moved in its turn frees the place a second time."""
    read_apart(app_connection, business, booked(1, 0), cancelled(1, 60), booked(2, 120))
    later = {"id": "A2", "start": (START + timedelta(days=1)).isoformat()}
    read_apart(
        app_connection,
        business,
        after(180, "appointment_moved", client_id="tel_2", source="yclients", appointment=later),
    )
    told = rows(app_connection, business, "appointments_slot")
    assert [(one["state"], one["refilled"]) for one in sorted(told, key=lambda one: one["slot_id"])] == [
        ("cancelled_early", True),
        ("moved", False),
        ("created", False),
    ]


def test_mark_stays_when_its_visit_is_told_anew(app_connection: Conn, business: UUID) -> None:
    """Other facts of the same client make her slots anew, which know nothing of their neighbours."""
    far = START + timedelta(days=40)
    read_apart(app_connection, business, booked(1, 0), cancelled(1, 60), booked(2, 120))
    read_apart(
        app_connection,
        business,
        after(130, "appointment_created", client_id="tel_1", source="yclients",
              appointment={"id": "A9", "start": far.isoformat(), "resource": "Света"}),
    )  # fmt: skip
    let_pass(app_connection, business, START + timedelta(days=2))
    assert refilled(app_connection, business) == {"A1": True, "A2": False, "A9": False}
    same_when_rebuilt(app_connection, business)


def test_visit_of_a_test_dialogue_refills_nothing(app_connection: Conn, business: UUID) -> None:
    """What a dialogue turns out to be changes the places of others too."""
    read_apart(app_connection, business, booked(1, 0), cancelled(1, 60), booked(2, 120, session_id="s2"))
    assert refilled(app_connection, business)["A1"]
    intent = after(121, "intent_detected", client_id="tel_2", source="yclients", session_id="s2", intent="spam")
    read_apart(app_connection, business, intent)
    assert not refilled(app_connection, business)["A1"]
    same_when_rebuilt(app_connection, business)


def test_other_business_refills_nothing(app_connection: Conn, business: UUID, stranger_business: UUID) -> None:
    read_apart(app_connection, business, booked(1, 0), cancelled(1, 60))
    read_apart(app_connection, stranger_business, booked(2, 120))
    assert refilled(app_connection, business) == {"A1": False}
    assert refilled(app_connection, stranger_business) == {"A2": False}


def test_whole_month_in_one_batch_equals_single_steps(
    app_connection: Conn, business: UUID, stranger_business: UUID
) -> None:
    """More stretches than are looked at together, given up and taken again in every second."""
    events: list[Event] = []
    for n in range(250):
        start = START + timedelta(days=2 * (n // 10))
        events += [booked(n, n, f"М{n % 10}", start), cancelled(n, DAY + n)]
        if n % 2:
            events.append(booked(1000 + n, DAY + n + 1, f"М{n % 10}", start))
    for place, batch in ((business, 2000), (stranger_business, 41)):
        write(place, events)
        read_all(app_connection, place, batch=batch)
    expected = {f"A{n}": bool(n % 2) for n in range(250)} | {f"A{1000 + n}": False for n in range(1, 250, 2)}
    assert refilled(app_connection, business) == refilled(app_connection, stranger_business) == expected
