"""How many cases a change needs to be seen: two-sided 5 %, power 80 %, as the contract's table (metrics.md 2.5)."""

from math import ceil, sqrt

from letopis.metrics.statistics.distributions import NORMAL, Z95

POWER = 0.8
Z_POWER = NORMAL.inv_cdf(POWER)
CHANGE_STEP = 0.0005
"""Visible changes are looked for in steps of a twentieth of a percentage point."""


def needed_each(before: float, after: float, z: float = Z95) -> int:
    """Cases that each of two periods needs to tell these shares apart (Fleiss 1981, without continuity correction)."""
    assert before != after, "no number of cases shows a change that is none"
    middle = (before + after) / 2
    by_chance = z * sqrt(2 * middle * (1 - middle))
    by_change = Z_POWER * sqrt(before * (1 - before) + after * (1 - after))
    return ceil((by_chance + by_change) ** 2 / (after - before) ** 2)


def visible_change(before: float, n: int, *, upward: bool) -> float | None:
    """The smallest change of a share, as a fraction with its sign, that n cases a period can show; None when none can.

    It is the first step from which `needed_each` asks for no more than n.
    """
    sign = 1 if upward else -1
    room = 1 - before if upward else before
    steps = int(room / CHANGE_STEP + CHANGE_STEP)
    low, high = 0, steps + 1
    while high - low > 1:
        middle = (low + high) // 2
        enough = needed_each(before, _clamped(before + sign * middle * CHANGE_STEP)) <= n
        low, high = (low, middle) if enough else (middle, high)
    return _clamped(before + sign * high * CHANGE_STEP) - before if high <= steps else None


def days_for(cases: int, per_day: float) -> int | None:
    """In how many whole days so many cases come at the flow at hand; None when nobody comes."""
    return ceil(cases / per_day) if per_day > 0 else None


def _clamped(share: float) -> float:
    return min(1.0, max(0.0, share))
