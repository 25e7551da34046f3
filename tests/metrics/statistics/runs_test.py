"""The rules of the run chart and the limits of the p-chart."""

from itertools import groupby
from math import log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from letopis.metrics.statistics import p_chart, run_chart

UNHURRIED = settings(deadline=None, max_examples=40)
"""Other libraries take their time, and so do busy machines."""


def test_steady_weeks_give_no_signal() -> None:
    chart = run_chart([5, 7, 4, 8, 5, 9, 3, 7, 6, 4, 8, 5, 7, 4])
    assert chart is not None
    assert not chart.signal


def test_shift_is_a_long_run_on_one_side() -> None:
    chart = run_chart([5, 7, 4, 8, 5, 9, 3, 4, 9, 9, 9, 9, 9, 9, 9, 9, 9], centre=6)
    assert chart is not None
    assert (chart.longest, chart.longest_max, chart.shift) == (9, 7, True)


def test_few_crossings_are_told() -> None:
    chart = run_chart([1] * 5 + [9] * 5 + [1] * 5 + [9] * 5, centre=5)
    assert chart is not None
    assert (chart.crossings, chart.crossings_min) == (3, 6)
    assert (chart.shift, chart.clustered, chart.signal) == (False, True, True)


def test_points_on_the_median_are_not_useful() -> None:
    assert run_chart([5] * 30) is None
    assert run_chart([]) is None


@UNHURRIED
@given(st.lists(st.integers(0, 9), min_size=10, max_size=60))
def test_rules_are_those_of_the_paper(values: list[int]) -> None:
    chart = run_chart(values, centre=4.5)
    assert chart is not None
    sides = [value > 4.5 for value in values]
    assert chart.useful == len(values)
    assert chart.longest == max(len(list(run)) for _, run in groupby(sides))
    assert chart.longest_max == round(log2(len(values)) + 3)
    assert chart.crossings_min == binom.ppf(0.05, len(values) - 1, 0.5)


def test_limits_stand_where_a_point_has_enough_cases() -> None:
    few, week, large = p_chart([(3, 10), (15, 50), (60, 200)])
    assert few is None
    assert week is not None
    assert (week.low, week.high) == (pytest.approx(0.1056, abs=1e-4), pytest.approx(0.4944, abs=1e-4))
    assert large is not None
    assert large.high < week.high
    assert p_chart([(0, 0)]) == [None]
