"""Told dialogues on the steps of a scenario: version 13, then version 14."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from tests.metrics.journal import MONDAY, SCHEDULE, Event, after

NOW = MONDAY + timedelta(days=25)
DAY = 24 * 60
HELLO, OFFER, MASTER, CONFIRM = "Обращение", "Предложение времени", "Вопрос о мастере", "Подтверждение"
SCENARIO = "Запись"


def walk(name: str, at: float, way: Sequence[str], *then: Event, version: str = "14", **more: Any) -> Iterator[Event]:
    """A client who wants to book is led along these steps, a minute each; `then` ends the talk."""
    who = {"client_id": name, "session_id": f"s_{name}", "source": "telegram", **more}
    yield after(at, "message_in", message="Хочу на маникюр", intent="book_appointment", **who)
    for n, step in enumerate(way):
        told = {"scenario": SCENARIO, "version": version, "step": step}
        yield after(at + n, "step_entered", **told, **who)
        yield after(at + n + 0.3, "message_out", role="assistant", message="Когда вам удобно?", **told, **who)
    yield from ({**who, **event} for event in then)


def ends(name: str, at: float, way: Sequence[str], how: str, **more: Any) -> Iterator[Event]:
    """The same with an end: booked, silent (the client), asked (we stay silent) or declined."""
    late = at + len(way)
    match how:
        case "booked":
            slot = {"id": f"A-{name}", "start": after(late + DAY, "x")["timestamp"]}
            then = [after(late, "appointment_created", appointment=slot)]
        case "asked":
            then = [after(late, "message_in", message="А кто мастер?")]
        case "declined":
            then = [after(late, "refusal", reason="дорого")]
        case _:
            then = []
    for event in then:
        for name_of_field in ("client_id", "source"):
            event.pop(name_of_field, None)
    yield from walk(name, at, way, *then, **more)


def weeks() -> list[Event]:
    """Three weeks: thirteen dialogues with v13, then forty with v14."""
    told: list[Event] = [SCHEDULE]
    for n in range(13):
        told += ends(f"old_{n}", n * 60 + 1, [HELLO, OFFER, CONFIRM], "booked" if n % 2 else "silent", version="13")
    for n in range(40):
        at = 10 * DAY + n * 7
        if n < 20:
            told += ends(f"new_{n}", at, [HELLO, OFFER, CONFIRM], "booked")
        elif n < 30:
            told += ends(f"new_{n}", at, [HELLO, OFFER, MASTER], "asked")
        elif n < 36:
            told += ends(f"new_{n}", at, [HELLO, OFFER], "declined")
        else:
            told += ends(f"new_{n}", at, [HELLO, OFFER, MASTER, OFFER], "silent", branch="Гагарина")
    return told
