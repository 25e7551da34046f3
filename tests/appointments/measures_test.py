"""What the numbers ask of a visit: the contract's cases, and the same answer of a row and of the table."""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction

from letopis.access.wall import enter
from letopis.appointments import measures
from letopis.appointments.measures import Question
from letopis.appointments.models import Slot as Row
from letopis.appointments.reader import store
from letopis.appointments.records import Slot, State
from letopis.base.rows import difference
from tests.appointments.slots import START, cancelled, hours, slot

DAY_BEFORE = START - hours(24)
ODD = timedelta(microseconds=1)


def test_visit_that_came_as_booked_counts() -> None:
    assert measures.counts_as_booked(slot(state="arrived", final_at=START))
    assert measures.counts_as_booked(slot(first_of_chain=False))
    assert measures.counts_as_booked(cancelled())
    assert measures.counts_as_booked(slot(state="moved", final_at=DAY_BEFORE))


@pytest.mark.parametrize(
    "fields", [{"started": False}, {"state": "cancelled_business"}, {"corrected": True}, {"excluded": "spam"}], ids=str
)
def test_what_does_not_count_as_booked(fields: dict[str, Any]) -> None:
    assert not measures.counts_as_booked(slot(**fields))
    assert not measures.is_due_reminder(slot(**fields))


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({}, True),
        ({"created_at": DAY_BEFORE}, True),
        ({"created_at": DAY_BEFORE + ODD}, False),
        ({"state": "cancelled_early", "final_at": DAY_BEFORE}, False),
        ({"state": "cancelled_late", "final_at": DAY_BEFORE + ODD}, True),
        ({"state": "moved", "final_at": DAY_BEFORE - hours(9)}, False),
        ({"state": "moved", "final_at": DAY_BEFORE + hours(9)}, True),
        ({"state": "arrived", "final_at": START}, True),
        ({"state": "unknown"}, True),
        ({"start_at": None}, False),
    ],
    ids=str,
)
def test_reminder_is_due_to_what_stood_a_day_before(fields: dict[str, Any], due: bool) -> None:
    """Booked later than the offset, or given up before it: not due (M6)."""
    assert measures.is_due_reminder(slot(**fields)) is due


@pytest.mark.parametrize(
    ("reminded_at", "reminded"),
    [(None, False), (START - hours(2), True), (START - hours(2) + ODD, False), (START - hours(48), True)],
)
def test_reminder_counts_two_hours_before(reminded_at: Any, reminded: bool) -> None:
    assert measures.is_reminded(slot(reminded_at=reminded_at)) is reminded


def test_question_and_confirmation_count_before_the_start() -> None:
    """Whatever the visit came to later."""
    in_time = slot(state="no_show", confirmed_at=START - hours(20), asked_at=START - hours(24))
    too_late = slot(state="confirmed", confirmed_at=START + hours(1), asked_at=START + hours(1))
    assert measures.is_confirmed(in_time)
    assert measures.is_asked(in_time)
    assert not measures.is_confirmed(too_late)
    assert not measures.is_asked(too_late)


@pytest.mark.parametrize(
    ("of", "booked", "lost"),
    [
        (slot(state="arrived"), 60, 0),
        (slot(), 60, 0),
        (slot(state="unknown"), 60, 0),
        (slot(state="no_show"), 60, 60),
        (cancelled(before=3), 60, 60),
        (cancelled(before=3, refilled=True), 0, 0),
        (cancelled(before=30), 0, 0),
        (slot(state="cancelled_business", final_at=START), 0, 0),
        (slot(state="moved", final_at=START), 0, 0),
        (slot(state="arrived", excluded="test", test=True), 0, 0),
        (slot(corrected=True), 0, 0),
        (slot(start_at=None), 0, 0),
        (slot(end_at=None), 60, 0),
        (slot(end_at=START - hours(1)), 60, 0),
        (slot(end_at=START + hours(1.5)), 90, 0),
        (slot(end_at=START + hours(100)), 12 * 60, 0),
    ],
)
def test_minutes_of_a_master(of: Slot, booked: int, lost: int) -> None:
    assert (measures.booked_minutes(of), measures.lost_minutes(of)) == (booked, lost)


MOMENTS = (None, *(START + hours(hour) for hour in (-72, -30, -24, -2, -1, 0, 3)))
QUESTIONS = {name: one for name, one in vars(measures).items() if isinstance(one, Question)}
SLOTS = 600


def some_slot(dice: Random, slot_id: int, business: UUID) -> Slot:
    return slot(
        slot_id,
        business_id=business,
        state=dice.choice(list(State)).value,
        start_at=dice.choice((START, START, START, None)),
        created_at=dice.choice(MOMENTS[1:]),
        **{name: dice.choice(MOMENTS) for name in ("confirmed_at", "final_at", "reminded_at", "asked_at")},
        **{name: dice.random() < 0.3 for name in ("corrected", "refilled", "test")},
        started=dice.random() < 0.7,
        excluded=dice.choice(("", "", "", "test")),
    )


def test_row_and_table_answer_alike(app_connection: psycopg.Connection[Any], business: UUID) -> None:
    """Also turned round, and where times are not known."""
    dice = Random(21)
    slots = {n: some_slot(dice, n, business) for n in range(SLOTS)}
    cur: Any
    with app_connection.transaction(), app_connection.cursor() as cur:
        enter(cur, business)
        store(cur, business, difference({}, slots))
    with transaction.atomic(), connection.cursor() as django_cur:
        enter(django_cur, business)
        for name, question in QUESTIONS.items():
            for asked in (question, ~question):
                rows = Row.objects.filter(asked.q, business_id=business)
                expected = {n for n, one in slots.items() if asked(one)}
                assert set(rows.values_list("slot_id", flat=True)) == expected, name
                assert expected, f"{name} is answered one way alone"
