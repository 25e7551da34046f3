"""How many conflicts of one source are recorded in an hour; the rest is counted only.

A sender that reuses its ids for other events would otherwise fill the log of a business with quarrels.
"""

from collections import Counter
from uuid import UUID

RECORDED_PER_HOUR_MAX = 100
HOUR_US = 3_600_000_000


class Conflicts:
    """The counts of this process for the present hour."""

    def __init__(self) -> None:
        self._hour = -1
        self._recorded: Counter[tuple[UUID, str]] = Counter()
        self.unrecorded = 0
        """Conflicts since the start that were answered but left no entry."""

    def allows(self, business: UUID, source: str, now_us: int) -> bool:
        """Whether one more may be recorded; counts it."""
        if self._hour != (hour := now_us // HOUR_US):
            self._hour = hour
            self._recorded.clear()
        if self._recorded[business, source] >= RECORDED_PER_HOUR_MAX:
            self.unrecorded += 1
            return False
        self._recorded[business, source] += 1
        return True


CONFLICTS = Conflicts()
"""One per process, like the scribe."""
