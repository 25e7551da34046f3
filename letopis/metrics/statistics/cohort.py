"""The rate of a cohort that is not over yet: its bounds, and its curve with competing ends."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from letopis.metrics.statistics.distributions import Z95


@dataclass(frozen=True, slots=True)
class CohortRate:
    """A rate with what is still open: if all pending fail, over mature leads only, if all pending succeed."""

    low: float | None
    matured: float | None
    high: float | None


def cohort_rate(booked: int, ended: int, pending: int, *, mature_booked: int, mature_ended: int) -> CohortRate:
    """The three rates of metrics.md 2.3a; None where nobody stands under the line.

    `ended` are refusals and those whose window W has passed; the mature are leads older than W.
    """
    assert mature_booked <= booked, "the mature are some of all"
    assert mature_ended <= ended, "the mature are some of all"
    everybody, mature = booked + ended + pending, mature_booked + mature_ended
    return CohortRate(
        low=booked / everybody if everybody else None,
        matured=mature_booked / mature if mature else None,
        high=(booked + pending) / everybody if everybody else None,
    )


class End(StrEnum):
    """How a lead's wait stands: two ends that exclude each other, or none yet."""

    BOOKED = "booked"
    REFUSED = "refused"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Step:
    """The curve from one delay on: shares booked and refused by then, out of the `at_risk` who were open before."""

    delay: float
    at_risk: int
    booked_now: int
    refused_now: int
    open_before: float
    booked: float
    refused: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Cumulative incidence of booking; known up to the delay `observed`, steps rising."""

    steps: tuple[Step, ...]
    observed: float

    def booked_by(self, delay: float) -> float:
        """The share booked within a delay."""
        last = self._last(delay)
        return self.steps[last - 1].booked if last else 0.0

    def variance_by(self, delay: float) -> float:
        """Of `booked_by`, by the delta method (Marubini and Valsecchi 1995)."""
        final = self.booked_by(delay)
        return max(0.0, sum(_variance_of(step, final) for step in self.steps[: self._last(delay)]))

    def _last(self, delay: float) -> int:
        return bisect_right(self.steps, delay, key=lambda step: step.delay)


@dataclass(frozen=True, slots=True)
class CurveDifference:
    """Two curves at the largest delay that both have observed."""

    delay: float
    before: float
    after: float
    difference: float
    low: float
    high: float


def incidence(leads: Iterable[tuple[float, End]], observed: float | None = None) -> Curve:
    """The curve of booking with refusal as a competing end (Aalen and Johansen 1978), of (delay, how it stands) pairs.

    The delay of an open lead is its age. `observed` is the age of the oldest lead; without it the largest delay.
    At equal times those that ended go before those that are open.
    """
    counted: dict[float, Counter[End]] = {}
    for delay, end in leads:
        counted.setdefault(delay, Counter())[end] += 1
    at_risk = sum(found.total() for found in counted.values())
    still_open, booked, refused = 1.0, 0.0, 0.0
    steps = []
    for delay in sorted(counted):
        found = counted[delay]
        booked_now, refused_now = found[End.BOOKED], found[End.REFUSED]
        if booked_now or refused_now:
            before = still_open
            booked += before * booked_now / at_risk
            refused += before * refused_now / at_risk
            still_open *= 1 - (booked_now + refused_now) / at_risk
            steps.append(Step(delay, at_risk, booked_now, refused_now, before, booked, refused))
        at_risk -= found.total()
    return Curve(tuple(steps), max(counted, default=0.0) if observed is None else observed)


def compare_curves(before: Curve, after: Curve, z: float = Z95) -> CurveDifference:
    """After minus before at the largest delay that both have observed, with a normal interval."""
    delay = min(before.observed, after.observed)
    first, second = before.booked_by(delay), after.booked_by(delay)
    half = z * sqrt(before.variance_by(delay) + after.variance_by(delay))
    difference = second - first
    low, high = max(-1.0, difference - half), min(1.0, difference + half)
    return CurveDifference(delay, first, second, difference, low, high)


def _variance_of(step: Step, final: float) -> float:
    n, ended, gap = step.at_risk, step.booked_now + step.refused_now, final - step.booked
    # When everybody left has ended, nothing follows, so the gap is nought and its term with it.
    later = gap * gap * ended / (n * (n - ended)) if n > ended else 0.0
    now = step.open_before**2 * step.booked_now * (n - step.booked_now) / n**3
    together = 2 * gap * step.open_before * step.booked_now / n**2
    return later + now - together
