"""A short hand for the page of working hours: what a browser posts, and what came of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from letopis.access.wall import enter
from letopis.base import clock
from letopis.base.worktime import WEEKDAYS
from letopis.dialogues.hours import Place
from letopis.dialogues.schedules import Told, known_of
from letopis.journal.entries import Entry, read_after
from tests.dialogues.conftest import Browser

WEEK = {name: [["10:00", "20:00"]] for name in WEEKDAYS}


def form(valid_from: date | str, week: Mapping[str, tuple[str, ...]], **more: str) -> dict[str, str]:
    """What a browser posts: every field, empty or not."""
    given = {f"{name}_{place}": "" for name in WEEKDAYS for place in Place}
    for name, times in week.items():
        given |= {f"{name}_{place}": at for place, at in zip(Place, times, strict=False)}
    return {"valid_from": str(valid_from), **given, **more}


def entries_of(business: UUID) -> list[Entry]:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return [entry for entry in read_after(cur, business, -1, 100) if entry.type == "schedule_version"]


def known(business: UUID) -> list[Told]:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return list(known_of(cur, business).told)


def today() -> date:
    return clock.now().astimezone(ZoneInfo("Europe/Moscow")).date()


def page(browser: Browser, business: UUID, role: str = "owner", query: str = "", status: int = 200) -> str:
    answer = browser(role).get(f"/b/{business}/hours{query}", headers={"accept-language": "ru"})
    assert answer.status_code == status
    return " ".join(answer.content.decode().replace("\u2060", "").split())


def post(browser: Browser, business: UUID, given: Mapping[str, str], role: str = "owner") -> Any:
    return browser(role).post(f"/b/{business}/hours/set", given, headers={"accept-language": "ru"})
