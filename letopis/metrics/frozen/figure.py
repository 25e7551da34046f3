"""A figure of a closed month, as the journal holds it, and how it differs from what is reckoned now. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from letopis.metrics.definitions import METRICS
from letopis.metrics.leads import Windows
from letopis.metrics.metric import MINUTES, RATE
from letopis.metrics.value import Value

PPM = 1_000_000
KIND = "figures.frozen"
FREEZE_AFTER_DAYS = 10
"""A month is closed so long after its end, or later where its leads have more days to book: marks of visits have been
made by then."""
# Reckoned from more than their own cells, or of parts alone; they are told live.
LIVE = frozenset({"M15", "M18", "M19", "M20", "M22"})
FROZEN = tuple(metric for metric, told in METRICS.items() if metric not in LIVE and told.unit not in (RATE, MINUTES))


class Figure(msgspec.Struct, kw_only=True):
    """A row of `metrics_frozen`."""

    business_id: UUID
    month: date
    metric: str
    seq: int
    at: datetime
    version: int
    value: float | None
    numerator: int
    denominator: int
    n: int
    pending: int
    low: float | None
    high: float | None

    def differs(self, now: Value) -> bool:
        """Whether the same month is reckoned otherwise today: something came late, was joined, parted or erased."""
        return (self.numerator, self.denominator, self.n) != (now.numerator, now.denominator, now.n) or (
            METRICS[self.metric].length and _ppm(self.value) != _ppm(now.value)
        )


def told(metric: str, value: Value) -> dict[str, Any]:
    """A figure as the journal holds it: whole numbers alone, shares and seconds in millionths."""
    return {
        "metric": metric,
        "version": METRICS[metric].version,
        "value_ppm": _ppm(value.value),
        "numerator": value.numerator,
        "denominator": value.denominator,
        "n": value.n,
        "pending": value.pending,
        "low_ppm": _ppm(value.low),
        "high_ppm": _ppm(value.high),
    }


def figure_of(business: UUID, month: date, seq: int, at: datetime, item: dict[str, Any]) -> Figure:
    """The figure that the journal told."""
    return Figure(
        business_id=business,
        month=month,
        metric=item["metric"],
        seq=seq,
        at=at,
        version=item["version"],
        value=_of_ppm(item["value_ppm"]),
        numerator=item["numerator"],
        denominator=item["denominator"],
        n=item["n"],
        pending=item["pending"],
        low=_of_ppm(item["low_ppm"]),
        high=_of_ppm(item["high_ppm"]),
    )


def value_of(figure: Figure) -> Value:
    """A frozen figure as any other number."""
    return Value(
        figure.value,
        figure.numerator,
        figure.denominator,
        figure.n,
        figure.pending,
        figure.low,
        figure.high,
        excluded=0,
    )


def days_until_frozen(month: date, windows: Windows) -> int:
    """How long after its end a month is closed: its last lead must be decided."""
    return max(FREEZE_AFTER_DAYS, windows.of(month).days + 1)


def months_to_freeze(first_day: date | None, last_frozen: date | None, today: date, windows: Windows) -> list[date]:
    """The months that are over for long enough and were not closed yet, the earliest first."""
    if first_day is None:
        return []
    month = first_day.replace(day=1) if last_frozen is None else month_after(last_frozen)
    found = []
    while month_after(month) + timedelta(days=days_until_frozen(month, windows)) <= today:
        found.append(month)
        month = month_after(month)
    return found


def month_after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def by_month(figures: Iterable[Figure]) -> dict[tuple[date, str], Figure]:
    return {(figure.month, figure.metric): figure for figure in figures}


def _ppm(value: float | None) -> int | None:
    return None if value is None else round(value * PPM)


def _of_ppm(value: int | None) -> float | None:
    return None if value is None else value / PPM
