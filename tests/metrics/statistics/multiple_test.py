"""Many metrics and many looks, against scipy and by integrating the bounds anew."""

from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, multivariate_normal, norm

from letopis.metrics.statistics import Look, adjusted, bound, discoveries, look_at

UNHURRIED = settings(deadline=None, max_examples=40)
"""Other libraries take their time, and so do busy machines."""


@UNHURRIED
@given(st.lists(st.floats(0, 1), max_size=30))
def test_adjusted_are_those_of_scipy(ps: list[float]) -> None:
    expected = false_discovery_control(ps) if ps else []
    assert adjusted(ps) == pytest.approx(list(expected))


def test_discoveries_of_the_first_paper() -> None:
    """The fifteen p-values of Benjamini and Hochberg (1995), of which four are named at 5 %."""
    ps = [
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
        *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
    ]
    assert discoveries(ps, 0.05) == [True] * 4 + [False] * 11


@pytest.mark.parametrize("look", Look)
def test_bounds_spend_what_the_plan_says(look: Look) -> None:
    """The chance of crossing a bound by this look equals the spending function at its share of the cases."""
    bounds = [bound(one) for one in Look if one <= look]
    times = [one / 3 for one in Look if one <= look]
    covariance = [[sqrt(min(a, b) / max(a, b)) for b in times] for a in times]
    inside = multivariate_normal(cov=covariance).cdf(bounds, lower_limit=[-one for one in bounds])
    spent_each_side = 2 * norm.sf(norm.isf(0.025 / 2) / sqrt(look / 3))
    assert 1 - inside == pytest.approx(2 * spent_each_side, abs=1e-5)


def test_looks_come_at_thirds_of_the_cases() -> None:
    assert [look_at(cases, 300) for cases in (99, 100, 250, 300, 900)] == [
        None,
        Look.FIRST,
        Look.SECOND,
        Look.LAST,
        Look.LAST,
    ]
