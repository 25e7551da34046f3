"""Working hours of parts and official days off, as waits are judged by them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.metrics.journal import SCHEDULE, at, told

FRIDAY = datetime(2026, 5, 8, 14, 0, tzinfo=UTC)
"""Five in the afternoon in Moscow, before Victory Day, for which Monday is off."""
TUESDAY = datetime(2026, 5, 12, 7, 30, tzinfo=UTC)
"""Half past ten, after it."""
HOUR = 3600
WAIT = (
    at(FRIDAY, "message_in", message="Есть время?", branch="Лесная", session_id="s1"),
    at(TUESDAY, "message_out", message="Есть", role="human", branch="Лесная", session_id="s1"),
)
SHORT = {"fri": [["17:30", "18:00"]], "tue": [["09:00", "09:15"]]}


@pytest.mark.parametrize(
    ("schedules", "hours"),
    [
        ([SCHEDULE], 3 + 10 + 10 + 0.5),
        ([{**SCHEDULE, "calendar": "ru"}], 3 + 0.5),
        ([{**SCHEDULE, "calendar": "ru", "weekly": {**SCHEDULE["weekly"], "2026-05-11": [["12:00", "13:00"]]}}], 4.5),
        ([SCHEDULE, {**SCHEDULE, "valid_from": "2026-05-11", "weekly": {"tue": [["09:00", "20:00"]]}}], 3 + 10 + 1.5),
        ([SCHEDULE, {**SCHEDULE, "of_channel": "telegram", "weekly": SHORT}], 0.75),
        ([SCHEDULE, {**SCHEDULE, "branch": "лесная", "weekly": SHORT}], 0.75),
        ([SCHEDULE, {**SCHEDULE, "branch": "Лесная", "weekly": SHORT, "valid_from": "2026-05-11"}], 3 + 10 + 0.25),
        ([SCHEDULE, {**SCHEDULE, "branch": "Садовая", "weekly": SHORT}], 3 + 10 + 10 + 0.5),
        ([SCHEDULE, {**SCHEDULE, "of_person": "Аня", "weekly": SHORT}], 3 + 10 + 10 + 0.5),
        ([{**SCHEDULE, "of_channel": "vk"}], None),
        ([{**SCHEDULE, "of_person": "{{name}}"}], None),
        ([{**SCHEDULE, "weekly": None}], None),
    ],
    ids=[
        "holidays-are-worked",
        "holidays-are-off",
        "date-goes-before-holiday",
        "schedule-changes-meanwhile",
        "channel-has-its-own",
        "branch-has-its-own",
        "branch-begins-its-own-meanwhile",
        "another-branch",
        "a-person",
        "only-another-channel-has-hours",
        "nobody-named",
        "no-hours-told",
    ],
)
def test_wait_over_a_holiday(
    app_connection: psycopg.Connection[Any], business: UUID, schedules: list[dict[str, Any]], hours: float | None
) -> None:
    [turn] = told(app_connection, business, [*schedules, *WAIT])["dialogues_turn"]
    assert turn["working_s"] == (None if hours is None else hours * HOUR)
    assert turn["wall_s"] == (TUESDAY - FRIDAY).total_seconds()


@pytest.mark.parametrize(
    ("schedules", "after_min"),
    [([], 5), ([SCHEDULE], 5), ([{**SCHEDULE, "weekly": SHORT}], 35)],
    ids=["by-the-wall", "at-work", "work-begins-later"],
)
def test_who_waits_is_owed_an_answer_by_the_working_clock(
    app_connection: psycopg.Connection[Any], business: UUID, schedules: list[dict[str, Any]], after_min: int
) -> None:
    asked, answered = WAIT
    [dialogue] = told(app_connection, business, [*schedules, asked], FRIDAY)["dialogues_dialogue"]
    assert dialogue["waiting_since"] == FRIDAY
    assert dialogue["answer_due_at"] == FRIDAY + timedelta(minutes=after_min)
    [dialogue] = told(app_connection, business, [answered], TUESDAY)["dialogues_dialogue"]
    assert (dialogue["waiting_since"], dialogue["answer_due_at"]) == (None, None)


def test_hours_told_late_judge_what_was_before(app_connection: psycopg.Connection[Any], business: UUID) -> None:
    told(app_connection, business, [SCHEDULE, *WAIT])
    late = {**SCHEDULE, "branch": "Лесная", "weekly": SHORT}
    [turn] = told(app_connection, business, [late])["dialogues_turn"]
    assert turn["working_s"] == 0.75 * HOUR
    [turn] = told(app_connection, business, [{**late, "weekly": None}])["dialogues_turn"]
    assert turn["working_s"] == 23.5 * HOUR


def test_hours_of_another_business_stay_there(
    app_connection: psycopg.Connection[Any], business: UUID, stranger_business: UUID
) -> None:
    told(app_connection, stranger_business, [SCHEDULE])
    [turn] = told(app_connection, business, [*WAIT])["dialogues_turn"]
    assert turn["working_s"] is None
