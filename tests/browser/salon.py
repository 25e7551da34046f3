"""The demo salon for browsers: founded once, filled by the real loader, served by the real program on loopback.

Two more businesses stand in the same house: one whose clients write what no client should, and one without an event.
Tests and `scripts/shots` use it alike. A folder in BROWSER_DATA is kept, so that the next start takes seconds.
"""

import json
import os
import re
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.house import House, Serving
from letopis.base.clock import OFFSET_VARIABLE, to_us
from letopis.base.sql import Queries

QUERIES = Queries("tests.browser")

MOMENT = datetime.fromisoformat("2026-11-22T10:42:00+03:00")
FILL_S_MAX = 240.0
CATCH_UP_S_MAX = 60.0
PASSWORD = "лада-и-сирень-7"
MARINA_SESSION = "sess_8f3c21"
NONSENSE = (
    '{"event": "message_in", "timestamp": "после обеда", "client_id": "tg_1", "message": "Здравствуйте"}'.encode()
)


class ShiftedHouse(House):
    """A house in which it was 10:42 on that Sunday when it was raised."""

    def __init__(self, kept: Path | None = None) -> None:
        self.offset_us = to_us(MOMENT) - time.time_ns() // 1000
        super().__init__(kept)

    def environment(self) -> dict[str, str]:
        return {**super().environment(), OFFSET_VARIABLE: str(self.offset_us)}


@dataclass(frozen=True, slots=True)
class Login:
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Place:
    """A business, its owner, and a key that may send to it."""

    business: str
    owner: Login
    key: str = ""

    def url(self, path: str) -> str:
        return f"/b/{self.business}/{path}"


@dataclass(slots=True)
class Salon:
    """The running program and who may sign in to it."""

    house: ShiftedHouse
    serving: Serving
    lada: Place
    people: Mapping[str, Login]
    strangers: Place
    empty: Place

    @property
    def address(self) -> str:
        return self.serving.address

    @property
    def marina(self) -> str:
        """The page of the one dialogue that everybody knows."""
        return self.dialogue(self.lada, MARINA_SESSION)

    @property
    def piece(self) -> str:
        """The page of what was not understood."""
        with self.house.connect() as conn, conn.cursor() as cur:
            row = QUERIES.row(cur, "open_piece", business=self.strangers.business)
        return self.strangers.url(f"quarantine/{row['id']}") if row else ""

    @property
    def looker(self) -> str:
        """The page of the manager's looks."""
        with self.house.connect() as conn, conn.cursor() as cur:
            row = QUERIES.row(cur, "person_of", email=self.people["manager"].email)
        assert row is not None, "the demo has a manager"
        return self.lada.url(f"access-log/person/{row['id']}")

    def dialogue(self, place: Place, session: str) -> str:
        """The page of the dialogue of one session."""
        with self.house.connect() as conn, conn.cursor() as cur:
            row = QUERIES.row(cur, "dialogue_of", business=place.business, session=session)
        assert row is not None, f"no dialogue of {session}"
        return place.url(f"dialogues/{row['dialogue_id']}")

    def now(self) -> datetime:
        """The time that the program shows."""
        return datetime.fromtimestamp(time.time() + self.house.offset_us / 1_000_000, UTC)

    def post(self, place: Place, events: Sequence[Mapping[str, Any]] | bytes) -> int:
        """Send events as an assistant would; the status of the answer."""
        body = events if isinstance(events, bytes) else json.dumps(list(events), ensure_ascii=False).encode()
        headers = {"Authorization": f"Bearer {place.key}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}/v1/events", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code

    def catch_up(self) -> None:
        self.house.catch_up(CATCH_UP_S_MAX)


@contextmanager
def opened() -> Iterator[Salon]:
    """The salon, ready for browsers, until the end of the block."""
    kept = os.environ.get("BROWSER_DATA", "")
    with ShiftedHouse(Path(kept) if kept else None) as house, house.serving("serve") as serving:
        told = house.command("demo-fill", "--port", str(serving.port), seconds_max=FILL_S_MAX)
        logins = [Login(email, password) for email, password in re.findall(r"(\S+@lada\.example)\s+пароль (\S+)", told)]
        people = {login.email.partition("@")[0]: login for login in logins}
        business = re.search(r"/b/([0-9a-f-]{36})/", told)
        assert business is not None
        lada = Place(business[1], people["owner"])
        salon = Salon(house, serving, lada, people, found(house, "Салон чужих слов"), found(house, "Новый салон"))
        salon.post(salon.strangers, NONSENSE)
        yield salon


def found(house: House, name: str) -> Place:
    """A business of its own, whose owner has no other."""
    business = house.business(name)
    owner = Login(f"{uuid4().hex[:12]}@other.example", PASSWORD)
    house.command(
        "person", "create", "--email", owner.email, "--role", "owner", "--business", str(business), "--name", "Вера Н.",
        told=f"{owner.password}\n",
    )  # fmt: skip
    return Place(str(business), owner, house.key(business))
