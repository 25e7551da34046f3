"""Both OpenAPI documents, taken at their word: made-up requests get answers that the documents know, never a 5xx."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi import checks as openapi

from letopis.access.keys import create_key
from letopis.access.models import Scope
from letopis.access.rules import routes
from tests import cast as world
from tests.security.conftest import Program

EXAMPLES, EXAMPLES_SLOW = 25, 400
CHECKS = [
    schemathesis.checks.not_a_server_error,
    openapi.response_schema_conformance,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
]


def operations(schema: Any) -> list[Any]:
    return [found.ok() for found in schema.get_all_operations()]


def explored(operation: Any, headers: dict[str, str], examples: int) -> None:
    """Ask so many requests of one operation, right ones and wrong ones."""

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()


@pytest.fixture
def told(business: UUID) -> UUID:
    world.play(business, world.marina(), world.irina(), world.olya())
    return business


def documents(program: Program, business: UUID) -> list[tuple[Any, dict[str, str]]]:
    """The document of each API with a key that may do all that it describes."""
    send, read = (create_key(business, "проба", scope)[1] for scope in (Scope.SEND, Scope.READ))
    found = []
    for path, key in (("/v1/openapi.json", send), ("/api/v1/openapi.json", read)):
        headers = {"Authorization": f"Bearer {key}"}
        document = httpx.get(program.url + path, headers=headers).json()
        schema = schemathesis.openapi.from_dict(document)
        schema.config.update(base_url=program.url)
        found.append((schema, headers))
    return found


def explore_all(program: Program, business: UUID, examples: int) -> int:
    asked = 0
    for schema, headers in documents(program, business):
        for operation in operations(schema):
            explored(operation, headers, examples)
            asked += 1
    return asked


def test_documents_keep_their_word(program: Program, told: UUID) -> None:
    assert explore_all(program, told, EXAMPLES) >= 10


@pytest.mark.slow
def test_documents_keep_their_word_for_long(program: Program, told: UUID) -> None:
    explore_all(program, told, EXAMPLES_SLOW)


def test_every_address_of_the_api_is_in_its_document(program: Program, told: UUID) -> None:
    (_, _), (schema, _) = documents(program, told)
    described = {re.sub(r"\{\w+\}", "", found.path) for found in operations(schema)}
    ours = {"/" + re.sub(r"<[^>]+>", "", route.path) for route in routes() if route.path.startswith("api/v1/")}
    assert ours - described == {"/api/v1/", "/api/v1/openapi.json"}
