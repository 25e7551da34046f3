"""By how much the usual and the long waits of two periods differ: quantiles bootstrapped over clients."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf, isinf
from operator import itemgetter
from random import Random

from letopis.metrics.statistics import bootstrap
from letopis.metrics.statistics.survival import ROUNDING

MEDIAN, P90 = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class ClientWaits:
    """What one client waited, in seconds: waits that ended, and waits that are not over (censored)."""

    ended: tuple[int, ...] = ()
    censored: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class QuantileDifference:
    """After minus before in seconds, with its interval; None where a quantile is not reached, which is a legal answer.

    An end that is None beside a difference lies beyond all waits that were seen.
    """

    share: float
    before: int | None
    after: int | None
    difference: int | None
    low: int | None
    high: int | None


def compare_waits(
    before: Iterable[ClientWaits],
    after: Iterable[ClientWaits],
    shares: Sequence[float] = (MEDIAN, P90),
    *,
    seed: int = 0,
) -> list[QuantileDifference]:
    """The difference of each quantile with its percentile interval; the same seed gives the same answer."""
    first, second = _Series(before), _Series(after)
    random = bootstrap.seeded(seed)
    drawn: list[list[float]] = [[] for _ in shares]
    for _ in range(bootstrap.draws_for(len(first.times) + len(second.times))):
        pairs = zip(first.draw(random, shares), second.draw(random, shares), strict=True)
        for found, (one, other) in zip(drawn, pairs, strict=True):
            found.append(_minus(other, one))
    return [
        _told(share, first.quantile(share), second.quantile(share), found)
        for share, found in zip(shares, drawn, strict=True)
    ]


class _Series:
    """The waits of a period in rising order, each with its client; at equal times ended ones before censored ones."""

    def __init__(self, clients: Iterable[ClientWaits]) -> None:
        kept = [client for client in clients if client.ended or client.censored]
        ended = [(at, False, owner) for owner, client in enumerate(kept) for at in client.ended]
        censored = [(at, True, owner) for owner, client in enumerate(kept) for at in client.censored]
        rows = sorted(ended + censored)
        self.clients = len(kept)
        self.times = [at for at, _, _ in rows]
        self.censored = [censored for _, censored, _ in rows]
        self.censored_from = min((place for place, censored in enumerate(self.censored) if censored), default=len(rows))
        owners = [owner for _, _, owner in rows]
        # A getter of a single place would give a bare number instead of a sequence.
        self.weights_of: Callable[[bytes], Sequence[int]] = itemgetter(*owners) if len(owners) > 1 else bytes

    def quantile(self, share: float) -> int | None:
        """Of the waits as they are."""
        weights = [1] * len(self.times)
        return self._weighed(weights, list(accumulate(weights)), share)

    def draw(self, random: Random, shares: Sequence[float]) -> list[int | None]:
        """The quantiles of one draw of clients."""
        weights = self.weights_of(bootstrap.weights(random, self.clients))
        sums = list(accumulate(weights))
        return [self._weighed(weights, sums, share) for share in shares]

    def _weighed(self, weights: Sequence[int], sums: Sequence[int], share: float) -> int | None:
        """The Kaplan-Meier quantile of weighed waits, `sums` being the weights added up."""
        total = sums[-1] if sums else 0
        wanted = max(share * total - ROUNDING * total, ROUNDING)
        place = bisect_left(sums, wanted)
        # Before anything is censored the product is the plain share, and no step has to be walked.
        if place < self.censored_from:
            return self.times[place]
        return self._walked(weights, sums, total, share)

    def _walked(self, weights: Sequence[int], sums: Sequence[int], total: int, share: float) -> int | None:
        """From the first censored wait on: the product, one wait at a time, which for equal times is the same."""
        done = sums[self.censored_from - 1] if self.censored_from else 0
        surviving = 1 - done / total if total else 1.0
        for place in range(self.censored_from, len(self.times)):
            weight = weights[place]
            if weight and not self.censored[place]:
                surviving *= 1 - weight / (total - done)
                if surviving <= 1 - share + ROUNDING:
                    return self.times[place]
            done += weight
        return None


def _told(share: float, before: int | None, after: int | None, drawn: list[float]) -> QuantileDifference:
    if before is None or after is None:
        return QuantileDifference(share, before, after, None, None, None)
    difference = after - before
    low, high = bootstrap.ends(drawn, difference)
    return QuantileDifference(share, before, after, difference, _reached(low), _reached(high))


def _minus(after: int | None, before: int | None) -> float:
    """A quantile that a draw does not reach lies beyond all; when neither is reached nothing is known to differ."""
    if after is None and before is None:
        return 0.0
    return (inf if after is None else after) - (inf if before is None else before)


def _reached(end: float) -> int | None:
    return None if isinf(end) else round(end)
