"""The cells of a stretch of days, read once as columns and added up by metric, days and channel as a page needs them.

A page asks once for all its metrics; cells are few (a metric, a day, a channel), so that reading them does not depend
on how many events a business has.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

import msgspec

from letopis.base.rows import load
from letopis.base.sql import Queries
from letopis.metrics.definitions import METRICS
from letopis.metrics.period import Period
from letopis.metrics.value import Sum, Value, value_of

QUERIES = Queries("letopis.metrics")
COUNTS = ("n", "k", "pending", "excluded", "unknown", "total", "hits")
COLUMNS = ("days", *COUNTS, "seconds", "censored")

Spans = Sequence[range]
"""Stretches of days as numbers counted from the board's first."""


class Series(msgspec.Struct):
    """The cells of one series in one channel; the columns go together, in the order of days."""

    metric: str
    channel: str
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
    """Cells of one business by series; every question is answered without asking the database again."""

    first: date
    series: Mapping[str, Sequence[Series]]

    @property
    def since(self) -> date | None:
        """The first day on which anything was counted."""
        days = [one.days[0] for one in chain.from_iterable(self.series.values())]
        return self.first + timedelta(days=min(days)) if days else None

    def value(self, metric: str, period: Period, channel: str = "") -> Value:
        """A metric over a period; the wall clock stands in where no working hours tell."""
        return self._value(metric, [self._span(period)], channel)

    def value_on(self, metric: str, days: Iterable[date]) -> Value:
        """The same over days that need not follow one another."""
        return self._value(metric, [self._span(Period(day, day)) for day in days], "")

    def days(self, metric: str, period: Period, channel: str = "") -> list[tuple[date, Value]]:
        """The same for every day of the period, by one clock."""
        span = self._span(period)
        series = self._headline(metric, [span], channel)
        columns = [self._column(series, name, span, channel) for name in COUNTS]
        lengths = self._lengths(series, span, channel)
        told = [Sum(*counts, *ends) for *counts, ends in zip(*columns, lengths, strict=True)]
        return [(day, _said(metric, series, one)) for day, one in zip(period.each_day(), told, strict=True)]

    def column(self, metric: str, name: str, period: Period, channel: str = "") -> list[int]:
        """One count of a metric for every day of the period."""
        span = self._span(period)
        return self._column(self._headline(metric, [span], channel), name, span, channel)

    def channels(self, period: Period, metric: str = "M1") -> list[str]:
        """Channels with cases of a metric in the period, the one with most of them first."""
        span = self._span(period)
        found = [(one, one.cut(span)) for one in self._of(metric, "")]
        cases = {one.channel: sum(one.n[cut]) for one, cut in found if one.days[cut]}
        return sorted(cases, key=lambda channel: (-cases[channel], channel))

    def _value(self, metric: str, spans: Spans, channel: str) -> Value:
        series = self._headline(metric, spans, channel)
        return _said(metric, series, self._sum(series, spans, channel))

    def _headline(self, metric: str, spans: Spans, channel: str) -> str:
        """The headline of a metric, or its wall clock where only that has cases."""
        wall = METRICS[metric].wall
        if not wall or self._has_cases(metric, spans, channel):
            return metric
        return metric + wall if self._has_cases(metric + wall, spans, channel) else metric

    def _has_cases(self, series: str, spans: Spans, channel: str) -> bool:
        cuts = ((one, one.cut(span)) for one in self._of(series, channel) for span in spans)
        return any(any(one.n[cut]) or any(one.pending[cut]) for one, cut in cuts)

    def _sum(self, series: str, spans: Spans, channel: str) -> Sum:
        counts = dict.fromkeys(COUNTS, 0)
        seconds: list[list[int]] = []
        censored: list[list[int]] = []
        for one in self._of(series, channel):
            for cut in map(one.cut, spans):
                for name in COUNTS:
                    counts[name] += sum(getattr(one, name)[cut])
                seconds += one.seconds[cut] if one.seconds else []
                censored += one.censored[cut] if one.censored else []
        return Sum(**counts, seconds=_merged(seconds), censored=_merged(censored))

    def _column(self, series: str, name: str, span: range, channel: str) -> list[int]:
        column = [0] * len(span)
        for one in self._of(series, channel):
            cut = one.cut(span)
            for day, count in zip(one.days[cut], getattr(one, name)[cut], strict=True):
                column[day - span.start] += count
        return column

    def _lengths(self, series: str, span: range, channel: str) -> list[tuple[list[int], list[int]]]:
        lengths: list[tuple[list[int], list[int]]] = [([], []) for _ in span]
        for one in self._of(series, channel):
            if one.seconds is None or one.censored is None:
                continue
            cut = one.cut(span)
            for day, ended, censored in zip(one.days[cut], one.seconds[cut], one.censored[cut], strict=True):
                lengths[day - span.start][0].extend(ended)
                lengths[day - span.start][1].extend(censored)
        return [(sorted(ended), sorted(censored)) for ended, censored in lengths]

    def _of(self, series: str, channel: str) -> Iterator[Series]:
        return (one for one in self.series.get(series, ()) if channel in ("", one.channel))

    def _span(self, period: Period) -> range:
        start = (period.first - self.first).days
        return range(start, start + period.days)


def read_board(cur: Any, business: UUID, first: date, last: date, metrics: Iterable[str]) -> Board:
    """The cells of these metrics over the days, both ends included; the wall must be open."""
    series = {metric + clock: METRICS[metric].length for metric in metrics for clock in ("", METRICS[metric].wall)}
    rows = load(
        QUERIES,
        cur,
        "series_between",
        Series,
        business=business,
        first=first,
        last=last,
        metrics=sorted(series),
        lengths=[name for name, length in series.items() if length],
    )
    found: dict[str, list[Series]] = {}
    for one in rows:
        found.setdefault(one.metric, []).append(one)
    return Board(first, found)


def _said(metric: str, series: str, told: Sum) -> Value:
    value = value_of(METRICS[metric], told)
    return value if series == metric else replace(value, clock="wall")


def _merged(lengths: Sequence[Sequence[int]]) -> list[int]:
    """Sorted runs into one."""
    return sorted(chain.from_iterable(lengths))
