"""The days that Letopis can speak of: 2000-01-01 to 2099-12-31, as far as events reach.

Days beyond would run over the ends of the calendar as soon as anybody counts from them.
"""

from datetime import date

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


def within_reach(day: date) -> bool:
    return FIRST_DAY <= day <= LAST_DAY


def asked_day(text: str) -> date | None:
    """The day of an address, or the nearest within reach; None where it is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return min(max(day, FIRST_DAY), LAST_DAY)
