"""The cells of a stretch of days, read once as columns and added up by metric, days and part as a page needs them.

A page asks once for all its metrics; cells are few (a series, a day, a part), so that reading them does not depend on
how many events a business has. The whole has cells of its own: parts are never added up for it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

import msgspec

from letopis.base.rows import load
from letopis.base.sql import Queries
from letopis.metrics.definitions import METRICS
from letopis.metrics.metric import By
from letopis.metrics.parts import WHOLE, Part
from letopis.metrics.period import Period
from letopis.metrics.value import Sum, Value, value_of

QUERIES = Queries("letopis.metrics")
COUNTS = ("n", "k", "pending", "excluded", "unknown", "total", "hits")
COLUMNS = ("days", *COUNTS, "seconds", "censored")

Spans = Sequence[range]
"""Stretches of days as numbers counted from the board's first."""


class Series(msgspec.Struct):
    """The cells of one series in one part; the columns go together, in the order of days."""

    metric: str
    by: str
    member: str
    days: list[int]
    n: list[int]
    k: list[int]
    pending: list[int]
    excluded: list[int]
    unknown: list[int]
    total: list[int]
    hits: list[int]
    seconds: list[list[int]] | None
    censored: list[list[int]] | None
    """None where the metric is no length."""

    def __post_init__(self) -> None:
        """The database tells no order; it is nearly always the right one."""
        order = sorted(range(len(self.days)), key=self.days.__getitem__)
        if order != list(range(len(order))):
            for name in COLUMNS:
                column = getattr(self, name)
                setattr(self, name, None if column is None else [column[place] for place in order])

    def cut(self, span: range) -> slice:
        """Where in the columns a stretch of days stands."""
        return slice(bisect_left(self.days, span.start), bisect_left(self.days, span.stop))


@dataclass(frozen=True, slots=True)
class Board:
    """Cells of a business, or of one of its branches; every question is answered without asking the database again."""

    first: date
    series: Mapping[tuple[str, str], Mapping[str, Series]]
    """By series and way of parting, then by member."""

    def __or__(self, other: "Board") -> "Board":
        """Both together; days count from the same first one."""
        assert self.first == other.first, "two boards of one page begin on one day"
        return Board(self.first, {**self.series, **other.series})

    @property
    def since(self) -> date | None:
        """The first day on which anything was counted."""
        days = [one.days[0] for parts in self.series.values() for one in parts.values()]
        return self.first + timedelta(days=min(days)) if days else None

    def value(self, metric: str, period: Period, part: Part = WHOLE) -> Value:
        """A metric over a period; the wall clock stands in where no working hours tell."""
        return self._value(metric, [self._span(period)], part)

    def value_on(self, metric: str, days: Iterable[date], part: Part = WHOLE) -> Value:
        """The same over days that need not follow one another."""
        return self._value(metric, [self._span(Period(day, day)) for day in days], part)

    def value_over(self, metric: str, periods: Iterable[Period], part: Part = WHOLE) -> Value:
        """The same over several periods together."""
        return self._value(metric, [self._span(period) for period in periods], part)

    def days(self, metric: str, period: Period, part: Part = WHOLE) -> list[tuple[date, Value]]:
        """The same for every day of the period, by one clock."""
        span = self._span(period)
        series = self._headline(metric, [span], part)
        columns = [self._column(series, name, span, part) for name in COUNTS]
        lengths = self._lengths(series, span, part)
        told = [Sum(*counts, *ends) for *counts, ends in zip(*columns, lengths, strict=True)]
        return [(day, _said(metric, series, one)) for day, one in zip(period.each_day(), told, strict=True)]

    def column(self, metric: str, name: str, period: Period, part: Part = WHOLE) -> list[int]:
        """One count of a metric for every day of the period."""
        span = self._span(period)
        return self._column(self._headline(metric, [span], part), name, span, part)

    def total(self, series: str, name: str, period: Period, part: Part = WHOLE) -> int:
        """One count of a series, by its own name (`M1:booked:left`), over the period."""
        one = self._one(series, part)
        return 0 if one is None else sum(getattr(one, name)[one.cut(self._span(period))])

    def total_over(self, series: str, name: str, periods: Iterable[Period], part: Part = WHOLE) -> int:
        """The same over several periods together."""
        return sum(self.total(series, name, period, part) for period in periods)

    def seconds(self, series: str, period: Period, part: Part = WHOLE) -> list[int]:
        """All lengths of a series that was read as `timed`, sorted."""
        return list(self._sum(series, [self._span(period)], part).seconds)

    def members(self, by: str, period: Period, metric: str = "M1") -> list[str]:
        """Members with cases of a metric in the period, the one with most of them first."""
        span = self._span(period)
        found = self.series.get((metric, by), {})
        cases = {member: sum(one.n[one.cut(span)]) for member, one in found.items() if one.days[one.cut(span)]}
        return sorted(cases, key=lambda member: (-cases[member], member))

    def _value(self, metric: str, spans: Spans, part: Part) -> Value:
        series = self._headline(metric, spans, part)
        return _said(metric, series, self._sum(series, spans, part))

    def _headline(self, metric: str, spans: Spans, part: Part) -> str:
        """The headline of a metric, or its wall clock where only that has cases."""
        wall = METRICS[metric].wall
        if not wall or self._has_cases(metric, spans, part):
            return metric
        return metric + wall if self._has_cases(metric + wall, spans, part) else metric

    def _has_cases(self, series: str, spans: Spans, part: Part) -> bool:
        one = self._one(series, part)
        cuts = () if one is None else tuple(map(one.cut, spans))
        return one is not None and any(any(one.n[cut]) or any(one.pending[cut]) for cut in cuts)

    def _sum(self, series: str, spans: Spans, part: Part) -> Sum:
        one = self._one(series, part)
        if one is None:
            return Sum()
        cuts = tuple(map(one.cut, spans))
        counts = {name: sum(sum(getattr(one, name)[cut]) for cut in cuts) for name in COUNTS}
        seconds = [length for cut in cuts for length in (one.seconds[cut] if one.seconds else [])]
        censored = [length for cut in cuts for length in (one.censored[cut] if one.censored else [])]
        return Sum(**counts, seconds=_merged(seconds), censored=_merged(censored))

    def _column(self, series: str, name: str, span: range, part: Part) -> list[int]:
        column = [0] * len(span)
        one = self._one(series, part)
        if one is not None:
            cut = one.cut(span)
            for day, count in zip(one.days[cut], getattr(one, name)[cut], strict=True):
                column[day - span.start] = count
        return column

    def _lengths(self, series: str, span: range, part: Part) -> list[tuple[list[int], list[int]]]:
        lengths: list[tuple[list[int], list[int]]] = [([], []) for _ in span]
        one = self._one(series, part)
        if one is not None and one.seconds is not None and one.censored is not None:
            cut = one.cut(span)
            for day, ended, censored in zip(one.days[cut], one.seconds[cut], one.censored[cut], strict=True):
                lengths[day - span.start] = (ended, censored)
        return lengths

    def _one(self, series: str, part: Part) -> Series | None:
        return self.series.get((series, part.by), {}).get(part.member)

    def _span(self, period: Period) -> range:
        start = (period.first - self.first).days
        return range(start, start + period.days)


