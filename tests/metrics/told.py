"""A told month of a salon for the tests of its pages: four weeks of leads in three channels, some of them wait now."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.metrics.journal import SCHEDULE, after

NOW = datetime.fromisoformat("2026-11-02T12:40:00+03:00")
DAYS = 22
DAY = 24 * 60
HERE = 28 * DAY + 40
"""`NOW` in minutes of the told world."""
LEADS = 72
CHANNELS = ("telegram", "vk", "phone")
EVIL = "<img src=x onerror=alert(1)>"


def month() -> list[dict[str, Any]]:
    """All events up to `NOW`."""
    told = [SCHEDULE]
    for n in range(LEADS):
        told += _lead(n)
    return [*told, *_today()]


def _lead(n: int) -> Iterator[dict[str, Any]]:
    at = n % DAYS * DAY + n * 13 % 300
    who = {"client_id": f"c_{n}", "session_id": f"s_{n}", "source": CHANNELS[n % len(CHANNELS)]}
    yield after(at, "message_in", message="Хочу на маникюр", intent="book_appointment", **who)
    fate = n % 8
    if fate == 3:
        return
    if fate == 5:
        yield after(at + 0.2, "tool_call", tool="create_record", result="error", **who)
        return
    yield after(at + 0.4, "message_out", role="assistant", message="Завтра в 16:00 вам удобно?", **who)
    if fate < 3:
        start = after(at - at % DAY + DAY + 4 * 60, "x")["timestamp"]
        visit = {"id": f"A{n}", "start": start, "end": after(at - at % DAY + DAY + 5 * 60, "x")["timestamp"]}
        yield after(at + 2, "appointment_created", appointment=visit, **who)
        if at + 2 * DAY < HERE:
            ended = "no_show" if fate == 2 else "arrived"
            yield after(at - at % DAY + DAY + 6 * 60, ended, appointment={"id": f"A{n}"}, **who)
    if fate == 6:
        yield after(at + 3, "refusal", reason="дорого", **who)
    if fate == 7:
        yield after(at + 3, "escalation", reason="вопрос вне сценария", **who)
        yield after(at + 30, "message_out", role="human", message="Мы свободны в среду", **who)


def _today() -> Iterator[dict[str, Any]]:
    """Three wait, one of them only now; one has just booked."""
    for n, minutes in enumerate((34, 18, 4)):
        who = {"client_id": f"w_{n}", "session_id": f"w_{n}", "source": CHANNELS[n]}
        yield after(HERE - minutes, "message_in", message="Есть кто живой?", name=EVIL if n == 0 else "Елена", **who)
        if n == 0:
            yield after(HERE - minutes + 0.2, "escalation", reason="просит человека", **who)
    who = {"client_id": "b_1", "session_id": "b_1"}
    yield after(HERE - 20, "message_in", message="Запишите меня", **who)
    yield after(HERE - 19.9, "message_out", role="assistant", message="Записала", **who)
    yield after(HERE - 19.8, "appointment_created", appointment={"id": "B1", "start": "2026-11-03T16:00+03:00"}, **who)
