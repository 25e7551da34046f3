"""Strata put together: against statsmodels, Newcombe's interval, and simulated periods."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable

from letopis.metrics.statistics import cochran_mantel_haenszel, mantel_haenszel, newcombe, standardise

UNHURRIED = settings(deadline=None, max_examples=40)
"""Other libraries take their time, and so do busy machines."""

CELL = st.integers(2, 80).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n)))
STRATA = st.dictionaries(st.sampled_from("abcde"), st.tuples(CELL, CELL), min_size=1)


def sides(strata: dict[str, tuple[tuple[int, int], tuple[int, int]]]) -> tuple[dict, dict]:
    return {key: pair[0] for key, pair in strata.items()}, {key: pair[1] for key, pair in strata.items()}


def test_change_of_mix_alone_is_no_change() -> None:
    """Half as many book from Avito as from the site, before and after; only the mix moved towards Avito."""
    before = {"site": (120, 300), "avito": (20, 100)}
    after = {"site": (40, 100), "avito": (60, 300)}
    found = standardise(before, after)
    assert found is not None
    assert (found.before, found.after, found.difference) == (pytest.approx(0.3), pytest.approx(0.3), pytest.approx(0))
    assert found.low < 0 < found.high
    assert (found.left_out, found.share_left_out) == ((), pytest.approx(0))


def test_strata_of_one_side_are_left_out_and_told() -> None:
    before = {"site": (30, 100), "vk": (5, 50), "max": (0, 0)}
    after = {"site": (40, 100), "telegram": (9, 50)}
    found = standardise(before, after)
    assert found is not None
    assert found.left_out == ("telegram", "vk")
    assert found.share_left_out == pytest.approx(1 / 3)
    assert (found.before, found.after) == (0.3, 0.4)


def test_nothing_in_common_cannot_be_compared() -> None:
    before, after = {"site": (3, 10)}, {"vk": (4, 10)}
    assert standardise(before, after) is None
    assert mantel_haenszel(before, after) is None
    assert cochran_mantel_haenszel(before, after) is None


@UNHURRIED
@given(CELL, CELL)
def test_a_single_stratum_is_newcombes(before: tuple[int, int], after: tuple[int, int]) -> None:
    found = standardise({"all": before}, {"all": after})
    assert found is not None
    assert (found.low, found.high) == pytest.approx(newcombe(*before, *after), abs=1e-12)


@UNHURRIED
@given(STRATA)
def test_intervals_hold_their_difference_and_mirror(strata: dict) -> None:
    before, after = sides(strata)
    for compare in (standardise, mantel_haenszel):
        there, back = compare(before, after), compare(after, before)
        assert there is not None
        assert back is not None
        assert there.low - 1e-12 <= there.difference <= there.high + 1e-12
        assert (back.low, back.high) == pytest.approx((-there.high, -there.low), abs=1e-9)


@UNHURRIED
@given(STRATA)
def test_cochran_mantel_haenszel_is_that_of_statsmodels(strata: dict) -> None:
    tables = [[[k2, n2 - k2], [k1, n1 - k1]] for (k1, n1), (k2, n2) in strata.values()]
    expected = StratifiedTable([[[float(cell) for cell in row] for row in table] for table in tables]).test_null_odds()
    found = cochran_mantel_haenszel(*sides(strata))
    assert found is not None
    assert (found.chi_square, found.p) == pytest.approx((expected.statistic, expected.pvalue), abs=1e-9)


def test_mantel_haenszel_spreads_as_greenland_and_robins() -> None:
    """Another estimate of the same variance (1985): the same where strata are large and differ by as much."""
    sizes = [(400, 700), (900, 500), (300, 300)]
    strata = {
        place: ((round(share * n1), n1), (round((share + 0.1) * n2), n2))
        for place, (share, (n1, n2)) in enumerate(zip((0.2, 0.4, 0.6), sizes, strict=True))
    }
    weights = sum(n1 * n2 / (n1 + n2) for n1, n2 in sizes)
    spread = sum(
        (k2 * (n2 - k2) * n1**3 + k1 * (n1 - k1) * n2**3) / (n1 * n2 * (n1 + n2) ** 2)
        for (k1, n1), (k2, n2) in strata.values()
    )
    found = mantel_haenszel(*sides(strata))
    assert found is not None
    assert found.difference == pytest.approx(0.1)
    assert found.high - found.difference == pytest.approx(1.959964 * spread**0.5 / weights, rel=0.005)


def test_mantel_haenszel_covers_the_truth_as_often_as_it_says() -> None:
    """Fifteen thin strata with rates of their own and a true difference of ten points, drawn 600 times."""
    random = Random(7)
    rates = [0.1 + 0.04 * place for place in range(15)]

    def drawn(extra: float, n: int) -> dict[int, tuple[int, int]]:
        return {place: (sum(random.random() < rate + extra for _ in range(n)), n) for place, rate in enumerate(rates)}

    covered = 0
    for _ in range(600):
        found = mantel_haenszel(drawn(0, 8), drawn(0.1, 11))
        assert found is not None
        covered += found.low <= 0.1 <= found.high
    assert 0.92 <= covered / 600 <= 0.98
