"""Several cases a client: wider where clients are alike, Newcombe's where everybody comes once."""

from random import Random

import pytest

from letopis.metrics.statistics import clustered_difference, newcombe


def drawn(random: Random, clients: int, share: float, each: int) -> list[tuple[int, int]]:
    """Clients who are all of a piece: every case of one ends alike."""
    return [(each * (random.random() < share), each) for _ in range(clients)]


def test_single_cases_give_about_newcombes_interval() -> None:
    before, after = [(1, 1)] * 90 + [(0, 1)] * 210, [(1, 1)] * 114 + [(0, 1)] * 186
    found = clustered_difference(before, after)
    assert found is not None
    assert found.difference == pytest.approx(0.08)
    assert (found.low, found.high) == pytest.approx(newcombe(90, 300, 114, 300), abs=0.01)


def test_alike_cases_of_one_client_add_no_certainty() -> None:
    random = Random(2)
    before, after = drawn(random, 200, 0.3, 5), drawn(random, 200, 0.4, 5)
    once = [(k // 5, 1) for k, _ in before], [(k // 5, 1) for k, _ in after]
    assert clustered_difference(before, after) == clustered_difference(*once)


def test_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    random = Random(3)
    covered = 0
    for _ in range(80):
        found = clustered_difference(drawn(random, 60, 0.3, 3), drawn(random, 60, 0.4, 3), seed=random.randrange(999))
        assert found is not None
        covered += found.low <= 0.1 <= found.high
    assert covered >= 71


def test_same_seed_gives_the_same_interval() -> None:
    random = Random(4)
    before, after = drawn(random, 40, 0.3, 2), drawn(random, 40, 0.4, 2)
    assert clustered_difference(before, after, seed=5) == clustered_difference(before, after, seed=5)


def test_nobody_has_no_difference() -> None:
    assert clustered_difference([], [(1, 2)]) is None
    assert clustered_difference([(0, 0)], [(1, 2)]) is None
