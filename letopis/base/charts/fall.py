"""One bar of a waterfall: where a step lies in its turn, on the common scale of the turn."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from letopis.base.charts.canvas import Size, canvas


@dataclass(frozen=True, slots=True)
class Fall:
    """`start` and `length` as shares of the turn, 0 to 1; `tone` "" or "loss" or "warn"."""

    start: float
    length: float
    tone: str = ""


def fall(data: Fall, size: Size | None = None) -> SafeString:
    sheet = canvas(size)
    start = min(max(data.start, 0.0), 0.99)
    sheet.rule((0, 50), (100, 50), "bar0")
    sheet.rect((100 * start, 50), (100 * min(data.length, 1 - start), 0), data.tone or "bar1", thick=6)
    return sheet.svg("fall")
