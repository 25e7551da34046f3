"""How busy people are: masters by their hours (M20), managers by the hours in which they answered (M19).

What the cells hold is divided here by what no cell can hold: the minutes of a schedule, the hours somebody was there.
"""

from letopis.base.worktime import Hours
from letopis.metrics.board import Board
from letopis.metrics.definitions.people_load import AT
from letopis.metrics.metric import By
from letopis.metrics.parts import JOINT, WHOLE, Part
from letopis.metrics.period import Period
from letopis.metrics.value import Value

PRESENCE = f"M19{AT}"


def master_load(board: Board, period: Period, hours: Hours, master: str) -> Value:
    """Booked minutes of the scheduled ones; no value where no hours are told. `hits` are the lost minutes."""
    part = Part(By.MASTER, master)
    booked, lost = (board.total("M20", name, period, part) for name in ("n", "k"))
    return _load(booked, lost, scheduled_minutes(hours, period, master), board.total("M20", "total", period, part))


def masters_load(board: Board, period: Period, hours: Hours) -> Value:
    """The same of all masters that had a visit in the period, together; `n` also counts visits without a master."""
    masters = [master for master in board.members(By.MASTER, period, "M20") if master]
    scheduled = [scheduled_minutes(hours, period, master) for master in masters]
    known = [minutes for minutes in scheduled if minutes is not None]
    total = sum(known) if known and len(known) == len(scheduled) else None
    # Minutes of nobody stand in nobody's schedule.
    booked, lost = (
        sum(board.total("M20", name, period, Part(By.MASTER, master)) for master in masters) for name in ("n", "k")
    )
    return _load(booked, lost, total, board.total("M20", "total", period))


def _load(booked: int, lost: int, scheduled: int | None, n: int) -> Value:
    value = booked / scheduled if scheduled else None
    return Value(value, booked, scheduled or 0, n, 0, None, None, 0, hits=lost)


def scheduled_minutes(hours: Hours, period: Period, master: str) -> int | None:
    """Open minutes of a master over the days; None where some day has no hours told."""
    total = 0
    for day in period.each_day():
        minutes = hours.minutes_on(day, person=master)
        if minutes is None:
            return None
        total += minutes
    return total


def person_load(board: Board, period: Period, person: str | None = None) -> Value:
    """Answers an hour in which somebody (or this person) answered; `denominator` are the hours present."""
    part = WHOLE if person is None else Part(By.PERSON, person)
    answers, present = board.total("M19", "n", period, part), hours_present(board, period, person)
    value = answers / present if present else None
    return Value(value, answers, present, answers, 0, None, None, 0)


def hours_present(board: Board, period: Period, person: str | None = None) -> int:
    """Hours of days in which at least one answer was written."""
    span = range((period.first - board.first).days, (period.last - board.first).days + 1)
    found = 0
    for member, series in board.series.get((PRESENCE, By.PRESENCE), {}).items():
        if person is None or member.partition(JOINT)[0] == person:
            found += len(series.days[series.cut(span)])
    return found
