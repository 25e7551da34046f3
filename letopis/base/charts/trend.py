"""The trend: days as dots, their mean of seven days, the former period, and the changes that were made.

Of a long period the dots are weeks, and the mean is one of four of them: nobody reads three hundred days.

The mean is broken at every change mark: a mean that runs across would invent a slow rise.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from textwrap import shorten

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from letopis.base import format
from letopis.base.charts.canvas import Canvas, Lattice, Point, Size, Words, canvas, number
from letopis.base.charts.frame import figure, table, words

MEAN_DAYS = 7
MEAN_WEEKS = 4
# Days of so few cases are paler: one client more would move them.
FEW = 5
TICK_DAYS = 4
TICKS_MAX = 12
ROWS = 250
NAME_NARROW_MAX = 20
NAME_WIDE_MAX = 56
GRID_LINES = 4
STRETCH_SAID_PERCENT_MIN = 14
"""A narrower stretch has no room for the words of its mean."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day: the value in the trend's unit, over n cases, `pending` of them still open."""

    day: date
    value: float | None
    n: int = 0
    pending: int = 0


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """What was changed on a day, in the owner's words; `better` paints the words of what came after."""

    day: date
    name: str
    detail: str = ""
    better: bool | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """`finding` is the sentence the drawing proves. `former` lies under the same days, one for one.

    `unit` "%" for shares, "" for counts. `incomplete`: the last day is not over, it is dashed. `weekly`: every `Day` is
    a week from that day on.
    """

    finding: str
    days: Sequence[Day]
    former: Sequence[Day] = ()
    marks: Sequence[ChangeMark] = ()
    unit: str = "%"
    incomplete: bool = True
    weekly: bool = False

    @property
    def together(self) -> int:
        """So many dots make one point of the mean."""
        return MEAN_WEEKS if self.weekly else MEAN_DAYS


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    step: float
    count: int

    def x(self, index: float) -> float:
        return 100 * index / max(self.count - 1, 1)

    def y(self, value: float) -> float:
        return 100 - 100 * (value - self.low) / (self.high - self.low)


def trend(data: Trend, size: Size | None = None) -> SafeString:
    scale = _scale(data)
    sheet = canvas(size, Lattice(max(len(data.days) - 1, 1), ROWS))
    _draw_axes(sheet, data, scale)
    _draw_former(sheet, data, scale)
    stretches = _stretches(data)
    for place, (start, end) in enumerate(stretches):
        _draw_stretch(sheet, data, scale, start, end, before=bool(data.marks) and place < len(stretches) - 1)
    _draw_days(sheet, data, scale)
    _draw_marks(sheet, data, scale, stretches)
    drawing = sheet.svg("trend-drawing")
    if size:
        return drawing
    told, deciding = _said(data)
    plot = format_html(
        '<div class="plot trend" tabindex="0" role="group" aria-label="{}" data-days="{}" data-said="{}"'
        ' data-deciding="{}">{}</div>',
        gettext("Weeks: arrow keys") if data.weekly else gettext("Days: arrow keys"),
        _heights(data, scale),
        told,
        deciding,
        drawing,
    )
    return figure(data.finding, plot, words(_legend(data)), _table(data))


def _scale(data: Trend) -> _Scale:
    """A scale of round steps; it may start above zero, then the axis shows it."""
    known = [day.value for day in (*data.days, *data.former) if day.value is not None] or [0.0, 1.0]
    spread = (max(known) - min(known)) or max(abs(known[0]), 1.0)
    power = 10 ** math.floor(math.log10(spread / GRID_LINES))
    step = next(factor * power for factor in (1, 2, 5, 10, 20) if factor * power * GRID_LINES >= spread)
    low = max(math.floor(min(known) / step) * step, 0.0)
    high = max(math.ceil(max(known) / step) * step, low + step)
    return _Scale(low, high, step, len(data.days))


