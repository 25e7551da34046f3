"""The cells of a stretch of days, read once and cut by metric, day and channel as a page needs them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from letopis.metrics.definitions import METRICS
from letopis.metrics.models import Daily
from letopis.metrics.period import Period
from letopis.metrics.read import Value, value_of
from letopis.metrics.records import Cell

COLUMNS = Cell.__struct_fields__


@dataclass(frozen=True, slots=True)
class Board:
    """Cells of one business by series; every question is answered without asking the database again."""

    cells: Mapping[str, Sequence[Cell]]

    def value(self, metric: str, period: Period, channel: str = "") -> Value:
        """A metric over a period; the wall clock stands in where no working hours tell."""
        series = self._series(metric, period, channel)
        found = value_of(METRICS[metric], self._cells(series, period, channel))
        return found if series == metric else replace(found, clock="wall")

    def days(self, metric: str, period: Period, channel: str = "") -> list[tuple[date, Value]]:
        """The same for every day of the period, by one clock."""
        series = self._series(metric, period, channel)
        of_day: dict[date, list[Cell]] = {day: [] for day in period.each_day()}
        for cell in self._cells(series, period, channel):
            of_day[cell.day].append(cell)
        clock = "working" if series == metric else "wall"
        return [(day, replace(value_of(METRICS[metric], cells), clock=clock)) for day, cells in of_day.items()]

    def channels(self, period: Period, metric: str = "M1") -> list[str]:
        """Channels with cases of a metric in the period, the one with most of them first."""
        cases: dict[str, int] = {}
        for cell in self._cells(metric, period, ""):
            cases[cell.channel] = cases.get(cell.channel, 0) + cell.n
        return sorted(cases, key=lambda channel: (-cases[channel], channel))

    def _series(self, metric: str, period: Period, channel: str) -> str:
        """The headline of a metric, or its wall clock where only that has cases."""
        wall = METRICS[metric].wall
        if not wall or any(cell.n or cell.pending for cell in self._cells(metric, period, channel)):
            return metric
        told = any(cell.n or cell.pending for cell in self._cells(metric + wall, period, channel))
        return metric + wall if told else metric

    def _cells(self, series: str, period: Period, channel: str) -> list[Cell]:
        return [
            cell
            for cell in self.cells.get(series, ())
            if period.first <= cell.day <= period.last and channel in ("", cell.channel)
        ]


def read_board(business: UUID, first: date, last: date, metrics: Iterable[str]) -> Board:
    """The cells of these metrics over the days, both ends included; the wall must be open."""
    series = {name for metric in metrics for name in (metric, metric + METRICS[metric].wall)}
    rows: Any = Daily.objects.filter(business_id=business, day__range=(first, last), metric__in=sorted(series))
    found: dict[str, list[Cell]] = {}
    for row in rows.values_list(*COLUMNS):
        cell = Cell(**dict(zip(COLUMNS, row, strict=True)))
        found.setdefault(cell.metric, []).append(cell)
    return Board(found)
