"""Step by step equals rebuilt from nothing: random journals, read in random steps with time passing in between."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from letopis.access.businesses import create_business
from letopis.metrics import pipeline
from letopis.metrics.frozen.reader import freeze
from tests.metrics.journal import MONDAY, MOSCOW, SCHEDULE, WEEKLY, Event, after, derived, let_pass, read_all, write

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
    "Завтра свободно 12:00 и 16:30",
    "Ждём вас",
    "Сколько стоит маникюр?",
    "безобразие, верните деньги",
)
INTENTS = ("book_appointment", "price", "spam", "cancel", "faq", "unknown")
STAFF = ("Ольга", "Ирина", None, None)
BRANCHES = ("Лесная", "Гагарина", None, None, None)
CAMPAIGNS = ("vk_brows", "2gis", None, None)
SCENARIOS = ("Запись", "Напоминание")
VERSIONS = ("13", "14", None)
SCENARIO_STEPS = ("Обращение", "Время", "Мастер", "Визит")
METRICS = ("M2", "M4", "M8")
DATES = ("2026-09-28", "2026-10-01", "2026-10-20", None)
"""Days of plans; without one a plan holds from its own day."""
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
    "step_entered",
    "step_entered",
    "error",
    "model_call",
    "tool_call",
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
RESULTS = {"crm_delivery": ("ok", "error"), "payment": ("ok", "declined", None)}
SERVICES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(("Маникюр", "Педикюр")),
        "price_from": st.sampled_from((None, "2400", "2600")),
        "aliases": st.sampled_from(([], ["ногти"])),
        "ended": st.sampled_from((None, True)),
    }
)
MASTERS = st.fixed_dictionaries(
    {"name": st.sampled_from(("Аня", "Света")), "services": st.sampled_from(([], ["маникюр"]))}
)
MINUTES = st.one_of(st.integers(0, 300), st.integers(0, 60 * 24 * 50))
LATE_MINUTES = st.one_of(st.just(0), st.integers(0, 60 * 24 * 50))


@st.composite
def talk(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(TALKS))
    fields: dict[str, Any] = {
        "client_id": draw(st.sampled_from(CLIENTS)),
        "session_id": draw(st.sampled_from(SESSIONS)),
        "source": draw(st.sampled_from(CHANNELS)),
        "branch": draw(st.sampled_from(BRANCHES)),
        "campaign": draw(st.sampled_from(CAMPAIGNS)),
    }
    if kind == "step_entered" or draw(st.booleans()):
        fields |= draw(LEADINGS)
    return after(
        draw(MINUTES), kind, test=draw(st.sampled_from((None,) * 9 + (True,))), **fields, **draw(_fields_of(kind))
    )


LEADINGS = st.fixed_dictionaries(
    {
        "scenario": st.sampled_from(SCENARIOS),
        "version": st.sampled_from(VERSIONS),
        "step": st.sampled_from((*SCENARIO_STEPS, None)),
    }
)
"""Where a scenario leads a dialogue."""
WORKERS = st.fixed_dictionaries({"person": st.sampled_from(STAFF)})


def _fields_of(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """What an event of a kind may say beside where it belongs."""
    match kind:
        case "message_in":
            return st.fixed_dictionaries({"message": st.sampled_from(WORDS)})
        case "message_out":
            return st.fixed_dictionaries(
                {
                    "message": st.sampled_from(WORDS),
                    "role": st.sampled_from(("assistant", "human", "system", "mailing")),
                    "message_id": st.sampled_from(("m1", "m2", "m3", None)),
                    "automatic": st.sampled_from((True, False, None)),
                    "person": st.sampled_from(STAFF),
                }
            )
        case "call":
            return st.fixed_dictionaries(
                {
                    "by": st.sampled_from(("client", "business")),
                    "result": st.sampled_from(("answered", "missed")),
                    "person": st.sampled_from(STAFF),
                }
            )
        case "intent_detected":
            confidences = st.sampled_from((None, "0.41", "0.93"))
            return st.fixed_dictionaries({"intent": st.sampled_from(INTENTS), "intent_confidence": confidences})
        case "model_call":
            results = st.sampled_from(("ok", "error"))
            return st.fixed_dictionaries({"result": results, "cost": st.sampled_from((None, "1.31"))})
        case "tool_call":
            attributes = st.sampled_from(({"service": "Маникюр"}, {}))
            return st.fixed_dictionaries({"result": st.sampled_from(("ok", "timeout")), "attributes": attributes})
        case "escalation":
            return st.fixed_dictionaries({"reason": st.sampled_from(("allergy", "Спрашивает про аллергию", None))})
        case "escalation_taken" | "escalation_closed":
            return WORKERS
        case "refusal":
            return st.fixed_dictionaries({"reason": st.sampled_from(("expensive", "Слишком дорого", None))})
    return st.just({})


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
        "service": draw(st.sampled_from(("Маникюр", "педикюр", None))),
        "resource": draw(st.sampled_from(("Аня", "Света", None))),
    }
    reminds = kind == "reminder_sent"
    return after(
        draw(MINUTES),
        kind,
        client_id=draw(st.sampled_from(CLIENTS)),
        session_id=draw(st.sampled_from(SESSIONS)),
        source=draw(st.sampled_from((*CHANNELS, "yclients"))),
        by=draw(st.sampled_from(("client", "business", None))),
        appointment={key: value for key, value in appointment.items() if value},
        result=draw(st.sampled_from(RESULTS.get(kind, (None,)))),
        amount=draw(st.sampled_from(("2400.00", "150", None))) if kind == "payment" else None,
        crm=draw(st.sampled_from(({"deal_id": "D-1"}, None))) if kind == "crm_delivery" else None,
        message=draw(st.sampled_from(WORDS)) if reminds else None,
        state=draw(st.sampled_from(("sent", "failed", None))) if reminds else None,
    )


@st.composite
def place(draw: st.DrawFn) -> list[Event]:
    """An hour of one master that several clients book, give up, are reminded of, and take again."""
    began = draw(st.integers(0, 60 * 24 * 10))
    start = MONDAY + timedelta(minutes=began + draw(st.sampled_from((60, 60 * 30, 60 * 80))))
    told = []
    for n in range(draw(st.integers(2, 4))):
        who: Event = {"client_id": f"tel_{n}", "source": "yclients"}
        begins = start + timedelta(minutes=draw(st.sampled_from((0, 0, 30, 90))))
        booked = began + draw(st.integers(0, 60 * 40))
        seat: Event = {"id": f"P{began}-{n}", "start": begins.isoformat(), "resource": draw(st.sampled_from("АБ"))}
        told.append(after(booked, "appointment_created", appointment=seat, **who))
        named = {"id": seat["id"]}
        later = booked + draw(st.integers(1, 60 * 40))
        match draw(st.sampled_from(("cancelled", "moved", "arrived", "stands"))):
            case "cancelled":
                by = draw(st.sampled_from(("client", "business")))
                told.append(after(later, "appointment_cancelled", appointment=named, by=by, **who))
            case "moved":
                moved = {**seat, "start": (begins + timedelta(hours=draw(st.sampled_from((1, 30))))).isoformat()}
                told.append(after(later, "appointment_moved", appointment=moved, by="client", **who))
            case "arrived":
                told.append(after(later, "arrived", appointment=named, **who))
        if draw(st.booleans()):
            message = draw(st.sampled_from(WORDS))
            told.append(after(later + draw(st.integers(-90, 90)), "reminder_sent", message=message, **who))
    return told


@st.composite
def other(draw: st.DrawFn) -> Event:
    kind = draw(
        st.sampled_from(
            (
                "identity_link",
                "identity_unlink",
                "message_delivery",
                "schedule_version",
                "catalogue_version",
                "heartbeat",
            )
        )
    )
    minutes = draw(MINUTES)
    if kind == "schedule_version":
        valid_from = (MONDAY + timedelta(days=draw(st.integers(-5, 30)))).date().isoformat()
        weekly = draw(st.sampled_from((WEEKLY, {"mon": [["08:00", "12:00"], ["13:00", "22:00"]], "2026-10-13": []})))
        scope = draw(st.sampled_from(({}, {}, {"of_channel": "telegram"}, {"branch": "Лесная"}, {"of_person": "Аня"})))
        told = {
            **SCHEDULE,
            "timestamp": (MONDAY + timedelta(minutes=minutes)).isoformat(),
            "weekly": draw(st.sampled_from((weekly, None))) if scope else weekly,
            "valid_from": valid_from,
            "calendar": draw(st.sampled_from((None, "ru"))),
            **scope,
        }
        return {key: value for key, value in told.items() if value is not None}
    if kind == "catalogue_version":
        return after(
            minutes,
            kind,
            client_id=None,
            source="letopis",
            valid_from=draw(st.sampled_from((None, "2026-10-01", "2026-10-20"))),
            services=draw(st.lists(SERVICES, max_size=3, unique_by=lambda one: str(one["name"]))),
            masters=draw(st.lists(MASTERS, max_size=2, unique_by=lambda one: str(one["name"]))),
        )
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


@st.composite
def plan(draw: st.DrawFn) -> Event:
    """What the business tells of itself: a change it made or takes back, a goal, a cost of advertising."""
    kind = draw(st.sampled_from(("change_mark", "change_mark", "goal_set", "campaign_cost")))
    told: dict[str, Any] = {
        "client_id": None,
        "source": draw(st.sampled_from(("letopis", "telegram"))),
        "person": draw(st.sampled_from(STAFF)),
        "metric": draw(st.sampled_from(METRICS)),
        "test": draw(st.sampled_from((None,) * 9 + (True,))),
    }
    match kind:
        case "change_mark":
            told |= {
                "change_kind": draw(st.sampled_from(("scenario", "price", "whatever", None))),
                "effect_size": draw(st.sampled_from(("0.05", None))),
                "what": "Сначала предлагаем время",
            }
            told |= draw(st.one_of(st.just({}), LEADINGS))
            # The numbers of a journal are its order of arrival: most name a mark or a first version, some nothing.
            told |= {"of_mark": draw(st.integers(0, 60)), "withdrawn": True} if draw(st.booleans()) else {}
        case "goal_set":
            told |= {
                "goal_target": draw(st.sampled_from(("0.4", "0.45", "900"))),
                "goal_margin": draw(st.sampled_from(("0.05", None))),
                "valid_from": draw(st.sampled_from(DATES)),
                "withdrawn": draw(st.sampled_from((None, None, True))),
            }
        case "campaign_cost":
            told |= {
                "campaign": draw(st.sampled_from(CAMPAIGNS[:2])),
                "amount": draw(st.sampled_from(("12710.00", "300", "0"))),
                "valid_from": draw(st.sampled_from(DATES)),
                "valid_to": draw(st.sampled_from((*DATES, "2026-11-30"))),
            }
    return after(draw(MINUTES), kind, **told)


@st.composite
def led(draw: st.DrawFn) -> list[Event]:
    """A dialogue that a scenario leads from step to step, to and fro, with the client's words and ours between."""
    began = draw(st.integers(0, 60 * 24 * 20))
    n = draw(st.integers(21, 24))
    who: Event = {"source": "telegram", "client_id": f"tg_{n}", "session_id": f"s{n}"}
    version = draw(st.sampled_from(VERSIONS))
    at, told = began, [after(began, "message_in", message=draw(st.sampled_from(WORDS)), **who)]
    for step in draw(st.lists(st.sampled_from(SCENARIO_STEPS), min_size=1, max_size=6)):
        at += draw(st.integers(0, 90))
        told.append(after(at, "step_entered", scenario="Запись", version=version, step=step, **who))
        kind = draw(st.sampled_from(("message_in", "message_out", "appointment_created", "payment", "refusal")))
        seat = {"id": f"L{n}", "start": (MONDAY + timedelta(minutes=at + 60 * 30)).isoformat()}
        booked = {"appointment": seat} if kind == "appointment_created" else {}
        said = {"message": draw(st.sampled_from(WORDS))} if kind.startswith("message") else {}
        told.append(after(at + draw(st.integers(0, 60)), kind, **who, **booked, **said))
    return told


