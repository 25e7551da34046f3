"""The board adds up columns as the rollup's cells would add up one by one."""

from datetime import date, timedelta

from letopis.metrics.board import COUNTS, Board, Series
from letopis.metrics.metric import By
from letopis.metrics.parts import WHOLE, Part
from letopis.metrics.period import Period

FIRST = date(2026, 11, 1)
TELEGRAM, VK = Part(By.CHANNEL, "telegram"), Part(By.CHANNEL, "vk")
WEEK = Period(FIRST, FIRST + timedelta(days=6))


def series(metric: str, days: list[int], part: Part = WHOLE, **columns: list[int]) -> Series:
    counts = {name: columns.get(name, [0] * len(days)) for name in COUNTS}
    return Series(metric=metric, by=part.by, member=part.member, days=days, **counts, seconds=None, censored=None)


def board(*told: Series) -> Board:
    found: dict[tuple[str, str], dict[str, Series]] = {}
    for one in told:
        found.setdefault((one.metric, one.by), {})[one.member] = one
    return Board(FIRST, found)


def test_columns_are_put_into_the_order_of_days() -> None:
    seen = board(series("M1", [5, 0, 2], n=[50, 10, 20]))
    assert seen.column("M1", "n", WEEK) == [10, 0, 20, 0, 0, 50, 0]
    assert seen.since == FIRST


def test_period_takes_only_its_own_days() -> None:
    seen = board(series("M2", [0, 3, 6, 7], n=[10, 10, 10, 99], k=[1, 2, 3, 99]))
    assert seen.value("M2", WEEK).numerator == 6
    assert seen.value("M2", Period(FIRST + timedelta(days=1), FIRST + timedelta(days=5))).n == 10


def test_scattered_days_add_up() -> None:
    seen = board(series("M1", [0, 1, 2, 3], n=[1, 2, 4, 8]))
    assert seen.value_on("M1", [FIRST, FIRST + timedelta(days=2), FIRST + timedelta(days=40)]).n == 5


def test_parts_stand_beside_the_whole() -> None:
    seen = board(series("M1", [0], n=[10]), series("M1", [0], TELEGRAM, n=[3]), series("M1", [0, 9], VK, n=[7, 50]))
    assert seen.members(By.CHANNEL, WEEK) == ["vk", "telegram"]
    assert [seen.value("M1", WEEK, part).n for part in (WHOLE, VK, TELEGRAM)] == [10, 7, 3]
    assert seen.total("M1", "n", WEEK, VK) == 7


def test_wall_clock_stands_in_where_no_hours_tell() -> None:
    seen = board(series("M8w", [0], n=[4], k=[3]))
    assert (seen.value("M8", WEEK).clock, seen.value("M8", WEEK).numerator) == ("wall", 3)
    assert {value.clock for _day, value in seen.days("M8", WEEK)} == {"wall"}


def test_lengths_of_days_are_merged() -> None:
    slow = series("M9", [0, 1], n=[2, 1], k=[2, 1])
    slow.seconds, slow.censored = [[30, 90], [10]], [[], []]
    seen = board(slow)
    assert seen.value("M9", WEEK).value == 30
    assert [value.value for _day, value in seen.days("M9", WEEK)][:3] == [30, 10, None]


def test_empty_board_answers_too() -> None:
    seen = board()
    assert seen.since is None
    assert seen.value("M4", WEEK).value is None
    assert seen.column("M2", "hits", WEEK) == [0] * 7
