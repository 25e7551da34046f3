"""Waits that are not over: the quantile step by step, the log-rank test against lifelines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test

from letopis.metrics.statistics import log_rank, survival_quantile

UNHURRIED = settings(deadline=None, max_examples=40)
"""Other libraries take their time, and so do busy machines."""

LENGTHS = st.lists(st.integers(0, 20), max_size=30).map(sorted)
LATER = st.lists(st.integers(1, 60), min_size=1, max_size=40).map(sorted)


def test_unreached_quantile_is_told_as_such() -> None:
    assert survival_quantile([10], [20, 20, 20], 0.5) is None
    assert survival_quantile([], [], 0.5) is None


@UNHURRIED
@given(LENGTHS.filter(bool), st.floats(0.01, 0.99))
def test_without_censoring_it_is_the_plain_quantile(lengths: list[int], share: float) -> None:
    found = survival_quantile(lengths, [], share)
    assert found is not None
    assert sum(length <= found for length in lengths) / len(lengths) >= share - 1e-9
    assert sum(length < found for length in lengths) / len(lengths) < share + 1e-9


@UNHURRIED
@given(LENGTHS, LENGTHS, st.sampled_from([0.1, 0.5, 0.9]))
def test_product_limit_step_by_step(ended: list[int], censored: list[int], share: float) -> None:
    surviving, expected = 1.0, None
    for at in sorted(set(ended)):
        at_risk = sum(length >= at for length in [*ended, *censored])
        surviving *= 1 - ended.count(at) / at_risk
        if expected is None and surviving <= 1 - share + 1e-12:
            expected = at
    assert survival_quantile(ended, censored, share) == expected


@UNHURRIED
@given(LATER, LENGTHS)
def test_median_is_that_of_lifelines(ended: list[int], censored: list[int]) -> None:
    fitter = KaplanMeierFitter().fit([*ended, *censored], [1] * len(ended) + [0] * len(censored))
    # Halves that rounding put just above a half are reached all the same.
    reached = [at for at, left in fitter.survival_function_.iloc[:, 0].items() if left <= 0.5 + 1e-12]
    assert survival_quantile(ended, censored, 0.5) == (reached[0] if reached else None)


@UNHURRIED
@given(LATER, LATER, LATER, LATER)
def test_log_rank_is_that_of_lifelines(
    before: list[int], before_censored: list[int], after: list[int], after_censored: list[int]
) -> None:
    found = log_rank(before, before_censored, after, after_censored)
    if found is None:
        return
    expected = logrank_test(
        [*before, *before_censored],
        [*after, *after_censored],
        [1] * len(before) + [0] * len(before_censored),
        [1] * len(after) + [0] * len(after_censored),
    )
    assert (found.chi_square, found.p) == pytest.approx((expected.test_statistic, expected.p_value), abs=1e-8)


def test_log_rank_of_nothing_is_none() -> None:
    assert log_rank([], [5], [], [6]) is None
    assert log_rank([], [], [5, 6], []) is None