@st.composite
def crossing(draw: st.DrawFn) -> list[Event]:
    """One person in two channels: asks in one, is answered or goes on in the other, within hours of each other."""
    began = draw(st.integers(0, 60 * 24 * 20))
    n = draw(st.integers(11, 19))
    in_telegram: Event = {"source": "telegram", "client_id": f"tg_{n}", "session_id": f"s{n}"}
    in_whatsapp: Event = {"source": "whatsapp", "client_id": f"wa_{n}", "session_id": f"w{n}"}
    here, there = draw(st.permutations((in_telegram, in_whatsapp)))
    linked = draw(st.booleans())
    if not linked:
        there = {**there, "client_id": here["client_id"]}
    minutes = st.one_of(st.integers(0, 150), st.integers(0, 60 * 24 * 4))
    told = [after(began, "message_in", message=draw(st.sampled_from(WORDS)), **here)]
    for _ in range(draw(st.integers(1, 3))):
        who, kind = draw(st.sampled_from(((there, "message_out"), (there, "message_in"), (here, "message_out"))))
        role = draw(st.sampled_from(("assistant", "human"))) if kind == "message_out" else None
        told.append(after(began + draw(minutes), kind, message=draw(st.sampled_from(WORDS)), role=role, **who))
    if linked:
        ids = {"client_id": f"tg_{n}", "other_client_id": f"wa_{n}"}
        told.append(after(began + draw(st.integers(-600, 60)), "identity_link", **ids))
    return told


