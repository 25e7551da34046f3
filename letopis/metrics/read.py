"""Reading the numbers: totals of a period from the rollup, and what the page Today shows.

A page asks once for all metrics of a period; cells are few (a metric, a day, a channel), so that reading them does not
depend on how many events a business has.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from heapq import merge
from typing import Any
from uuid import UUID

import msgspec

from letopis.base.rows import load
from letopis.base.sql import Queries
from letopis.base.worktime import Schedule
from letopis.metrics.definitions import METRICS
from letopis.metrics.metric import COUNT, SECONDS, SHARE_OF, Metric
from letopis.metrics.records import Cell
from letopis.metrics.statistics import survival_quantile, wilson

QUERIES = Queries("letopis.metrics")
WAITING_MAX = 50
WAITING_OVER = timedelta(minutes=15)
USUAL_WEEKS = 4
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Value:
    """One number with what it rests on.

    A share's `value` is a fraction of one with its Wilson interval `low` to `high`; `floor` and `ceiling` are the
    share if all pending fail and if all succeed; `hits` of `total` counts those too young for the rate as well. Of a
    length `value` is the median in seconds, `p90` beside it; None is a legal answer (not reached). `withheld`: too many
    rows without an outcome (`unknown`), so no rate is told. `clock` is `wall` where no schedule gives working time.
    """

    value: float | None
    numerator: int
    denominator: int
    n: int
    pending: int
    low: float | None
    high: float | None
    excluded: int
    unknown: int = 0
    total: int = 0
    hits: int = 0
    floor: float | None = None
    ceiling: float | None = None
    p90: int | None = None
    withheld: bool = False
    clock: str = "working"


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


def totals(cur: Any, business: UUID, day_from: date, day_to: date, channel: str | None = None) -> dict[str, Value]:
    """Every metric over a period, both ends included; series of a metric stand beside it (`M8w`, `M14:assumed`)."""
    return _values(_cells(cur, business, day_from, day_to, channel))


def today(cur: Any, business: UUID, now: datetime, schedule: Schedule) -> Today:
    """What the page Today needs, at `now`."""
    day = schedule.local_day(now)
    cells = _cells(cur, business, day - (USUAL_WEEKS + 1) * WEEK, day, None)
    of_day = _values(cell for cell in cells if cell.day == day)
    weekdays = {day - n * WEEK for n in range(1, USUAL_WEEKS + 1)}
    before = _values(cell for cell in cells if cell.day in weekdays)
    this_week = _values(cell for cell in cells if day - WEEK <= cell.day < day)
    past_weeks = _values(cell for cell in cells if day - (USUAL_WEEKS + 1) * WEEK <= cell.day < day - WEEK)
    has_past = any(cell.day <= day - USUAL_WEEKS * WEEK for cell in cells)
    waiting = load(
        QUERIES, cur, "waiting", Waiting, business=business, before=now - WAITING_OVER, now=now, limit=WAITING_MAX
    )
    counts = QUERIES.row(cur, "waiting_counts", business=business, before=now - WAITING_OVER, now=now)
    assert counts is not None, "an aggregate always answers"
    return Today(
        day=day,
        new_leads=of_day["M1"].n,
        usual_leads=round(before["M1"].n / USUAL_WEEKS) if has_past else None,
        booked=of_day["M2"].hits,
        thinking=of_day["M2"].pending,
        missed=this_week["M4"].numerator,
        missed_of=this_week["M4"].denominator,
        usual_missed=round(past_weeks["M4"].numerator / USUAL_WEEKS) if has_past else None,
        answered=of_day["M8"],
        usual_answered=before["M8"],
        waiting=waiting,
        waiting_over=counts["over"],
        waiting_all=counts["all"],
    )


def _cells(cur: Any, business: UUID, day_from: date, day_to: date, channel: str | None) -> list[Cell]:
    return load(
        QUERIES, cur, "cells_between", Cell, business=business, day_from=day_from, day_to=day_to, channel=channel
    )


def _values(cells: Iterable[Cell]) -> dict[str, Value]:
    of_series: dict[str, list[Cell]] = {}
    for cell in cells:
        of_series.setdefault(cell.metric, []).append(cell)
    values: dict[str, Value] = {}
    for metric in METRICS.values():
        for series in metric.series:
            values[metric.id + series] = value_of(metric, of_series.get(metric.id + series, ()))
            if series.startswith(SHARE_OF):
                values[metric.id + series] = _part(values[metric.id + series], values[metric.id])
        headline, wall = values[metric.id], values[metric.id + metric.wall]
        if metric.wall and not headline.n and not headline.pending and (wall.n or wall.pending):
            values[metric.id] = replace(wall, clock="wall")
    return values


def value_of(metric: Metric, cells: Sequence[Cell]) -> Value:
    n, k = sum(cell.n for cell in cells), sum(cell.k for cell in cells)
    pending, excluded = sum(cell.pending for cell in cells), sum(cell.excluded for cell in cells)
    if metric.unit == COUNT:
        return Value(n, n, n, n, pending, None, None, excluded)
    if metric.unit == SECONDS:
        ended = list(merge(*(cell.seconds for cell in cells)))
        open_ = list(merge(*(cell.censored for cell in cells)))
        median, p90 = survival_quantile(ended, open_, 0.5), survival_quantile(ended, open_, 0.9)
        return Value(median, k, n, len(ended) + len(open_), pending, None, None, excluded, p90=p90)
    return _share(metric, cells, n, k, pending, excluded)


def _share(metric: Metric, cells: Sequence[Cell], n: int, k: int, pending: int, excluded: int) -> Value:
    unknown, total = sum(cell.unknown for cell in cells), sum(cell.total for cell in cells)
    hits = sum(cell.hits for cell in cells)
    interval = wilson(k, n)
    limit = metric.unknown_share_max
    withheld = limit is not None and unknown > limit * (n + unknown)
    return Value(
        value=k / n if n and not withheld else None,
        numerator=k,
        denominator=n,
        n=n,
        pending=pending,
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        excluded=excluded,
        unknown=unknown,
        total=total,
        hits=hits,
        floor=hits / total if total else None,
        ceiling=(hits + pending + unknown) / total if total else None,
        withheld=withheld,
    )


def _part(part: Value, whole: Value) -> Value:
    """One share among the rows that the metric itself counts."""
    interval = wilson(part.numerator, whole.n) or (None, None)
    share = part.numerator / whole.n if whole.n else None
    return replace(part, value=share, denominator=whole.n, n=whole.n, low=interval[0], high=interval[1])
