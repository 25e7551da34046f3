"""Official calendars that working hours may follow: public holidays, and days off that a government has moved.

Russia: the holidays of article 112 of the Labour Code; a day off that falls on one of them, except for those of
January, moves to the next working day; all else is moved by a decree for each year. Years without a decree here have
their holidays and nothing more. Holidays that regions add are not here: a schedule names them as dates of its own.

To add a year, add one line to `_DECREES` when the decree is published (in August to October of the year before).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from letopis.base.text import Text

RUSSIA = "ru"
CALENDARS: Mapping[str, Text] = {
    RUSSIA: Text(ru="Производственный календарь России", en="The official calendar of Russia"),
}
YEARS_KEPT_MAX = 64

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayOff:
    """Why a day is off: a holiday of this name, or a day off that was moved here from another day."""

    holiday: Text | None = None
    moved_from: date | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """A year of an official calendar; `is_decreed` tells whether its moved days are known."""

    off: Mapping[date, DayOff]
    working: Mapping[date, date]
    """A Saturday or Sunday that is worked, and the day off that is given for it."""
    is_decreed: bool


@lru_cache(maxsize=YEARS_KEPT_MAX)
def year_of(calendar: str, year: int) -> Year:
    """What a calendar says of a year."""
    assert calendar == RUSSIA, f"no calendar is called {calendar}"
    holidays = {date(year, month, day): name for (month, day), name in _HOLIDAYS.items()}
    decree = _DECREES.get(year)
    if decree is None:
        return Year({day: DayOff(holiday=name) for day, name in holidays.items()}, {}, is_decreed=False)
    moved = {date(year, month, day): date(year, to_month, to_day) for month, day, to_month, to_day in decree}
    given = {target: source for source, target in (*_moved_by_law(holidays, moved), *moved.items())}
    off = {day: DayOff(holiday=name) for day, name in holidays.items()}
    off |= {day: DayOff(moved_from=source) for day, source in given.items()}
    working = {source: target for source, target in moved.items() if source not in holidays}
    return Year(dict(sorted(off.items())), working, is_decreed=True)


def _moved_by_law(holidays: Mapping[date, Text], moved: Mapping[date, date]) -> Iterator[tuple[date, date]]:
    """Holidays on a weekend that no decree has moved, and the next working day, which is off instead."""
    for holiday in holidays:
        if holiday.month == 1 or holiday.weekday() < _SATURDAY or holiday in moved:
            continue
        week_after = (holiday + n * _DAY for n in range(1, 8))
        yield holiday, next(day for day in week_after if day.weekday() < _SATURDAY and day not in holidays)


_NEW_YEAR = Text(ru="Новогодние каникулы", en="New Year holidays")
_HOLIDAYS: Mapping[tuple[int, int], Text] = {
    **{(1, day): _NEW_YEAR for day in (1, 2, 3, 4, 5, 6)},
    (1, 7): Text(ru="Рождество", en="Christmas"),
    (1, 8): _NEW_YEAR,
    (2, 23): Text(ru="День защитника Отечества", en="Defender of the Fatherland Day"),
    (3, 8): Text(ru="Международный женский день", en="International Women's Day"),
    (5, 1): Text(ru="Праздник Весны и Труда", en="Spring and Labour Day"),
    (5, 9): Text(ru="День Победы", en="Victory Day"),
    (6, 12): Text(ru="День России", en="Russia Day"),
    (11, 4): Text(ru="День народного единства", en="Unity Day"),
}

# What the decrees of the Government of Russia moved: month and day of a day off, then of the day it was moved to. Days
# off were checked one by one against the package holidays 0.109 and the files of xmlcalendar, working Saturdays against
# the former. Both know the days of 2027, and neither the number of its decree.
_DECREES: Mapping[int, Sequence[tuple[int, int, int, int]]] = {
    # No. 1505 of 29 August 2022
    2023: ((1, 1, 2, 24), (1, 8, 5, 8)),
    # No. 1314 of 10 August 2023
    2024: ((1, 6, 5, 10), (1, 7, 12, 31), (4, 27, 4, 29), (11, 2, 4, 30), (12, 28, 12, 30)),
    # No. 1335 of 4 October 2024
    2025: ((1, 4, 5, 2), (1, 5, 12, 31), (2, 23, 5, 8), (3, 8, 6, 13), (11, 1, 11, 3)),
    # No. 1466 of 24 September 2025
    2026: ((1, 3, 1, 9), (1, 4, 12, 31)),
    2027: ((1, 2, 11, 5), (1, 3, 12, 31), (2, 20, 2, 22)),
}