@st.composite
def journal(draw: st.DrawFn) -> list[Event]:
    """Events as they arrive: each a while after it happened, most at once, some after days."""
    # Small lists would hardly ever hold two channels of one person, so the least is not small.
    alone = draw(st.lists(st.one_of(talk(), talk(), visit(), other()), min_size=15, max_size=40))
    together = draw(st.lists(crossing(), min_size=4, max_size=12))
    seats = draw(st.lists(place(), max_size=4))
    ways = draw(st.lists(led(), max_size=4))
    plans = draw(st.lists(plan(), max_size=10))
    events = [*alone, *plans, *(event for told in (*together, *seats, *ways) for event in told)]
    lateness = draw(st.lists(LATE_MINUTES, min_size=len(events), max_size=len(events)))
    arrivals = [
        datetime.fromisoformat(event["timestamp"]) + timedelta(minutes=late)
        for event, late in zip(events, lateness, strict=True)
    ]
    return [events[n] for n in sorted(range(len(events)), key=arrivals.__getitem__)]


MOMENTS = st.builds(timedelta, minutes=st.integers(0, 60 * 24 * 60))
STEPS = st.lists(st.one_of(st.integers(1, 9), MOMENTS), min_size=8, max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=journal(), steps=STEPS)
def test_step_by_step_equals_rebuilt(
    app_connection: Conn, database: None, events: list[Event], steps: list[int | timedelta]
) -> None:
    """At the moment that the steps have reached, where much is still open, and again when everything is over."""
    business: UUID = create_business(name="Студия", timezone="Europe/Moscow", vertical="salon").id
    write(business, [*events, *events[::3]])
    for step in steps:
        if isinstance(step, int):
            pipeline.advance(app_connection, business, step)
        else:
            pipeline.work_dues(app_connection, business, MONDAY + step, limit=2)
    read_all(app_connection, business, batch=7)
    reached = max((step for step in steps if isinstance(step, timedelta)), default=timedelta())
    for moment in (reached, timedelta(days=61)):
        let_pass(app_connection, business, MONDAY + moment)
        freeze(app_connection, business, MOSCOW, MONDAY + moment, pipeline.READER)
        read_all(app_connection, business)
        same_when_rebuilt(app_connection, business)


