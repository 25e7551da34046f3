"""Tails and quantiles against scipy."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, norm, t

from letopis.metrics.statistics.distributions import (
    chi_square_one,
    normal_two_sided,
    student_quantile_two_sided,
    student_two_sided,
)

UNHURRIED = settings(deadline=None, max_examples=40)
"""Other libraries take their time, and so do busy machines."""


@UNHURRIED
@given(st.floats(-8, 8))
def test_normal_tail(z: float) -> None:
    assert normal_two_sided(z) == pytest.approx(2 * norm.sf(abs(z)), rel=1e-9)


@UNHURRIED
@given(st.floats(0, 60))
def test_chi_square_tail(value: float) -> None:
    assert chi_square_one(value) == pytest.approx(chi2.sf(value, 1), rel=1e-9)


@UNHURRIED
@given(st.floats(-50, 50), st.floats(1, 5000))
def test_student_tail(value: float, freedom: float) -> None:
    assert student_two_sided(value, freedom) == pytest.approx(2 * t.sf(abs(value), freedom), rel=1e-6, abs=1e-12)


@UNHURRIED
@given(st.sampled_from([0.01, 0.05, 0.2]), st.integers(1, 500))
def test_student_quantile(tail: float, freedom: int) -> None:
    assert student_quantile_two_sided(tail, freedom) == pytest.approx(t.isf(tail / 2, freedom), rel=1e-8)
