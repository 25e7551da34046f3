"""The OpenAPI 3.1 document of the intake, made from the kinds and fields themselves."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from letopis.base.calendars import CALENDARS
from letopis.intake import catalogue, values
from letopis.intake.fields import ATTRIBUTES, FIELDS, FILES, GROUPS, Field
from letopis.intake.reading import BATCH_EVENTS_MAX
from letopis.intake.values import TEXT_CHARS_MAX, WORD_CHARS_MAX, Reader
from letopis.journal.draft import Outcome
from letopis.journal.kinds import KINDS

API_VERSION = "1.0"

_STRING: dict[str, Any] = {"type": ["string", "integer", "null"], "maxLength": WORD_CHARS_MAX}
_NAMES: dict[str, Any] = {"type": ["array", "null"], "items": _STRING}
_LONG: dict[str, Any] = {"type": ["string", "null"], "maxLength": TEXT_CHARS_MAX}
_MONEY: dict[str, Any] = {"type": ["string", "number", "null"], "examples": ["2400.00"]}
_TIME: dict[str, Any] = {"type": ["string", "number", "null"], "examples": ["2026-11-22T15:00:00+03:00", 1795348800]}

_SCHEMAS: dict[Reader, dict[str, Any]] = {
    values.kind: {"type": "string", "pattern": "^[A-Za-z0-9_. -]{1,64}$", "examples": list(KINDS)},
    values.word: _STRING,
    values.phone: {**_STRING, "examples": ["+79000000003"]},
    values.remark: _LONG,
    values.said: _LONG,
    values.source: {**_STRING, "examples": ["telegram", "whatsapp", "vk", "avito", "phone"]},
    values.role: {**_STRING, "examples": ["client", "assistant", "human", "system", "mailing"]},
    values.level: {**_STRING, "examples": ["DEBUG", "INFO", "WARN", "ERROR"]},
    values.code: {"type": ["string", "null"], "maxLength": values.CODE_CHARS_MAX},
    values.content_type: {"type": ["string", "null"], "maxLength": values.CODE_CHARS_MAX},
    values.yes_or_no: {"type": ["boolean", "string", "integer", "null"]},
    values.count: {"type": ["integer", "number", "string", "null"]},
    values.kopecks: _MONEY,
    values.millikopecks: _MONEY,
    values.confidence: {"type": ["number", "string", "null"], "examples": [0.92, "92%"]},
    values.millionths: {"type": ["number", "string", "null"], "examples": [0.05, "5%"]},
    values.moment: _TIME,
    values.day: {"type": ["string", "null"], "examples": ["2026-11-22"]},
    values.weekly: {
        "type": ["object", "null"],
        "additionalProperties": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
        "examples": [{"mon": [["10:00", "20:00"]], "sun": [], "2026-12-31": [["10:00", "16:00"]]}],
    },
    values.calendar: {"type": ["string", "null"], "enum": [*CALENDARS, None]},
    catalogue.services: {
        "type": ["array", "null"],
        "maxItems": catalogue.ITEMS_MAX,
        "items": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "id": _STRING,
                "name": _STRING,
                "aliases": _NAMES,
                "category": _STRING,
                "minutes": {"type": ["integer", "string", "null"]},
                "price_from": _MONEY,
                "price_to": _MONEY,
                "ended": {"type": ["boolean", "null"]},
            },
        },
    },
    catalogue.masters: {
        "type": ["array", "null"],
        "maxItems": catalogue.ITEMS_MAX,
        "items": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "id": _STRING,
                "name": _STRING,
                "services": _NAMES,
                "branch": _STRING,
                "ended": {"type": ["boolean", "null"]},
            },
        },
    },
}


@cache
def document() -> bytes:
    """The document as JSON; the same bytes for the life of the program."""
    return msgspec.json.encode(_document())


def _document() -> dict[str, Any]:
    send = _send_operation()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Letopis intake",
            "version": API_VERSION,
            "description": "Events of assistants; an event is accepted when it is on disk.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/v1/events": {"post": {**send, "operationId": "send_events", "security": _security()}},
            "/in/{key}": {
                "post": {**send, "operationId": "send_events_by_address", "security": []},
                "parameters": [
                    {
                        "name": "key",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string"},
                        "description": "The key, for senders that can set no header.",
                    }
                ],
            },
        },
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic", "description": "The key is the password."},
                "letopis_key": {"type": "apiKey", "in": "header", "name": "X-Letopis-Key"},
                "api_key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
            },
            "schemas": {
                "Event": _event_schema(),
                "Results": _results_schema(),
                "Receipt": _receipt_schema(),
                "Rejection": _rejection_schema(),
                "Problem": _problem_schema(),
            },
        },
    }


def _security() -> list[dict[str, list[str]]]:
    return [{"bearer": []}, {"basic": []}, {"letopis_key": []}, {"api_key": []}]


def _send_operation() -> dict[str, Any]:
    event = {"$ref": "#/components/schemas/Event"}
    listed = {"type": "array", "maxItems": BATCH_EVENTS_MAX, "items": event}
    envelope = {"type": "object", "required": ["events"], "properties": {"events": listed}}
    return {
        "summary": "Send one event, a list of events, or lines of NDJSON",
        "description": "The body may be gzip. Results come in the order of the events.",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"anyOf": [event, listed, envelope]},
                    "examples": {
                        kind: {"summary": cls.meaning.en, "value": dict(cls.sample)} for kind, cls in KINDS.items()
                    },
                },
                "application/x-ndjson": {"schema": {"type": "string"}},
            },
        },
        "responses": {
            "202": _response("One result for each event, in their order; accepted ones are on disk", "Results", "json"),
            "400": _problem("The event or the whole body cannot be understood"),
            "401": _problem("No key, or none of ours"),
            "403": _problem("A key that only reads"),
            "413": _problem("Too many bytes or events"),
            "415": _problem("Neither JSON nor NDJSON, or another compression than gzip"),
            "429": _problem("Over the rate of the key, or quarantine is full", retry=True),
            "503": _problem("Cannot be written now", retry=True),
        },
    }


def _response(description: str, schema: str, form: str) -> dict[str, Any]:
    content = {f"application/{form}": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


def _problem(description: str, *, retry: bool = False) -> dict[str, Any]:
    told = _response(description, "Problem", "problem+json")
    if retry:
        told["headers"] = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}}
    return told


def _event_schema() -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for field in FIELDS:
        group, _, inner = field.name.rpartition(".")
        if group:
            told = properties.setdefault(
                group,
                {"type": ["object", "null"], "description": GROUPS[group].en, "properties": {}},
            )
            told["properties"][inner] = _field_schema(field)
        else:
            properties[field.name] = _field_schema(field)
    properties[ATTRIBUTES] = {"type": "object", "description": "Anything else; kept as it is"}
    properties[FILES] = {
        "type": "array",
        "description": "Names, types, sizes and SHA-256 of files",
        "items": {"type": "object"},
    }
    return {
        "type": "object",
        "required": ["event"],
        "properties": properties,
        "description": "Unknown fields and kinds are kept. Names may be camelCase.",
        "x-kinds": {kind: {"ru": cls.meaning.ru, "en": cls.meaning.en} for kind, cls in KINDS.items()},
    }


def _field_schema(field: Field) -> Mapping[str, Any]:
    told = {**_SCHEMAS[field.read], "description": field.meaning.en}
    if field.aliases:
        told["x-aliases"] = list(field.aliases)
    return told


def _results_schema() -> dict[str, Any]:
    one = {"anyOf": [{"$ref": "#/components/schemas/Receipt"}, {"$ref": "#/components/schemas/Rejection"}]}
    return {"type": "object", "required": ["results"], "properties": {"results": {"type": "array", "items": one}}}


def _receipt_schema() -> dict[str, Any]:
    outcomes = [outcome.value for outcome in Outcome if outcome is not Outcome.REFUSED]
    return {
        "type": "object",
        "required": ["outcome", "seq", "log", "leaf_hash", "received_at"],
        "properties": {
            "outcome": {"enum": outcomes},
            "seq": {"type": "integer", "description": "Number in the journal; of the first, for a duplicate"},
            "log": {"type": "string", "description": "Which journal"},
            "leaf_hash": {"type": ["string", "null"], "contentEncoding": "base64"},
            "received_at": {"type": "string", "format": "date-time"},
        },
    }


def _rejection_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["outcome", "error"],
        "properties": {"outcome": {"const": "rejected"}, "error": {"$ref": "#/components/schemas/Problem"}},
    }


def _problem_schema() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["type", "title"],
        "properties": {
            "type": {"type": "string", "description": "Stable name of the kind of problem"},
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "field": {"type": "string", "description": "The field that is wrong; empty: the whole"},
            "remedy": {"type": "string", "description": "What to do now"},
            "line": {"type": "integer"},
            "column": {"type": "integer"},
            "quarantine": {"type": ["string", "null"], "description": "Where it is kept until mended"},
            "not_kept": {"type": "string", "description": "Why it is not kept"},
            "errors": {"type": "array", "items": {"type": "object"}},
        },
    }
