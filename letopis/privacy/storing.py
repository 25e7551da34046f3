"""What may be stored of what a sender sent, whatever his business has chosen: everything but secrets and card numbers.

The one choke point: `letopis.intake.mapping` passes every event through here before its first write, and quarantine
every piece that could not be understood. What goes is named by a mark; the same event always gives the same result, so
that a repeat is still a repeat.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from letopis.privacy.detection.secrets import without_secrets

IDS = frozenset(
    {
        "client_id", "other_client_id", "session_id", "message_id", "of_message_id", "dedup_key", "crm_deal_id",
        "crm_contact_id", "appointment_id", "previous_id", "phone", "person", "of_person", "trace_id", "span_id",
        "unresolved", "noted", "event", "source", "role", "intent", "idempotency_key",
    }
)  # fmt: skip
"""Names of values that are ids or codes: a long number there is nobody's card."""

_OPENS = ("{", "[")


def storable(value: Any) -> Any:
    """The value without secrets in any text of it, however deep; the very same object where there are none."""
    if type(value) is str:
        return _text(value)
    if type(value) is dict:
        return storable_fields(value)
    if type(value) is list:
        kept = [storable(inner) for inner in value]
        return kept if any(one is not inner for one, inner in zip(kept, value, strict=True)) else value
    return value


def storable_fields(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same for named values; ids stay as they are."""
    changed = {name: kept for name, inner in fields.items() if (kept := _kept(name, inner)) is not inner}
    return {**fields, **changed} if changed else fields


def storable_raw(raw: bytes) -> bytes:
    """A body as received, with marks in place of secrets; read as JSON where it is JSON, since it may be escaped."""
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        text = raw.decode(errors="replace")
        kept = without_secrets(text)
        return raw if kept == text else kept.encode()
    kept = storable(value)
    return raw if kept is value else msgspec.json.encode(kept)


def _text(text: str) -> str:
    """A text; one that is JSON itself is looked into, since its letters may be escaped."""
    if text[:1] in _OPENS and text:
        try:
            value = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            return without_secrets(text)
        kept = storable(value)
        return text if kept is value else msgspec.json.encode(kept).decode()
    return without_secrets(text)


def _kept(name: str, value: Any) -> Any:
    return value if name in IDS or not isinstance(value, str | dict | list) else storable(value)
