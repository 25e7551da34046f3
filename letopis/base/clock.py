"""The one clock of the program: aware UTC times and whole microseconds.

`LETOPIS_CLOCK=<RFC 3339>` starts the program at that moment; from then on it ticks. Processes of one start share the
moment through `LETOPIS_CLOCK_OFFSET_US`, which `start_at` puts into the environment of children.
"""

import os
import time
from datetime import UTC, datetime, timedelta

from letopis.base.errors import SenderError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OFFSET_VARIABLE = "LETOPIS_CLOCK_OFFSET_US"
MICROSECOND = timedelta(microseconds=1)


def _offset_us() -> int:
    if shared := os.environ.get(OFFSET_VARIABLE):
        return int(shared)
    return start_at(os.environ.get("LETOPIS_CLOCK", ""))


def start_at(moment: str) -> int:
    """Set the clock to `moment` (RFC 3339 with a zone; empty: the real time) for this process and its children."""
    offset = 0
    if moment:
        try:
            wanted: datetime | None = datetime.fromisoformat(moment)
        except ValueError:
            wanted = None
        if wanted is None or wanted.tzinfo is None:
            raise SenderError(
                f"LETOPIS_CLOCK holds {moment!r}, which is no time with a zone",
                field="LETOPIS_CLOCK",
                hint="write it like 2026-11-22T10:42:00+03:00",
            )
        offset = to_us(wanted) - time.time_ns() // 1000
    os.environ[OFFSET_VARIABLE] = str(offset)
    return offset


def to_us(moment: datetime) -> int:
    """Microseconds since 1970-01-01T00:00:00Z, exact, without passing through a float."""
    return (moment - EPOCH) // MICROSECOND


def from_us(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


_OFFSET_US = _offset_us()


def now_us() -> int:
    return time.time_ns() // 1000 + _OFFSET_US


def now() -> datetime:
    return from_us(now_us())


def is_shifted() -> bool:
    """True when the program does not live in the real time."""
    return bool(_OFFSET_US)