@pytest.mark.parametrize("minutes", [1, 30, 119])
def test_late_answer_in_another_channel_counts_either_way(app_connection: Conn, business: UUID, minutes: int) -> None:
    """The question was judged as lost long before the answer came in; nothing but the answer leads back to it."""
    write(business, [after(0, "message_in", message="Есть окошко?", session_id="s1")])
    read_all(app_connection, business)
    let_pass(app_connection, business, MONDAY + timedelta(days=30))
    told = {"message": "Есть", "role": "human", "source": "whatsapp", "session_id": "w1"}
    write(business, [after(minutes, "message_out", **told)])
    read_all(app_connection, business)
    stepwise = same_when_rebuilt(app_connection, business)
    assert [turn["replied_by"] for turn in stepwise["dialogues_turn"]] == ["elsewhere"]


def test_stay_ends_elsewhere_either_way(app_connection: Conn, business: UUID) -> None:
    """The talk was judged as lost by our silence before it was told that it went on ten hours later in another one."""
    led: Event = {"scenario": "Запись", "version": "14", "step": "Время"}
    write(business, [after(0, "message_in", message="Есть окошко?", session_id="s1", **led)])
    read_all(app_connection, business)
    let_pass(app_connection, business, MONDAY + timedelta(days=30))
    write(business, [after(600, "message_in", message="Я по записи", source="whatsapp", session_id="w1")])
    read_all(app_connection, business)
    stepwise = same_when_rebuilt(app_connection, business)
    assert [stay["ended"] for stay in stepwise["dialogues_step"]] == ["elsewhere"]


