"""The demo is one world: the same at every making, whole from its days, consistent in time, and fictional."""

import json
import re
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from letopis.demo import days, leads
from letopis.demo.days import after_wait, all_events, events_of_day, live_tail
from letopis.demo.salon import CHANNELS, DAYS, MASTERS, SEED, SOURCES, World, world_until
from letopis.dialogues.phrases import Said, asks, closes, said
from letopis.intake.mapping import map_event
from letopis.intake.reading import read_event
from letopis.intake.values import Context
from letopis.journal.draft import Draft

from .conftest import NOW, Event

GENERATION_S_MAX = 3.0
MASTER_STAYS = {master.resource for master in MASTERS}
LONG = timedelta(minutes=15)
STRANGERS = {"job_seeker", "supplier", "wrong_number"}


def at(event: Event) -> datetime:
    return datetime.fromisoformat(event["timestamp"])


def sessions(events: Sequence[Event]) -> dict[str, list[Event]]:
    of_session: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if "session_id" in event:
            of_session[event["session_id"]].append(event)
    return of_session


def slots(events: Sequence[Event]) -> dict[str, dict[str, Any]]:
    return {
        event["appointment"]["id"]: event["appointment"]
        for event in events
        if event["event"] in ("appointment_created", "appointment_moved")
    }


def forget() -> None:
    """Drop what was remembered, so that the world is made anew."""
    days._by_day.cache_clear()
    leads.leads_of.cache_clear()


def test_same_seed_gives_same_bytes(events: Sequence[Event]) -> None:
    forget()
    assert json.dumps(list(all_events(SEED, now=NOW))) == json.dumps(events)


def test_other_seed_gives_other_world(events: Sequence[Event]) -> None:
    assert json.dumps(list(all_events(SEED + 1, now=NOW))) != json.dumps(events)


def test_ninety_days_take_under_three_seconds() -> None:
    forget()
    started = time.process_time()
    list(all_events(SEED, now=NOW))
    assert time.process_time() - started < GENERATION_S_MAX


def test_days_in_any_order_make_the_whole(events: Sequence[Event], world: World) -> None:
    forget()
    parts: dict[date, list[Any]] = {}
    for number in reversed(range(DAYS - 1)):
        day = world.opened + timedelta(days=number)
        parts[day] = events_of_day(SEED, day, NOW)
    whole = [event for day in sorted(parts) for event in parts[day]] + live_tail(SEED, NOW)
    assert whole == events


def test_each_day_holds_only_its_own(world: World) -> None:
    day = world.opened + timedelta(days=40)
    assert {at(event).date() for event in events_of_day(SEED, day, NOW)} == {day}


@pytest.mark.parametrize("hours", [5, 30, 24 * 9])
def test_topping_up_repeats_nothing_otherwise(events: Sequence[Event], world: World, hours: int) -> None:
    """A later fill holds every event of the former but the former's waiters, word for word."""
    later = NOW + timedelta(hours=hours)
    fresh = list(all_events(SEED, now=later, opened=world.opened)) + after_wait(SEED, NOW, later, opened=world.opened)
    by_key = {key(event): event for event in fresh}
    heartbeats = [event for event in events if event["event"] == "heartbeat"]
    missing = [event for event in events if key(event) not in by_key and event not in heartbeats]
    assert missing == []
    assert all(by_key[key(event)] == event for event in events if key(event) in by_key)
    assert len(fresh) > len(events)


def key(event: Event) -> tuple[str, ...]:
    """The idempotency key of clarification 1."""
    if "dedup_key" in event:
        return (event["dedup_key"],)
    return (event["source"], event["client_id"], event["event"], event["message_id"])


def test_every_event_has_its_own_key(events: Sequence[Event]) -> None:
    assert [name for name, times in Counter(map(key, events)).items() if times > 1] == []


def test_intake_understands_every_event(events: Sequence[Event]) -> None:
    context = Context(business=uuid.UUID(int=1), source="telegram", zone=ZoneInfo("Europe/Moscow"))
    for event in events:
        piece = read_event(json.dumps(event, ensure_ascii=False).encode())
        draft = map_event(piece.value, context, piece.raw)
        assert isinstance(draft, Draft), (event, draft)
        assert draft.source == event["source"]


def test_nothing_lies_in_the_future(events: Sequence[Event]) -> None:
    assert max(map(at, events)) <= NOW


@pytest.mark.parametrize("clock", ["00:20", "03:00", "09:59", "10:05", "13:30", "20:59", "21:03", "23:50"])
def test_time_runs_forward_at_any_hour(clock: str) -> None:
    now = datetime.fromisoformat(f"2026-11-25T{clock}:00+03:00")
    made = list(all_events(SEED, now=now))
    assert max(map(at, made)) <= now
    for told in sessions(made).values():
        moments = [at(event) for event in told]
        assert moments == sorted(moments)


