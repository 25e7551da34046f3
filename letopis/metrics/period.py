"""The days a page looks at, as the URL says them: `?from=2026-10-24&to=2026-11-22&compare=previous`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from letopis.base.days import asked_day

DAYS_USUAL = 30
DAYS_MAX = 400
PRESETS = (7, 30, 90)
WEEK_DAYS = 7


class Against(StrEnum):
    """What a period is held against, as the URL says it."""

    PREVIOUS = "previous"
    WEEKDAYS = "weekdays"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Period:
    """Local days of a business, both ends included, and what stands beside them."""

    first: date
    last: date
    against: Against = Against.PREVIOUS

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def compared(self) -> bool:
        return self.against is not Against.NONE

    @property
    def before(self) -> "Period":
        """The same number of days right before, or so many whole weeks back that the weekdays are the same."""
        shift = self.days
        if self.against is Against.WEEKDAYS:
            shift += -shift % WEEK_DAYS
        back = timedelta(days=shift)
        return Period(self.first - back, self.last - back, Against.NONE)

    @property
    def query(self) -> str:
        """This period for the address of another page."""
        return urlencode(self.asked)

    @property
    def asked(self) -> dict[str, str]:
        """This period as the fields of an address; what is usual is not said."""
        days = {"from": self.first.isoformat(), "to": self.last.isoformat()}
        return days if self.against is Against.PREVIOUS else {**days, "compare": self.against.value}

    def each_day(self) -> list[date]:
        return [self.first + timedelta(days=offset) for offset in range(self.days)]


def last_days(today: date, days: int, against: Against = Against.PREVIOUS) -> Period:
    return Period(today - timedelta(days=days - 1), today, against)


def read_period(query: Mapping[str, str], today: date) -> Period:
    """The period of an address; what cannot be understood becomes the usual one, what is too long is cut."""
    first, last = asked_day(query.get("from", "")), asked_day(query.get("to", ""))
    asked = query.get("compare", "")
    against = next((one for one in Against if one.value == asked), Against.PREVIOUS)
    if first is None and last is None:
        return last_days(today, DAYS_USUAL, against)
    last = min(last or today, today)
    first = min(first or last - timedelta(days=DAYS_USUAL - 1), last)
    return Period(max(first, last - timedelta(days=DAYS_MAX - 1)), last, against)
