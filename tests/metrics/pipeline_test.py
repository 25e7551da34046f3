"""The pipeline from the journal to the rows: worked examples."""

from typing import Any
from uuid import UUID

import psycopg

from tests.metrics.journal import LONG_AFTER, SCHEDULE, after, derived, told, whole

Conn = psycopg.Connection[Any]

BOOKED = [
    SCHEDULE,
    after(0, "new_lead", session_id="s1", name="Марина", campaign="insta"),
    after(0, "message_in", session_id="s1", message="Здравствуйте! Хочу на маникюр завтра"),
    after(0.1, "intent_detected", session_id="s1", intent="book_appointment", intent_confidence="0.92"),
    after(0.5, "message_out", session_id="s1", message="Завтра свободно в 15:30. Записать вас?", message_id="m2"),
    after(3, "message_in", session_id="s1", message="ок"),
    after(
        3.5,
        "appointment_created",
        session_id="s1",
        appointment={"id": "A1", "start": "2026-10-06T15:30:00+03:00", "end": "2026-10-06T17:00:00+03:00"},
    ),
    after(4, "message_out", session_id="s1", message="Записала, ждём вас"),
    after(5, "message_in", session_id="s1", message="спасибо!"),
    after(60 * 30, "arrived", client_id=None, source="yclients", appointment={"id": "A1"}),
]


def test_booked_lead_is_told_whole(app_connection: Conn, business: UUID) -> None:
    rows = told(app_connection, business, BOOKED)
    [dialogue] = rows["dialogues_dialogue"]
    assert dialogue["outcome"] == "booked"
    assert dialogue["closed_as"] == "verified"
    assert dialogue["first_reply_s"] == dialogue["first_reply_working_s"] == 30
    assert dialogue["waiting_since"] is None
    assert dialogue["facts"] == 9
    turns = [(turn["opening"], turn["closing"], turn["wall_s"]) for turn in rows["dialogues_turn"]]
    assert turns == [(True, False, 30), (False, False, 60), (False, True, turns[2][2])]
    [slot] = rows["appointments_slot"]
    assert (slot["state"], slot["dialogue_id"]) == ("arrived", dialogue["dialogue_id"])
    [lead] = rows["metrics_lead"]
    assert (lead["state"], lead["mature"], lead["campaign"]) == ("booked", True, "insta")
    cells = {cell["metric"]: cell for cell in whole(rows)}
    assert (cells["M1"]["n"], cells["M2"]["k"], cells["M4"]["n"], cells["M4"]["k"]) == (1, 1, 1, 0)
    assert cells["M9"]["seconds"] == [30]
    assert rows["metrics_due"] == []


def test_silence_of_ours_is_a_lost_lead(app_connection: Conn, business: UUID) -> None:
    rows = told(app_connection, business, [SCHEDULE, after(0, "message_in", session_id="s1", message="Есть окошко?")])
    [dialogue] = rows["dialogues_dialogue"]
    assert (dialogue["outcome"], dialogue["cause"], dialogue["late"]) == ("not_booked", "we_silent", True)
    [turn] = rows["dialogues_turn"]
    assert (turn["in_time"], turn["lost"]) == (False, True)
    assert turn["due_at"] < LONG_AFTER
    assert derived(app_connection, business) == rows
