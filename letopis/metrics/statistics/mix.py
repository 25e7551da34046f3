"""Two periods whose mix differs: compared stratum by stratum, then put together.

A stratum is a cell of the mix (channel, hour band, intent); each side says k of n in it.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

from letopis.metrics.statistics.distributions import Z95, chi_square_one
from letopis.metrics.statistics.rates import wilson

Strata = Mapping[Hashable, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Standardised:
    """Both periods as if both had their pooled mix, and what could not be compared.

    `left_out` names the strata that only one side has: nothing is invented for the other, they are told instead.
    `share_left_out` is their share of all cases of both sides.
    """

    before: float
    after: float
    difference: float
    low: float
    high: float
    left_out: tuple[Hashable, ...]
    share_left_out: float


@dataclass(frozen=True, slots=True)
class MixDifference:
    """After minus before, held within strata, with its interval."""

    difference: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MixTest:
    """The chi-square of one degree of freedom, and its p."""

    chi_square: float
    p: float


def standardise(before: Strata, after: Strata, z: float = Z95) -> Standardised | None:
    """Direct standardisation to the pooled mix; None when no stratum is on both sides.

    The interval puts the Wilson limits of the strata together as variance estimates recovered from limits (Zou and
    Donner 2008), so that with a single stratum it is Newcombe's.
    """
    shared = {key: (before[key], after[key]) for key in before if before[key][1] and after.get(key, (0, 0))[1]}
    if not shared:
        return None
    compared = sum(n1 + n2 for (_, n1), (_, n2) in shared.values())
    p_before = p_after = down = up = 0.0
    for (k1, n1), (k2, n2) in shared.values():
        weight = (n1 + n2) / compared
        first, second = wilson(k1, n1, z), wilson(k2, n2, z)
        assert first is not None, "shared strata hold somebody before"
        assert second is not None, "shared strata hold somebody after"
        p1, p2 = k1 / n1, k2 / n2
        p_before += weight * p1
        p_after += weight * p2
        down += weight**2 * ((p2 - second[0]) ** 2 + (first[1] - p1) ** 2)
        up += weight**2 * ((second[1] - p2) ** 2 + (p1 - first[0]) ** 2)
    difference = p_after - p_before
    everybody = sum(n for _, n in before.values()) + sum(n for _, n in after.values())
    return Standardised(
        before=p_before,
        after=p_after,
        difference=difference,
        low=difference - sqrt(down),
        high=difference + sqrt(up),
        left_out=tuple(sorted(_one_sided(before, after), key=str)),
        share_left_out=1 - compared / everybody,
    )


def mantel_haenszel(before: Strata, after: Strata, z: float = Z95) -> MixDifference | None:
    """The common difference of shares by Mantel-Haenszel weights; None without shared strata.

    The variance of Sato (1989) holds for few large strata as well as for many thin ones.
    """
    weights = difference = spread_p = spread_q = 0.0
    for (k1, n1), (k2, n2) in _pairs(before, after):
        total = n1 + n2
        weights += n1 * n2 / total
        difference += (k2 * n1 - k1 * n2) / total
        spread_p += (n2**2 * k1 - n1**2 * k2 + n1 * n2 * (n1 - n2) / 2) / total**2
        spread_q += (k2 * (n1 - k1) + k1 * (n2 - k2)) / (2 * total)
    if not weights:
        return None
    difference /= weights
    half = z * sqrt(max(0.0, difference * spread_p + spread_q)) / weights
    return MixDifference(difference, max(-1.0, difference - half), min(1.0, difference + half))


def cochran_mantel_haenszel(before: Strata, after: Strata) -> MixTest | None:
    """Whether the periods differ within strata (Mantel and Haenszel 1959, no continuity correction).

    None when no stratum can tell: all one-sided, or all hits or misses.
    """
    gap = spread = 0.0
    for (k1, n1), (k2, n2) in _pairs(before, after):
        total, hits = n1 + n2, k1 + k2
        gap += k2 - n2 * hits / total
        spread += n1 * n2 * hits * (total - hits) / (total**2 * (total - 1))
    if not spread:
        return None
    chi_square = gap * gap / spread
    return MixTest(chi_square, chi_square_one(chi_square))


def _pairs(before: Strata, after: Strata) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Strata that both sides have."""
    for key, first in before.items():
        second = after.get(key, (0, 0))
        if first[1] and second[1]:
            yield first, second


def _one_sided(before: Strata, after: Strata) -> Iterator[Hashable]:
    for key in {*before, *after}:
        if bool(before.get(key, (0, 0))[1]) != bool(after.get(key, (0, 0))[1]):
            yield key
