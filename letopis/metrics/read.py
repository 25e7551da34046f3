"""What the page Today shows, read at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from letopis.base.rows import load
from letopis.base.sql import Queries
from letopis.base.worktime import Schedule
from letopis.metrics.board import read_board
from letopis.metrics.period import Period, last_days
from letopis.metrics.value import Value

QUERIES = Queries("letopis.metrics")
WAITING_MAX = 50
WAITING_OVER = timedelta(minutes=15)
USUAL_WEEKS = 4
WEEK_DAYS = 7
WEEK = timedelta(days=WEEK_DAYS)
METRICS_READ = ("M1", "M2", "M4", "M8")


class Waiting(msgspec.Struct):
    """A client who waits for an answer now."""

    dialogue_id: int
    client_id: str
    name: str
    channel: str
    first_line: str
    waiting_since: datetime


@dataclass(frozen=True, slots=True)
class Today:
    """What the page Today says; `usual` values are means of the same weekday over four weeks, None without a past."""

    day: date
    new_leads: int
    usual_leads: int | None
    booked: int
    thinking: int
    missed: int
    missed_of: int
    usual_missed: int | None
    answered: Value
    usual_answered: Value
    waiting: Sequence[Waiting]
    """The longest waiting first, at most `WAITING_MAX`, of those over `WAITING_OVER`."""
    waiting_over: int
    waiting_all: int


def today(cur: Any, business: UUID, now: datetime, schedule: Schedule) -> Today:
    """What the page Today needs, at `now`."""
    day = schedule.local_day(now)
    board = read_board(cur, business, day - (USUAL_WEEKS + 1) * WEEK, day, METRICS_READ)
    weekdays = [day - n * WEEK for n in range(1, USUAL_WEEKS + 1)]
    of_day, this_week = Period(day, day), last_days(day - timedelta(days=1), WEEK_DAYS)
    past_weeks = last_days(this_week.first - timedelta(days=1), USUAL_WEEKS * WEEK_DAYS)
    has_past = board.since is not None and board.since <= weekdays[-1]
    waiting = load(
        QUERIES, cur, "waiting", Waiting, business=business, before=now - WAITING_OVER, now=now, limit=WAITING_MAX
    )
    counts = QUERIES.row(cur, "waiting_counts", business=business, before=now - WAITING_OVER, now=now)
    assert counts is not None, "an aggregate always answers"
    booked, missed = board.value("M2", of_day), board.value("M4", this_week)
    return Today(
        day=day,
        new_leads=board.value("M1", of_day).n,
        usual_leads=round(board.value_on("M1", weekdays).n / USUAL_WEEKS) if has_past else None,
        booked=booked.hits,
        thinking=booked.pending,
        missed=missed.numerator,
        missed_of=missed.denominator,
        usual_missed=round(board.value("M4", past_weeks).numerator / USUAL_WEEKS) if has_past else None,
        answered=board.value("M8", of_day),
        usual_answered=board.value_on("M8", weekdays),
        waiting=waiting,
        waiting_over=counts["over"],
        waiting_all=counts["all"],
    )
