"""The salon with its people, and a browser for each of them."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client

from letopis.access.people import create_person
from tests import cast

Browser = Callable[[str], Client]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def browser(business: UUID, stranger_business: UUID) -> Browser:
    """`browser("owner")`; the stranger owns another salon."""

    def signed_in(role: str) -> Client:
        place = stranger_business if role == "stranger" else business
        email = f"{role}.{uuid4().hex[:12]}@lada.example"
        person = create_person(email, "owner" if role == "stranger" else role, place, "лада-и-сирень-7", "Анна Лада")
        client = Client(SERVER_NAME="localhost")
        client.force_login(person, backend=BACKEND)
        return client

    return signed_in


@pytest.fixture
def salon(business: UUID) -> UUID:
    """The told world, read by the readers."""
    cast.play(business, cast.irina(), cast.marina(), cast.olya())
    return business