def test_dialogues_are_as_many_as_promised(events: Sequence[Event]) -> None:
    assert 1200 <= len(sessions(events)) <= 1400


def test_flow_grows_a_little(world: World) -> None:
    months = [
        sum(len(leads.leads_of(world, world.opened + timedelta(days=number))) for number in range(start, start + 28))
        for start in (0, 61)
    ]
    assert 1.05 < months[1] / months[0] < 1.4


def test_channels_share_as_in_the_pictures(events: Sequence[Event]) -> None:
    count = Counter(told[0]["source"] for told in sessions(events).values())
    share = {channel: count[channel] / sum(count.values()) for channel in CHANNELS}
    expected = {"telegram": 0.40, "whatsapp": 0.27, "vk": 0.17, "avito": 0.095, "phone": 0.075}
    assert all(abs(share[channel] - expected[channel]) < 0.04 for channel in CHANNELS), share


@pytest.mark.parametrize("shift_days", [0, 1, 2, 3, 4, 5, 6, 45, 200])
def test_change_helps_on_whatever_date(shift_days: int) -> None:
    now = NOW + timedelta(days=shift_days)
    world = world_until(SEED, now)
    made = list(all_events(SEED, now=now))
    before, after = booked_shares(made, world)
    assert 0.35 < before < 0.42
    assert 0.43 < after < 0.54
    assert after - before > 0.05
    missed_before, missed_after = no_show_shares(made, world)
    assert 0.10 < missed_before < 0.16
    assert 0.04 < missed_after < 0.115


def booked_shares(events: Sequence[Event], world: World) -> tuple[float, float]:
    intents = defaultdict(set)
    for event in events:
        if event["event"] == "intent_detected":
            intents[event["session_id"]].add(event["intent"])
    booked = {event["client_id"] for event in events if event["event"] == "appointment_created"}
    asked: dict[bool, list[bool]] = {False: [], True: []}
    for event in events:
        if event["event"] == "new_lead" and not intents[event["session_id"]] & STRANGERS:
            asked[at(event) >= world.changed_at].append(event["client_id"] in booked)
    return sum(asked[False]) / len(asked[False]), sum(asked[True]) / len(asked[True])


def no_show_shares(events: Sequence[Event], world: World) -> tuple[float, float]:
    starts = {name: datetime.fromisoformat(slot["start"]) for name, slot in slots(events).items()}
    ends: dict[bool, list[bool]] = {False: [], True: []}
    for event in events:
        if event["event"] in ("arrived", "no_show"):
            ends[starts[event["appointment"]["id"]] >= world.changed_at].append(event["event"] == "no_show")
    return sum(ends[False]) / len(ends[False]), sum(ends[True]) / len(ends[True])


def test_visit_follows_its_booking(events: Sequence[Event]) -> None:
    """Whatever happens to an appointment happens after it was made, and a visit ends once."""
    standing: dict[str, datetime] = {}
    ends: Counter[str] = Counter()
    for event in sorted(events, key=at):
        visit = event.get("appointment")
        if visit is None:
            continue
        if event["event"] in ("appointment_created", "appointment_moved"):
            assert at(event) < datetime.fromisoformat(visit["start"])
            standing[visit["id"]] = datetime.fromisoformat(visit["start"])
            if event["event"] == "appointment_moved":
                ends[visit["previous_id"]] += 1
                assert at(event) < standing[visit["previous_id"]]
        assert visit["id"] in standing, event
        if event["event"] in ("arrived", "no_show", "appointment_cancelled"):
            ends[visit["id"]] += 1
            late = at(event) - standing[visit["id"]]
            assert (event["event"] == "appointment_cancelled") == (late < timedelta(minutes=-20)), event
        if event["event"] == "reminder_sent":
            assert ends[visit["id"]] == 0, "a reminder after the end"
            assert at(event) < standing[visit["id"]]
    assert set(ends.values()) == {1}


def test_master_serves_one_client_at_a_time(events: Sequence[Event]) -> None:
    """A freed slot may be anybody's again, so only visits that stood to the end are compared."""
    gone = {event["appointment"].get("previous_id") for event in events if event["event"] == "appointment_moved"}
    gone |= {event["appointment"]["id"] for event in events if event["event"] == "appointment_cancelled"}
    of_master = defaultdict(list)
    for name, slot in slots(events).items():
        if name not in gone:
            of_master[slot["resource"]].append(
                (datetime.fromisoformat(slot["start"]), datetime.fromisoformat(slot["end"]))
            )
    assert set(of_master) == MASTER_STAYS
    for visits in of_master.values():
        visits.sort()
        assert all(first[1] <= second[0] for first, second in pairwise(visits))


