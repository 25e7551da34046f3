"""The read API of the numbers: any metric over days, whole or by part, how each is reckoned; changes and months."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from letopis.access.api import KeyRequest, inside
from letopis.access.models import Business
from letopis.base import clock
from letopis.base.days import FIRST_DAY, LAST_DAY, within_reach
from letopis.base.errors import SenderError
from letopis.base.text import Text
from letopis.dialogues.schedules import hours_of
from letopis.metrics.board import Board, read_board
from letopis.metrics.campaigns.costs import by_campaign, costs_between
from letopis.metrics.campaigns.rows import CAME_SERIES
from letopis.metrics.definitions import METRICS
from letopis.metrics.frozen.api import router as months
from letopis.metrics.load.reckoning import PRESENCE, master_load, masters_load, person_load
from letopis.metrics.lost import read_lost
from letopis.metrics.marks.api import router as changes
from letopis.metrics.metric import By, Metric
from letopis.metrics.parts import JOINT, WHOLE, Part
from letopis.metrics.period import DAYS_MAX, Period, last_days
from letopis.metrics.value import Value
from letopis.privacy.views import eyes_of_key

router = Router(tags=["metrics"])
router.add_router("", changes)
router.add_router("", months)

DAYS_USUAL = 30
MEMBERS_MAX = 1000
"""So many parts of a metric are answered at most, the largest first."""
WEEK = timedelta(days=7)
SPANS = ("day", "week", "month")
BY_COST = "M18"


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
    unit: str = Field(
        description="% for a share as a fraction of one, n for a count, s for seconds, n/h for cases an hour, min",
        examples=["%"],
    )
    exclusions: Words
    pending: Words = Field(description="What is not decided yet, and therefore in no share")
    good: str = Field(description="more, less, or nothing where neither way is good")
    by: list[str] = Field(description="In which parts it is counted beside the whole")
    version: int = Field(description="Rises when the definition changes")
    changed: Words = Field(description="When and why it changed last; empty for the first version")


class RowOut(Schema):
    """A metric over the whole period, over one day, week or month of it, or in one part of the business."""

    first: date | None = Field(None, serialization_alias="from", description="Of a day, week or month: its first day")
    last: date | None = Field(None, serialization_alias="to")
    by: str = Field(
        "", description="How the row is a part: channel, campaign, service, master, known, person, hour, step"
    )
    member: str | None = Field(
        None, description="Which part; a step as scenario / version / step; empty where nobody told"
    )
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

    cost: str | None = Field(None, description="Of a campaign: what it cost in these days, roubles")
    cost_per_lead: str | None = None
    cost_per_booking: str | None = None
    cost_per_visit: str | None = None


class MetricOut(Schema):
    """A metric over the days asked for, both ends included, in the time zone of the business."""

    metric: str
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    branch: str
    definition_version: int
    definition: DefinitionOut
    rows: list[RowOut]


class Asked(Schema):
    """Which metric over which days."""

    metric: str = Field(description="Its id", examples=["M2"])
    business: str = Field("", description="The id of the key's own business; may be left out")
    from_: str = Field("", alias="from", description="First day, such as 2026-11-01; thirty days when left out")
    to: str = Field("", description="Last day; today when left out")
    by: str = Field(
        "",
        description="`day`, `week`, `month`, or a part that the metric is counted in: `channel`, `campaign`, `service`,"
        " `master`, `known`, `person`, `hour`, `step`; one row for all when left out",
    )
    branch: str = Field("", description="One branch, as events name it; all of them when left out")


@router.get("/metrics", response=MetricOut, by_alias=True, summary="One metric over a period")
def metrics(request: KeyRequest, asked: Annotated[Asked, Query()]) -> MetricOut:
    """Days are those of the business's own time zone."""
    known = _known(asked.metric)
    if asked.business and asked.business != str(request.auth.business):
        raise HttpError(404, "There is no such business for this key")
    if asked.by and asked.by not in (*SPANS, *_parts(known)):
        raise SenderError(
            "the metric is not counted like that", field="by", hint=f"one of {', '.join((*SPANS, *_parts(known)))}"
        )
    if asked.by in (By.MASTER, By.PERSON) and not eyes_of_key(request.auth).clear:
        raise SenderError(
            "this key sees no people", field="by", hint="part by something else, or use a key of the owner"
        )
    with inside(request) as cur:
        business = Business.objects.get(pk=request.auth.business)
        zone = ZoneInfo(business.timezone)
        period = _period(asked, clock.now().astimezone(zone).date())
        rows = list(_rows(cur, business.pk, zone, known, period, asked))
    return MetricOut(
        metric=known.id,
        first=period.first,
        last=period.last,
        branch=asked.branch,
        definition_version=known.version,
        definition=_definition(known),
        rows=rows,
    )


@router.get("/metrics/definitions", response=list[DefinitionOut], summary="How each number is reckoned")
def definitions(request: KeyRequest) -> list[DefinitionOut]:
    """In the order of their numbers."""
    return [_definition(metric) for metric in METRICS.values()]


