"""The days a page looks at, as the URL says them: `?from=2026-10-24&to=2026-11-22&compare=previous`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

DAYS_USUAL = 30
DAYS_MAX = 400
PRESETS = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class Period:
    """Local days of a business, both ends included; `compared` says whether the days before stand beside."""

    first: date
    last: date
    compared: bool = True

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """The same number of days right before."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1), compared=False)

    @property
    def query(self) -> str:
        """This period for the address of another page."""
        return urlencode({"from": self.first.isoformat(), "to": self.last.isoformat()})

    def each_day(self) -> list[date]:
        return [self.first + timedelta(days=offset) for offset in range(self.days)]


def last_days(today: date, days: int) -> Period:
    return Period(today - timedelta(days=days - 1), today)


def read_period(query: Mapping[str, str], today: date) -> Period:
    """The period of an address; what cannot be understood becomes the usual one, what is too long is cut."""
    first, last = _day(query.get("from", "")), _day(query.get("to", ""))
    compared = query.get("compare", "previous") != "none"
    if first is None and last is None:
        usual = last_days(today, DAYS_USUAL)
        return Period(usual.first, usual.last, compared)
    last = min(last or today, today)
    first = min(first or last - timedelta(days=DAYS_USUAL - 1), last)
    return Period(max(first, last - timedelta(days=DAYS_MAX - 1)), last, compared)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
