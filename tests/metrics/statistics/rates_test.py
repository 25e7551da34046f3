"""Shares and their differences against the contract's examples, scipy and statsmodels."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, hypergeom
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from letopis.metrics.statistics import Method, fisher_mid_p, newcombe, rates_test, score_p, wilson

UNHURRIED = settings(deadline=None, max_examples=40)
"""Other libraries take their time, and so do busy machines."""


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 400))
    return draw(st.integers(0, n)), n


def test_wilson_of_a_known_share() -> None:
    low, high = wilson(90, 300) or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.2509, 0.3541)
    assert wilson(0, 0) is None


@UNHURRIED
@given(shares())
def test_wilson_is_that_of_statsmodels(share: tuple[int, int]) -> None:
    assert wilson(*share) == pytest.approx(proportion_confint(*share, method="wilson"), abs=1e-12)


@UNHURRIED
@given(shares())
def test_wilson_holds_its_share_and_mirrors(share: tuple[int, int]) -> None:
    k, n = share
    low, high = wilson(k, n) or (1, 0)
    assert low - 1e-12 <= k / n <= high + 1e-12
    assert wilson(n - k, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@UNHURRIED
@given(shares(), st.integers(2, 9))
def test_more_cases_narrow_the_interval(share: tuple[int, int], times: int) -> None:
    few, many = wilson(*share), wilson(share[0] * times, share[1] * times)
    assert few is not None
    assert many is not None
    assert many[1] - many[0] < few[1] - few[0]


@pytest.mark.parametrize(
    ("before", "after", "low", "high"), [((90, 300), (114, 300), 0.4, 15.5), ((18, 60), (24, 60), -6.9, 26.2)]
)
def test_newcombe_gives_the_contracts_examples(
    before: tuple[int, int], after: tuple[int, int], low: float, high: float
) -> None:
    interval = newcombe(*before, *after)
    assert interval is not None
    assert (round(interval[0] * 100, 1), round(interval[1] * 100, 1)) == (low, high)


@UNHURRIED
@given(shares(), shares())
def test_newcombe_is_that_of_statsmodels(before: tuple[int, int], after: tuple[int, int]) -> None:
    expected = confint_proportions_2indep(*after, *before, method="newcomb", compare="diff")
    assert newcombe(*before, *after) == pytest.approx(expected, abs=1e-12)


@UNHURRIED
@given(shares(), shares())
def test_newcombe_holds_the_difference_and_mirrors(before: tuple[int, int], after: tuple[int, int]) -> None:
    low, high = newcombe(*before, *after) or (1, 0)
    assert low - 1e-12 <= after[0] / after[1] - before[0] / before[1] <= high + 1e-12
    assert newcombe(*after, *before) == pytest.approx((-high, -low), abs=1e-12)


def test_newcombe_of_nothing_is_none() -> None:
    assert newcombe(0, 0, 3, 10) is None


@UNHURRIED
@given(shares(), shares())
def test_score_test_is_pearsons_chi_square(before: tuple[int, int], after: tuple[int, int]) -> None:
    table = [[before[0], before[1] - before[0]], [after[0], after[1] - after[0]]]
    if not all(map(sum, zip(*table, strict=True))):
        assert score_p(*before, *after) == 1
        return
    assert score_p(*before, *after) == pytest.approx(chi2_contingency(table, correction=False).pvalue, abs=1e-9)


@UNHURRIED
@given(shares(), shares())
def test_fisher_mid_p_counts_tables_by_their_chance(before: tuple[int, int], after: tuple[int, int]) -> None:
    hits = before[0] + after[0]
    tables = hypergeom(before[1] + after[1], hits, before[1])
    observed = tables.pmf(before[0])
    chances = [tables.pmf(first) for first in range(min(hits, before[1]) + 1)]
    rarer = sum(one for one in chances if one < observed * (1 - 1e-7))
    equal = sum(one for one in chances if abs(one - observed) <= observed * 1e-7)
    assert fisher_mid_p(*before, *after) == pytest.approx(min(1, rarer + equal / 2), abs=1e-7)


def test_fisher_mid_p_of_a_tea_tasting() -> None:
    """Three of four cups each way: 34/70 by Fisher's own test, with half of the two equally likely tables left."""
    assert fisher_mid_p(3, 4, 1, 4) == pytest.approx((2 + 32 / 2) / 70)


def test_thin_tables_are_tested_exactly() -> None:
    assert (tested := rates_test(1, 40, 4, 40)) is not None
    assert tested.method is Method.FISHER_MID_P
    assert (tested := rates_test(90, 300, 114, 300)) is not None
    assert tested.method is Method.SCORE
    assert tested.p == pytest.approx(0.0386, abs=1e-4)
    assert rates_test(0, 0, 1, 10) is None
