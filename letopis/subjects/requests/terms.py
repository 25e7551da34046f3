"""By when a person must be answered: the terms of the law, in working days of the official calendar where it says so.

152-FZ art. 20 and 21 as the contract on personal data sums them up (P3, P4, P5, P6). A term begins on the day after the
request came (Civil Code art. 191); one in calendar days that ends on a day off ends on the next working day (art. 193).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from letopis.base.calendars import RUSSIA, year_of
from letopis.base.text import Text

EXTENSION_DAYS = 5
WARNS_AT = (5, 2)
"""So many days before the end the owner is warned, and warned again."""
DAYS_LOOKED_AT_MAX = 400
_SATURDAY = 5
_DAY = timedelta(days=1)


class Ask(StrEnum):
    """What is asked."""

    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"
    STOP = "stop"
    UNLAWFUL = "unlawful"


@dataclass(frozen=True, slots=True)
class Term:
    days: int
    working: bool
    extends: bool = False


TERMS = {
    Ask.ACCESS: Term(10, working=True, extends=True),
    Ask.CORRECTION: Term(7, working=True),
    Ask.ERASURE: Term(30, working=False),
    Ask.STOP: Term(10, working=True, extends=True),
    Ask.UNLAWFUL: Term(10, working=True),
}
NAMES = {
    Ask.ACCESS: Text(ru="Показать, что храним", en="Show what is kept"),
    Ask.CORRECTION: Text(ru="Исправить", en="Correct"),
    Ask.ERASURE: Text(
        ru="Удалить: согласие отозвано или цель достигнута", en="Erase: consent withdrawn or aim reached"
    ),
    Ask.STOP: Text(ru="Прекратить обработку", en="Stop processing"),
    Ask.UNLAWFUL: Text(ru="Удалить: хранили незаконно", en="Erase: it was kept unlawfully"),
}


def is_working(day: date) -> bool:
    """Whether Russia works on this day."""
    year = year_of(RUSSIA, day.year)
    return day in year.working or (day.weekday() < _SATURDAY and day not in year.off)


def due_on(ask: Ask, received_on: date, *, extended: bool = False) -> date:
    """The last day on which an answer is in time."""
    term = TERMS[ask]
    assert term.extends or not extended, "the law knows no extension of this term"
    days = term.days + (EXTENSION_DAYS if extended else 0)
    if term.working:
        return _working_days_after(received_on, days)
    last = received_on + timedelta(days=days)
    return last if is_working(last) else _working_days_after(last, 1)


def days_left(ask: Ask, due: date, today: date) -> int:
    """Days from today to the last one, counted as the term is; negative once it is over."""
    if not TERMS[ask].working:
        return (due - today).days
    first, last, sign = (today, due, 1) if today <= due else (due, today, -1)
    span = min((last - first).days, DAYS_LOOKED_AT_MAX)
    return sign * sum(is_working(first + n * _DAY) for n in range(1, span + 1))


def _working_days_after(day: date, count: int) -> date:
    for n in range(1, DAYS_LOOKED_AT_MAX):
        count -= is_working(day + n * _DAY)
        if not count:
            return day + n * _DAY
    raise AssertionError("a year has working days")
