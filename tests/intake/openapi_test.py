"""The OpenAPI document says what the doors do, and says it in OpenAPI 3.1."""

from collections.abc import Iterator
from typing import Any

import msgspec

from letopis.intake.fields import FIELDS
from letopis.intake.openapi import document
from letopis.journal.kinds import KINDS

DOCUMENT: dict[str, Any] = msgspec.json.decode(document())
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
TYPES = {"string", "number", "integer", "boolean", "null", "object", "array"}


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def schemas(value: Any) -> Iterator[dict[str, Any]]:
    """Every schema below a schema, itself first."""
    yield value
    for inner in value.get("properties", {}).values():
        yield from schemas(inner)
    for name in ("items", "additionalProperties"):
        if isinstance(value.get(name), dict):
            yield from schemas(value[name])
    for inner in value.get("anyOf", []):
        yield from schemas(inner)


def test_document_has_the_parts_of_openapi() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    for path, item in DOCUMENT["paths"].items():
        assert path.startswith("/")
        for method, operation in item.items():
            if method == "parameters":
                continue
            assert method in METHODS
            assert operation["operationId"]
            assert all(response["description"] for response in operation["responses"].values())
            assert operation["requestBody"]["content"]


def test_operations_have_names_of_their_own() -> None:
    names = [
        operation["operationId"] for item in DOCUMENT["paths"].values() for _, operation in item.items() if _ == "post"
    ]
    assert len(set(names)) == len(names) == 2


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DOCUMENT))
    assert found
    for reference in found:
        place: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_types_are_those_of_json_schema() -> None:
    for one in DOCUMENT["components"]["schemas"].values():
        for schema in schemas(one):
            told = schema.get("type", [])
            assert set([told] if isinstance(told, str) else told) <= TYPES


def test_every_field_and_kind_is_told() -> None:
    event = DOCUMENT["components"]["schemas"]["Event"]
    for field in FIELDS:
        place = event
        for step in field.name.split("."):
            place = place["properties"][step]
        assert place["description"] == field.meaning.en
    content = DOCUMENT["paths"]["/v1/events"]["post"]["requestBody"]["content"]["application/json"]
    assert content["examples"].keys() == event["x-kinds"].keys() == KINDS.keys()


def test_security_is_declared() -> None:
    declared = DOCUMENT["components"]["securitySchemes"]
    used = DOCUMENT["paths"]["/v1/events"]["post"]["security"]
    assert {name for one in used for name in one} == declared.keys()
