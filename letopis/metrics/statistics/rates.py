"""Shares, the difference of two shares, and the tests of that difference."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import exp, lgamma, sqrt

from letopis.metrics.statistics.distributions import Z95, normal_two_sided

Interval = tuple[float, float]

EXPECTED_MIN = 5
"""With fewer expected in any of the four cells the score test is too bold, and Fisher's stands in (metrics.md 2.5)."""
TIE = 1e-7
"""Tables whose probabilities differ by less than this share are equally likely: rounding, not chance."""


class Method(StrEnum):
    """The test that gave a p-value."""

    SCORE = "score"
    FISHER_MID_P = "fisher_mid_p"


@dataclass(frozen=True, slots=True)
class Tested:
    """A two-sided p-value and the test that gave it."""

    p: float
    method: Method


def wilson(k: int, n: int, z: float = Z95) -> Interval | None:
    """The score interval of k of n (Wilson 1927); None for nothing."""
    if not n:
        return None
    centre = (k + z * z / 2) / (n + z * z)
    half = z * sqrt(k * (n - k) / n + z * z / 4) / (n + z * z)
    return max(0.0, centre - half), min(1.0, centre + half)


def newcombe(k1: int, n1: int, k2: int, n2: int, z: float = Z95) -> Interval | None:
    """The interval of the difference k2/n2 - k1/n1 (Newcombe 1998, method 10); None when one of them is of nothing."""
    first, second = wilson(k1, n1, z), wilson(k2, n2, z)
    if first is None or second is None:
        return None
    p1, p2 = k1 / n1, k2 / n2
    low = p2 - p1 - sqrt((p2 - second[0]) ** 2 + (first[1] - p1) ** 2)
    high = p2 - p1 + sqrt((second[1] - p2) ** 2 + (p1 - first[0]) ** 2)
    return low, high


def rates_test(k1: int, n1: int, k2: int, n2: int) -> Tested | None:
    """Whether two shares differ: the score test, or Fisher's with mid-p where a cell is thin; None for nothing."""
    if not n1 or not n2:
        return None
    hits, total = k1 + k2, n1 + n2
    least_expected = min(n1, n2) * min(hits, total - hits) / total
    if least_expected < EXPECTED_MIN:
        return Tested(fisher_mid_p(k1, n1, k2, n2), Method.FISHER_MID_P)
    return Tested(score_p(k1, n1, k2, n2), Method.SCORE)


def score_p(k1: int, n1: int, k2: int, n2: int) -> float:
    """Two-sided p of the score test of two shares: the pooled z, which is Pearson's chi-square without correction."""
    pooled = (k1 + k2) / (n1 + n2)
    spread = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    return normal_two_sided((k2 / n2 - k1 / n1) / sqrt(spread)) if spread > 0 else 1.0


def fisher_mid_p(k1: int, n1: int, k2: int, n2: int) -> float:
    """Two-sided mid-p of Fisher's test (Lancaster 1961): less likely tables count whole, equally likely ones half."""
    hits = k1 + k2
    tables = list(_hypergeometric(n1, n2, hits))
    observed = tables[k1 - max(0, hits - n2)]
    rarer = sum(one for one in tables if one < observed * (1 - TIE))
    equal = sum(one for one in tables if abs(one - observed) <= observed * TIE)
    return min(1.0, rarer + equal / 2)


def _hypergeometric(n1: int, n2: int, hits: int) -> Iterator[float]:
    """How likely each table with the same margins is, by the number of hits in the first group, rising."""
    whole = _log_comb(n1 + n2, hits)
    for first in range(max(0, hits - n2), min(n1, hits) + 1):
        yield exp(_log_comb(n1, first) + _log_comb(n2, hits - first) - whole)


def _log_comb(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
