"""Whether the waits of one period tend to be longer than those of another, whatever their shape."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from letopis.metrics.statistics.distributions import student_two_sided


@dataclass(frozen=True, slots=True)
class Tendency:
    """`longer_after`: how likely a wait after is longer than one before (ties half); 0.5 is no tendency."""

    longer_after: float
    statistic: float
    p: float


def brunner_munzel(before: Sequence[float], after: Sequence[float]) -> Tendency | None:
    """The test of Brunner and Munzel (2000), by Student's distribution with their degrees of freedom.

    None where it cannot be reckoned: under two on a side, or no overlap at all (every wait longer than every other).
    """
    n1, n2 = len(before), len(after)
    if min(n1, n2) < 2:
        return None
    first, second = sorted(before), sorted(after)
    under_before = [_midrank(first, value) for value in second]
    under_after = [_midrank(second, value) for value in first]
    longer_after = fmean(under_before) / n1
    # The spread of placements: how many of the other side stand below, in units of the other side's size.
    spread = _variance(under_after) / (n1 * n2**2) + _variance(under_before) / (n2 * n1**2)
    if not spread:
        return None
    statistic = (longer_after - 0.5) / sqrt(spread)
    part1, part2 = _variance(under_after) * n1, _variance(under_before) * n2
    freedom = (part1 + part2) ** 2 / (part1**2 / (n1 - 1) + part2**2 / (n2 - 1))
    return Tendency(longer_after, statistic, student_two_sided(statistic, freedom))


def _midrank(others: Sequence[float], value: float) -> float:
    """How many of the others are smaller, equal ones as half."""
    return (bisect_left(others, value) + bisect_right(others, value)) / 2


def _variance(values: Sequence[float]) -> float:
    mean = fmean(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)
