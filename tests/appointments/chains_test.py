"""Visits from what is said about them: chains, marks, and services of one visit."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from letopis.appointments.chains import Visit, visits_of
from letopis.appointments.facts import VisitFact

NOON = datetime(2026, 10, 5, 9, tzinfo=UTC)
START = NOON + timedelta(hours=48)


def told(seq: int, hours: float, type_: str, visit: str = "A1", **fields: Any) -> VisitFact:
    return VisitFact(
        seq=seq,
        at=NOON + timedelta(hours=hours),
        type=type_,
        channel="telegram",
        appointment_id=visit,
        client_id="tg_1",
        **fields,
    )


def booked(seq: int = 1, hours: float = 0, visit: str = "A1", start: datetime = START, **fields: Any) -> VisitFact:
    return told(seq, hours, "appointment_created", visit, start_at=start, end_at=start + timedelta(hours=1), **fields)


def visits(*facts: VisitFact) -> list[Visit]:
    return visits_of(sorted(facts, key=lambda fact: (fact.at, fact.seq)))


@pytest.mark.parametrize(
    ("hours", "type_", "by", "state"),
    [
        (1, "appointment_confirmed", "client", "confirmed"),
        (49, "arrived", "business", "arrived"),
        (49, "no_show", "business", "no_show"),
        (20, "appointment_cancelled", "client", "cancelled_early"),
        (25, "appointment_cancelled", "client", "cancelled_late"),
        (48.5, "appointment_cancelled", "client", "no_show"),
        (25, "appointment_cancelled", "business", "cancelled_business"),
        (80, "outcome_unknown", "business", "unknown"),
    ],
)
def test_mark_makes_the_state(hours: float, type_: str, by: str, state: str) -> None:
    [visit] = visits(booked(), told(2, hours, type_, by=by))
    assert visit.state == state


def test_last_mark_wins() -> None:
    [visit] = visits(booked(), told(2, 49, "no_show"), told(3, 50, "arrived"))
    assert visit.state == "arrived"


def test_mark_that_came_before_its_booking_finds_it() -> None:
    [visit] = visits(told(1, 49, "arrived"), booked(2))
    assert visit.state == "arrived"


def test_unmarked_visit_is_unknown_a_day_after_its_end() -> None:
    [visit] = visits(booked())
    assert visit.unknown_at == START + timedelta(hours=25)


def test_move_makes_a_chain_of_two_slots() -> None:
    later = START + timedelta(days=1)
    old, new = visits(
        booked(),
        told(2, 3, "appointment_moved", "A2", previous_id="A1", start_at=later, end_at=later + timedelta(hours=1)),
        told(3, 73, "arrived", "A2"),
    )
    assert (old.state, new.state) == ("moved", "arrived")
    assert old.chain_id == new.chain_id == 1
    assert (old.first_of_chain, new.first_of_chain) == (True, False)


def test_move_under_the_same_id_moves_its_last_slot() -> None:
    later = START + timedelta(days=1)
    slots = visits(booked(), told(2, 3, "appointment_moved", start_at=later), told(3, 73, "no_show"))
    assert [slot.state for slot in slots] == ["moved", "no_show"]


def test_mark_of_a_moved_id_goes_to_where_it_was_moved() -> None:
    later = START + timedelta(days=1)
    slots = visits(
        booked(), told(2, 3, "appointment_moved", "A2", previous_id="A1", start_at=later), told(3, 73, "arrived", "A1")
    )
    assert [slot.state for slot in slots] == ["moved", "arrived"]


def test_slip_of_the_hand_is_no_booking() -> None:
    [slip] = visits(booked(), told(2, 0.1, "appointment_cancelled", by="business"))
    assert slip.corrected
    [meant] = visits(booked(), told(2, 1, "appointment_cancelled", by="business"))
    assert not meant.corrected


def test_services_one_after_the_other_are_one_visit() -> None:
    second = START + timedelta(hours=1)
    [visit] = visits(
        booked(service="маникюр", price_kop=200_000),
        booked(2, 0.05, "A2", second, service="педикюр", price_kop=250_000),
        told(3, 50, "arrived", "A2"),
    )
    assert (visit.state, visit.service, visit.price_kop) == ("arrived", "маникюр, педикюр", 450_000)
    assert visit.end_at == second + timedelta(hours=1)


def test_two_bookings_on_other_days_are_two_visits() -> None:
    assert len(visits(booked(), booked(2, 0.05, "A2", START + timedelta(days=7)))) == 2


def test_mark_without_an_id_is_about_the_last_begun_visit() -> None:
    first, second, third = visits(
        booked(),
        booked(2, 1, "A2", START + timedelta(days=2)),
        booked(3, 2, "A3", START + timedelta(days=9)),
        told(4, 49, "arrived"),
        told(5, 97, "no_show", ""),
    )
    assert [first.state, second.state, third.state] == ["arrived", "no_show", "created"]


def test_mark_without_any_visit_says_nothing() -> None:
    assert visits(told(1, 0, "no_show", "")) == []