def test_branch_leaves_a_visit_with_its_talk_either_way(app_connection: Conn, business: UUID) -> None:
    """A visit that told no branch took over its talk's, until the talk turned out to be somebody else's."""
    nobody: Event = {"client_id": None, "session_id": "s2"}
    appointment = {"id": "A1", "service": "Маникюр", "resource": "Аня"}
    write(
        business,
        [
            after(0, "message_in", message="Есть окошко?", session_id="s1"),
            after(0, "appointment_created", by="client", appointment=appointment, **nobody),
            after(1, "message_in", message="Здравствуйте", branch="Лесная", **nobody),
            after(1, "message_delivery", session_id="s2", of_message_id="m1", state="sent"),
        ],
    )
    read_all(app_connection, business, batch=1)
    stepwise = same_when_rebuilt(app_connection, business)
    assert [slot["branch"] for slot in stepwise["appointments_slot"]] == [""]


@pytest.mark.parametrize(("told", "branch"), [("", "Лесная"), ("Садовая", "Садовая")])
def test_visit_takes_over_a_branch_it_did_not_tell(
    app_connection: Conn, business: UUID, told: str, branch: str
) -> None:
    appointment = {"id": "A1", "service": "Маникюр", "resource": "Аня"}
    write(
        business,
        [
            after(0, "message_in", message="Есть окошко?", session_id="s1", branch="Лесная"),
            after(1, "appointment_created", session_id="s1", branch=told or None, appointment=appointment),
        ],
    )
    read_all(app_connection, business)
    stepwise = same_when_rebuilt(app_connection, business)
    assert [slot["branch"] for slot in stepwise["appointments_slot"]] == [branch]


def test_thanks_want_no_answer_however_late_they_are_judged(app_connection: Conn, business: UUID) -> None:
    """A closing turn has no instant of its own at which it is judged, so nothing of it may depend on the clock."""
    write(
        business,
        [
            after(0, "message_in", message="Есть окошко?", session_id="s1"),
            after(1, "message_out", message="Есть в 16:00", session_id="s1", role="assistant"),
            after(2, "message_in", message="подумаю, спасибо", session_id="s1"),
        ],
    )
    read_all(app_connection, business)
    let_pass(app_connection, business, MONDAY + timedelta(minutes=3))
    let_pass(app_connection, business, MONDAY + timedelta(hours=1))
    stepwise = same_when_rebuilt(app_connection, business)
    judged = [(turn["closing"], turn["in_time_wall"]) for turn in stepwise["dialogues_turn"]]
    assert judged == [(False, True), (True, None)]


def same_when_rebuilt(conn: Conn, business: UUID) -> dict[str, list[Any]]:
    """The derived rows, which are the same when they are made anew."""
    stepwise = derived(conn, business)
    pipeline.rebuild(conn, business, lambda done, total: None)
    rebuilt = derived(conn, business)
    for table, rows in stepwise.items():
        assert rebuilt[table] == rows, table
    return stepwise
