"""What our mistakes cost (M22): like is held against like, few are not believed, and nobody is counted twice."""

import pytest

from letopis.metrics.lost import NOTHING, lost_of, together

MORNING, EVENING = "telegram\x1fbooking\x1fnew\x1f1", "telegram\x1fbooking\x1fnew\x1f3"


def test_worked_example() -> None:
    """A hundred met a failure, ten of them booked; of similar leads that met none 45 of 100 did: 35 are missing."""
    lost = lost_of({EVENING: (10, 100)}, {EVENING: (450, 1000)})
    assert lost.expected == pytest.approx(0.45)
    assert lost.leads == pytest.approx(35)
    assert 25 < lost.low < 35 < lost.high < 45


def test_like_is_held_against_like() -> None:
    """Those who write in the evening book more seldom anyway: the share of all would blame us for that too."""
    untouched = {MORNING: (800, 1000), EVENING: (200, 1000)}
    assert lost_of({EVENING: (20, 100)}, untouched).leads == pytest.approx(0, abs=0.5)
    assert lost_of({MORNING: (20, 100)}, untouched).leads == pytest.approx(60)


def test_few_similar_leads_are_drawn_towards_all() -> None:
    untouched = {MORNING: (500, 1000), EVENING: (3, 3)}
    assert lost_of({EVENING: (0, 10)}, untouched).expected == pytest.approx(0.55, abs=0.01)


def test_mistake_that_cost_nothing_costs_nothing() -> None:
    lost = lost_of({EVENING: (60, 100)}, {EVENING: (400, 1000)})
    assert (lost.leads, lost.low) == (0, 0)


def test_nobody_to_compare_with_tells_nothing() -> None:
    assert lost_of({}, {EVENING: (4, 10)}) == NOTHING
    alone = lost_of({EVENING: (0, 5)}, {})
    assert (alone.affected, alone.expected, alone.high) == (5, None, 0)


def test_same_numbers_give_the_same_bounds() -> None:
    one, other = (lost_of({EVENING: (10, 100)}, {EVENING: (450, 1000)}) for _ in range(2))
    assert (one.low, one.high) == (other.low, other.high)


def test_money_is_leads_that_would_have_come_at_the_usual_price() -> None:
    lost = lost_of({EVENING: (10, 100)}, {EVENING: (450, 1000)})
    low, high = together([lost, NOTHING]).kopecks(240_000, 0.9)
    assert low == round(lost.low * 0.9 * 240_000)
    assert high == round(lost.high * 0.9 * 240_000)
