"""The normal and Student distributions, as far as the tests and intervals here need them."""

from math import erfc, exp, lgamma, log, sqrt
from statistics import NormalDist

Z95 = 1.959963984540054
FRACTION_STEPS_MAX = 300
"""So many steps of the continued fraction are taken at most; it converges in tens."""
PRECISION = 1e-15
TINY = 1e-300
HALVINGS = 200
STUDENT_QUANTILE_MAX = 1e6

NORMAL = NormalDist()


def normal_two_sided(z: float) -> float:
    """How likely a standard normal value is at least so far from zero."""
    return erfc(abs(z) / sqrt(2))


def chi_square_one(value: float) -> float:
    """The upper tail of chi-square with one degree of freedom, which is a normal value squared."""
    return normal_two_sided(sqrt(max(value, 0.0)))


def student_two_sided(t: float, freedom: float) -> float:
    """How likely a Student value with `freedom` degrees is at least so far from zero (DLMF 8.17, as I_x(df/2, 1/2))."""
    assert freedom > 0, freedom
    return _incomplete_beta(freedom / (freedom + t * t), freedom / 2, 0.5)


def student_quantile_two_sided(tail: float, freedom: float) -> float:
    """The value that leaves `tail` outside of both its ends together, found by halving."""
    low, high = 0.0, STUDENT_QUANTILE_MAX
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if student_two_sided(middle, freedom) > tail else (low, middle)
    return high


def _incomplete_beta(x: float, a: float, b: float) -> float:
    if x <= 0 or x >= 1:
        return float(x >= 1)
    # The fraction converges fast only below the mean; above it the mirrored one does.
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(1 - x, b, a)
    front = exp(a * log(x) + b * log(1 - x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a
    return front / _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of DLMF 8.17.22 by the method of Lentz (1976)."""
    value = upper = 1.0
    lower = 0.0
    for step in range(1, FRACTION_STEPS_MAX + 1):
        half = step // 2
        term = (
            half * (b - half) * x / ((a + step - 1) * (a + step))
            if step % 2 == 0
            else -(a + half) * (a + b + half) * x / ((a + step - 1) * (a + step))
        )
        lower = 1 / ((1 + term * lower) or TINY)
        upper = (1 + term / upper) or TINY
        value *= upper * lower
        if abs(upper * lower - 1) < PRECISION:
            break
    return value
