"""The lists behind the numbers: each address leads to as many rows as the number that stands on it.

A list that the person may not open has no address; the number then stands as plain text.
"""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from letopis.metrics.period import Period


@dataclass(frozen=True, slots=True)
class Doors:
    """Addresses in one business, or in one branch; `open_routes` are those that the person's role may open."""

    business: UUID
    open_routes: Collection[str]
    branch: str = ""

    def page(self, route: str) -> str:
        if route not in self.open_routes:
            return ""
        return reverse(route, kwargs={"business": self.business})

    def dialogues(self, period: Period | None = None, **filters: str | bool) -> str:
        return self._list("dialogues", period, filters)

    def visits(self, period: Period | None = None, **filters: str | bool) -> str:
        return self._list("visits", period, filters)

    def behind(self, metric: str, period: Period, **part: str) -> str:
        """The rows that a metric counts, in a part of the business; none where no list can ask for them."""
        match metric:
            case "M1":
                return self.dialogues(period, lead=True, **part)
            case "M2":
                return self.dialogues(period, lead=True, outcome="booked", **part)
            case "M3":
                return self.dialogues(period, lead=True, visit="came", **part)
            case "M4":
                return self.visits(period, state="no_show", counted=True, **part)
            case "M8":
                return self.dialogues(period, late=True, **part)
            case "M12":
                return self.dialogues(period, called=True, **part)
            case "M13":
                return self.dialogues(period, handed=True, **part)
            case "M14":
                return self.dialogues(period, alone=True, **part)
            case "M17":
                return self.dialogues(period, lead=True, crm="delivered", **part)
        return ""

    def _list(self, route: str, period: Period | None, filters: dict[str, str | bool]) -> str:
        address = self.page(route)
        days = {"from": period.first.isoformat(), "to": period.last.isoformat()} if period else {}
        asked = {name: "1" if value is True else str(value) for name, value in filters.items() if value}
        asked |= {"branch": self.branch} if self.branch else {}
        query = urlencode(days | asked)
        return f"{address}?{query}" if address and query else address