def _known(metric: str) -> Metric:
    found = METRICS.get(metric)
    if found is None:
        raise SenderError("there is no such metric", field="metric", hint=f"one of {', '.join(METRICS)}")
    return found


def _parts(metric: Metric) -> list[str]:
    return [by.value for by in metric.splits if by is not By.MIX]


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
        day = date.fromisoformat(text)
    except ValueError:
        raise SenderError("this is no day", field=field, hint="write it as 2026-11-22") from None
    if not within_reach(day):
        raise SenderError("this day is out of reach", field=field, hint=f"between {FIRST_DAY} and {LAST_DAY}")
    return day


def _rows(cur: Any, business: UUID, zone: ZoneInfo, metric: Metric, period: Period, asked: Asked) -> Iterator[RowOut]:
    branch = asked.branch.replace("\0", "")
    part_by = "" if asked.by in SPANS else asked.by
    ways = [By.ALL, *([By(part_by)] if part_by else [])]
    came = (CAME_SERIES,) if metric.id == BY_COST else ()
    board = read_board(cur, business, period.first, period.last, [metric.id], by=ways, branch=branch, series=came)
    value = _reckoner(cur, business, zone, metric, board, period, branch)
    if asked.by in SPANS:
        for span in _spans(period, asked.by):
            yield _row(value(span, WHOLE), first=span.first, last=span.last)
    elif part_by:
        costs = by_campaign(costs_between(cur, business, period), period) if metric.id == BY_COST and not branch else {}
        for member in board.members(part_by, period, metric.id)[:MEMBERS_MAX]:
            part = Part(part_by, member)
            told = _costs(board, period, part, costs.get(member))
            yield _row(value(period, part), by=part_by, member=member.replace(JOINT, " / "), **told)
    else:
        yield _row(value(period, WHOLE))


def _reckoner(
    cur: Any, business: UUID, zone: ZoneInfo, metric: Metric, board: Board, period: Period, branch: str
) -> Callable[[Period, Part], Value]:
    """How the value of a metric is had: from its cells, or from what its cells are divided by."""
    days = (cur, business, period.first, period.last)
    if metric.id == "M19":
        seen = board | read_board(*days, (), by=(By.PRESENCE,), branch=branch, series=(PRESENCE,))
        return lambda span, part: person_load(seen, span, None if part == WHOLE else part.member)
    if metric.id == "M20":
        hours = hours_of(cur, business, zone)
        masters = board | read_board(*days, ("M20",), by=(By.MASTER,), branch=branch)
        return lambda span, part: (
            masters_load(masters, span, hours) if part == WHOLE else master_load(masters, span, hours, part.member)
        )
    if metric.id == "M22":
        return lambda span, part: _lost(cur, business, span, branch)
    return lambda span, part: board.value(metric.id, span, part)


def _lost(cur: Any, business: UUID, span: Period, branch: str) -> Value:
    found = read_lost(cur, business, span, branch)
    return Value(
        value=found.leads,
        numerator=found.booked,
        denominator=found.affected,
        n=found.affected,
        pending=0,
        low=found.low,
        high=found.high,
        excluded=0,
    )


def _spans(period: Period, by: str) -> Iterator[Period]:
    """The days, weeks (from Monday) or months of a period; the first and the last may be cut by it."""
    first = period.first
    while first <= period.last:
        if by == "day":
            last = first
        elif by == "week":
            last = first + WEEK - timedelta(days=first.weekday() + 1)
        else:
            last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        yield Period(first, min(last, period.last))
        first = last + timedelta(days=1)


def _costs(board: Board, period: Period, part: Part, kopecks: int | None) -> dict[str, str | None]:
    """What one of each cost, where a cost was told."""
    if kopecks is None:
        return {}
    leads = board.value(BY_COST, period, part)
    came = board.total(CAME_SERIES, "hits", period, part)
    counts = {"cost_per_lead": leads.total, "cost_per_booking": leads.hits, "cost_per_visit": came}
    told = {name: _roubles(kopecks / count) if count else None for name, count in counts.items()}
    return {"cost": _roubles(kopecks), **told}


def _roubles(kopecks: float) -> str:
    return f"{kopecks / 100:.2f}"


_OF_VALUES = tuple(name for name in RowOut.model_fields if name in Value.__dataclass_fields__)


def _row(value: Value, **more: Any) -> RowOut:
    return RowOut(**{name: getattr(value, name) for name in _OF_VALUES}, **more)


def _definition(metric: Metric) -> DefinitionOut:
    return DefinitionOut(
        id=metric.id,
        title=_words(metric.title),
        formula=_words(metric.formula),
        dated_by=_words(metric.dated_by),
        unit=metric.unit,
        exclusions=_words(metric.exclusions),
        pending=_words(metric.pending),
        good=metric.good.value,
        by=_parts(metric),
        version=metric.version,
        changed=_words(metric.changed),
    )


def _words(text: Text) -> Words:
    return Words(ru=text.ru, en=text.en)
