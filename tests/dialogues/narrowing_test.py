"""The filters of the list: whatever a number counts, the list behind it has as many rows."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import translation

from letopis.access.wall import enter
from letopis.base import clock
from letopis.dialogues import listing, narrowing
from letopis.dialogues.listing import NONE_TOLD
from letopis.dialogues.records import Ended
from letopis.metrics.board import Board, read_board
from letopis.metrics.definitions.crm_completeness import DELIVERED, MISSING
from letopis.metrics.definitions.steps import EDGE
from letopis.metrics.funnel import SERIES, floors_of
from letopis.metrics.losses import SERIES as CAUSES
from letopis.metrics.metric import By
from letopis.metrics.parts import JOINT, Part
from letopis.metrics.period import Period
from letopis.metrics.records import CrmState, Stage, Stopped, VisitState
from tests.metrics.journal import MONDAY, SCHEDULE, Event, after, let_pass, read_all, rows, write

Conn = psycopg.Connection[Any]
DAY = 24 * 60
NOW = MONDAY + timedelta(days=50)
HERE = 50 * DAY
"""`NOW` in minutes after `MONDAY`."""
ALL = Period(MONDAY.date(), NOW.date())


def who(name: str, **more: Any) -> dict[str, Any]:
    return {"client_id": name, "session_id": f"s_{name}", **more}


def asks(name: str, at: float, **more: Any) -> Event:
    return after(at, "message_in", message="Хочу на маникюр", intent="book_appointment", **who(name, **more))


def answers(name: str, at: float, words: str = "Подскажите, какая услуга?", **more: Any) -> Event:
    return after(at, "message_out", role="assistant", message=words, **who(name, **more))


def offers(name: str, at: float) -> Event:
    return answers(name, at, "Завтра свободно в 15:30. Записать?")


def visit(name: str, at: float, event: str, start: float, **more: Any) -> Event:
    times = {"start": after(start, "x")["timestamp"], "end": after(start + 60, "x")["timestamp"]}
    appointment = {"id": f"A_{name}", **times, "resource": "Аня", "service": "Маникюр", **more}
    return after(at, event, appointment=appointment, **who(name))


def deal(name: str, at: float, result: str) -> Event:
    return after(at, "crm_delivery", result=result, crm={"deal_id": f"D_{name}"}, **who(name))


def leads() -> Iterator[Event]:
    """Leads at every stage, each with another fate, then those whose time has not come."""
    yield SCHEDULE
    yield asks("unanswered", 0, campaign="vk_brows")
    yield asks("broken", 10)
    yield after(10.2, "tool_call", tool="create_record", result="error", **who("broken"))
    yield from (asks("vague", 20, source="whatsapp"), answers("vague", 20.5, source="whatsapp"))
    yield from (asks("thanked", 30, branch="Лесная"), answers("thanked", 31, "Маникюр 2400 ₽"))
    yield after(32, "message_in", message="Спасибо", **who("thanked"))
    yield from (asks("dear", 40, campaign="vk_brows"), offers("dear", 40.5))
    yield after(42, "refusal", reason="price", **who("dear"))
    yield from (asks("vain", 50), offers("vain", 50.5), after(52, "refusal", reason="Передумала, увы", **who("vain")))
    yield from (asks("absent", 60), offers("absent", 60.5), visit("absent", 61, "appointment_created", 2 * DAY))
    yield from (deal("absent", 62, "ok"), visit("absent", 3 * DAY, "no_show", 2 * DAY))
    yield from (asks("gone", 70), offers("gone", 70.5), visit("gone", 71, "appointment_created", 2 * DAY))
    yield from (deal("gone", 72, "error"), deal("gone", 99, "ok"))
    yield visit("gone", 90, "appointment_confirmed", 2 * DAY)
    yield after(95, "appointment_cancelled", by="client", appointment={"id": "A_gone"}, **who("gone"))
    yield from (asks("came", 80), offers("came", 80.5))
    yield from (visit("came", 81, "appointment_created", 2 * DAY), deal("came", 82, "error"))
    yield visit("came", 2 * DAY + 90, "arrived", 2 * DAY)
    yield from (
        asks("paid", 90),
        offers("paid", 91),
        visit("paid", 92, "appointment_created", 3 * DAY, resource="Света"),
    )
    yield visit("paid", 3 * DAY + 90, "arrived", 3 * DAY, resource="Света")
    yield after(3 * DAY + 95, "payment", amount="2400", appointment={"id": "A_paid"}, **who("paid"))
    yield from (asks("unmarked", 99), visit("unmarked", 100, "appointment_created", 2 * DAY))
    # Asked in a messenger, written down at the desk days later, for a service the talk had not named.
    yield from (asks("desk", 104), answers("desk", 105))
    yield visit("desk", 3 * DAY, "appointment_created", 5 * DAY, service="Педикюр") | {
        "session_id": "",
        "source": "yclients",
        "branch": "Лесная",
    }
    yield from (asks("spam", 110), after(111, "intent_detected", intent="spam", **who("spam")))
    yield asks("trial", 120, test=True)
    # The one who had come before asks again forty days later, in a talk of her own.
    yield after(45 * DAY, "message_in", message="Можно снова?", intent="book", client_id="came", session_id="s_again")
    yield from (asks("soon", HERE - 6 * 60), offers("soon", HERE - 6 * 60 + 1))
    yield visit("soon", HERE - 5 * 60, "appointment_created", HERE + DAY)
    yield deal("soon", HERE - 5 * 60 + 1, "error")
    yield from (asks("young", HERE - 2), deal("young", HERE - 1, "error"))


@pytest.fixture
def told(app_connection: Conn, business: UUID, monkeypatch: pytest.MonkeyPatch) -> UUID:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    write(business, list(leads()))
    read_all(app_connection, business)
    let_pass(app_connection, business, NOW)
    return business


def count(business: UUID, **asked: str) -> int:
    """How many rows the list has, and that it has them."""
    days = {"from": ALL.first.isoformat(), "to": ALL.last.isoformat()}
    filters = listing.read_filters(days | asked, NOW.date())
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        found = listing.count(business, filters, sees_text=True)
        assert len(listing.some(business, filters, None, 100, sees_text=True)) == found
    return found


def board_of(business: UUID, *series: str, metrics: tuple[str, ...] = ("M1", "M2", "M3", "M17")) -> Board:
    bys = (By.ALL, By.CHANNEL, By.CAMPAIGN, By.SERVICE, By.MASTER, By.KNOWN, By.CAUSE, By.STEP, By.EDGE)
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return read_board(cur, business, ALL.first, ALL.last, metrics, by=bys, series=series)


def test_world_holds_every_fate(app_connection: Conn, told: UUID) -> None:
    """The other tests prove only what the told leads came to."""
    found = [lead for lead in rows(app_connection, told, "metrics_lead") if not lead["excluded"]]
    assert {lead["stage"] for lead in found} == {stage.value for stage in Stage}
    assert {lead["stopped"] for lead in found} == {stopped.value for stopped in Stopped}
    assert {lead["crm"] for lead in found} == {state.value for state in CrmState}
    assert {lead["visit"] for lead in found} == {state.value for state in VisitState}
    assert len({lead["cause"] for lead in found}) >= 8


def test_stage_shows_who_came_so_far_or_further(told: UUID) -> None:
    floors = floors_of(board_of(told, *SERIES), ALL)
    for floor in floors:
        assert count(told, lead="1", stage=floor.stage) == floor.reached > 0, floor.stage


def test_stage_with_an_end_shows_who_stopped_there(told: UUID) -> None:
    ends = Counter[Stopped]()
    for floor in floors_of(board_of(told, *SERIES), ALL):
        told_here = {Stopped.PENDING: floor.pending, Stopped.LEFT: floor.left, Stopped.OURS: floor.ours}
        for stopped, number in told_here.items():
            assert count(told, lead="1", stage=floor.stage, stopped=stopped) == number, (floor.stage, stopped)
            ends[stopped] += number
    for stopped, number in ends.items():
        assert count(told, lead="1", stopped=stopped) == number > 0


def test_reason_shows_the_leads_that_stopped_for_it(told: UUID) -> None:
    board = board_of(told, CAUSES)
    found = 0
    for member in board.members(By.CAUSE, ALL, CAUSES):
        stopped, cause = member.split(JOINT)
        number = board.total(CAUSES, "n", ALL, Part(By.CAUSE, member))
        assert count(told, lead="1", stopped=stopped or NONE_TOLD, reason=cause) == number > 0, member
        found += 1
    assert found >= 8


@pytest.mark.parametrize("by", [By.CHANNEL, By.CAMPAIGN, By.SERVICE, By.MASTER, By.KNOWN])
def test_part_of_the_funnel_opens_its_leads(told: UUID, by: By) -> None:
    """By the labels of leads, told or not, all of them together are all leads."""
    board = board_of(told)
    members = board.members(by, ALL)
    assert len(members) > 1
    for member in members:
        number = board.total("M1", "n", ALL, Part(by, member))
        assert count(told, lead="1", **{by.value: member or NONE_TOLD}) == number > 0, member
        booked = board.total("M2", "hits", ALL, Part(by, member))
        assert count(told, lead="1", outcome="booked", **{by.value: member or NONE_TOLD}) == booked, member
    assert sum(board.total("M1", "n", ALL, Part(by, one)) for one in members) == count(told, lead="1")


def test_branch_of_leads_is_also_that_of_their_bookings(told: UUID) -> None:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, told)
        board = read_board(cur, told, ALL.first, ALL.last, ("M1",), branch="Лесная")
    assert count(told, lead="1", branch="Лесная") == board.total("M1", "n", ALL) == 2
    assert count(told, branch="Лесная") == 1


def test_visit_shows_where_leads_stand_with_it(told: UUID) -> None:
    board = board_of(told)
    came, pending, all_of_them = (board.total("M3", name, ALL) for name in ("hits", "pending", "total"))
    assert count(told, lead="1", visit="came") == came > 0
    assert count(told, lead="1", visit="pending") == pending > 0
    assert count(told, lead="1", visit="not_come") == all_of_them - came - pending > 0


def test_crm_shows_where_leads_stand_with_it(told: UUID) -> None:
    board = board_of(told, f"M17{DELIVERED}", f"M17{MISSING}")
    in_time, pending = (board.total("M17", name, ALL) for name in ("k", "pending"))
    delivered, missing = (board.total(f"M17{series}", "n", ALL) for series in (DELIVERED, MISSING))
    assert count(told, lead="1", crm="in_time") == in_time > 0
    assert count(told, lead="1", crm="late") == delivered - in_time > 0
    assert count(told, lead="1", crm="delivered") == delivered
    assert count(told, lead="1", crm="pending") == pending > 0
    assert count(told, lead="1", crm="missing") == missing > 0
    all_that_must = board.total("M17", "n", ALL)
    assert count(told, lead="1", crm="delayed") == all_that_must - delivered - missing > 0


def test_refusal_is_found_by_its_code(told: UUID) -> None:
    """Words are no code: who declined in words is not among those who gave one."""
    assert count(told, refused_for="price") == 1
    assert count(told, outcome="refused") == 2
    assert count(told, outcome="refused", refused_for=NONE_TOLD) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"stage": "чепуха"},
        {"stopped": "чепуха"},
        {"reason": "чепуха"},
        {"master": "никто"},
        {"known": "чепуха"},
        {"crm": "чепуха"},
        {"visit": "чепуха"},
        {"scenario": "чепуха"},
        {"version": "чепуха"},
        {"step": "чепуха"},
        {"ended": "чепуха"},
        {"way": "чепуха"},
        {"refused_for": "чепуха"},
    ],
)
def test_word_nobody_told_finds_nothing(told: UUID, asked: dict[str, str]) -> None:
    assert count(told, **asked) == 0


def walk(name: str, at: float, *steps: str, version: str = "14", **more: Any) -> Iterator[Event]:
    for n, step in enumerate(steps):
        place = {"scenario": "Запись", "version": version, "step": step}
        yield after(at + n, "message_in", message="Хочу на маникюр", **place, **who(name, **more))


def stays() -> Iterator[Event]:
    """Every end of a stay, once or more; two of them are in no metric."""
    yield SCHEDULE
    yield from walk("silent_we", 0, "Начало", "Время")
    yield from walk("silent_client", 10, "Начало", "Время")
    yield answers("silent_client", 12, "Какое время?")
    yield from (*walk("booked", 20, "Начало", "Время"), visit("booked", 23, "appointment_created", 2 * DAY))
    yield from (*walk("refused", 30, "Начало"), answers("refused", 31), after(32, "refusal", **who("refused")))
    yield from (*walk("broken", 40, "Начало"), after(41, "error", **who("broken")))
    yield from (*walk("person", 50, "Начало"), after(51, "message_out", role="human", message="Да", **who("person")))
    yield from walk("elsewhere", 60, "Начало", version="13")
    yield after(65, "message_in", message="Я тут", client_id="elsewhere", session_id="other", source="whatsapp")
    yield from walk("again", 70, "Начало", "Время", "Начало")
    yield from walk("trial", 80, "Начало", test=True)
    yield from (*walk("supplier", 90, "Начало"), after(91, "intent_detected", intent="supplier", **who("supplier")))
    yield from walk("young", HERE - 9, "Начало")


@pytest.fixture
def led(app_connection: Conn, business: UUID, monkeypatch: pytest.MonkeyPatch) -> UUID:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    write(business, list(stays()))
    read_all(app_connection, business)
    let_pass(app_connection, business, NOW)
    return business


def test_step_shows_who_entered_it(led: UUID) -> None:
    board = board_of(led, "M15", metrics=())
    members = board.members(By.STEP, ALL, "M15")
    assert len(members) == 3
    for member in members:
        scenario, version, step = member.split(JOINT)
        number = board.total("M15", "n", ALL, Part(By.STEP, member))
        assert count(led, scenario=scenario, version=version, step=step) == number > 0, member
    assert count(led, version="14") == 8
    assert count(led, scenario="Запись") == 9, "the trial and the supplier are in no metric"


def test_ended_shows_whose_last_stay_ended_so(led: UUID) -> None:
    series = f"M15{EDGE}"
    board = board_of(led, series, metrics=())
    ends = Counter[str]()
    for member in board.members(By.EDGE, ALL, series):
        scenario, version, step, following = member.split(JOINT)
        if following.startswith("!"):
            number = board.total(series, "n", ALL, Part(By.EDGE, member))
            asked = {"scenario": scenario, "version": version, "step": step, "ended": following[1:]}
            assert count(led, **asked) == number > 0, member
            ends[following[1:]] += number
    assert set(ends) == {end.value for end in Ended} - {Ended.PASSED}
    for end, number in ends.items():
        assert count(led, ended=end) == number
    assert count(led, ended="client_silent,refused") == ends["client_silent"] + ends["refused"]
    assert count(led, ended="passed") == 4


def test_days_are_those_of_the_stay(led: UUID) -> None:
    """A version alone is asked by the days of its stays too, not by those on which the dialogues began."""
    day = NOW.date().isoformat()
    assert count(led, **{"from": day}, version="14") == count(led, **{"from": day}, step="Начало") == 1
    yesterday = (NOW - timedelta(days=1)).date().isoformat()
    assert count(led, to=yesterday, version="14") == 7


CHIPS: dict[str, tuple[dict[str, str], str]] = {
    "stage": ({"stage": "offered"}, "получили время на выбор"),
    "stopped": ({"stopped": "ours"}, "с нашими ошибками"),
    "reason": ({"reason": "we_silent"}, "Причина: мы не ответили"),
    "a refusal": ({"reason": "refused:price"}, "Причина: дорого"),
    "a reason of one's own": ({"reason": "refused:far"}, "Причина: refused:far"),
    "master": ({"master": "Аня"}, "Мастер: Аня"),
    "no master": ({"master": NONE_TOLD}, "Мастер не выбран"),
    "known": ({"known": "known"}, "знакомые клиенты"),
    "crm": ({"crm": "missing"}, "нет в CRM"),
    "visit": ({"visit": "not_come"}, "не пришли"),
    "no version": ({"version": NONE_TOLD}, "Без версии"),
    "step": ({"step": "Время"}, "Шаг: Время"),
    "two ends": ({"ended": "client_silent,refused"}, "замолчали на шаге, отказались на шаге"),
    "way": ({"way": "0123abcd"}, "Одни и те же шаги в одном порядке"),
    "hostile": ({"step": "<b>"}, "Шаг: <b>"),
}


@pytest.mark.parametrize(("asked", "words"), CHIPS.values(), ids=CHIPS.keys())
def test_filter_is_told_in_words_and_can_be_taken_away(asked: dict[str, str], words: str) -> None:
    filters = listing.read_filters(asked | {"channel": "vk"}, NOW.date())
    with translation.override("ru"):
        [chip] = narrowing.chips_of(filters)
    assert chip.label == words
    assert dict(parse_qsl(chip.url.removeprefix("?"))).keys() == {"from", "to", "channel"}


def test_form_carries_along_what_has_no_field() -> None:
    asked = dict.fromkeys((*narrowing.WITHOUT_FIELD, "channel", "branch", "q"), "чепуха") | {"lead": "1"}
    filters = listing.read_filters(asked, NOW.date())
    assert dict(narrowing.kept(filters)) == dict.fromkeys(narrowing.WITHOUT_FIELD, "чепуха") | {"lead": "1"}
