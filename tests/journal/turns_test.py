"""The waiting line: turns between businesses, order within one."""

from dataclasses import dataclass
from uuid import UUID

from letopis.journal.turns import TURN_ITEMS_MAX, Turns

FLOODING, QUIET = UUID(int=1), UUID(int=2)


@dataclass(frozen=True)
class Item:
    business: UUID
    number: int
    cost: int = 10


def filled(*items: Item) -> Turns[Item]:
    line: Turns[Item] = Turns()
    line.put(items)
    return line


FLOOD = [Item(FLOODING, number) for number in range(1000)]


def test_flood_does_not_starve_the_quiet_one() -> None:
    taken = filled(*FLOOD, Item(QUIET, 0)).take(100, 10_000)
    assert taken[TURN_ITEMS_MAX] == Item(QUIET, 0)
    assert [item.number for item in taken if item.business == FLOODING] == list(range(99))


def test_next_batch_begins_with_the_next_business() -> None:
    line = filled(*FLOOD, Item(QUIET, 0))
    assert {item.business for item in line.take(TURN_ITEMS_MAX, 10_000)} == {FLOODING}
    assert line.take(1, 10_000) == [Item(QUIET, 0)]


def test_bounds_of_a_batch() -> None:
    line = filled(*FLOOD)
    assert len(line.take(512, 95)) == 9
    assert len(line.take(7, 10_000)) == 7
    assert (line.count, line.cost) == (984, 9840)


def test_one_beyond_the_bound_still_goes() -> None:
    line = filled(Item(QUIET, 0, cost=1000), Item(QUIET, 1))
    assert line.take(10, 100) == [Item(QUIET, 0, cost=1000)]


def test_put_back_keeps_the_order() -> None:
    line = filled(*FLOOD[:100], Item(QUIET, 0), Item(QUIET, 1))
    taken = line.take(60, 10_000)
    line.put_back(taken)
    assert (line.count, line.cost) == (102, 1020)
    again = line.take(200, 10_000)
    assert [item.number for item in again if item.business == FLOODING] == list(range(100))
    assert [item.number for item in again if item.business == QUIET] == [0, 1]
    assert not line
