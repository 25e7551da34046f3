"""The shape of a metric's definition, and the words that definitions share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from letopis.base.text import Text

SHARE, COUNT, SECONDS, MINUTES, RATE, MONEY = "%", "n", "s", "min", "n/h", "kop"
"""Units: a share is kept as a fraction of one; a rate is cases an hour; money is in kopecks."""


class By(StrEnum):
    """How a day of a metric is parted; the words of the rollup, of addresses and of the read API."""

    ALL = "all"
    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    SERVICE = "service"
    MASTER = "master"
    KNOWN = "known"
    PERSON = "person"
    HOUR = "hour"
    STEP = "step"
    EDGE = "edge"
    CAUSE = "cause"
    MIX = "mix"
    PRESENCE = "presence"


class Side(StrEnum):
    """Which way of a metric is good; none where neither is."""

    MORE = "more"
    LESS = "less"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Weight:
    """What one row adds to its cells of the rollup; the fields are those of `metrics_cell`."""

    n: int = 0
    k: int = 0
    pending: int = 0
    excluded: int = 0
    unknown: int = 0
    total: int = 0
    hits: int = 0
    seconds: int | None = None
    censored: int | None = None


Weighed = Iterable[tuple[str, Weight]]
Weigh = Callable[[Any], Weighed]


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """One metric: what it says to people, and what a row weighs in it.

    `weighs` gives for each kind of row it is made of the (series, weight) pairs of one, the empty series being the
    metric itself: a pure function of the stored row, so that a cell is always the sum over its rows. `series` names all
    there are. `splits` are the parts in which it is counted beside the whole, `own_splits` those of single series that
    are parted otherwise. Of a metric with a `wall` series the working clock is the headline, the wall clock stands in
    where no schedule tells. `unknown_share_max` withholds a rate that too many rows cannot tell. `cohort`: cases too
    young for the rate are told beside it, with both bounds. `version` rises with the definition; `changed` says when
    and why.
    """

    id: str
    title: Text
    formula: Text
    dated_by: Text
    unit: str
    exclusions: Text
    pending: Text
    weighs: Mapping[type, Weigh]
    series: tuple[str, ...] = ("",)
    splits: tuple[By, ...] = (By.CHANNEL,)
    own_splits: Mapping[str, tuple[By, ...]] = field(default_factory=dict)
    wall: str = ""
    unknown_share_max: float | None = None
    cohort: bool = False
    good: Side = Side.NONE
    version: int = 1
    changed: Text = field(default_factory=lambda: Text(ru="", en=""))

    @property
    def length(self) -> bool:
        """Read by its percentiles."""
        return self.unit == SECONDS

    @property
    def count(self) -> bool:
        """Read by its number alone."""
        return self.unit == COUNT

    def splits_of(self, series: str) -> Sequence[By]:
        """How a series is parted beside the whole."""
        return self.own_splits.get(series, self.splits)


EXCLUDED = Weight(excluded=1)

BY_LEAD = Text(ru="по дню обращения", en="by day of the lead")
BY_TURN = Text(ru="по началу ожидания", en="by the start of the wait")
BY_DIALOGUE = Text(ru="по началу диалога", en="by the start of the dialogue")
BY_VISIT = Text(ru="по назначенному времени визита", en="by the scheduled start of the visit")
BY_ESCALATION = Text(ru="по времени передачи", en="by the time of the hand-over")
BY_STEP = Text(ru="по входу на шаг", en="by the entering of the step")
NOT_COUNTED = Text(
    ru="проверочные, свои, спам, ошиблись номером, соискатели, поставщики",
    en="test traffic, own people, spam, wrong number, job seekers, suppliers",
)
NOTHING_PENDING = Text(ru="ничего: считается сразу", en="nothing: counted at once")


def counted(*, k: bool, pending: bool = False, excluded: bool = False, unknown: bool = False) -> Weight:
    """The weight of one row in a share: left out, without an outcome, not decided yet, or counted."""
    if excluded:
        return EXCLUDED
    if pending:
        return Weight(pending=1, total=1)
    if unknown:
        return Weight(unknown=1, total=1)
    return Weight(n=1, k=int(k), total=1, hits=int(k))
