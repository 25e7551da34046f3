"""Which freed slots were refilled (M21): another visit, made later, on the same master or room at the same time. Pure.

Whether one slot was refilled depends on the slots of its resource that start less than `REACH` from it, and on nothing
else. So whoever changes a slot has to look anew at those within `REACH` of it, which takes all within twice that.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from letopis.appointments.measures import LENGTH_MAX, end_of, is_freed, takes_a_place
from letopis.appointments.records import Slot

T = TypeVar("T")

REACH: timedelta = LENGTH_MAX
"""Slots that start further apart cannot overlap: none is longer."""
NEIGHBOURS_MAX = 300
"""More slots than this within `REACH` are not the diary of one master or room (a source that names the salon instead):
none of them is called refilled, rather than each compared with all others."""


class Place(NamedTuple):
    """As much of a slot as decides about its neighbours; one without a time or a resource has no place."""

    resource: str
    start: datetime
    end: datetime
    created_at: datetime
    taken: bool
    freed_at: datetime | None


@dataclass(slots=True)
class Stretch:
    """A part of one diary in which places have changed, with as much around as it takes to judge their neighbours."""

    resource: str
    since: datetime
    until: datetime
    changed: list[Place]


def place_of(slot: Slot | None) -> Place | None:
    end = None if slot is None else end_of(slot)
    if slot is None or slot.start_at is None or end is None or not slot.resource:
        return None
    freed_at = slot.final_at if is_freed(slot) else None
    return Place(slot.resource, slot.start_at, end, slot.created_at, takes_a_place(slot), freed_at)


def changed_places(stored: Mapping[int, Slot], wanted: Mapping[int, Slot]) -> Iterator[Place]:
    """The places that were given up and those that are new; a visit that took place as booked changes none."""
    for slot_id in stored.keys() | wanted.keys():
        before, after = place_of(stored.get(slot_id)), place_of(wanted.get(slot_id))
        if before != after:
            yield from (place for place in (before, after) if place is not None)


def stretches_of(changed: Iterable[Place]) -> list[Stretch]:
    """Where to look; no two stretches of one diary meet."""
    stretches: list[Stretch] = []
    for place in sorted(changed, key=lambda place: (place.resource, place.start)):
        since, until = place.start - 2 * REACH, place.start + 2 * REACH
        last = stretches[-1] if stretches else None
        if last is not None and last.resource == place.resource and since < last.until:
            last.until = until
            last.changed.append(place)
        else:
            stretches.append(Stretch(place.resource, since, until, [place]))
    return stretches


def judged_anew(slots: Iterable[Slot], changed: Iterable[Place]) -> dict[int, bool]:
    """Whether each slot near a changed place was refilled; `slots` hold all within twice `REACH` of those places."""
    around: dict[str, list[datetime]] = defaultdict(list)
    for place in changed:
        around[place.resource].append(place.start)
    diaries: dict[str, list[tuple[Place, int]]] = defaultdict(list)
    for slot in slots:
        if slot.resource in around and (found := place_of(slot)) is not None:
            diaries[slot.resource].append((found, slot.slot_id))
    judged: dict[int, bool] = {}
    for resource, diary in diaries.items():
        diary.sort(key=lambda one: one[0].start)
        judged |= _judged(diary, sorted(around[resource]))
    return judged


def _judged(diary: Sequence[tuple[Place, int]], changed: Sequence[datetime]) -> Iterator[tuple[int, bool]]:
    """The slots of one resource, both arguments by start."""
    places = [place for place, _slot_id in diary]
    starts = [place.start for place in places]
    for place, slot_id in diary:
        if _near(changed, changed, place.start):
            near = _near(places, starts, place.start)
            yield slot_id, len(near) <= NEIGHBOURS_MAX and any(_refills(other, place) for other in near)


def _near(values: Sequence[T], starts: Sequence[datetime], at: datetime) -> Sequence[T]:
    return values[bisect_right(starts, at - REACH) : bisect_left(starts, at + REACH)]


def _refills(other: Place, freed: Place) -> bool:
    """The slot that a moved one became is made in the very moment that frees it, so it is no other's."""
    later = freed.freed_at is not None and other.created_at > freed.freed_at
    return later and other.taken and other.start < freed.end and freed.start < other.end
