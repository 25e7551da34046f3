"""Whether a place that was given up was taken by another visit (M21)."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from letopis.appointments import refill
from letopis.appointments.records import Slot
from tests.appointments.slots import START, cancelled, hours, slot

FREED = START - hours(30)
AFTER = FREED + hours(1)


def is_refilled(freed: Slot, *others: Slot) -> bool:
    slots = {one.slot_id: one for one in (freed, *others)}
    return refill.judged_anew(slots.values(), refill.changed_places({}, slots)).get(freed.slot_id, False)


def taking(**fields: Any) -> Slot:
    return slot(2, **({"created_at": AFTER} | fields))


def test_visit_made_later_at_the_same_time_refills() -> None:
    assert is_refilled(cancelled(), taking())


@pytest.mark.parametrize(
    ("start", "end", "refilled"),
    [
        (-1, 0, False),
        (-1, 0.5, True),
        (0.5, 3, True),
        (1, 2, False),
        (-3, 4, True),
        (0.5, None, True),
        (-1, None, False),
    ],
)
def test_places_must_overlap(start: float, end: float | None, refilled: bool) -> None:
    """An untold end is an hour after the start."""
    end_at = None if end is None else START + hours(end)
    assert is_refilled(cancelled(), taking(start_at=START + hours(start), end_at=end_at)) is refilled


@pytest.mark.parametrize(
    "fields",
    [
        {"resource": "Света"},
        {"created_at": FREED},
        {"created_at": FREED - hours(1)},
        {"corrected": True},
        {"test": True, "excluded": "test"},
        {"excluded": "own"},
        {"start_at": None},
    ],
    ids=str,
)
def test_what_does_not_refill(fields: dict[str, Any]) -> None:
    assert not is_refilled(cancelled(), taking(**fields))


@pytest.mark.parametrize(
    "freed",
    [
        cancelled(before=1.5),
        cancelled(corrected=True),
        cancelled(excluded="test", test=True),
        cancelled(resource=""),
        cancelled(start_at=None, final_at=FREED),
        slot(state="arrived", final_at=FREED),
        slot(state="no_show", final_at=FREED),
        slot(),
    ],
    ids=lambda one: f"{one.state} {one.excluded}",
)
def test_what_was_not_freed_is_not_refilled(freed: Slot) -> None:
    other = slot(2, created_at=START - hours(1), resource=freed.resource)
    assert not is_refilled(freed, other)


@pytest.mark.parametrize("state", ["cancelled_early", "cancelled_late", "cancelled_business", "moved"])
def test_every_way_to_free_a_place_counts(state: str) -> None:
    assert is_refilled(cancelled(state=state, before=2), taking(created_at=START - hours(1)))


def test_moved_visit_does_not_refill_its_own_place() -> None:
    """Half an hour later with the same master: nobody else was helped by it."""
    successor = slot(2, start_at=START + hours(0.5), created_at=FREED, first_of_chain=False)
    assert not is_refilled(cancelled(state="moved"), successor)


def test_place_given_up_twice_is_refilled_twice() -> None:
    first, second = cancelled(1, 30), cancelled(2, 20, created_at=AFTER)
    third = slot(3, created_at=START - hours(10))
    assert is_refilled(first, second, third)
    assert is_refilled(second, first, third)


def test_diary_of_a_whole_salon_is_left() -> None:
    """So many at once are not one master's."""
    crowd = [slot(n, created_at=AFTER) for n in range(2, refill.NEIGHBOURS_MAX + 2)]
    assert is_refilled(cancelled(), *crowd[:-1])
    assert not is_refilled(cancelled(), *crowd)


def test_unchanged_places_are_not_looked_at() -> None:
    before = {1: cancelled(), 2: taking()}
    after = {1: cancelled(refilled=True), 2: taking(state="arrived", final_at=START + hours(2), person_id=9)}
    assert list(refill.changed_places(before, after)) == []
    assert len(list(refill.changed_places(before, {1: cancelled()}))) == 1
    assert len(list(refill.changed_places(before, {1: slot(), 2: taking()}))) == 2


def test_stretches_do_not_meet() -> None:
    days = (0, 1, 1.5, 9, 30)
    changed = [refill.place_of(slot(n, start_at=START + timedelta(days=day))) for n, day in enumerate(days)]
    stretches = refill.stretches_of(place for place in changed if place)
    assert [len(stretch.changed) for stretch in stretches] == [3, 1, 1]
    assert all(one.until <= other.since for one, other in pairwise(stretches))
