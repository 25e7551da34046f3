"""The tendency of waits against scipy."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import brunnermunzel

from letopis.metrics.statistics import brunner_munzel

UNHURRIED = settings(deadline=None, max_examples=40)
"""Other libraries take their time, and so do busy machines."""

WAITS = st.lists(st.integers(0, 25), min_size=2, max_size=40)


@UNHURRIED
@given(WAITS, WAITS)
def test_brunner_munzel_is_that_of_scipy(before: list[int], after: list[int]) -> None:
    found = brunner_munzel(before, after)
    assume(found is not None)
    assert found is not None
    expected = brunnermunzel(before, after)
    assert (found.statistic, found.p) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-6, abs=1e-9)


@UNHURRIED
@given(WAITS, WAITS)
def test_tendency_mirrors(before: list[int], after: list[int]) -> None:
    there, back = brunner_munzel(before, after), brunner_munzel(after, before)
    if there is None or back is None:
        assert there is back
        return
    assert there.longer_after == pytest.approx(1 - back.longer_after)
    assert there.p == pytest.approx(back.p)


def test_waits_without_overlap_give_no_test() -> None:
    assert brunner_munzel([1, 2, 3], [7, 8, 9]) is None
    assert brunner_munzel([1], [2, 3]) is None
