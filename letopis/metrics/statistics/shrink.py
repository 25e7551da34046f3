"""Rates of small businesses drawn towards the rate of their kind, so that the worst is not merely the smallest."""

from collections.abc import Iterable
from dataclasses import dataclass

BUSINESSES_MIN = 20
WEIGHT_UNFITTED = 30.0
"""The weight of the common rate, in cases, until there are enough businesses to fit it (metrics.md 2.3a)."""
WEIGHT_MIN, WEIGHT_MAX = 1.0, 10_000.0
"""Where the moments give no sense (all rates equal, or all nought or one), the weight stays within these."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known of a kind of business before looking at one: the common rate, and the cases that it counts for."""

    rate: float
    weight: float


def prior_of(businesses: Iterable[tuple[int, int]]) -> Prior | None:
    """The common rate of (k, n) pairs and the fitted weight; None when there are no cases at all."""
    told = [(k, n) for k, n in businesses if n]
    cases = sum(n for _, n in told)
    if not cases:
        return None
    rate = sum(k for k, _ in told) / cases
    return Prior(rate, _fitted(told, rate, cases) if len(told) >= BUSINESSES_MIN else WEIGHT_UNFITTED)


def shrunk(k: int, n: int, prior: Prior) -> float:
    """The rate (k + m p) / (n + m): the mean of the beta-binomial given its cases."""
    return (k + prior.weight * prior.rate) / (n + prior.weight)


def _fitted(told: list[tuple[int, int]], rate: float, cases: int) -> float:
    """m by the moments of the beta-binomial, each business weighing its cases (Kleinman 1973)."""
    spread = sum(n * (k / n - rate) ** 2 for k, n in told)
    by_chance = rate * (1 - rate)
    others = len(told) - 1
    alike = by_chance * (sum(n * (1 - n / cases) for _, n in told) - others)
    if alike <= 0:
        return WEIGHT_MAX
    # The correlation of two cases of one business; m = 1 / correlation - 1.
    correlation = (spread - by_chance * others) / alike
    return min(WEIGHT_MAX, max(WEIGHT_MIN, 1 / correlation - 1)) if correlation > 0 else WEIGHT_MAX
