"""A goal as people write it, and how far a value is from it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from letopis.base.errors import SenderError
from letopis.metrics.definitions import METRICS
from letopis.metrics.goals.goal import Goal, can_have_goal, distance, on_day, read_target
from letopis.metrics.metric import Side
from letopis.metrics.value import Sum, value_of

BUSINESS = UUID(int=1)
AT = datetime(2026, 11, 1, tzinfo=UTC)


def goal(metric: str, target_ppm: int | None, day: int = 1, **fields: Any) -> Goal:
    return Goal(
        business_id=BUSINESS, metric=metric, valid_from=date(2026, 11, day), seq=day, at=AT, target_ppm=target_ppm,
        **fields,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "text", "target"),
    [
        ("M2", "40 %", "0.4"),
        ("M2", "40%", "0.4"),
        ("M2", "40", "0.4"),
        ("M2", "12,5 %", "0.125"),
        ("M2", "0,4", "0.4"),
        ("M4", "1", "0.01"),
        ("M4", "1 %", "0.01"),
        ("M4", "0 %", "0"),
        ("M2", "100 %", "1"),
        ("M9", "10 мин", "600"),
        ("M9", "10 мин.", "600"),
        ("M9", "10 минут", "600"),
        ("M9", "1,5 часа", "5400"),
        ("M9", "90 сек", "90"),
        ("M9", "2 h", "7200"),
        ("M1", "12", "12"),
        ("M1", "12 в день", "12"),
    ],
)
def test_target_is_read_as_people_write_it(metric: str, text: str, target: str) -> None:
    assert read_target(METRICS[metric], text) == Decimal(target)


@pytest.mark.parametrize(
    ("metric", "text"),
    [
        ("M2", ""),
        ("M2", "много"),
        ("M2", "-5 %"),
        ("M2", "101 %"),
        ("M2", "40 мин"),
        ("M2", "1e3"),
        ("M2", "4 0 %"),
        ("M9", "10"),
        ("M9", "10 %"),
        ("M9", "10 дней"),
        ("M1", "12 %"),
        ("M1", "12 мин"),
    ],
)
def test_target_that_says_nothing_is_refused_with_a_sample(metric: str, text: str) -> None:
    with pytest.raises(SenderError) as refused, translation.override("en"):
        read_target(METRICS[metric], text)
    assert refused.value.hint.startswith("for example ")


def test_last_goal_before_a_day_is_in_force_on_it() -> None:
    told = [goal("M2", 400_000, 1), goal("M2", 500_000, 10), goal("M4", 100_000, 5), goal("M2", None, 20, ended=True)]
    in_force = {day: on_day(told, "M2", date(2026, 11, day)) for day in (9, 10, 19, 20, 30)}
    assert {day: one and one.target for day, one in in_force.items()} == {9: 0.4, 10: 0.5, 19: 0.5, 20: None, 30: None}
    assert on_day(told, "M2", date(2026, 10, 31)) is None


@pytest.mark.parametrize(
    ("metric", "total", "target_ppm", "words", "met", "gap"),
    [
        ("M2", Sum(n=100, k=40), 400_000, "goal from 40%", True, 0.0),
        ("M2", Sum(n=100, k=39), 400_000, "goal from 40%, short by 1.0 pp", False, -0.01),
        ("M4", Sum(n=100, k=13), 125_000, "goal up to 12.5%, over by 0.5 pp", False, 0.005),
        ("M4", Sum(n=100, k=12), 125_000, "goal up to 12.5%", True, -0.005),
        ("M9", Sum(n=40, k=40, seconds=[600] * 40), 600_000_000, "goal up to 10 min", True, 0.0),
        ("M9", Sum(n=40, k=40, seconds=[660] * 40), 600_000_000, "goal up to 10 min, over by 1 min", False, 60.0),
        ("M1", Sum(n=120), 12_000_000, "goal from 12 a day", True, 0.0),
        ("M1", Sum(n=119), 12_000_000, "goal from 12 a day, short by 0.1", False, -0.1),
    ],
)
def test_distance_of_ten_days(metric: str, total: Sum, target_ppm: int, words: str, met: bool, gap: float) -> None:
    with translation.override("en"):
        far = distance(METRICS[metric], value_of(METRICS[metric], total), goal(metric, target_ppm), days=10)
    assert (far.words.replace("\u00a0", " "), far.met) == (words, met)
    assert far.gap == pytest.approx(gap)


def test_few_cases_are_not_held_against_a_goal() -> None:
    for n, met in ((29, None), (30, False)):
        assert distance(METRICS["M2"], value_of(METRICS["M2"], Sum(n=n)), goal("M2", 400_000), days=10).met is met


def test_goals_are_set_where_one_way_is_good() -> None:
    with_goal = {metric for metric in METRICS if can_have_goal(METRICS[metric])}
    assert {"M1", "M2", "M4", "M8", "M9", "M13", "M14"} <= with_goal
    assert not with_goal & {"M15", "M18", "M19", "M20", "M22", "M23"}
    assert all(METRICS[metric].good is not Side.NONE for metric in with_goal - {"M1"})
