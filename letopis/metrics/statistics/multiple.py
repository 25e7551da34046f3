"""Looking more than once: at many metrics (Benjamini-Hochberg) and at one metric several times (alpha spending)."""

from collections.abc import Sequence
from enum import IntEnum

FALSE_DISCOVERIES = 0.10
"""Of the exploratory metrics that are named, this share may be named by chance (contract 2.5)."""


def adjusted(ps: Sequence[float]) -> list[float]:
    """The p-values raised so that each can be held against the wanted share (Benjamini and Hochberg 1995)."""
    count = len(ps)
    raised = [1.0] * count
    least = 1.0
    for rank, place in zip(range(count, 0, -1), sorted(range(count), key=ps.__getitem__, reverse=True), strict=True):
        least = min(least, ps[place] * count / rank)
        raised[place] = least
    return raised


def discoveries(ps: Sequence[float], share: float = FALSE_DISCOVERIES) -> list[bool]:
    """Which of many p-values are named, the others being chance as far as we know."""
    return [p <= share for p in adjusted(ps)]


class Look(IntEnum):
    """The three looks of a spending plan, at a third, two thirds and all of the needed cases."""

    FIRST = 1
    SECOND = 2
    LAST = 3


# The O'Brien-Fleming-like spending of Lan and DeMets (1983) in three equal steps: of its 2.5 % each side has spent
# 2 - 2 Phi(2.2414 / sqrt t) at the share t of the cases. The bounds are those that the usual programs print for it; a
# test integrates them anew.
SPENDING_Z = {Look.FIRST: 3.7103, Look.SECOND: 2.5114, Look.LAST: 1.9930}


def bound(look: Look) -> float:
    """How many standard errors a difference must be away from nought at this look; take it as z of the interval."""
    return SPENDING_Z[look]


def look_at(cases: int, needed: int) -> Look | None:
    """The look that so many of the needed cases allow; None before the first."""
    return Look(min(3, 3 * cases // needed)) if 3 * cases >= needed else None
