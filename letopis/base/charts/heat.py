"""The heatmap: seven days by the hours the business is awake; a cinnabar dot where the answer came late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext

from letopis.base import format
from letopis.base.charts.canvas import Size, Words, canvas
from letopis.base.charts.frame import figure, table

STEPS = 6
DAYS = 7
A_MONDAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Hour:
    """One cell: how many wrote, whether they were answered too late, and the door to them."""

    count: int
    late: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """Seven rows from Monday, one cell an hour from `first_hour`; `late_words` says what the dot means."""

    finding: str
    first_hour: int
    rows: Sequence[Sequence[Hour]]
    late_words: str = ""


def heat(data: Heat, size: Size | None = None) -> SafeString:
    assert len(data.rows) == DAYS, len(data.rows)
    assert len({len(row) for row in data.rows}) == 1, "rows of equal length"
    hours = len(data.rows[0])
    most = max(cell.count for row in data.rows for cell in row)
    wide, high = 100 / hours, 100 / DAYS
    sheet = canvas(size)
    for day, row in enumerate(data.rows):
        sheet.text((0, (day + 0.5) * high), [Words(_weekday(day))], "end", shift=(-12, 4))
        for hour, cell in enumerate(row):
            look = f"h{STEPS * cell.count // (most + 1)}"
            sheet.rect((hour * wide, day * high), (wide, high), look, _said(data, day, hour), cell.url)
    for day, row in enumerate(data.rows):
        for hour, cell in enumerate(row):
            if cell.late:
                sheet.dot(((hour + 0.5) * wide, (day + 0.5) * high), 3, "late")
    for hour in range(0, hours, 2):
        look = "mid" if hour % 4 == 0 else "mid wide"
        sheet.text(((hour + 0.5) * wide, 100), [Words(_clock(data, hour))], look, shift=(0, 18))
    drawing = sheet.svg("heat-drawing")
    if size:
        return drawing
    return figure(data.finding, format_html('<div class="plot heat">{}</div>', drawing), _words(data), _table(data))


def _weekday(day: int) -> str:
    return format.weekday(A_MONDAY + timedelta(days=day)).capitalize()


def _clock(data: Heat, hour: int) -> str:
    return f"{(data.first_hour + hour) % 24}:00"


def _said(data: Heat, day: int, hour: int) -> str:
    cell = data.rows[day][hour]
    counted = ngettext("{n} message", "{n} messages", cell.count).format(n=format.integer(cell.count))
    late = f", {data.late_words}" if cell.late and data.late_words else ""
    return f"{_weekday(day)}, {_clock(data, hour)}: {counted}{late}"


def _words(data: Heat) -> SafeString:
    scale = format_html_join("", '<i class="h{}"></i>', ((step,) for step in range(STEPS)))
    late = format_html('<span><i class="late"></i>{}</span>', data.late_words) if data.late_words else ""
    return format_html(
        '<p class="words"><span class="scale">{}</span><span>{}</span>{}</p>', scale, gettext("more messages"), late
    )


def _table(data: Heat) -> SafeString:
    head = (pgettext("chart", "Hour"), *(_weekday(day) for day in range(DAYS)))
    rows = [
        (_clock(data, hour), *(format.integer(row[hour].count) for row in data.rows))
        for hour in range(len(data.rows[0]))
    ]
    return table(head, rows)
