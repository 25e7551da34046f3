"""`letopis demo`: the demo salon over the whole program; `demo-fill` founds it and tops it up through the intake.

The fill may run at every start: what was sent before comes back as a duplicate, what has happened since is new.
"""

import base64
import os
import sys
import time
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import typer
from django.conf import settings
from rich.console import Console
from rich.progress import Progress

from letopis.access.businesses import create_business
from letopis.access.keys import create_key
from letopis.access.models import Branch, Person, Role, Scope
from letopis.access.people import create_person
from letopis.app import serve
from letopis.app.secrets import derived
from letopis.app.status import business_states
from letopis.base import clock
from letopis.base.errors import OuterError
from letopis.base.progress import counting, teller
from letopis.demo.load import NEW_TAIL_AFTER, load
from letopis.demo.looks import note_looks
from letopis.demo.salon import BRANCHES, DAYS, NAME, SOURCES, ZONE
from letopis.journal.seal import seal

PEOPLE = (
    (Role.OWNER, "owner@lada.example", "Анна Ладова"),
    (Role.MANAGER, "manager@lada.example", "Ольга С."),
    (Role.INTEGRATOR, "integrator@lada.example", "Игорь Т."),
)
CATCH_UP_SECONDS_MAX = 180


@dataclass(frozen=True, slots=True)
class Founded:
    """The salon of this data folder: its id, one sending key a source, its first day, and when it was last filled.

    Kept beside the master secret, since keys can be shown by nobody else.
    """

    business: UUID
    keys: dict[str, str]
    opened: date
    filled_at: datetime | None = None

    def keep(self, path: Path) -> None:
        growing = path.with_suffix(".growing")
        with open(os.open(growing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.encode(self))
        growing.rename(path)


def register(app: typer.Typer) -> None:
    app.command("demo", help="The demo salon: everything in one command, with ninety days of dialogues.")(demo)
    app.command("demo-fill", hidden=True)(fill)


def demo() -> int:
    return serve.main(after="demo-fill")


def fill() -> None:
    """Found the salon when it is missing, send what it lacks, and say where to look."""
    path: Path = settings.LETOPIS_DATA / "secrets" / "demo.json"
    founded = msgspec.json.decode(path.read_bytes(), type=Founded) if path.exists() else _found(path)
    now = clock.now()
    with counting() as bar:
        task = bar.add_task("Демо-салон: 90 дней через приём событий", total=None)
        load(
            _own_address(),
            founded.keys,
            now,
            teller(bar, task),
            opened=founded.opened,
            since=founded.filled_at,
        )
        # The time of the last tail: until there is a new one, those who wait are still the same.
        if founded.filled_at is None or now - founded.filled_at >= NEW_TAIL_AFTER:
            replace(founded, filled_at=now).keep(path)
        _wait_for_readers(founded.business, bar)
    if founded.filled_at is None:
        note_looks(founded.business, _people(), now)
    seal(founded.business)
    _tell(Console(), founded.business)


def _found(path: Path) -> Founded:
    business = create_business(name=NAME, timezone="Europe/Moscow", vertical="salon")
    for branch in BRANCHES:
        Branch.objects.create(business=business, code=branch, name=branch)
    for role, email, name in PEOPLE:
        create_person(email=email, role=role, business=business.pk, password=password(), name=name)
    keys = {source: create_key(business.pk, source, Scope.SEND)[1] for source in SOURCES}
    opened = clock.now().astimezone(ZONE).date() - timedelta(days=DAYS - 1)
    founded = Founded(business.pk, keys, opened)
    founded.keep(path)
    return founded


def _people() -> dict[Role, int]:
    """The three of the demo by their roles."""
    known = dict(Person.objects.filter(email__in=[email for _, email, _ in PEOPLE]).values_list("email", "pk"))
    return {role: known[email] for role, email, _ in PEOPLE}


def password() -> str:
    """One password for the three demo people: the same at every start, another in every installation."""
    letters = base64.b32encode(derived(settings.LETOPIS_SECRET, "letopis/demo-password/v1")).decode().lower()
    return f"lada-{letters[:4]}-{letters[4:8]}"


def _own_address() -> str:
    host = os.environ.get("LETOPIS_HOST", "127.0.0.1")
    reachable = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104  (compared, not bound)
    return f"http://{reachable}:{os.environ.get('LETOPIS_PORT', '8800')}"


def _wait_for_readers(business: UUID, bar: Progress) -> None:
    task = bar.add_task("Считаем диалоги, визиты и показатели", total=None)
    deadline = time.monotonic() + CATCH_UP_SECONDS_MAX
    while True:
        state = next(state for state in business_states() if state.business == business)
        seen = state.readers[0].position + 1
        bar.update(task, completed=seen, total=state.size)
        if seen >= state.size and state.queue.due == 0:
            return
        if time.monotonic() > deadline:
            raise OuterError("the readers did not catch up in time", hint="the pages fill up while they go on")
        time.sleep(0.2)


def _tell(console: Console, business: UUID) -> None:
    address = settings.LETOPIS_PUBLIC_URL
    told = f"\n[bold]Летопись открыта: {address}[/]   ({NAME}, /b/{business}/)\n"
    # An address that is broken into two lines can be neither clicked nor copied.
    console.print(told, highlight=False, soft_wrap=True)
    titles: dict[Any, str] = {Role.OWNER: "владелец", Role.MANAGER: "менеджер", Role.INTEGRATOR: "интегратор"}
    for role, email, _ in PEOPLE:
        console.print(f"  {titles[role]:<11} {email:<26} пароль {password()}", highlight=False)
    console.print("\nОстановить: Ctrl+C. Второй запуск занимает секунды и сохраняет данные.\n", highlight=False)
    sys.stdout.flush()
