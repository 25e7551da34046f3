"""Step by step equals rebuilt from nothing: random journals, read in random steps with time passing in between."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from letopis.access.businesses import create_business
from letopis.metrics import pipeline
from tests.metrics.journal import MONDAY, SCHEDULE, WEEKLY, Event, after, derived, let_pass, read_all, write

Conn = psycopg.Connection[Any]

CLIENTS = ("tg_1", "tg_2", "wa_1", None)
SESSIONS = ("s1", "s2", "s3", None, None)
CHANNELS = ("telegram", "whatsapp")
WORDS = (
    "Здравствуйте, есть окошко?",
    "спасибо",
    "ок",
    "подумаю",
    "нет, спасибо",
    "👍",
    "Записать вас на 15:30?",
    "Ждём вас",
    "Сколько стоит маникюр?",
    "безобразие, верните деньги",
)
TALKS = (
    "message_in",
    "message_in",
    "message_in",
    "message_out",
    "message_out",
    "new_lead",
    "call",
    "refusal",
    "intent_detected",
    "escalation",
    "escalation_taken",
    "escalation_closed",
    "error",
    "model_call",
    "something_unknown",
)
VISITS = (
    "appointment_created",
    "appointment_created",
    "appointment_moved",
    "appointment_cancelled",
    "appointment_confirmed",
    "arrived",
    "no_show",
    "outcome_unknown",
    "payment",
    "crm_delivery",
    "reminder_sent",
    "reminder_replied",
    "record_readback",
)
MINUTES = st.one_of(st.integers(0, 300), st.integers(0, 60 * 24 * 50))


@st.composite
def talk(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(TALKS))
    fields: dict[str, Any] = {
        "client_id": draw(st.sampled_from(CLIENTS)),
        "session_id": draw(st.sampled_from(SESSIONS)),
        "source": draw(st.sampled_from(CHANNELS)),
    }
    if kind.startswith("message"):
        fields["message"] = draw(st.sampled_from(WORDS))
    if kind == "message_out":
        fields["role"] = draw(st.sampled_from(("assistant", "human", "system", "mailing")))
        fields["message_id"] = draw(st.sampled_from(("m1", "m2", "m3", None)))
        fields["automatic"] = draw(st.sampled_from((True, False, None)))
    if kind == "call":
        fields |= {
            "by": draw(st.sampled_from(("client", "business"))),
            "result": draw(st.sampled_from(("answered", "missed"))),
        }
    if kind == "intent_detected":
        fields["intent"] = draw(st.sampled_from(("book_appointment", "price", "spam", "cancel", "faq")))
    if kind == "model_call":
        fields["result"] = draw(st.sampled_from(("ok", "error")))
    return after(draw(MINUTES), kind, test=draw(st.sampled_from((None,) * 9 + (True,))), **fields)


@st.composite
def visit(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(VISITS))
    ids = st.sampled_from(("A1", "A2", "A3", None))
    start = MONDAY + timedelta(minutes=30 * draw(st.integers(0, 48 * 30)))
    appointment = {
        "id": draw(ids),
        "previous_id": draw(ids) if kind == "appointment_moved" else None,
        "start": start.isoformat() if draw(st.booleans()) else None,
        "end": (start + timedelta(hours=1)).isoformat() if draw(st.booleans()) else None,
    }
    return after(
        draw(MINUTES),
        kind,
        client_id=draw(st.sampled_from(CLIENTS)),
        session_id=draw(st.sampled_from(SESSIONS)),
        source=draw(st.sampled_from((*CHANNELS, "yclients"))),
        by=draw(st.sampled_from(("client", "business", None))),
        appointment={key: value for key, value in appointment.items() if value},
        result=draw(st.sampled_from(("ok", "error"))) if kind == "crm_delivery" else None,
    )


@st.composite
def other(draw: st.DrawFn) -> Event:
    kind = draw(
        st.sampled_from(("identity_link", "identity_unlink", "message_delivery", "schedule_version", "heartbeat"))
    )
    minutes = draw(MINUTES)
    if kind == "schedule_version":
        valid_from = (MONDAY + timedelta(days=draw(st.integers(-5, 30)))).date().isoformat()
        weekly = draw(st.sampled_from((WEEKLY, {"mon": [["08:00", "12:00"], ["13:00", "22:00"]]})))
        return {**SCHEDULE, "timestamp": (MONDAY + timedelta(minutes=minutes)).isoformat(), "weekly": weekly} | {
            "valid_from": valid_from
        }
    if kind.startswith("identity"):
        a, b = draw(st.sampled_from((("tg_1", "wa_1"), ("tg_1", "tg_2"), ("wa_1", "tg_2"))))
        return after(minutes, kind, client_id=a, other_client_id=b)
    if kind == "message_delivery":
        return after(
            minutes,
            kind,
            client_id=draw(st.sampled_from(CLIENTS)),
            session_id=draw(st.sampled_from(SESSIONS)),
            of_message_id=draw(st.sampled_from(("m1", "m2"))),
            state=draw(st.sampled_from(("sent", "failed", "delivered"))),
        )
    return after(minutes, kind, client_id=None)


# Small lists would hardly ever hold two channels of one person, so the least is not small.
EVENTS = st.lists(st.one_of(talk(), talk(), visit(), other()), min_size=25, max_size=70)
STEPS = st.lists(
    st.one_of(st.integers(1, 9), st.builds(timedelta, minutes=st.integers(0, 60 * 24 * 60))), min_size=8, max_size=30
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, steps=STEPS)
def test_step_by_step_equals_rebuilt(
    app_connection: Conn, database: None, events: list[Event], steps: list[int | timedelta]
) -> None:
    business: UUID = create_business(name="Студия", timezone="Europe/Moscow", vertical="salon").id
    write(business, [*events, *events[::3]])
    for step in steps:
        if isinstance(step, int):
            pipeline.advance(app_connection, business, step)
        else:
            pipeline.work_dues(app_connection, business, MONDAY + step, limit=2)
    read_all(app_connection, business, batch=7)
    let_pass(app_connection, business, MONDAY + timedelta(days=61))
    stepwise = derived(app_connection, business)
    pipeline.rebuild(app_connection, business, lambda done, total: None)
    rebuilt = derived(app_connection, business)
    for table, rows in stepwise.items():
        assert rebuilt[table] == rows, table
