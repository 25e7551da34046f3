"""The sparkline: some thirty values, area and line, the last point, the change mark dotted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString

from letopis.base.charts.canvas import Lattice, Point, Size, canvas

ROWS = 64
POINTS_MAX = 60
"""More values than that fall on one pixel; those that do are drawn as their mean."""


@dataclass(frozen=True, slots=True)
class Spark:
    """Values in order of time (None: nothing known). `low` and `high` give one table one scale; `mark` is an index."""

    values: Sequence[float | None]
    low: float | None = None
    high: float | None = None
    mark: int | None = None
    loss: bool = False


def spark(data: Spark, size: Size | None = None) -> SafeString:
    data = _thinned(data)
    sheet = canvas(size, Lattice(max(len(data.values) - 1, 1), ROWS))
    runs = [run for run in _runs(data) if run]
    tone = " loss" if data.loss else ""
    for run in runs:
        sheet.area([*run, (run[-1][0], 100), (run[0][0], 100)], f"area{tone if size else ''}")
        sheet.path(run, f"line{tone if size else ''}")
    if data.mark is not None and len(data.values) > 1:
        at = 100 * data.mark / (len(data.values) - 1)
        sheet.rule((at, 0), (at, 100), "mark")
    if runs:
        sheet.dot(runs[-1][-1], 2.5, f"end{tone if size else ''}")
    return sheet.svg(f"spark{tone}")


def _thinned(data: Spark) -> Spark:
    together = -(-len(data.values) // POINTS_MAX)
    if together < 2:
        return data
    values = [_mean(data.values[first : first + together]) for first in range(0, len(data.values), together)]
    return replace(data, values=values, mark=None if data.mark is None else data.mark // together)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _runs(data: Spark) -> list[list[Point]]:
    """Stretches of known values as points; a line is never drawn over what is not known."""
    known = [value for value in data.values if value is not None]
    if not known:
        return []
    low = min(known) if data.low is None else data.low
    high = max(known) if data.high is None else data.high
    last = max(len(data.values) - 1, 1)
    runs: list[list[Point]] = [[]]
    for index, value in enumerate(data.values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((100 * index / last, 92 - 84 * ((value - low) / (high - low) if high > low else 0.5)))
    return runs
