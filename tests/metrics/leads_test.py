"""New leads and what became of them: worked examples over the whole pipeline."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.metrics.journal import MONDAY, Event, after, told, whole

Conn = psycopg.Connection[Any]
DAY = 24 * 60


def hello(day: float, client: str = "tg_1", **fields: Any) -> Event:
    return after(day * DAY, "message_in", client_id=client, message="Здравствуйте, можно к вам?", **fields)


def book(day: float, visit_day: float, visit: str = "A1", client: str = "tg_1", **fields: Any) -> Event:
    start = MONDAY + timedelta(days=visit_day)
    appointment = {"id": visit, "start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat()}
    return after(day * DAY, "appointment_created", client_id=client, appointment=appointment, **fields)


def mark(day: float, kind: str, visit: str = "A1", **fields: Any) -> Event:
    return after(day * DAY, kind, source="yclients", client_id=None, appointment={"id": visit}, **fields)


# What happened, and the states of the leads that follow from it, in order.
CASES: dict[str, tuple[list[Event], list[str]]] = {
    "one who books in time": ([hello(0), book(1, 3), mark(3.1, "arrived")], ["booked"]),
    "one who books too late": ([hello(0), book(9, 12), mark(12.1, "arrived")], ["not_booked"]),
    "one who says no": ([hello(0), after(60, "refusal", reason="price")], ["refused"]),
    "one who says no and books all the same": ([hello(0), after(60, "refusal"), book(1, 3)], ["booked"]),
    "one who writes again next week is one lead": ([hello(0), hello(8)], ["not_booked"]),
    "one who is back after thirty days is a new lead": ([hello(0), hello(31)], ["not_booked", "not_booked"]),
    "silence counts from the visit": ([hello(0), book(1, 20), mark(20.1, "arrived"), hello(45)], ["booked"]),
    "an open visit makes no lead": ([hello(0), book(0.1, 40), hello(36), mark(40.1, "arrived")], ["booked"]),
    "a move is no new booking": (
        [
            hello(0),
            book(0.1, 3),
            after(
                DAY,
                "appointment_moved",
                appointment={"id": "A2", "previous_id": "A1", "start": (MONDAY + timedelta(days=5)).isoformat()},
            ),
            mark(5.1, "arrived", "A2"),
        ],
        ["booked"],
    ),
    "a slip of the hand is no booking": (
        [
            hello(0),
            book(0.5, 3),
            after(0.5 * DAY + 5, "appointment_cancelled", by="business", appointment={"id": "A1"}),
        ],
        ["not_booked"],
    ),
    "thanks for a mailing make no lead": (
        [
            after(0, "message_out", role="mailing", message="Скидка 10 %"),
            after(5, "message_in", message="спасибо"),
        ],
        [],
    ),
    "a booking at the desk comes before the first word": (
        [
            book(0, 5, source="yclients"),
            hello(1),
            mark(5.1, "arrived"),
        ],
        [],
    ),
}


@pytest.mark.parametrize(("events", "states"), CASES.values(), ids=CASES.keys())
def test_leads_of_a_person(app_connection: Conn, business: UUID, events: list[Event], states: list[str]) -> None:
    rows = told(app_connection, business, events)
    assert [lead["state"] for lead in rows["metrics_lead"]] == states
    assert [row["lead_state"] for row in rows["dialogues_dialogue"] if row["lead_state"]] == states


def test_young_lead_is_pending_and_outside_the_rate(app_connection: Conn, business: UUID) -> None:
    rows = told(
        app_connection, business, [hello(0), hello(0, "tg_2"), book(0.1, 3, client="tg_2")], MONDAY + timedelta(days=2)
    )
    assert [lead["state"] for lead in rows["metrics_lead"]] == ["pending", "booked"]
    [cell] = [cell for cell in whole(rows) if cell["metric"] == "M2"]
    assert (cell["n"], cell["k"], cell["pending"], cell["total"], cell["hits"]) == (0, 0, 1, 2, 1)


@pytest.mark.parametrize("intent", ["spam", "job", "supplier", "wrong_number", "cancel_appointment"])
def test_who_is_no_client_is_no_lead(app_connection: Conn, business: UUID, intent: str) -> None:
    rows = told(app_connection, business, [hello(0), after(0.1, "intent_detected", intent=intent)])
    [cell] = [cell for cell in whole(rows) if cell["metric"] == "M1"]
    assert (cell["n"], cell["excluded"]) == (0, 1)
    [dialogue] = rows["dialogues_dialogue"]
    assert dialogue["lead_state"] == ""


def test_test_traffic_leaves_every_metric(app_connection: Conn, business: UUID) -> None:
    rows = told(app_connection, business, [hello(0, test=True), book(0.1, 3, test=True)])
    assert {(cell["n"], cell["k"]) for cell in whole(rows)} == {(0, 0)}


def test_window_is_the_time_in_which_most_book(app_connection: Conn, business: UUID) -> None:
    """Nine who book at once and one after eleven days: the next month's leads have more than a week."""
    october = [event for n in range(9) for event in (hello(0, f"tg_{n}"), book(0.2, 3, f"A{n}", f"tg_{n}"))]
    october += [hello(0, "tg_9"), book(11, 12, "A9", "tg_9")]
    rows = told(app_connection, business, [*october, hello(30, "vk_1"), book(36, 40, "A10", "vk_1")])
    late, november = rows["metrics_lead"][9], rows["metrics_lead"][10]
    assert (late["state"], november["state"]) == ("not_booked", "booked")
    assert november["due_at"] - november["at"] == timedelta(days=7)


