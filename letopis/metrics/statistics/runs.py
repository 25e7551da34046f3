"""Week by week: the run chart's two rules, and the limits of a p-chart.

The rules are those of Anhøj and Olesen (2014): a run longer than round(log2 n) + 3 on one side of the median, or fewer
crossings of it than the 5 % quantile of binomial(n - 1, 1/2). Trends are left out on purpose: that rule is useless.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import comb, log2, sqrt
from statistics import median

POINTS_MIN = 10
"""Of fewer points than this the rules say nothing worth hearing."""
CROSSINGS_TAIL = 0.05
CASES_A_POINT_MIN = 20
"""Limits are drawn only for points of so many cases (contract 2.5)."""
SIGMAS = 3.0


@dataclass(frozen=True, slots=True)
class RunChart:
    """What the rules see; points on the median are not counted in `useful`."""

    centre: float
    useful: int
    longest: int
    longest_max: int
    crossings: int
    crossings_min: int

    @property
    def shift(self) -> bool:
        """An unusually long run on one side."""
        return self.longest > self.longest_max

    @property
    def clustered(self) -> bool:
        """Unusually few crossings."""
        return self.crossings < self.crossings_min

    @property
    def signal(self) -> bool:
        """Something other than chance: a reason for a finding, never a verdict."""
        return self.shift or self.clustered


@dataclass(frozen=True, slots=True)
class Limits:
    """Between these a point's share may wander by chance."""

    low: float
    high: float


def run_chart(values: Sequence[float], centre: float | None = None) -> RunChart | None:
    """The rules over values in time order, about their median or a given centre; None for too few useful points."""
    if not values:
        return None
    middle = median(values) if centre is None else centre
    above = [value > middle for value in values if value != middle]
    if len(above) < POINTS_MIN:
        return None
    return RunChart(
        centre=middle,
        useful=len(above),
        longest=max(len(list(run)) for _, run in groupby(above)),
        longest_max=round(log2(len(above))) + 3,
        crossings=sum(one != other for one, other in pairwise(above)),
        crossings_min=_binomial_quantile(len(above) - 1, CROSSINGS_TAIL),
    )


def p_chart(points: Iterable[tuple[int, int]]) -> list[Limits | None]:
    """Three-sigma limits about the common share for each (k, n) point (Shewhart); None for points of too few cases."""
    told = list(points)
    cases = sum(n for _, n in told)
    if not cases:
        return [None for _ in told]
    share = sum(k for k, _ in told) / cases
    return [_limits(share, n) if n >= CASES_A_POINT_MIN else None for _, n in told]


def _limits(share: float, n: int) -> Limits:
    half = SIGMAS * sqrt(share * (1 - share) / n)
    return Limits(max(0.0, share - half), min(1.0, share + half))


def _binomial_quantile(n: int, tail: float) -> int:
    """The least k with P(X <= k) >= tail for X of binomial(n, 1/2)."""
    reached = 0
    for k in range(n + 1):
        reached += comb(n, k)
        if reached >= tail * 2**n:
            return k
    return n
