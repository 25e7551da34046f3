"""The difference of two shares when one client, or one business of a network, brings several cases."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import mul
from random import Random

from letopis.metrics.statistics import bootstrap


@dataclass(frozen=True, slots=True)
class ClusterDifference:
    """After minus before, as a fraction, with the interval that heeds who brought the cases."""

    difference: float
    low: float
    high: float


def clustered_difference(
    before: Iterable[tuple[int, int]], after: Iterable[tuple[int, int]], *, seed: int = 0
) -> ClusterDifference | None:
    """The difference over (k, n) of each client, bootstrapped by client; None when one side holds nobody."""
    first, second = _Side(before), _Side(after)
    if not first.cases or not second.cases:
        return None
    random = bootstrap.seeded(seed)
    difference = second.share - first.share
    drawn = []
    for _ in range(bootstrap.draws_for(len(first.cases) + len(second.cases))):
        one, other = first.draw(random), second.draw(random)
        # A draw of very few may hold nobody at all; it tells nothing.
        if one is not None and other is not None:
            drawn.append(other - one)
    low, high = bootstrap.ends(drawn or [difference], difference)
    return ClusterDifference(difference, low, high)


class _Side:
    def __init__(self, clients: Iterable[tuple[int, int]]) -> None:
        kept = [(k, n) for k, n in clients if n]
        self.hits: Sequence[int] = [k for k, _ in kept]
        self.cases: Sequence[int] = [n for _, n in kept]

    @property
    def share(self) -> float:
        return sum(self.hits) / sum(self.cases)

    def draw(self, random: Random) -> float | None:
        weights = bootstrap.weights(random, len(self.cases))
        cases = sum(map(mul, self.cases, weights))
        return sum(map(mul, self.hits, weights)) / cases if cases else None
