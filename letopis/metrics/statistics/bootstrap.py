"""Drawing clients anew, for intervals that no formula gives.

Clients are drawn, not their cases, because the cases of one client resemble each other. Each draw gives every client a
Poisson(1) weight of its own (Hanley and MacGibbon 2006), which needs no sampling with replacement: a draw is a string
of random bytes and a table, so that two thousand waits a side take about a fifth of a second in plain Python.
"""

from math import floor
from random import Random

DRAWS_MAX, DRAWS_MIN = 1000, 200
WEIGHINGS_MAX = 4_000_000
"""So many cases are weighed in all draws together, unless the least number of draws needs more."""
CONFIDENCE = 0.95

POISSON = bytes(weight for weight, count in enumerate((94, 94, 47, 16, 4, 1)) for _ in range(count))
"""Poisson(1) in 256ths: 94 clients of 256 are not drawn, 94 once, 47 twice and so on; the mean is 257/256."""


def draws_for(cases: int) -> int:
    """How many draws are made over so many cases of both sides."""
    return max(DRAWS_MIN, min(DRAWS_MAX, WEIGHINGS_MAX // max(1, cases)))


def seeded(seed: int) -> Random:
    """Repeatable, not secret: the same page must show the same interval twice."""
    return Random(seed)  # noqa: S311


def weights(random: Random, clients: int) -> bytes:
    """How often each client is in one draw."""
    return random.randbytes(clients).translate(POISSON)


def ends(drawn: list[float], estimate: float) -> tuple[float, float]:
    """The percentile interval (Efron 1979), which always holds the estimate.

    Of few and coarse cases the draws may all miss the estimate; an interval without it would only puzzle.
    """
    drawn = sorted(drawn)
    outside = floor((1 - CONFIDENCE) / 2 * len(drawn))
    return min(drawn[outside], estimate), max(drawn[-1 - outside], estimate)
