"""Counts per day of two periods, such as new leads: their ratio, heeding weekdays and uneven days.

The quasi-Poisson model log(mean) = weekday + period. The weekday terms drop out of its likelihood in closed form (given
a weekday's total, the part that falls into the second period is binomial), so only the ratio is left to find: one
Newton iteration instead of the weighted regression, with the same result. When both periods hold each weekday equally
often, the ratio is that of the plain means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from letopis.metrics.statistics.distributions import student_quantile_two_sided, student_two_sided

NEWTON_STEPS_MAX = 50
PRECISION = 1e-12
STEP_MAX = 2.0
"""A step of the logarithm is cut here, so that a bad start cannot run away."""

Day = tuple[int, int]
"""The weekday (0 to 6) and the count of one day."""


@dataclass(frozen=True, slots=True)
class RateRatio:
    """Counts per day after, as a multiple of before; `dispersion` is the variance as a multiple of the mean."""

    ratio: float
    low: float
    high: float
    p: float
    dispersion: float


@dataclass(slots=True)
class _Weekday:
    days_before: int = 0
    days_after: int = 0
    before: int = 0
    after: int = 0

    @property
    def total(self) -> int:
        return self.before + self.after

    def share_after(self, ratio: float) -> float:
        """Of the weekday's total, the part the model expects after."""
        return self.days_after * ratio / (self.days_before + self.days_after * ratio)


def rate_ratio(before: Sequence[Day], after: Sequence[Day], tail: float = 0.05) -> RateRatio | None:
    """The ratio with its interval and p by Student's distribution; dispersion is Pearson's (McCullagh and Nelder 1989).

    None when one side counted nothing, when no weekday is in both, or when the days are no more than the terms.
    """
    weekdays = _weekdays(before, after)
    compared = [one for one in weekdays.values() if one.days_before and one.days_after and one.total]
    total_before, total_after = sum(one.before for one in compared), sum(one.after for one in compared)
    days = sum(one.days_before + one.days_after for one in compared)
    freedom = days - len(compared) - 1
    if not total_before or not total_after or freedom < 1:
        return None
    found = _newton(compared, total_after)
    information = sum(one.total * one.share_after(exp(found)) * (1 - one.share_after(exp(found))) for one in compared)
    dispersion = _pearson(before, after, weekdays, exp(found)) / freedom
    error = sqrt(dispersion / information)
    half = student_quantile_two_sided(tail, freedom) * error
    p = student_two_sided(found / error, freedom) if error else float(found == 0)
    return RateRatio(exp(found), exp(found - half), exp(found + half), p, dispersion)


def _weekdays(before: Sequence[Day], after: Sequence[Day]) -> dict[int, _Weekday]:
    found: dict[int, _Weekday] = {}
    for weekday, count in before:
        one = found.setdefault(weekday, _Weekday())
        one.days_before += 1
        one.before += count
    for weekday, count in after:
        one = found.setdefault(weekday, _Weekday())
        one.days_after += 1
        one.after += count
    return found


def _newton(weekdays: Sequence[_Weekday], total_after: int) -> float:
    """The logarithm of the ratio at which the expected total after is the counted one."""
    days_before = sum(one.days_before for one in weekdays)
    days_after = sum(one.days_after for one in weekdays)
    total_before = sum(one.before for one in weekdays)
    found = log(total_after / days_after) - log(total_before / days_before)
    for _ in range(NEWTON_STEPS_MAX):
        shares = [(one.total, one.share_after(exp(found))) for one in weekdays]
        gap = total_after - sum(total * share for total, share in shares)
        step = gap / sum(total * share * (1 - share) for total, share in shares)
        found += max(-STEP_MAX, min(STEP_MAX, step))
        if abs(step) < PRECISION:
            break
    return found


def _pearson(before: Sequence[Day], after: Sequence[Day], weekdays: dict[int, _Weekday], ratio: float) -> float:
    """Squared gaps between days and their expected counts, over those counts."""
    total = 0.0
    for days, multiple in ((before, 1.0), (after, ratio)):
        for weekday, count in days:
            one = weekdays[weekday]
            if not (one.days_before and one.days_after and one.total):
                continue
            expected = multiple * one.total / (one.days_before + one.days_after * ratio)
            total += (count - expected) ** 2 / expected
    return total