def test_confirmation_names_the_booked_time(events: Sequence[Event]) -> None:
    """The next word of ours after a booking says its day and hour."""
    for told in sessions(events).values():
        for place, event in enumerate(told):
            if event["event"] != "appointment_created":
                continue
            answer = next((later for later in told[place:] if later["event"] == "message_out"), None)
            if answer is not None:
                start = datetime.fromisoformat(event["appointment"]["start"])
                assert f"{start:%H:%M}" in answer["message"]
                assert f" {start.day} " in answer["message"]


def test_phones_are_fictional(events: Sequence[Event]) -> None:
    ours = re.compile(r"\+7(900000\d{4}|83120000\d{2})")
    for event in events:
        if "phone" in event:
            assert ours.fullmatch(event["phone"]), event
        digits = re.sub(r"[\s()\-+]", "", event.get("message", ""))
        for number in re.findall(r"(?<!\d)[78]?(\d{10})(?!\d)", digits):
            assert ours.fullmatch(f"+7{number}"), event


def test_clients_repeat_themselves_little(events: Sequence[Event]) -> None:
    openings = [told[0]["message"] for told in sessions(events).values() if told[0]["event"] == "message_in"]
    texts = [event["message"] for event in events if event["event"] == "message_in"]
    assert len(set(openings)) / len(openings) > 0.9
    assert len(set(texts)) / len(texts) > 0.6


def test_no_template_is_left_unfilled(events: Sequence[Event]) -> None:
    for event in events:
        if event["event"] in ("message_in", "message_out", "reminder_sent") and not event["message"].isascii():
            assert not re.search(r"[{}|¶]|\[\w|None", event["message"]), event["message"]


def test_every_source_shows_life(events: Sequence[Event]) -> None:
    last = {event["source"]: at(event) for event in events if event["event"] == "heartbeat"}
    assert set(last) == set(SOURCES)
    assert all(NOW - moment <= timedelta(minutes=1) for moment in last.values())


@pytest.mark.parametrize("clock", ["10:01", "10:42", "13:30", "18:59"])
def test_two_or_three_wait_long_while_open(clock: str) -> None:
    now = datetime.fromisoformat(f"2026-11-22T{clock}:00+03:00")
    waits = waiting_at(list(all_events(SEED, now=now)), now)
    assert sum(wait > LONG for wait in waits) in (2, 3)
    assert sum(wait <= LONG for wait in waits) == 2


@pytest.mark.parametrize("clock", ["00:10", "04:00", "09:30", "19:10", "22:45"])
def test_evening_people_wait_while_closed(clock: str) -> None:
    now = datetime.fromisoformat(f"2026-11-22T{clock}:00+03:00")
    waits = waiting_at(list(all_events(SEED, now=now)), now)
    assert len(waits) in (2, 3)
    assert min(waits) > LONG


def test_those_who_waited_are_answered_later() -> None:
    then, now = NOW, NOW + timedelta(hours=3)
    told = after_wait(SEED, then, now, opened=world_until(SEED, then).opened)
    assert waiting_at(told, now) == []


def waiting_at(events: Sequence[Event], now: datetime) -> list[timedelta]:
    """How long each waits, judged by the rules of the dialogues' reader; a refusal event ends a talk."""
    waits = []
    for told in sessions(events).values():
        since, answered, question = None, False, False
        for event in told:
            match event["event"]:
                case "message_in":
                    what = said(event["message"], event.get("content_type", ""))
                    if since is None and not closes(Said(what), after_ours=answered, after_question=question):
                        since = at(event)
                case "message_out" | "reminder_sent" if not event.get("automatic"):
                    is_mailing = event["event"] == "reminder_sent" or event.get("role") == "mailing"
                    since = since if is_mailing else None
                    answered, question = True, not is_mailing and asks(event["message"])
                case "refusal" | "escalation_closed":
                    since = None
                case _:
                    pass
        if since is not None:
            waits.append(now - since)
    return waits


def test_template_errors_of_the_demo_are_there(events: Sequence[Event]) -> None:
    """What the audit is to find: silence after the master question, lost notices, taken slots, broken CRM field."""

    def count(kind: str, **fields: object) -> int:
        return sum(event["event"] == kind and all(event.get(k) == v for k, v in fields.items()) for event in events)

    assert count("step_entered", step="Вопрос о мастере") > 60
    assert count("error", result="no_branch") >= 2
    assert count("crm_delivery", result="error") > 20
    assert count("escalation") > 60
    assert count("escalation_taken") == count("escalation_closed")
    assert count("call", result="missed") > 20
    assert count("identity_link") > 10
    assert count("reminder_replied", result="question") >= 2
    assert count("schedule_version") == 1
    assert count("change_mark") == 2
    assert count("goal_set") == 5
    assert count("campaign_cost") >= 10
