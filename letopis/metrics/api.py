"""The read API of the numbers: one metric over days, whole, by day or by channel; and how each is reckoned."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

from django.db import connection
from ninja import Field, Query, Router, Schema

from letopis.access.api import KeyRequest, inside
from letopis.access.models import Business
from letopis.base import clock
from letopis.base.errors import SenderError
from letopis.base.text import Text
from letopis.metrics.board import Board, read_board
from letopis.metrics.definitions import METRICS
from letopis.metrics.metric import By, Metric
from letopis.metrics.parts import Part
from letopis.metrics.period import DAYS_MAX, Period, last_days
from letopis.metrics.value import Value

router = Router(tags=["metrics"])

DAYS_USUAL = 30


class Words(Schema):
    """A text in both languages of the product."""

    ru: str
    en: str


class DefinitionOut(Schema):
    """How a metric is reckoned."""

    id: str = Field(examples=["M2"])
    title: Words
    formula: Words
    dated_by: Words = Field(description="To which day a case belongs")
    unit: str = Field(description="% for a share as a fraction of one, n for a count, s for seconds", examples=["%"])
    exclusions: Words


class RowOut(Schema):
    """A metric over the whole period, on one day, or in one channel."""

    day: date | None = None
    channel: str | None = None
    value: float | None = Field(description="null: nothing to divide by, not reached, or withheld")
    numerator: int
    denominator: int
    n: int = Field(description="How many cases the value rests on")
    pending: int = Field(description="Cases whose time has not passed yet; they are in no share")
    low: float | None = Field(description="Lower end of the 95 % interval of a share")
    high: float | None = Field(description="Upper end of the 95 % interval of a share")
    excluded: int = Field(description="Cases left out: test traffic, own people, spam and the like")
    hits: int = Field(description="Of a share: as `numerator`, those too young for the share counted as well")
    total: int = Field(description="Of a share: as `denominator`, those too young for the share counted as well")
    floor: float | None = Field(description="The share over all if everything pending fails")
    ceiling: float | None = Field(description="The share over all if everything pending succeeds")
    unknown: int = Field(description="Cases without an outcome")
    withheld: bool = Field(description="True when too many cases lack an outcome for a rate")
    p90: int | None = Field(description="Of a length: within how many seconds nine of ten were done")
    clock: str = Field(description="working, or wall where no working hours were told", examples=["working"])


class MetricOut(Schema):
    """A metric over the days asked for, both ends included, in the time zone of the business."""

    metric: str
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    definition: DefinitionOut
    rows: list[RowOut]


class Asked(Schema):
    """Which metric over which days."""

    metric: str = Field(description="Its id", examples=["M2"])
    from_: str = Field("", alias="from", description="First day, such as 2026-11-01; thirty days when left out")
    to: str = Field("", description="Last day; today when left out")
    by: str = Field("", description="`day` or `channel`: one row each; one row for all when left out")


@router.get("/metrics", response=MetricOut, by_alias=True, summary="One metric over a period")
def metrics(request: KeyRequest, asked: Annotated[Asked, Query()]) -> MetricOut:
    """Days are those of the business's own time zone."""
    known = _known(asked.metric)
    with inside(request):
        business = Business.objects.get(pk=request.auth.business)
        period = _period(asked, clock.now().astimezone(ZoneInfo(business.timezone)).date())
        with connection.cursor() as cur:
            board = read_board(cur, business.pk, period.first, period.last, [known.id], by=(By.ALL, By.CHANNEL))
    rows = list(_rows(board, period, known.id, asked.by))
    return MetricOut(metric=known.id, first=period.first, last=period.last, definition=_definition(known), rows=rows)


@router.get("/metrics/definitions", response=list[DefinitionOut], summary="How each number is reckoned")
def definitions(request: KeyRequest) -> list[DefinitionOut]:
    """In the order of their numbers."""
    return [_definition(metric) for metric in METRICS.values()]


def _known(metric: str) -> Metric:
    found = METRICS.get(metric)
    if found is None:
        raise SenderError("there is no such metric", field="metric", hint=f"one of {', '.join(METRICS)}")
    return found


def _period(asked: Asked, today: date) -> Period:
    end = _day("to", asked.to) or today
    begin = _day("from", asked.from_) or last_days(end, DAYS_USUAL).first
    if begin > end:
        raise SenderError("the period ends before it begins", field="from", hint="from must not be later than to")
    period = Period(begin, end)
    if period.days > DAYS_MAX:
        raise SenderError("the period is too long", field="from", hint=f"at most {DAYS_MAX} days")
    return period


def _day(field: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SenderError("this is no day", field=field, hint="write it as 2026-11-22") from None


def _rows(board: Board, period: Period, metric: str, by: str) -> Iterator[RowOut]:
    match by:
        case "":
            yield _row(board.value(metric, period))
        case "day":
            for day, value in board.days(metric, period):
                yield _row(value, day=day)
        case "channel":
            for channel in board.members(By.CHANNEL, period, metric):
                yield _row(board.value(metric, period, Part(By.CHANNEL, channel)), channel=channel)
        case _:
            raise SenderError("the rows cannot be parted like that", field="by", hint="day or channel")


def _row(value: Value, day: date | None = None, channel: str | None = None) -> RowOut:
    told = {name: getattr(value, name) for name in RowOut.model_fields if name not in ("day", "channel")}
    return RowOut(day=day, channel=channel, **told)


def _definition(metric: Metric) -> DefinitionOut:
    return DefinitionOut(
        id=metric.id,
        title=_words(metric.title),
        formula=_words(metric.formula),
        dated_by=_words(metric.dated_by),
        unit=metric.unit,
        exclusions=_words(metric.exclusions),
    )


def _words(text: Text) -> Words:
    return Words(ru=text.ru, en=text.en)
