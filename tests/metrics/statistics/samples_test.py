"""How many cases are needed: the contract's table and list, and statsmodels."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail

from letopis.metrics.statistics import days_for, needed_each, visible_change

UNHURRIED = settings(deadline=None, max_examples=40)
"""Other libraries take their time, and so do busy machines."""


@pytest.mark.parametrize(
    ("before", "after", "each"),
    [
        (0.30, 0.33, 3763),
        (0.30, 0.36, 963),
        (0.30, 0.40, 356),
        (0.40, 0.50, 388),
        (0.20, 0.25, 1094),
        (0.15, 0.12, 2036),
        (0.15, 0.10, 686),
        (0.20, 0.15, 906),
        (0.20, 0.10, 199),
        (0.10, 0.05, 435),
    ],
)
def test_needed_cases_are_the_contracts(before: float, after: float, each: int) -> None:
    assert needed_each(before, after) == each


@pytest.mark.parametrize(("n", "points"), [(50, 27), (100, 19), (200, 14), (400, 9), (800, 7)])
def test_visible_conversions_are_the_contracts(n: int, points: int) -> None:
    change = visible_change(0.30, n, upward=True)
    assert change is not None
    assert round(100 * change) == points


@pytest.mark.parametrize(("n", "points"), [(100, -11), (200, -9), (400, -6), (800, -5)])
def test_visible_no_shows_are_the_contracts(n: int, points: int) -> None:
    change = visible_change(0.15, n, upward=False)
    assert change is not None
    assert round(100 * change) == points


@UNHURRIED
@given(st.integers(2, 98), st.integers(2, 98))
def test_needed_cases_are_those_of_statsmodels(before: int, after: int) -> None:
    if before == after:
        return
    expected = samplesize_proportions_2indep_onetail(
        (after - before) / 100, before / 100, 0.8, ratio=1, alpha=0.025, value=0, alternative="larger"
    )
    assert needed_each(before / 100, after / 100) == pytest.approx(expected, rel=0.01, abs=1)


@UNHURRIED
@given(st.integers(1, 99), st.integers(1, 98))
def test_larger_changes_need_fewer(before: int, step: int) -> None:
    if before + step >= 100:
        return
    near, far = before / 100 + step / 100, before / 100 + (step + 1) / 100
    assert needed_each(before / 100, far) <= needed_each(before / 100, near)


@UNHURRIED
@given(st.integers(5, 95), st.integers(10, 5000), st.booleans())
def test_visible_change_is_the_first_that_is_seen(before: int, n: int, upward: bool) -> None:
    change = visible_change(before / 100, n, upward=upward)
    if change is None:
        assert needed_each(before / 100, float(upward)) > n
        return
    assert (change > 0) == upward
    assert needed_each(before / 100, before / 100 + change) <= n
    smaller = change - 0.0005 if upward else change + 0.0005
    if abs(smaller) > 1e-9:
        assert needed_each(before / 100, before / 100 + smaller) > n


def test_days_at_the_flow_at_hand() -> None:
    assert days_for(240, 40) == 6
    assert days_for(241, 40) == 7
    assert days_for(10, 0) is None
