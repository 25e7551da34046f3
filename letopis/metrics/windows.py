"""W of M2: how long a lead may take to book before it counts as lost, fixed month by month."""

from datetime import date
from math import ceil
from typing import Any
from uuid import UUID

import msgspec

from letopis.base.rows import as_json
from letopis.base.sql import Queries
from letopis.metrics.leads import WINDOW_DAYS_MIN, Windows

QUERIES = Queries("letopis.metrics")
DAY_S = 86_400
WINDOW_DAYS_MAX = 90
MONTHS_MAX = 120


class _Window(msgspec.Struct):
    """A row of `metrics_window`."""

    business_id: UUID
    month: date
    days: int


def windows_of(cur: Any, business: UUID) -> Windows:
    """All windows that were fixed; months without one take the shortest."""
    rows = QUERIES.rows(cur, "windows", business=business)
    return Windows({row["month"]: row["days"] for row in rows})


def fix(cur: Any, business: UUID, today: date, fixed: Windows) -> list[date]:
    """Fix the windows of all months up to this one; the months that got one longer than the shortest."""
    first = QUERIES.row(cur, "first_lead_day", business=business)
    if first is None or first["day"] is None:
        return []
    months = [month for month in _months(first["day"], today) if month not in fixed.days]
    rows = [_Window(business, month, _days(cur, business, month)) for month in months]
    if rows:
        QUERIES.run(cur, "add_windows", rows=as_json(rows))
    return [row.month for row in rows if row.days != WINDOW_DAYS_MIN]


def _months(first: date, last: date) -> list[date]:
    months: list[date] = []
    month = first.replace(day=1)
    while month <= last and len(months) < MONTHS_MAX:
        months.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return months


def _days(cur: Any, business: UUID, month: date) -> int:
    """The linear 95 % quantile of the delay to the first booking, over leads of earlier months."""
    found = QUERIES.row(cur, "booking_delay", business=business, before=month)
    seconds = None if found is None else found["seconds"]
    days = WINDOW_DAYS_MIN if seconds is None else ceil(float(seconds) / DAY_S)
    return min(max(days, WINDOW_DAYS_MIN), WINDOW_DAYS_MAX)
