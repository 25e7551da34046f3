"""A goal, and how far a value is from it. Pure."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from letopis.base import format
from letopis.base.errors import SenderError
from letopis.metrics.definitions import METRICS
from letopis.metrics.metric import COUNT, SECONDS, SHARE, Metric, Side
from letopis.metrics.value import Value

PPM = 1_000_000
WITHOUT_GOAL = frozenset({"M15", "M18", "M23"})
"""Said of parts (a step, a campaign) or of the data rather than of the business."""
N_FLOOR = 30
"""Under so many cases a share is near or far by chance alone (contract, floors)."""
UNITS_S = (
    dict.fromkeys(("с", "сек", "секунда", "секунды", "секунд", "s", "sec", "second", "seconds"), 1)
    | dict.fromkeys(("м", "мин", "минута", "минуты", "минут", "m", "min", "minute", "minutes"), 60)
    | dict.fromkeys(("ч", "час", "часа", "часов", "h", "hour", "hours"), 3600)
)
A_DAY = frozenset({"", "в день", "a day"})
_AMOUNT = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*([^\d\s.,]*(?: [^\d\s.,]+)?)\.?\s*")


class Goal(msgspec.Struct, kw_only=True):
    """A row of `metrics_goal`; `target_ppm` and `margin_ppm` are in millionths of the metric's unit."""

    business_id: UUID
    metric: str
    valid_from: date
    seq: int
    at: datetime
    target_ppm: int | None = None
    margin_ppm: int | None = None
    person: str = ""
    ended: bool = False

    @property
    def target(self) -> float | None:
        return None if self.target_ppm is None else self.target_ppm / PPM

    @property
    def margin(self) -> float | None:
        """The difference that matters to this business, as a fraction; None: the usual one."""
        return None if self.margin_ppm is None else self.margin_ppm / PPM


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a value is from its goal, in words and in the metric's unit; `met` None while too few cases tell."""

    words: str
    met: bool | None
    gap: float | None


def can_have_goal(metric: Metric) -> bool:
    """Shares and waits with a good side, and the count of leads."""
    if metric.id in WITHOUT_GOAL:
        return False
    return (metric.good is not Side.NONE and metric.unit in (SHARE, SECONDS)) or metric.id == "M1"


def on_day(goals: Iterable[Goal], metric: str, day: date) -> Goal | None:
    """The goal in force on a day; None where none was set or it was taken away."""
    told = [goal for goal in goals if goal.metric == metric and goal.valid_from <= day]
    last = max(told, key=lambda goal: goal.valid_from, default=None)
    return None if last is None or last.ended or last.target_ppm is None else last


def is_at_most(metric: Metric) -> bool:
    """Whether less is better, so that the goal is an upper bound."""
    return metric.good is Side.LESS


def target_words(metric: Metric, target: float) -> str:
    """40 %, 10 мин, 12 в день"""
    match metric.unit:
        case unit if unit == SHARE:
            return format.percent(100 * target, 1 if (100 * target).is_integer() else format.SHARE_PRECISE_FROM)
        case unit if unit == SECONDS:
            return format.length_coarse(target)
    return _("%(n)s a day") % {"n": format.decimal(target, 0 if target == int(target) else 1)}


def goal_words(metric: Metric, goal: Goal) -> str:
    """цель от 40 %; цель до 10 мин"""
    assert goal.target is not None, "a goal in force has a target"
    shown = {"target": target_words(metric, goal.target)}
    return (_("goal up to %(target)s") if is_at_most(metric) else _("goal from %(target)s")) % shown


def distance(metric: Metric, value: Value, goal: Goal, days: int) -> Distance:
    """The value of a period of `days` days against the goal; a count is taken a day."""
    assert goal.target is not None, "a goal in force has a target"
    words = goal_words(metric, goal)
    seen = value.n / days if metric.unit == COUNT and days else value.value
    if seen is None or (metric.unit != COUNT and value.n < N_FLOOR):
        return Distance(words, None, None)
    gap = seen - goal.target
    met = gap <= 0 if is_at_most(metric) else gap >= 0
    return Distance(words if met else _missed_words(metric, words, gap), met, gap)


def _missed_words(metric: Metric, goal: str, gap: float) -> str:
    """цель от 40 %, не хватает 5 п. п.; цель до 10 мин, больше на 3 мин"""
    shown = {"goal": goal, "gap": _gap_words(metric, abs(gap))}
    return (_("%(goal)s, over by %(gap)s") if is_at_most(metric) else _("%(goal)s, short by %(gap)s")) % shown


def _gap_words(metric: Metric, gap: float) -> str:
    match metric.unit:
        case unit if unit == SHARE:
            return format.points(100 * gap).removeprefix("+")
        case unit if unit == SECONDS:
            return format.length_coarse(gap)
    return format.decimal(gap, 1)


def read_target(metric: Metric, text: str) -> Decimal:
    """A target as people write it: «40 %», «10 мин», «12».

    Raises:
        SenderError: names the field and the remedy.
    """
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise SenderError(_("This is no number."), field="target", hint=_sample(metric))
    try:
        number = Decimal(found[1].replace(",", "."))
    except InvalidOperation:
        raise SenderError(_("This is no number."), field="target", hint=_sample(metric)) from None
    unit = found[2].casefold()
    if metric.unit == SHARE:
        return _share(metric, number, unit)
    if metric.unit == SECONDS:
        if unit not in UNITS_S:
            raise SenderError(_("Say the unit of time."), field="target", hint=_sample(metric))
        return number * UNITS_S[unit]
    if unit not in A_DAY:
        raise SenderError(_("Say how many a day."), field="target", hint=_sample(metric))
    return number


def _share(metric: Metric, number: Decimal, unit: str) -> Decimal:
    # 1 is one per cent, as 2 is two; what is under it can only be a fraction.
    share = number / 100 if unit == "%" or number >= 1 else number
    if not 0 <= share <= 1 or unit not in ("", "%"):
        raise SenderError(_("A share lies between 0 and 100 %."), field="target", hint=_sample(metric))
    return share


def _sample(metric: Metric) -> str:
    samples = {SHARE: _("for example 40 %"), SECONDS: _("for example 10 min")}
    return samples.get(metric.unit, _("for example 12"))


def wanted_on(goals: Sequence[Goal], day: date, days: int) -> Callable[[str, Value], tuple[str, bool | None]]:
    """What is wanted of a metric on a day, in words, and whether the value of a period of `days` days is there."""

    def wanted(metric: str, value: Value) -> tuple[str, bool | None]:
        goal = on_day(goals, metric, day)
        if goal is None:
            return "", None
        found = distance(METRICS[metric], value, goal, days)
        return found.words, found.met

    return wanted