def read_board(
    cur: Any,
    business: UUID,
    first: date,
    last: date,
    metrics: Iterable[str],
    *,
    by: Iterable[str] = (By.ALL,),
    branch: str = "",
    series: Iterable[str] = (),
    timed: Iterable[str] = (),
) -> Board:
    """The cells of these metrics over the days, both ends included; the wall must be open.

    `by` names the ways to part a day that will be asked for, `branch` narrows to one branch, `series` adds series by
    their own names beside the headlines (and wall clocks) of `metrics`, `timed` the same with their lengths, whatever
    the metric itself is read by.
    """
    lengths = {metric + clock: METRICS[metric].length for metric in metrics for clock in ("", METRICS[metric].wall)}
    wanted = lengths | {name: METRICS[metric_of(name)].length for name in series} | dict.fromkeys(timed, True)
    rows = load(
        QUERIES,
        cur,
        "series_between",
        Series,
        business=business,
        first=first,
        last=last,
        metrics=sorted(wanted),
        bys=[str(one) for one in by],
        branch=branch,
        lengths=[name for name, length in wanted.items() if length],
    )
    found: dict[tuple[str, str], dict[str, Series]] = {}
    for one in rows:
        found.setdefault((one.metric, one.by), {})[one.member] = one
    return Board(first, found)


def metric_of(series: str) -> str:
    """The metric that a series belongs to: M9 of `M9aw`, M1 of `M1:booked:left`."""
    digits = 1
    while digits < len(series) and series[digits].isdigit():
        digits += 1
    return series[:digits]


def _said(metric: str, series: str, told: Sum) -> Value:
    value = value_of(METRICS[metric], told)
    return value if series == metric else replace(value, clock="wall")


def _merged(lengths: Sequence[Sequence[int]]) -> list[int]:
    """Sorted runs into one."""
    return sorted(chain.from_iterable(lengths))
