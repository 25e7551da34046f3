"""Words of a client that nobody answered (M11): by the wall clock, and in working time where hours are told."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.metrics.definitions import METRICS
from tests.metrics.journal import MONDAY, SCHEDULE, Event, after, told, whole

Conn = psycopg.Connection[Any]
HOUR = 60
# The salon works from ten to eight, the question comes on Monday at noon: eight hours of that day, ten of Tuesday,
# and six of Wednesday make a day of work.
WORKED_AFTER = 52 * HOUR
ASKS = after(0, "message_in", message="Есть окошко?", session_id="s1")


def reply(minutes: float) -> Event:
    return after(minutes, "message_out", role="human", message="Есть", session_id="s1")


def turns(conn: Conn, business: UUID, minutes: float, *events: Event) -> list[tuple[bool | None, bool | None]]:
    """Unanswered in working time and by the wall, so many minutes after the question."""
    found = told(conn, business, [ASKS, *events], MONDAY + timedelta(minutes=minutes))
    return [(turn["unanswered"], turn["unanswered_wall"]) for turn in found["dialogues_turn"]]


@pytest.mark.parametrize(
    ("minutes", "unanswered"),
    [
        (23 * HOUR, (None, None)),
        (24 * HOUR, (None, True)),
        (WORKED_AFTER - 1, (None, True)),
        (WORKED_AFTER, (True, True)),
    ],
)
def test_time_makes_words_unanswered(
    app_connection: Conn, business: UUID, minutes: int, unanswered: tuple[bool | None, bool | None]
) -> None:
    assert turns(app_connection, business, minutes, SCHEDULE) == [unanswered]


@pytest.mark.parametrize(
    ("replied", "unanswered"),
    [(1, (False, False)), (25 * HOUR, (False, True)), (WORKED_AFTER, (False, True)), (WORKED_AFTER + 1, (True, True))],
)
def test_late_answer_is_none(app_connection: Conn, business: UUID, replied: int, unanswered: tuple[bool, bool]) -> None:
    """Who answered after a day of work has left the client without an answer; the session holds the talk together."""
    assert turns(app_connection, business, 100 * HOUR, SCHEDULE, reply(replied)) == [unanswered]


def test_without_hours_only_the_wall_tells(app_connection: Conn, business: UUID) -> None:
    assert turns(app_connection, business, 100 * HOUR) == [(None, True)]


def test_thanks_wait_for_nobody(app_connection: Conn, business: UUID) -> None:
    thanks = after(20, "message_in", message="Спасибо", session_id="s1")
    assert turns(app_connection, business, 200 * HOUR, SCHEDULE, reply(10), thanks) == [(False, False), (None, None)]


def test_metric_counts_by_working_time_and_by_the_wall(app_connection: Conn, business: UUID) -> None:
    found = told(app_connection, business, [SCHEDULE, ASKS, reply(25 * HOUR)], MONDAY + timedelta(days=20))
    assert METRICS["M11"].series == ("", "w")
    cells = {cell["metric"]: (cell["n"], cell["k"]) for cell in whole(found) if cell["metric"].startswith("M11")}
    assert cells == {"M11": (1, 0), "M11w": (1, 1)}
