"""Marina K. is lost on the evening before, to the second."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest

from letopis.demo.days import all_events
from letopis.demo.salon import SEED, World

from .conftest import NOW, Event


def told(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if event.get("session_id") == "sess_8f3c21"]


def test_thread_is_the_one_of_the_picture(events: Sequence[Event]) -> None:
    words = [(event["timestamp"], event["role"], event["message"]) for event in told(events) if "message" in event]
    assert words == [
        ("2026-11-21T19:42:08.000+03:00", "client", "Здравствуйте! Хочу на маникюр завтра после обеда"),
        (
            "2026-11-21T19:42:10.000+03:00",
            "assistant",
            "Добрый день! Завтра, 22 ноября, есть 13:30, 15:00 и 17:45. Какое время удобнее?",
        ),
        ("2026-11-21T19:47:29.000+03:00", "client", "15:00 подойдёт"),
        ("2026-11-21T19:49:34.000+03:00", "client", "Так я записана?"),
        ("2026-11-21T19:49:36.000+03:00", "assistant", "Секунду, уточню у администратора"),
        (
            "2026-11-21T20:31:02.000+03:00",
            "human",
            "Марина, простите за ожидание! На 15:00 уже занято, есть 16:15. Записать вас?",
        ),
        ("2026-11-21T20:33:40.000+03:00", "client", "Спасибо, уже записалась в другое место"),
    ]


def test_slot_was_taken_and_scenario_said_nothing(events: Sequence[Event]) -> None:
    story = told(events)
    created = next(
        event for event in story if event.get("tool") == "yclients.create_record" and event["event"] == "tool_call"
    )
    end = datetime.fromisoformat(created["timestamp"]) + timedelta(milliseconds=created["latency_ms"])
    assert (f"{end:%H:%M:%S}", created["attributes"]["status"], created["attributes"]["taken_at"]) == (
        "19:47:31",
        409,
        "19:47:27",
    )
    silence = [event for event in story if "19:47:31" <= event["timestamp"][11:19] < "19:49:34"]
    assert [event["event"] for event in silence] == ["error"]
    assert not any(event["event"] == "appointment_created" for event in story)


def test_doubt_escalation_and_crm(events: Sequence[Event]) -> None:
    story = told(events)
    doubt = [event for event in story if event["event"] == "intent_detected"][-1]
    assert (doubt["intent_confidence"], doubt["attributes"]["threshold"]) == (0.41, "0.60")
    deliveries = [
        (event["timestamp"][11:19], event["attempt"], event["result"])
        for event in story
        if event["event"] == "crm_delivery"
    ]
    assert [one[1:] for one in deliveries] == [(1, "error"), (2, "error"), (3, "ok")]
    assert deliveries[-1][0] == "20:25:17"
    assert [event["person"] for event in story if event["event"] == "escalation_taken"] == ["Ольга С."]
    calls = [event for event in story if event["event"] == "model_call"]
    assert (len(calls), round(sum(event["cost"] for event in calls), 2)) == (4, 1.31)


def test_it_is_her_second_visit(events: Sequence[Event], world: World) -> None:
    before = [event for event in events if event.get("client_id") == "tg_12345678" and event["event"] == "arrived"]
    assert len(before) == 1
    assert world.marina_day - date.fromisoformat(before[0]["timestamp"][:10]) > timedelta(days=30)


def test_her_slot_is_nobody_elses(events: Sequence[Event], world: World) -> None:
    wish = world.marina_wish.start.isoformat()
    taken = [
        e
        for e in events
        if e.get("appointment", {}).get("start") == wish and e["appointment"].get("resource") == "Анна Р."
    ]
    assert taken == []


@pytest.mark.parametrize("days", range(1, 8))
def test_story_is_yesterday_on_every_weekday(days: int) -> None:
    now = NOW + timedelta(days=days)
    story = told(list(all_events(SEED, now=now)))
    assert {event["timestamp"][:10] for event in story} == {(now - timedelta(days=1)).date().isoformat()}
    assert story[-1]["event"] == "escalation_closed"
