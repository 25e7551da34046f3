"""A network told by its cells: businesses, people who are let into them, and what the readers would have left."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test import Client

from letopis.access.businesses import create_business
from letopis.access.models import Person
from letopis.access.people import create_person, give_role
from letopis.access.wall import enter
from letopis.base import clock
from letopis.base.rows import as_json
from letopis.base.sql import Queries
from letopis.metrics.marks.mark import MadeBy, Mark
from letopis.metrics.parts import JOINT
from letopis.metrics.records import Cell
from tests.metrics.conftest import BACKEND, HOST, PASSWORD

METRICS, MARKS, TESTS = (Queries(name) for name in ("letopis.metrics", "letopis.metrics.marks", "tests.metrics"))
NOW = datetime.fromisoformat("2026-11-20T14:00:00+03:00")
TODAY = NOW.date()
LIKE = JOINT.join(("telegram", "booking", "new", "2"))


@dataclass(frozen=True)
class Network:
    """A person with businesses; each is heard a minute ago unless told otherwise."""

    person: Person

    def found(self, name: str, *, vertical: str = "salon", heard: timedelta | None = timedelta(minutes=1)) -> UUID:
        business: UUID = create_business(name=name, timezone="Europe/Moscow", vertical=vertical).id
        give_role(self.person, business, "integrator")
        if heard is not None:
            source(business, "telegram", NOW - heard)
        return business

    def browser(self) -> Client:
        client = Client(SERVER_NAME=HOST)
        client.force_login(self.person, backend=BACKEND)
        return client

    def page(self, query: str = "") -> str:
        return str(self.browser().get(f"/network{query}").content.decode())


@pytest.fixture
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def new_network(database: None, at_now: None) -> Callable[[], Network]:
    def make() -> Network:
        return Network(create_person(f"{uuid4().hex[:12]}@lada.example", "operator", None, PASSWORD, "Игорь"))

    return make


@pytest.fixture
def network(new_network: Callable[[], Network]) -> Network:
    return new_network()


@pytest.fixture
def inside() -> Iterator[Any]:
    """A cursor of the pages' role, in a transaction that is undone."""
    with transaction.atomic(), connection.cursor() as cur:
        yield cur
        transaction.set_rollback(True)


def booked(business: UUID, k: int, n: int, day: date = TODAY - timedelta(days=10)) -> None:
    """So many mature leads of a day, and those of them that booked."""
    cell(business, "M2", day, n=n, k=k, total=n, hits=k)


def lost(business: UUID, k: int, n: int, untouched: tuple[int, int]) -> None:
    """Leads that met a failure, and others like them that met none."""
    day = TODAY - timedelta(days=10)
    cell(business, "M22:error", day, by="mix", member=LIKE, n=n, k=k)
    cell(business, "M22", day, by="mix", member=LIKE, n=untouched[1], k=untouched[0])


def cell(business: UUID, metric: str, day: date, *, by: str = "all", member: str = "", **counts: int) -> None:
    row = Cell(business_id=business, metric=metric, by=by, branch="", day=day, member=member, **counts)
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        METRICS.run(cur, "add_cells", rows=as_json([row]))


def source(business: UUID, name: str, at: datetime) -> None:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        TESTS.run(cur, "add_source", business=business, source=name, at=at)


def version(business: UUID, name: str, at: datetime, scenario: str = "Запись", seq: int = 1) -> None:
    """The first appearance of a version."""
    mark = Mark(
        business_id=business, seq=seq, at=at, day=at.date(), kind="scenario", scenario=scenario, version=name,
        made_by=MadeBy.ITSELF.value,
    )  # fmt: skip
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        MARKS.run(cur, "add_marks", rows=as_json([mark]))
