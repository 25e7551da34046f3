"""The read API of months: each figure as it was closed beside what is reckoned today."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from letopis.access.api import KeyRequest, inside
from letopis.access.models import Business
from letopis.base import clock
from letopis.base.errors import SenderError
from letopis.metrics.board import Board, read_board
from letopis.metrics.frozen.figure import FROZEN, Figure, by_month, month_after, value_of
from letopis.metrics.frozen.reader import frozen_since
from letopis.metrics.goals.history import MONTHS, months_until
from letopis.metrics.overview import shown
from letopis.metrics.period import Period
from letopis.metrics.value import Value

router = Router(tags=["months"])
MONTHS_MAX = 36
FIRST_MONTH, LAST_MONTH = date(2000, 1, 1), date(2100, 1, 1)


class CountsOut(Schema):
    """One number with what it rests on."""

    value: float | None = Field(description="A fraction of one, a count, or the median in seconds; null: none")
    numerator: int
    denominator: int
    n: int = Field(description="How many cases the value rests on")
    pending: int = Field(description="Cases that are (or were, at the closing) not decided yet; they are in no share")
    low: float | None = Field(description="Lower end of the 95 % interval of a share")
    high: float | None = Field(description="Upper end of the 95 % interval of a share")


class ClosedOut(CountsOut):
    """A number as the month was closed; it never changes."""

    definition_version: int = Field(description="Version of the definition it was reckoned by")


class FigureOut(Schema):
    """One metric of a month."""

    metric: str = Field(examples=["M2"])
    closed: ClosedOut | None = Field(description="null until the month is closed")
    now: CountsOut = Field(description="The same month as it is reckoned today")
    differs: bool = Field(description="Closed, and reckoned otherwise today: news came late, clients were joined, …")
    note: str = Field(description="The correction in words, in the language of Accept-Language; empty without one")


class MonthOut(Schema):
    """One calendar month of the business."""

    month: str = Field(examples=["2026-10"])
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to", description="Today, in the month that goes on")
    closed_at: datetime | None = Field(description="null: not closed yet")
    entry: int | None = Field(description="Number of the journal entry that holds the closed figures")
    figures: list[FigureOut]


class Asked(Schema):
    """Which months, and which metric of them."""

    metric: str = Field("", description="Its id; all that are closed with a month when left out", examples=["M2"])
    from_: str = Field("", alias="from", description="First month, such as 2026-10; twelve months when left out")
    to: str = Field("", description="Last month; the present one when left out")


@router.get("/months", response=list[MonthOut], by_alias=True, summary="Closed months beside what is reckoned today")
def months(request: KeyRequest, asked: Annotated[Asked, Query()]) -> list[dict[str, Any]]:
    """The earliest month first; months before the first counted day are left out."""
    if asked.metric and asked.metric not in FROZEN:
        raise SenderError(
            "the metric is not closed with a month", field="metric", hint=f"one of {', '.join(FROZEN)}, or none for all"
        )
    metrics = (asked.metric,) if asked.metric else FROZEN
    with inside(request) as cur:
        business = Business.objects.get(pk=request.auth.business)
        periods = _periods(asked, clock.now().astimezone(ZoneInfo(business.timezone)).date())
        if not periods:
            return []
        board = read_board(cur, business.pk, periods[0].first, periods[-1].last, FROZEN)
        frozen = by_month(frozen_since(cur, business.pk, periods[0].first))
    since = board.since
    with translation.override(translation.get_language_from_request(request)):
        return [_month(board, one, frozen, metrics) for one in periods if since is not None and one.last >= since]


def _periods(asked: Asked, today: date) -> list[Period]:
    last = min(_asked_month("to", asked.to) or today, today)
    if month_after(last.replace(day=1)) <= today:
        last = month_after(last.replace(day=1)) - timedelta(days=1)
    first = _asked_month("from", asked.from_)
    if first is None:
        return months_until(last, MONTHS)
    if first > last:
        if first > today:
            return []
        raise SenderError("the months end before they begin", field="from", hint="from must not be later than to")
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if count > MONTHS_MAX:
        raise SenderError("these are too many months", field="from", hint=f"at most {MONTHS_MAX}")
    return months_until(last, count)


def _asked_month(field: str, text: str) -> date | None:
    if not text:
        return None
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise SenderError("this is no month", field=field, hint="write it as 2026-10") from None
    if not FIRST_MONTH <= month <= LAST_MONTH:
        raise SenderError(
            "this month is out of reach", field=field, hint=f"between {FIRST_MONTH:%Y-%m} and {LAST_MONTH:%Y-%m}"
        )
    return month


def _month(
    board: Board, period: Period, frozen: dict[tuple[date, str], Figure], metrics: Sequence[str]
) -> dict[str, Any]:
    closed = next((frozen[period.first, metric] for metric in FROZEN if (period.first, metric) in frozen), None)
    return {
        "month": f"{period.first:%Y-%m}",
        "first": period.first,
        "last": period.last,
        "closed_at": closed.at if closed else None,
        "entry": closed.seq if closed else None,
        "figures": [
            _figure(metric, board.value(metric, period), frozen.get((period.first, metric))) for metric in metrics
        ],
    }


def _figure(metric: str, now: Value, figure: Figure | None) -> dict[str, Any]:
    differs = figure is not None and figure.differs(now)
    return {
        "metric": metric,
        "closed": _counts(value_of(figure)) | {"definition_version": figure.version} if figure else None,
        "now": _counts(now),
        "differs": differs,
        "note": _("now reckoned as %(value)s") % {"value": shown(metric, now)} if differs else "",
    }


def _counts(value: Value) -> dict[str, Any]:
    return {name: getattr(value, name) for name in CountsOut.model_fields}
