"""The people of a salon, and browsers for them."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client

from letopis.access.people import create_person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Browser = Callable[..., Client]


@pytest.fixture
def browser(business: UUID) -> Browser:
    """`browser("owner")`, of this salon unless another is named."""

    def signed_in(role: str, place: UUID = business) -> Client:
        email = f"{role}.{uuid4().hex[:12]}@lada.example"
        person = create_person(email, role, place, "лада-и-сирень-7", "Анна Ладова")
        client = Client(SERVER_NAME="localhost", headers={"accept-language": "ru"})
        client.force_login(person, backend=BACKEND)
        return client

    return signed_in
