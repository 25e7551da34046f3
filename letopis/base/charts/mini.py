"""A dialogue in a row of a list: 100 × 14, the client above the line, answers below, failures in cinnabar."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.safestring import SafeString

from letopis.base.charts.canvas import Size, canvas

Who = Literal["in", "out", "human", "bad"]
HEIGHTS: dict[Who, float] = {"in": 25, "out": 75, "human": 75, "bad": 50}
# In per cent of the row: how tall a mark is without the edge of the pen, and half a pen at both ends.
TALL, EDGE = 14, 1.5
MARKS_MAX = 60


@dataclass(frozen=True, slots=True)
class Mark:
    """One message or failure; `at` is its place in the dialogue, 0 to 1."""

    at: float
    who: Who


def mini(marks: Sequence[Mark], size: Size | None = None) -> SafeString:
    """Marks over the bound are thinned evenly: a row shows the rhythm, not every message."""
    thin = max(1, -(-len(marks) // MARKS_MAX))
    sheet = canvas(size)
    sheet.rule((0, 50), (100, 50), "grid")
    for who, height in HEIGHTS.items():
        places = [EDGE + (100 - 2 * EDGE) * min(max(mark.at, 0.0), 1.0) for mark in marks[::thin] if mark.who == who]
        sheet.bars([((place, height - TALL / 2), (0, TALL)) for place in places], who)
    return sheet.svg("mini")
