"""Nine weeks of a salon that changed its scenario in the fifth: more book, answers come sooner, visits go unmarked."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.metrics.journal import SCHEDULE, after

DAY = 24 * 60
WEEKS, LEADS_A_WEEK = 9, 20
CHANGED_IN = 4
BEGINS = -35 * DAY
"""Five weeks before the Monday of the told worlds: nothing may lie ahead of the clock that receives it."""
NOW = datetime.fromisoformat("2026-11-09T12:00:00+03:00")
CHANGED_AT = datetime.fromisoformat("2026-09-30T12:00:00+03:00")
EVIL = '<img src=x onerror=alert(1)> =HYPERLINK("http://evil.example")'
CHANGE = {
    "event": "change_mark",
    "timestamp": CHANGED_AT.isoformat(),
    "source": "crm",
    "what": EVIL,
    "change_kind": "scenario",
    "effect": "Больше обратившихся записывается",
    "metric": "M2",
    "person": "Анна Л.",
}


def weeks() -> list[dict[str, Any]]:
    """All events; the mark comes last."""
    told: list[dict[str, Any]] = [SCHEDULE | {"calendar": "ru"}]
    for week in range(WEEKS):
        for n in range(LEADS_A_WEEK):
            told += _lead(week, n)
    return [*told, CHANGE]


def _lead(week: int, n: int) -> Iterator[dict[str, Any]]:
    is_after = week >= CHANGED_IN
    at = BEGINS + (7 * week + n % 5) * DAY + 7 * n
    name = f"c{week}_{n}"
    who = {"client_id": name, "session_id": f"s_{name}", "source": ("telegram", "vk")[n % 2]}
    yield after(at, "message_in", message="Хочу на маникюр", intent="book_appointment", **who)
    minutes = 2 if is_after else 10
    yield after(at + minutes, "message_out", role="assistant", message="Завтра в 16:00 вам удобно?", **who)
    if n % 10 < (6 if is_after else 3):
        begins = after(at + DAY, "x")["timestamp"]
        visit = {"id": f"A_{name}", "start": begins, "end": after(at + DAY + 60, "x")["timestamp"]}
        yield after(at + 30, "appointment_created", appointment=visit, **who)
        if n % 10 < (5 if is_after else 2):
            yield after(at + DAY + 90, "arrived", appointment={"id": f"A_{name}"}, **who)
