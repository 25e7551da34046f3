"""Small businesses drawn towards their kind."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letopis.metrics.statistics import prior_of, shrunk
from letopis.metrics.statistics.shrink import WEIGHT_MAX

UNHURRIED = settings(deadline=None, max_examples=40)
"""Other libraries take their time, and so do busy machines."""


def test_thirty_cases_until_there_are_twenty_businesses() -> None:
    prior = prior_of([(3, 10)] * 19 + [(0, 0)] * 5)
    assert prior is not None
    assert (prior.rate, prior.weight) == (0.3, 30)
    assert shrunk(6, 10, prior) == pytest.approx((6 + 9) / 40)


def test_moments_find_the_weight_that_made_the_rates() -> None:
    """Four hundred businesses with rates of beta(12, 28): forty cases' worth of likeness."""
    random = Random(11)
    businesses = []
    for _ in range(400):
        rate, n = random.betavariate(12, 28), random.randint(60, 400)
        businesses.append((sum(random.random() < rate for _ in range(n)), n))
    prior = prior_of(businesses)
    assert prior is not None
    assert prior.rate == pytest.approx(0.3, abs=0.02)
    assert prior.weight == pytest.approx(40, rel=0.25)


def test_alike_businesses_are_all_drawn_to_the_common_rate() -> None:
    prior = prior_of([(30, 100)] * 25)
    assert prior is not None
    assert prior.weight == WEIGHT_MAX
    assert shrunk(5, 10, prior) == pytest.approx(0.3, abs=0.001)


def test_nobody_has_no_prior() -> None:
    assert prior_of([(0, 0)]) is None


@UNHURRIED
@given(
    st.lists(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=40)
)
def test_shrunk_rate_lies_between_its_own_and_the_common(businesses: list[tuple[int, int]]) -> None:
    prior = prior_of(businesses)
    assert prior is not None
    for k, n in businesses:
        low, high = sorted((k / n, prior.rate))
        assert low - 1e-12 <= shrunk(k, n, prior) <= high + 1e-12
