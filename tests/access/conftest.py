"""The people around one salon, each with a browser of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django.test import Client

from letopis.access.models import Person
from letopis.access.people import create_person
from letopis.access.rules import Visitor

PASSWORD = "лада-и-сирень-7"
HOST = "localhost"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Cast:
    """Owner, manager and integrator of the salon; an operator; the owner of another salon."""

    business: UUID
    people: dict[Visitor, Person]

    def browser(self, visitor: Visitor) -> Client:
        """A browser in which this visitor is signed in."""
        client = Client(SERVER_NAME=HOST)
        if visitor is not Visitor.ANONYMOUS:
            client.force_login(self.people[visitor], backend=BACKEND)
        return client


@pytest.fixture
def new_person(database: None) -> Callable[..., Person]:
    def make(role: str, business: UUID | None, name: str = "") -> Person:
        return create_person(f"{role}.{uuid4().hex[:12]}@lada.example", role, business, PASSWORD, name)

    return make


@pytest.fixture
def cast(business: UUID, stranger_business: UUID, new_person: Callable[..., Person]) -> Cast:
    return Cast(
        business,
        {
            Visitor.OWNER: new_person("owner", business, "Анна Лада"),
            Visitor.MANAGER: new_person("manager", business, "Марина"),
            Visitor.INTEGRATOR: new_person("integrator", business, "Игорь"),
            Visitor.OPERATOR: new_person("operator", None),
            Visitor.STRANGER: new_person("owner", stranger_business, "Чужой"),
        },
    )