def _draw_axes(sheet: Canvas, data: Trend, scale: _Scale) -> None:
    lines = round((scale.high - scale.low) / scale.step)
    for line in range(lines + 1):
        value = scale.low + line * scale.step
        at = scale.y(value)
        sheet.rule((0, at), (100, at), "grid" if line else "axis")
        sheet.text((0, at), [Words(_tick(data, value, unit=line == lines))], "end", shift=(-10, 4))
    every = TICK_DAYS * max(-(-len(data.days) // (TICK_DAYS * TICKS_MAX)), 1)
    for index in range(len(data.days) - 1, -1, -every):
        odd = (len(data.days) - 1 - index) // every % 2
        look = "mid wide" if odd else "mid"
        sheet.text((scale.x(index), 100), [Words(format.day_short(data.days[index].day))], look, shift=(0, 20))


def _tick(data: Trend, value: float, unit: bool) -> str:
    digits = 0 if float(value).is_integer() else 1
    return format.percent(value, 1) if unit and data.unit == "%" and not digits else format.decimal(value, digits)


def _draw_former(sheet: Canvas, data: Trend, scale: _Scale) -> None:
    for run in _known(_rolling(data.former[: len(data.days)], 0, data.together)):
        sheet.path([(scale.x(index), scale.y(value)) for index, value in run], "former")


def _stretches(data: Trend) -> list[tuple[int, int]]:
    """Index pairs [start, end) between the change marks; the first day of a change belongs to what came after."""
    cuts = sorted({index for mark in data.marks if (index := _place(data, mark))})
    return list(pairwise([0, *cuts, len(data.days)]))


def _place(data: Trend, mark: ChangeMark) -> int:
    """The dot of the day (or week) of a change; 0 where it lies outside, or nothing is before it."""
    index = bisect_right(data.days, mark.day, key=lambda day: day.day) - 1
    length = timedelta(days=MEAN_DAYS if data.weekly else 1)
    return index if index > 0 and mark.day < data.days[index].day + length else 0


def _draw_stretch(sheet: Canvas, data: Trend, scale: _Scale, start: int, end: int, before: bool) -> None:
    days = data.days[start:end]
    pooled = _pooled(days)
    if data.marks and pooled is not None:
        sheet.rule((scale.x(start), scale.y(pooled)), (scale.x(end - 1), scale.y(pooled)), "mean")
    open_end = data.incomplete and end == len(data.days)
    for run in _known(_rolling(days, start, data.together)):
        points: list[Point] = [(scale.x(index), scale.y(value)) for index, value in run]
        dashed = open_end and run[-1][0] == len(data.days) - 1 and len(points) > 1
        sheet.path(points[:-1] if dashed else points, "line before" if before else "line")
        if dashed:
            sheet.path(points[-2:], "today")


def _draw_marks(sheet: Canvas, data: Trend, scale: _Scale, stretches: Sequence[tuple[int, int]]) -> None:
    shown = [mark for mark in data.marks if _place(data, mark)]
    for place, mark in enumerate(shown):
        at = scale.x(_place(data, mark))
        sheet.rule((at, 0), (at, 100), "mark")
        anchor = "mid" if 40 <= at <= 60 else "end" if at > 60 else ""
        sheet.text((at, 0), _named(mark), anchor, shift=(0, -10 - 14 * (place % 2)))
    if shown:
        (former, latter), last = stretches[-2:], shown[-1]
        before, after = _pooled(data.days[slice(*former)]), _pooled(data.days[slice(*latter)])
        if before is not None and scale.x(former[1]) - scale.x(former[0]) >= STRETCH_SAID_PERCENT_MIN:
            said = gettext("before: {value}").format(value=_value(data, before))
            sheet.text((scale.x(former[0]), 0), [Words(said)], "strong", shift=(4, 16))
        if after is not None:
            said = gettext("after: {value}").format(value=_value(data, after))
            tone = "strong" if last.better is None else "ok" if last.better else "loss"
            sheet.text((scale.x(latter[0]), 0), [Words(said)], tone, shift=(10, 16))


def _named(mark: ChangeMark) -> list[Words]:
    """The day and the name, as much of it as has room; its first words stay in narrow cards."""
    name = f"{mark.name}, {mark.detail}" if mark.detail else mark.name
    head = mark.name.partition(":")[0]
    if len(head) > NAME_NARROW_MAX:
        head = shorten(head, NAME_NARROW_MAX, placeholder="") or head[:NAME_NARROW_MAX]
    rest = shorten(name, NAME_WIDE_MAX, placeholder="…").removeprefix(head)
    told = [Words(f"{format.day_short(mark.day)}: {head}", "strong")]
    return [*told, Words(rest, "wide")] if rest else told


def _draw_days(sheet: Canvas, data: Trend, scale: _Scale) -> None:
    for look in ("day", "day few"):
        places: list[Point] = [
            (scale.x(index), scale.y(day.value))
            for index, day in enumerate(data.days)
            if day.value is not None and (0 < day.n < FEW) == (look == "day few")
        ]
        sheet.dots(places, 2.2, look)


def _rolling(days: Sequence[Day], offset: int, together: int) -> list[tuple[int, float | None]]:
    """The mean of the last days (weeks), weighted by n, within one stretch."""
    return [(offset + index, _pooled(days[max(0, index - together + 1) : index + 1])) for index in range(len(days))]


def _pooled(days: Sequence[Day]) -> float | None:
    known = [(day.value, day.n or 1) for day in days if day.value is not None]
    return sum(value * n for value, n in known) / sum(n for _, n in known) if known else None


def _known(values: Sequence[tuple[int, float | None]]) -> list[list[tuple[int, float]]]:
    runs: list[list[tuple[int, float]]] = [[]]
    for index, value in values:
        if value is None:
            runs.append([])
        else:
            runs[-1].append((index, value))
    return [run for run in runs if run]


def _value(data: Trend, value: float, n: int = format.SHARE_PRECISE_FROM) -> str:
    return format.percent(value, n) if data.unit == "%" else format.decimal(value, 0 if value == int(value) else 1)


def _said(data: Trend) -> tuple[str, str]:
    """For the script: the words of a dot, and of one whose cases are still deciding."""
    if not any(day.n for day in data.days):
        return "{day}: {value}", "{day}: {value}"
    if data.weekly:
        return (
            gettext("week from {day}: {value} of {n}"),
            gettext("week from {day}: {value} of {n}, {pending} still deciding"),
        )
    return gettext("{day}: {value} of {n}"), gettext("{day}: {value} of {n}, {pending} still deciding")


def _heights(data: Trend, scale: _Scale) -> str:
    """For the script: how deep each day lies, in per cent, nothing for a day not known; its words are the table's."""
    return " ".join("-" if day.value is None else number(scale.y(day.value), 0) for day in data.days)


def _legend(data: Trend) -> list[tuple[str, str]]:
    pieces = [("line", gettext("mean of 7 days")), ("day", gettext("day"))]
    if data.weekly:
        pieces = [("line", gettext("mean of 4 weeks")), ("day", gettext("week"))]
    known = any(day.value is not None for day in data.former)
    return [*pieces, ("former", gettext("former period"))] if known else pieces


def _table(data: Trend) -> SafeString:
    rows = [
        (
            format.day_short(day.day),
            "—" if day.value is None else _value(data, day.value, day.n),
            format.integer(day.n),
            format.integer(day.pending),
        )
        for day in data.days
    ]
    head = (
        pgettext("chart", "Week from") if data.weekly else pgettext("chart", "Day"),
        pgettext("chart", "Value"),
        pgettext("chart", "Cases"),
        gettext("Still deciding"),
    )
    return table(head, rows)
