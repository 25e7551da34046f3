"""Differences of quantiles: the same seed the same answer, the right size, and clients instead of waits."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letopis.metrics.statistics import ClientWaits, compare_waits, survival_quantile
from letopis.metrics.statistics.bootstrap import POISSON

UNHURRIED = settings(deadline=None, max_examples=15)
"""Other libraries take their time, and so do busy machines."""


def clients(random: Random, count: int, mean: float, each: int = 1) -> list[ClientWaits]:
    return [ClientWaits(tuple(int(random.expovariate(1 / mean)) for _ in range(each))) for _ in range(count)]


SMALL = st.lists(
    st.builds(
        ClientWaits,
        st.lists(st.integers(0, 50), max_size=3).map(tuple),
        st.lists(st.integers(0, 50), max_size=2).map(tuple),
    ),
    max_size=12,
)


def test_weights_are_those_of_poisson() -> None:
    assert len(POISSON) == 256
    mean = sum(POISSON) / 256
    assert mean == pytest.approx(1, abs=0.01)
    assert sum((weight - mean) ** 2 for weight in POISSON) / 256 == pytest.approx(1, abs=0.01)


def test_shorter_waits_are_seen() -> None:
    random = Random(3)
    median, p90 = compare_waits(clients(random, 400, 300), clients(random, 400, 120))
    assert median.difference is not None
    assert median.high is not None
    assert median.high < 0
    assert p90.high is not None
    assert p90.high < 0


def test_same_seed_gives_the_same_interval() -> None:
    random = Random(4)
    before, after = clients(random, 60, 300), clients(random, 60, 300)
    assert compare_waits(before, after, seed=5) == compare_waits(before, after, seed=5)
    assert compare_waits(before, after, seed=5) != compare_waits(before, after, seed=6)


def test_alike_waits_of_one_client_count_as_one() -> None:
    """Each client waits ten times the same: as uncertain as once each, not ten times as sure."""
    random = Random(5)
    once = clients(random, 80, 300), clients(random, 80, 200)
    tenfold = tuple([ClientWaits(client.ended * 10) for client in side] for side in once)
    (single,), (repeated,) = compare_waits(*once, [0.5]), compare_waits(*tenfold, [0.5])
    assert (single.difference, single.low, single.high) == (repeated.difference, repeated.low, repeated.high)


def test_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    random = Random(6)
    covered = 0
    for _ in range(60):
        (found,) = compare_waits(clients(random, 80, 300), clients(random, 80, 300), [0.5], seed=random.randrange(999))
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= 0 <= found.high
    assert covered >= 52


def test_unreached_quantile_makes_no_difference() -> None:
    waiting = [ClientWaits((), (900,)), ClientWaits((), (900,)), ClientWaits((60,))]
    (found,) = compare_waits(waiting, [ClientWaits((60,))] * 3, [0.5])
    assert (found.before, found.after, found.difference, found.low) == (None, 60, None, None)
    (found,) = compare_waits([], [ClientWaits((60,))], [0.5])
    assert found.difference is None


@UNHURRIED
@given(SMALL, SMALL)
def test_estimates_are_kaplan_meier_and_lie_inside(before: list[ClientWaits], after: list[ClientWaits]) -> None:
    for found in compare_waits(before, after):
        for side, quantile in ((before, found.before), (after, found.after)):
            ended = sorted(at for client in side for at in client.ended)
            censored = sorted(at for client in side for at in client.censored)
            assert quantile == survival_quantile(ended, censored, found.share)
        if found.difference is not None:
            assert found.low is None or found.low <= found.difference
            assert found.high is None or found.difference <= found.high
