"""Counts per day against the weighted regression of statsmodels."""

from math import exp

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from letopis.metrics.statistics import rate_ratio

UNHURRIED = settings(deadline=None, max_examples=40)
"""Other libraries take their time, and so do busy machines."""

COUNTS = st.lists(st.integers(0, 40), min_size=14, max_size=30).filter(lambda counts: sum(counts) > 20)


def days(counts: list[int], first: int = 0) -> list[tuple[int, int]]:
    return [((first + place) % 7, count) for place, count in enumerate(counts)]


def test_whole_weeks_give_the_ratio_of_means() -> None:
    before = days([10, 12, 9, 11, 14, 20, 6] * 2)
    after = days([12, 15, 11, 13, 17, 24, 7] * 3)
    found = rate_ratio(before, after)
    assert found is not None
    assert found.ratio == pytest.approx((99 / 7) / (82 / 7))
    assert found.low < found.ratio < found.high


def test_more_saturdays_are_no_growth() -> None:
    """After holds two Saturdays to one Monday; every weekday counts as it did."""
    before = [(0, 10), (5, 30)] * 4
    after = [(0, 10), (5, 30), (5, 30)] * 4
    found = rate_ratio(before, after)
    assert found is not None
    assert found.ratio == pytest.approx(1)


@UNHURRIED
@given(COUNTS, COUNTS, st.integers(0, 6))
def test_it_is_the_regression_of_statsmodels(before: list[int], after: list[int], first: int) -> None:
    series = [(weekday, count, 0) for weekday, count in days(before)]
    series += [(weekday, count, 1) for weekday, count in days(after, first)]
    empty = {weekday for weekday in range(7) if not sum(count for day, count, _ in series if day == weekday)}
    # A weekday on which nothing ever came tells nothing of the ratio; the regression would run to minus infinity.
    series = [row for row in series if row[0] not in empty]
    found = rate_ratio(days(before), days(after, first))
    kept = [weekday for weekday in range(7) if weekday not in empty]
    terms = np.array([[float(row[0] == weekday) for weekday in kept] + [float(row[2])] for row in series])
    counts = np.array([row[1] for row in series])
    fitted = sm.GLM(counts, terms, family=sm.families.Poisson()).fit(scale="X2", use_t=True, tol=1e-12, maxiter=200)
    assert found is not None
    assert found.ratio == pytest.approx(exp(fitted.params[-1]), rel=1e-6)
    assert found.dispersion == pytest.approx(fitted.scale, rel=1e-6)
    assert (found.low, found.high) == pytest.approx(np.exp(fitted.conf_int()[-1]), rel=1e-5)
    assert found.p == pytest.approx(fitted.pvalues[-1], rel=1e-4, abs=1e-9)


def test_silence_has_no_ratio() -> None:
    assert rate_ratio(days([0] * 14), days([3] * 14)) is None
    assert rate_ratio([(0, 3)], [(1, 4)]) is None
    assert rate_ratio([(0, 3)], [(0, 4)]) is None


def test_days_without_chance_are_sure() -> None:
    found = rate_ratio(days([4] * 14), days([4] * 14))
    assert found is not None
    assert (found.ratio, found.p, found.dispersion) == (1, 1, 0)
