"""The cells of a stretch of days, read once and cut by day and channel as a page needs them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from letopis.metrics.models import Daily
from letopis.metrics.period import Period
from letopis.metrics.read import Value, _values
from letopis.metrics.records import Cell

COLUMNS = Cell.__struct_fields__


@dataclass(frozen=True, slots=True)
class Board:
    """Cells of one business; every question is answered without asking the database again."""

    cells: Sequence[Cell]

    def totals(self, period: Period, channel: str = "") -> dict[str, Value]:
        return _values(
            cell for cell in self.cells if period.first <= cell.day <= period.last and channel in ("", cell.channel)
        )

    def days(self, period: Period, channel: str = "") -> list[tuple[date, dict[str, Value]]]:
        """Every day of the period once, with all its numbers."""
        of_day: dict[date, list[Cell]] = {day: [] for day in period.each_day()}
        for cell in self.cells:
            if cell.day in of_day and channel in ("", cell.channel):
                of_day[cell.day].append(cell)
        return [(day, _values(cells)) for day, cells in of_day.items()]

    def channels(self, period: Period) -> list[str]:
        """Channels with a number in the period, the one with most new leads first."""
        leads: dict[str, int] = {}
        for cell in self.cells:
            if period.first <= cell.day <= period.last:
                leads[cell.channel] = leads.get(cell.channel, 0) + (cell.n if cell.metric == "M1" else 0)
        return sorted(leads, key=lambda channel: (-leads[channel], channel))


def read_board(business: UUID, first: date, last: date, series: Iterable[str]) -> Board:
    """The cells of these series over the days, both ends included; the wall must be open."""
    rows: Any = Daily.objects.filter(business_id=business, day__range=(first, last), metric__in=tuple(series))
    return Board([Cell(**dict(zip(COLUMNS, row, strict=True))) for row in rows.values_list(*COLUMNS)])
