"""The shape of a metric's definition, and the words that definitions share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from letopis.base.text import Text

SHARE, COUNT, SECONDS = "%", "n", "s"
"""Units: a share is kept as a fraction of one."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What one row adds to its cell of the rollup; the fields are those of `metrics_daily`."""

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


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: what it says to people, and what a row weighs in it.

    `source` is the kind of row it is made of; `weigh` gives (series, weight) pairs, the empty series being the metric
    itself: a pure function of the stored row, so that a cell is always the sum over its rows. `series` names all there
    are. Of a metric with a `wall` series the working clock is the headline, the wall clock stands in where no schedule
    tells. `unknown_share_max` withholds a rate that too many rows cannot tell.
    """

    id: str
    title: Text
    formula: Text
    dated_by: Text
    unit: str
    exclusions: Text
    source: type
    weigh: Callable[[Any], Weighed]
    series: tuple[str, ...] = ("",)
    wall: str = ""
    unknown_share_max: float | None = None

    @property
    def length(self) -> bool:
        """Read by its percentiles."""
        return self.unit == SECONDS

    @property
    def count(self) -> bool:
        """Read by its number alone."""
        return self.unit == COUNT


EXCLUDED = Weight(excluded=1)

BY_LEAD = Text(ru="по дню обращения", en="by day of the lead")
BY_TURN = Text(ru="по началу ожидания", en="by the start of the wait")
BY_DIALOGUE = Text(ru="по началу диалога", en="by the start of the dialogue")
BY_VISIT = Text(ru="по назначенному времени визита", en="by the scheduled start of the visit")
BY_ESCALATION = Text(ru="по времени передачи", en="by the time of the hand-over")
NOT_COUNTED = Text(
    ru="проверочные, свои, спам, ошиблись номером, соискатели, поставщики",
    en="test traffic, own people, spam, wrong number, job seekers, suppliers",
)