def test_unmarked_visit_is_pending_then_unknown(app_connection: Conn, business: UUID) -> None:
    rows = told(app_connection, business, [hello(0), book(0, 1)], MONDAY + timedelta(days=1, hours=20))
    [cell] = [cell for cell in whole(rows) if cell["metric"] == "M4"]
    assert (cell["n"], cell["pending"], cell["unknown"]) == (0, 1, 0)
    rows = told(app_connection, business, [after(2 * DAY, "heartbeat")], MONDAY + timedelta(days=3))
    [cell] = [cell for cell in whole(rows) if cell["metric"] == "M4"]
    assert (cell["n"], cell["pending"], cell["unknown"]) == (0, 0, 1)


def test_what_nobody_counts_takes_nothing_from_a_lead(app_connection: Conn, business: UUID) -> None:
    """A try-out at the very moment of a lead has its own way, and its failure is none of the lead's."""
    events = [
        hello(0, session_id="s1", test=True),
        after(30, "error", session_id="s1", test=True, error="timeout", reason="timeout"),
        hello(0, client="wa_1", source="whatsapp", session_id="w1"),
        after(60, "identity_link", client_id="wa_1", source="whatsapp", other_client_id="tg_1", by="business"),
    ]
    rows = told(app_connection, business, events)
    ways = {lead["channel"]: (lead["harm"], lead["stopped"], lead["excluded"]) for lead in rows["metrics_lead"]}
    assert ways == {"telegram": ("error", "ours", "test"), "whatsapp": ("silent", "ours", "")}


SLOT = "Завтра свободно в 15:30. Записать?"


def fail(minutes: float) -> Event:
    return after(minutes, "error", error="timeout", reason="timeout")


def fail_to_deliver(minutes: float) -> Event:
    return after(minutes, "crm_delivery", crm={"deal_id": "D-1"}, result="error")


# What happened, and the mistake the lead met while it could still book, with the series of M22 it is counted in.
MISTAKES: dict[str, tuple[list[Event], str, set[str]]] = {
    "none": ([hello(0), after(1, "message_out", role="assistant", message="Какая услуга?")], "", {"M22"}),
    "none, and a time was offered": (
        [hello(0), after(1, "message_out", role="assistant", message=SLOT)],
        "",
        {"M22", "M22:offered"},
    ),
    "offered only after the booking": (
        [hello(0), book(0.1, 3), after(0.2 * DAY, "message_out", role="assistant", message=SLOT)],
        "",
        {"M22"},
    ),
    "a failure before any offer": ([hello(0), fail(1)], "error", {"M22:error"}),
    "a failure after the offer": (
        [hello(0), after(1, "message_out", role="assistant", message=SLOT), fail(2)],
        "error",
        {"M22:error:offered"},
    ),
    "a failure that did not keep it from booking": (
        [hello(0), fail(1), book(0.1, 3)],
        "error",
        {"M22:error"},
    ),
    "a failure once it had booked": ([hello(0), book(0.1, 3), fail_to_deliver(0.1 * DAY + 5)], "", {"M22"}),
    "failures before and after the booking": (
        [hello(0), fail(1), book(0.1, 3), fail_to_deliver(0.1 * DAY + 5)],
        "error",
        {"M22:error"},
    ),
    "a failure when the window was over": (
        [
            hello(0),
            after(1, "message_out", role="assistant", message="Какая услуга?"),
            hello(9),
            fail(9 * DAY + 1),
        ],
        "",
        {"M22"},
    ),
    "words nobody answered": ([hello(0)], "silent", {"M22:silent"}),
}


@pytest.mark.parametrize(("events", "harm", "series"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistake_counts_only_while_the_lead_could_still_book(
    app_connection: Conn, business: UUID, events: list[Event], harm: str, series: set[str]
) -> None:
    rows = told(app_connection, business, events)
    [lead] = rows["metrics_lead"]
    assert (lead["harm"], lead["harm_at"] is not None) == (harm, bool(harm))
    cells = [cell for cell in rows["metrics_cell"] if cell["metric"].startswith("M22") and cell["by"] == "mix"]
    assert {cell["metric"] for cell in cells if not cell["branch"]} == series


def test_failure_after_the_window_still_tells_why_the_lead_stopped(app_connection: Conn, business: UUID) -> None:
    [lead] = told(app_connection, business, [hello(0), hello(9), fail(9 * DAY + 1)])["metrics_lead"]
    assert (lead["stopped"], lead["cause"]) == ("ours", "error")
