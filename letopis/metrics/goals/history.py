"""A metric month by month, beside what was wanted of it: the history of a goal. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from letopis.metrics.board import Board
from letopis.metrics.definitions import METRICS
from letopis.metrics.goals.goal import Distance, Goal, distance, on_day
from letopis.metrics.period import Period
from letopis.metrics.value import Value

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """One month: the value, and the goal that was in force at its end."""

    period: Period
    value: Value
    distance: Distance | None


def months_until(today: date, count: int = MONTHS) -> list[Period]:
    """The calendar months up to this one, the earliest first; this one is not over."""
    found: list[Period] = []
    last = today
    for _ in range(count):
        first = last.replace(day=1)
        found.append(Period(first, last))
        last = first - timedelta(days=1)
    return found[::-1]


def history_of(board: Board, metric: str, goals: Sequence[Goal], months: Sequence[Period]) -> list[Month]:
    """Every month with its value and how far it was from the goal of its last day."""
    found = []
    for month in months:
        value = board.value(metric, month)
        goal = on_day(goals, metric, month.last)
        told = None if goal is None else distance(METRICS[metric], value, goal, month.days)
        found.append(Month(month, value, told))
    return found
