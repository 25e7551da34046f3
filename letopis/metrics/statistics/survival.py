"""Waits of which some are not over: the Kaplan-Meier quantile and the log-rank test."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from letopis.metrics.statistics.distributions import chi_square_one

ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class LogRank:
    """The chi-square of one degree of freedom, and its p."""

    chi_square: float
    p: float


def survival_quantile(seconds: Sequence[int], censored: Sequence[int], share: float) -> int | None:
    """The time by which `share` have ended (Kaplan and Meier 1958); None when not reached. Both lists are sorted.

    At equal times those that ended go before those that were censored.
    """
    total = len(seconds) + len(censored)
    # Before anything is censored the product is the plain share, and no step has to be walked.
    wanted = max(ceil((share - ROUNDING) * total), 1)
    if wanted <= len(seconds) and (not censored or censored[0] >= seconds[wanted - 1]):
        return seconds[wanted - 1]
    surviving = 1.0
    done = 0
    while done < len(seconds):
        at = seconds[done]
        ended = bisect_right(seconds, at) - done
        gone = bisect_right(censored, at - 1)
        surviving *= 1 - ended / (total - done - gone)
        if surviving <= 1 - share + ROUNDING:
            return at
        done += ended
    return None


def log_rank(
    before: Sequence[int], before_censored: Sequence[int], after: Sequence[int], after_censored: Sequence[int]
) -> LogRank | None:
    """Whether two series of waits differ, censored ones heeded (Mantel 1966). All lists are sorted.

    None when there is nothing to compare: no wait ended while both sides were waiting.
    """
    gap = spread = 0.0
    for at in sorted({*before, *after}):
        waiting_before = _waiting(before, at) + _waiting(before_censored, at)
        waiting_after = _waiting(after, at) + _waiting(after_censored, at)
        ended_after = _ended(after, at)
        waiting, ended = waiting_before + waiting_after, _ended(before, at) + ended_after
        gap += ended_after - ended * waiting_after / waiting
        if waiting > 1:
            spread += ended * (waiting - ended) * waiting_before * waiting_after / (waiting**2 * (waiting - 1))
    if not spread:
        return None
    chi_square = gap * gap / spread
    return LogRank(chi_square, chi_square_one(chi_square))


def _waiting(times: Sequence[int], at: int) -> int:
    return len(times) - bisect_left(times, at)


def _ended(times: Sequence[int], at: int) -> int:
    return bisect_right(times, at) - bisect_left(times, at)
