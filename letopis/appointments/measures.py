"""What the numbers ask of a visit (metrics M5-M7, M20, M21), each question written once.

A question is asked of a row in Python, by the definitions, and of the table, by the lists behind the numbers: a
`Question` is both, so that they cannot part. Pure: a slot and nothing else decides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from letopis.appointments.records import OPEN, Slot, State

REMINDER_OFFSET = timedelta(hours=24)
"""A visit booked later than this before its start is due no reminder."""
REMINDED_BEFORE = timedelta(hours=2)
"""A reminder sent later than this before the start is none (M6)."""
FREED_BEFORE = timedelta(hours=2)
"""A place that is given up later than this before the start cannot be sold again (M21)."""
LENGTH_USUAL = timedelta(minutes=60)
"""How long a visit takes of which no sender told the end."""
LENGTH_MAX = timedelta(hours=12)
"""Nobody's visit is longer: an end further away is a slip."""


@dataclass(frozen=True, slots=True)
class Question:
    """Asked of a row by calling it, of the table by its `q`; an unknown time answers no on both sides."""

    holds: Callable[[Slot], bool]
    q: Q

    def __call__(self, slot: Slot) -> bool:
        return self.holds(slot)

    def __and__(self, other: "Question") -> "Question":
        return Question(lambda slot: self.holds(slot) and other.holds(slot), self.q & other.q)

    def __or__(self, other: "Question") -> "Question":
        return Question(lambda slot: self.holds(slot) or other.holds(slot), self.q | other.q)

    def __invert__(self) -> "Question":
        return Question(lambda slot: not self.holds(slot), ~self.q)


def _is(name: str) -> Question:
    return Question(lambda slot: bool(getattr(slot, name)), Q(**{name: True}))


def _stands_at(*states: State) -> Question:
    words = [state.value for state in states]
    return Question(lambda slot: slot.state in words, Q(state__in=words))


def _before_start(name: str, by: timedelta = timedelta()) -> Question:
    """The time lies so long before the start of the visit, or longer."""

    def holds(slot: Slot) -> bool:
        at: datetime | None = getattr(slot, name)
        return at is not None and slot.start_at is not None and at <= slot.start_at - by

    # The null tests make a plain no of the database's "unknown", so that the question may be turned round.
    told = Q(**{f"{name}__isnull": False}, start_at__isnull=False)
    return Question(holds, told & Q(**{f"{name}__lte": F("start_at") - by}))


is_counted = Question(lambda slot: not slot.excluded, Q(excluded=""))
"""No test, own, spam, wrong number, job seeker or supplier: those leave every metric (clarification 21)."""

has_started = _is("started")
"""Its time has come, whatever became of it."""

_is_slip = _is("corrected")
_is_ours = _stands_at(State.CANCELLED_BUSINESS)

counts_as_booked = has_started & ~_is_ours & ~_is_slip & is_counted
"""The denominator of M5, and of M7 with `is_asked`: started slots, moved-in ones included, business cancellations out
(clarification 16)."""

is_due_reminder = (
    counts_as_booked & _before_start("created_at", REMINDER_OFFSET) & ~_before_start("final_at", REMINDER_OFFSET)
)
"""The denominator of M6, by scheduled start: slots booked earlier than the reminder offset (24 h) before their start
that still stood at that moment; slots booked later than the offset are not due."""

is_reminded = _before_start("reminded_at", REMINDED_BEFORE)
"""M6: a reminder in state sent at least 2 h before the start; «task created» is not «sent»."""

is_asked = _before_start("asked_at")
"""M7: a reminder has asked whether the client comes, before the start."""

is_confirmed = _before_start("confirmed_at")
"""M7: an explicit confirmation before the start, which is a change of state (clarification 16)."""

is_freed = (
    _stands_at(State.CANCELLED_EARLY, State.CANCELLED_LATE, State.CANCELLED_BUSINESS, State.MOVED)
    & _before_start("final_at", FREED_BEFORE)
    & ~_is_slip
    & is_counted
)
"""The denominator of M21: slots given up by a cancellation or a move at least 2 h before their start."""

is_refilled = is_freed & _is("refilled")
"""M21: another slot, created later on the same resource, overlaps the freed one (clarification 20)."""

takes_a_place = ~_is_slip & is_counted
"""What may stand in a freed slot's place."""

books_time = (
    _stands_at(*sorted(OPEN), State.ARRIVED, State.NO_SHOW, State.UNKNOWN)
    | (_stands_at(State.CANCELLED_LATE) & ~_is("refilled"))
) & takes_a_place
"""M20: what kept the master's time. A slot that was moved, or cancelled early or by the business, books nothing; nor
does one whose place another visit took: the minutes are that one's."""

loses_time = books_time & _stands_at(State.NO_SHOW, State.CANCELLED_LATE)
"""M20: time lost by a no-show or a late cancellation that was not refilled."""


def end_of(slot: Slot) -> datetime | None:
    """When the visit ends; of an untold or impossible end the usual length stands in."""
    if slot.start_at is None:
        return None
    if slot.end_at is None or slot.end_at <= slot.start_at:
        return slot.start_at + LENGTH_USUAL
    return min(slot.end_at, slot.start_at + LENGTH_MAX)


def booked_minutes(slot: Slot) -> int:
    """M20: how many minutes of the master the slot booked; 0 for one without a time."""
    return _minutes(slot) if books_time(slot) else 0


def lost_minutes(slot: Slot) -> int:
    """M20: how many of the booked minutes nobody used."""
    return _minutes(slot) if loses_time(slot) else 0


def _minutes(slot: Slot) -> int:
    end = end_of(slot)
    return 0 if end is None or slot.start_at is None else int((end - slot.start_at).total_seconds()) // 60
