"""When people write, and when nobody answers: the heatmap of a period, from the sums of M10 by weekday and hour."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from letopis.base.charts.heat import DAYS, Heat, Hour, heat
from letopis.base.sql import Queries
from letopis.metrics.definitions.waits import HOUR
from letopis.metrics.metric import By
from letopis.metrics.period import Period

QUERIES = Queries("letopis.metrics")
HOURS_SHOWN = 15
FIRST_HOUR_LAST = 24 - HOURS_SHOWN
LATE_SHARE = 0.3
"""An hour of the week is marked when so many of its turns waited too long."""
TURNS_MIN = 5
"""Of fewer turns in an hour of the week nothing is said."""

Counts = Mapping[tuple[int, int], tuple[int, int]]
"""By weekday (0 is Monday) and hour: turns, and those of them that waited too long."""


def read_hours(cur: Any, business: UUID, period: Period, branch: str = "") -> dict[tuple[int, int], tuple[int, int]]:
    """The counts of a period; the wall must be open."""
    rows = QUERIES.rows(
        cur,
        "weekday_sums",
        business=business,
        metric=f"M10{HOUR}",
        by=By.HOUR.value,
        branch=branch,
        first=period.first,
        last=period.last,
    )
    return {(row["weekday"] - 1, int(row["member"])): (row["n"], row["k"]) for row in rows}


def chart(counts: Counts) -> SafeString:
    """Seven days by the fifteen hours in which most write."""
    first = _first_hour(counts)
    hours = range(first, first + HOURS_SHOWN)
    rows = [[_hour(*counts.get((day, hour), (0, 0))) for hour in hours] for day in range(DAYS)]
    return heat(Heat(_finding(counts), first, rows, _("the answer took over 15 min or did not come")))


def _first_hour(counts: Counts) -> int:
    """The window of hours that holds most turns; of equal ones the earliest."""
    by_hour = [sum(counts.get((day, hour), (0, 0))[0] for day in range(DAYS)) for hour in range(24)]
    return max(range(FIRST_HOUR_LAST + 1), key=lambda first: (sum(by_hour[first : first + HOURS_SHOWN]), -first))


def _hour(turns: int, late: int) -> Hour:
    return Hour(turns, late=turns >= TURNS_MIN and late >= LATE_SHARE * turns)


def _finding(counts: Counts) -> str:
    late = [when for when, (turns, late) in counts.items() if _hour(turns, late).late]
    if not late:
        return _("When people write: answers come in time at every hour")
    return _("When people write; hours of the week with late answers: %(n)s") % {"n": len(late)}
