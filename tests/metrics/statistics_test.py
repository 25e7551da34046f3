"""Statistics against the contract's own examples and against slower ways to reckon them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letopis.metrics.statistics import newcombe, survival_quantile, wilson

LENGTHS = st.lists(st.integers(0, 20), max_size=30).map(sorted)


def test_wilson_of_a_known_share() -> None:
    low, high = wilson(90, 300) or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.2509, 0.3541)
    assert wilson(0, 0) is None


@pytest.mark.parametrize(
    ("before", "after", "low", "high"), [((90, 300), (114, 300), 0.4, 15.5), ((18, 60), (24, 60), -6.9, 26.2)]
)
def test_newcombe_gives_the_contracts_examples(
    before: tuple[int, int], after: tuple[int, int], low: float, high: float
) -> None:
    interval = newcombe(*before, *after)
    assert interval is not None
    assert (round(interval[0] * 100, 1), round(interval[1] * 100, 1)) == (low, high)


def test_unreached_quantile_is_told_as_such() -> None:
    assert survival_quantile([10], [20, 20, 20], 0.5) is None
    assert survival_quantile([], [], 0.5) is None


@given(LENGTHS.filter(bool), st.floats(0.01, 0.99))
def test_without_censoring_it_is_the_plain_quantile(lengths: list[int], share: float) -> None:
    found = survival_quantile(lengths, [], share)
    assert found is not None
    assert sum(length <= found for length in lengths) / len(lengths) >= share - 1e-9
    assert sum(length < found for length in lengths) / len(lengths) < share + 1e-9


@given(LENGTHS, LENGTHS, st.sampled_from([0.1, 0.5, 0.9]))
def test_product_limit_step_by_step(ended: list[int], censored: list[int], share: float) -> None:
    surviving, expected = 1.0, None
    for at in sorted(set(ended)):
        at_risk = sum(length >= at for length in [*ended, *censored])
        surviving *= 1 - ended.count(at) / at_risk
        if expected is None and surviving <= 1 - share + 1e-12:
            expected = at
    assert survival_quantile(ended, censored, share) == expected
