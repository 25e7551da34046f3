"""One number with what it rests on, reckoned from the sums of its cells. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from letopis.metrics.metric import COUNT, MINUTES, RATE, SECONDS, Metric
from letopis.metrics.statistics import survival_quantile, wilson


@dataclass(frozen=True, slots=True)
class Value:
    """One number with what it rests on.

    A share's `value` is a fraction of one with its Wilson interval `low` to `high`; `floor` and `ceiling` are the
    share if all pending fail and if all succeed; `hits` of `total` counts those too young for the rate as well. Of a
    length `value` is the median in seconds, `p90` beside it; None is a legal answer (not reached). `withheld`: too many
    rows without an outcome (`unknown`), so no rate is told. `clock` is `wall` where no schedule gives working time.
    `lengths` are what a length was reckoned from: those that ended and those still open, both sorted.
    """

    value: float | None
    numerator: int
    denominator: int
    n: int
    pending: int
    low: float | None
    high: float | None
    excluded: int
    unknown: int = 0
    total: int = 0
    hits: int = 0
    floor: float | None = None
    ceiling: float | None = None
    p90: int | None = None
    withheld: bool = False
    clock: str = "working"
    lengths: tuple[Sequence[int], Sequence[int]] | None = field(default=None, repr=False, compare=False)


@dataclass(slots=True)
class Sum:
    """Cells of one series added up; `seconds` and `censored` are sorted."""

    n: int = 0
    k: int = 0
    pending: int = 0
    excluded: int = 0
    unknown: int = 0
    total: int = 0
    hits: int = 0
    seconds: Sequence[int] = field(default_factory=list)
    censored: Sequence[int] = field(default_factory=list)


def value_of(metric: Metric, told: Sum) -> Value:
    """What a metric says over the cells of a sum."""
    if metric.unit == COUNT:
        return Value(told.n, told.n, told.n, told.n, told.pending, None, None, told.excluded)
    if metric.unit in (RATE, MINUTES):
        # What they are divided by is no cell: `loads` does.
        return Value(None, told.n, 0, told.total, told.pending, None, None, told.excluded)
    if metric.unit == SECONDS:
        median = survival_quantile(told.seconds, told.censored, 0.5)
        p90 = survival_quantile(told.seconds, told.censored, 0.9)
        n = len(told.seconds) + len(told.censored)
        lengths = (told.seconds, told.censored)
        return Value(median, told.k, told.n, n, told.pending, None, None, told.excluded, p90=p90, lengths=lengths)
    return _share(metric, told)


def _share(metric: Metric, told: Sum) -> Value:
    n, k, total, hits = told.n, told.k, told.total, told.hits
    interval = wilson(k, n)
    limit = metric.unknown_share_max
    withheld = limit is not None and told.unknown > limit * (n + told.unknown)
    return Value(
        value=k / n if n and not withheld else None,
        numerator=k,
        denominator=n,
        n=n,
        pending=told.pending,
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        excluded=told.excluded,
        unknown=told.unknown,
        total=total,
        hits=hits,
        floor=hits / total if total else None,
        ceiling=(hits + told.pending + told.unknown) / total if total else None,
        withheld=withheld,
    )
