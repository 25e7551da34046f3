"""The graph of a scenario: counts of dialogues, a layout that loops do not break, the same map for the same days."""

from itertools import pairwise
from random import Random

import pytest

from letopis.audit.graph import NODES_MAX, REST, Shape, Step, shape_of
from letopis.dialogues.records import Ended


def steps(**nexts: dict[str, int]) -> list[Step]:
    """Steps by name; as many entered as went on or, at the end, as came."""
    names = list(dict.fromkeys([*nexts, *(other for going in nexts.values() for other in going)]))
    came = {name: sum(going.get(name, 0) for going in nexts.values()) for name in names}
    found = [Step(name, max(came[name], sum(nexts.get(name, {}).values())), {}, nexts.get(name, {})) for name in names]
    return sorted(found, key=lambda step: (-step.entered, step.name))


def layers(shape: Shape) -> dict[str, int]:
    return {place.name: place.layer for place in shape.places}


def main_way(shape: Shape) -> list[str]:
    return [place.name for place in shape.places if place.main]


def test_nothing_has_no_map() -> None:
    assert shape_of([]) == Shape((), (), 0, 0)


def test_one_step_is_a_map() -> None:
    shape = shape_of([Step("a", 3)])
    assert main_way(shape) == ["a"]
    assert not shape.ways


def test_main_way_follows_the_thickest_passages() -> None:
    shape = shape_of(steps(a={"b": 90, "s": 20}, b={"c": 80}, s={"c": 5}))
    assert main_way(shape) == ["a", "b", "c"]


def test_side_branch_stands_between_the_steps_it_joins() -> None:
    shape = shape_of(steps(a={"b": 90, "s": 20}, s={"b": 15}))
    assert layers(shape) == {"a": 0, "s": 1, "b": 2}


def test_loop_does_not_break_the_layout() -> None:
    shape = shape_of(steps(a={"b": 90}, b={"c": 50, "a": 30}, c={"b": 20, "c": 4}))
    assert main_way(shape) == ["a", "b", "c"]
    assert layers(shape) == {"a": 0, "b": 1, "c": 2}
    assert shape.undrawn == 50, "returns are told, a step that leads to itself is no passage"


def test_ring_is_opened_where_least_is_lost() -> None:
    shape = shape_of(steps(a={"b": 10}, b={"c": 10}, c={"a": 2}))
    assert main_way(shape) == ["a", "b", "c"]


def test_rare_passage_moves_no_step() -> None:
    shape = shape_of(steps(a={"b": 1000}, b={"c": 900}, c={"d": 800}, d={"s": 1}, s={"c": 40}, x={"s": 0}))
    assert layers(shape)["c"] <= 3


def test_many_steps_become_one() -> None:
    chain = {f"s{n:02d}": {f"s{n + 1:02d}": 100 - n} for n in range(17)}
    shape = shape_of(steps(**chain))
    assert len(shape.places) == NODES_MAX
    assert shape.hidden == 7
    assert REST in layers(shape)


def test_twelve_steps_are_all_drawn() -> None:
    chain = {f"s{n:02d}": {f"s{n + 1:02d}": 100 - n} for n in range(11)}
    shape = shape_of(steps(**chain))
    assert len(shape.places) == NODES_MAX
    assert not shape.hidden


def test_step_of_another_scenario_is_no_place() -> None:
    shape = shape_of([Step("a", 5, {}, {"b": 3, "elsewhere": 2}), Step("b", 3)])
    assert set(layers(shape)) == {"a", "b"}


@pytest.mark.parametrize("seed", range(30))
def test_any_tangle_is_drawn_from_left_to_right(seed: int) -> None:
    dice = Random(seed)
    names = [f"s{n}" for n in range(dice.randint(2, 20))]
    found = [
        Step(name, dice.randint(1, 500), {}, {dice.choice(names): dice.randint(1, 90) for _ in range(4)})
        for name in names
    ]
    found.sort(key=lambda step: (-step.entered, step.name))
    shape = shape_of(found)
    where = layers(shape)
    assert all(where[source] < where[target] for source, target, _ in shape.ways)
    assert all(where[one] < where[other] for one, other in pairwise(main_way(shape)))
    assert len(shape.places) == min(len(names), NODES_MAX)
    assert shape.undrawn >= 0
    dice.shuffle(found)
    assert shape_of(sorted(found, key=lambda step: (-step.entered, step.name))) == shape


def test_passed_leaves_out_who_is_still_deciding() -> None:
    step = Step("a", 20, {Ended.PENDING: 4, Ended.CLIENT_SILENT: 3, Ended.ERROR: 1, Ended.HUMAN: 2, Ended.GOAL: 5})
    assert (step.passed.k, step.passed.n) == (10, 16)
    assert (step.theirs, step.ours, step.lost, step.handed) == (3, 1, 4, 2)
