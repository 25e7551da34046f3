"""A received body for a reader who sees no people: its shape whole, its values behind numbered places.

    shown = hide(raw)                {"event": "message_in", "timestamp": "после обеда", "message": "«••1»"}
    restore(edited, raw)             the edited body with the hidden values back in their places

Who mends a sender's mistake needs field names, times and codes, not what a client wrote. A hidden value goes back only
under the name it stood under, or under one where a person is looked for: otherwise a value could be moved into a field
that everybody sees.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from letopis.base.errors import SenderError
from letopis.privacy.veil import SYSTEM, veil

DIGITS_SHOWN_MAX = 4
"""A number with more digits may be a telephone; times and confidences are told apart by their names."""
VALUE_CHARS_SHOWN_MAX = 120

# Fields that hold codes, times and numbers, by the names of the contract; a value is shown if it looks like one, too.
OPEN = frozenset({
    "event", "timestamp", "source", "channel", "level", "direction", "role", "automatic", "content_type", "state",
    "intent", "intent_confidence", "confidence", "scenario", "step", "version", "model", "tool", "result", "attempt",
    "latency_ms", "provider", "trace_id", "session_id", "message_id", "dedup_key", "deal_id", "crm_ref", "reason_code",
    "valid_from", "start", "end", "amount", "price", "cost", "tokens",
})  # fmt: skip
# Where a person's own words and ids belong: a hidden value may be put there by whoever mends a wrong name of a field.
PERSONAL = frozenset({
    "message", "name", "phone", "email", "client_id", "user_id", "person", "reason", "comment", "text",
})  # fmt: skip

_PLACE = re.compile(r"«••(\d{1,6})»")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")
_LONG_NUMBER = re.compile(r"\d(?:[\s()\-–]{0,3}\d){8,}")


class MovedError(SenderError):
    """A hidden value stands in another field than before."""


def hide(body: str) -> str:
    """The body with hidden values as numbered places; what is no JSON comes as veiled text, and is not restored."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return veil(body)
    hidden: list[tuple[str, Any]] = []
    return json.dumps(_hidden(parsed, "", hidden), ensure_ascii=False, indent=2)


def restore(edited: str, body: str) -> str:
    """The edited text with the values of `body` back; as it is where it names no place.

    Raises:
        MovedError: a place stands under another name, or there is no such place.
    """
    if not _PLACE.search(edited):
        return edited
    hidden: list[tuple[str, Any]] = []
    try:
        _hidden(json.loads(body), "", hidden)
        changed = json.loads(edited)
    except (ValueError, RecursionError):
        # The mender is told where his text is no JSON, and nothing of it is stored.
        return edited
    return json.dumps(_restored(changed, "", hidden), ensure_ascii=False)


def _hidden(value: Any, name: str, hidden: list[tuple[str, Any]]) -> Any:
    match value:
        case dict():
            return {_key(key, hidden): _hidden(one, key, hidden) for key, one in value.items()}
        case list():
            return [_hidden(one, name, hidden) for one in value]
        case None | bool():
            return value
    return value if _is_open(value, name) else _place(name, value, hidden)


def _key(key: str, hidden: list[tuple[str, Any]]) -> str:
    """A name of a field that is no name of a field may be anything."""
    return key if _NAME.fullmatch(key) and not _LONG_NUMBER.search(key) else _place("", key, hidden)


def _place(name: str, value: Any, hidden: list[tuple[str, Any]]) -> str:
    hidden.append((name, value))
    return f"«••{len(hidden)}»"


def _is_open(value: Any, name: str) -> bool:
    text = str(value)
    if not text:
        return True
    if isinstance(value, int | float) and sum(sign.isdigit() for sign in text) <= DIGITS_SHOWN_MAX:
        return True
    if name.lower() not in OPEN or len(text) > VALUE_CHARS_SHOWN_MAX or _LONG_NUMBER.search(_TIME.sub("", text)):
        return False
    return veil(text, role=SYSTEM) == text or bool(_TIME.fullmatch(text))


def _restored(value: Any, name: str, hidden: list[tuple[str, Any]]) -> Any:
    match value:
        case dict():
            return dict(_restored_fields(value, hidden))
        case list():
            return [_restored(one, name, hidden) for one in value]
        case str() if _PLACE.search(value):
            return _taken(value, name, hidden)
    return value


def _restored_fields(fields: dict[str, Any], hidden: list[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for key, value in fields.items():
        name = str(_taken(key, "", hidden)) if _PLACE.search(key) else key
        yield name, _restored(value, name, hidden)


def _taken(text: str, name: str, hidden: list[tuple[str, Any]]) -> Any:
    """The value behind a place that stands alone in a field of its own."""
    found = _PLACE.fullmatch(text.strip())
    number = int(found[1]) if found else 0
    if not 1 <= number <= len(hidden):
        raise MovedError(field=name, hint="leave each place «••n» alone in its field")
    stood_in, value = hidden[number - 1]
    if name != stood_in and name not in PERSONAL:
        raise MovedError(field=name, hint=f"place {number} belongs to {stood_in or 'the name of a field'}")
    return value
