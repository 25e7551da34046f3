"""Statistics of rates and of waiting times, as metrics.md section 2.3a reckons them. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from math import sqrt

Z95 = 1.959963984540054


def wilson(k: int, n: int, z: float = Z95) -> tuple[float, float] | None:
    """The Wilson interval of k of n; None for nothing."""
    if not n:
        return None
    centre = (k + z * z / 2) / (n + z * z)
    half = z * sqrt(k * (n - k) / n + z * z / 4) / (n + z * z)
    return max(0.0, centre - half), min(1.0, centre + half)


def newcombe(k1: int, n1: int, k2: int, n2: int) -> tuple[float, float] | None:
    """The interval of the difference k2/n2 - k1/n1; None when one of them is of nothing."""
    first, second = wilson(k1, n1), wilson(k2, n2)
    if first is None or second is None:
        return None
    p1, p2 = k1 / n1, k2 / n2
    low = p2 - p1 - sqrt((p2 - second[0]) ** 2 + (first[1] - p1) ** 2)
    high = p2 - p1 + sqrt((second[1] - p2) ** 2 + (p1 - first[0]) ** 2)
    return low, high


def survival_quantile(seconds: Sequence[int], censored: Sequence[int], share: float) -> int | None:
    """The Kaplan-Meier time by which `share` have ended; None when that is not reached. Both lists are sorted.

    At equal times those that ended go before those that were censored.
    """
    surviving = 1.0
    total = len(seconds) + len(censored)
    done = 0
    while done < len(seconds):
        at = seconds[done]
        ended = bisect_right(seconds, at) - done
        gone = bisect_right(censored, at - 1)
        surviving *= 1 - ended / (total - done - gone)
        if surviving <= 1 - share + 1e-12:
            return at
        done += ended
    return None
