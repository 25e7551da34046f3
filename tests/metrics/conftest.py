"""The told month, read once by the real pipeline, with its people."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django.test import Client

from letopis.access.businesses import create_business
from letopis.access.people import create_person
from letopis.base import clock
from letopis.base import database as roles
from tests.metrics import told
from tests.metrics.journal import let_pass, read_all, write

PASSWORD = "лада-и-сирень-7"
HOST = "localhost"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Salon:
    """A business and a way to enter it."""

    business: UUID

    def browser(self, role: str = "owner") -> Client:
        person = create_person(
            f"{role}.{uuid4().hex[:12]}@lada.example", role, self.business, "лада-и-сирень-7", "Анна"
        )
        client = Client(SERVER_NAME=HOST)
        client.force_login(person, backend=BACKEND)
        return client

    def url(self, page: str = "") -> str:
        return f"/b/{self.business}/{page}"


@pytest.fixture(scope="module")
def told_salon(database: None) -> Salon:
    """Four weeks of a salon, all read."""
    business = create_business(name="Студия «Лада»", timezone="Europe/Moscow", vertical="salon").id
    write(business, told.month())
    with roles.connect() as conn:
        read_all(conn, business)
        let_pass(conn, business, told.NOW)
    return Salon(business)


@pytest.fixture
def salon(told_salon: Salon, monkeypatch: pytest.MonkeyPatch) -> Salon:
    """The told salon at its own now."""
    monkeypatch.setattr(clock, "now", lambda: told.NOW)
    return told_salon


@pytest.fixture
def empty_salon(business: UUID) -> Salon:
    """A salon without a single event."""
    return Salon(business)
