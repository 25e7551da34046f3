"""One event: from a call's arguments to the bytes that travel, and what was wrong with the arguments.

An event is never lost because one field is wrong: the field is left out and named. Values are never named.
"""

from __future__ import annotations

import enum
import json
import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Optional, TypedDict, Union

Text = Optional[str]
Id = Union[str, int, uuid.UUID, None]  # messengers give numbers; they travel as texts
Moment = Union[datetime, str, None]
Day = Union[date, str, None]
Count = Optional[int]
Number = Union[int, float, Decimal, None]
Flag = Optional[bool]
Mapped = Optional[Mapping[str, Any]]
Items = Optional[Sequence[Mapping[str, Any]]]


class Fields(TypedDict, total=False):
    """The fields Letopis understands; it keeps any other among the attributes. None means absent."""

    timestamp: Moment
    """When it happened; the moment of the call unless given. Without a zone it is local time."""
    source: Text
    client_id: Id
    session_id: Id
    message_id: Id
    dedup_key: Text
    """What makes a repeat a repeat; made for you unless you have a better one."""
    role: Text
    level: Text
    message: Text
    message_url: Text
    content_type: Text
    automatic: Flag
    reply_to: Id
    of_message_id: Id
    name: Text
    phone: Text
    intent: Text
    intent_confidence: Number
    scenario: Text
    version: Text
    step: Text
    model: Text
    tool: Text
    result: Text
    reason: Text
    state: Text
    by: Text
    person: Text
    campaign: Text
    branch: Text
    latency_ms: Number
    tokens_in: Count
    tokens_out: Count
    cost: Number
    amount: Number
    attempt: Count
    until: Moment
    trace_id: Text
    span_id: Text
    other_client_id: Id
    test: Flag
    what: Text
    effect: Text
    metric: Text
    valid_from: Day
    weekly: Mapped
    services: Items
    masters: Items
    crm: Mapped
    appointment: Mapped
    attributes: Mapped


_MOMENTS = frozenset({"timestamp", "until", "valid_from"})
_NUMBERS = frozenset({"intent_confidence", "latency_ms", "tokens_in", "tokens_out", "cost", "amount", "attempt"})
_FLAGS = frozenset({"automatic", "test"})
_MAPPINGS = frozenset({"crm", "appointment", "weekly", "attributes"})
_LISTS = frozenset({"services", "masters"})

_TEXTS = frozenset(Fields.__annotations__) - _MOMENTS - _NUMBERS - _FLAGS - _MAPPINGS - _LISTS

_LEVELS = {
    "DEBUG": "DEBUG",
    "INFO": "INFO",
    "WARN": "WARN",
    "WARNING": "WARN",
    "ERROR": "ERROR",
    "CRITICAL": "ERROR",
    "FATAL": "ERROR",
}
# Whoever repeats these with the same message_id means the same message; other kinds may share one message_id.
_MESSAGE_KINDS = frozenset({"message_in", "message_out"})


@dataclass(frozen=True)
class Built:
    """An event ready to travel, or `body` None when there is nothing to send."""

    body: bytes | None
    wrong: tuple[str, ...] = ()
    """Fields that were left out."""
    missing: tuple[str, ...] = ()
    """Fields without which the server will hardly know what to do with it."""


def build(kind: object, fields: Mapping[str, object], *, source: str | None, now: datetime, bytes_max: int) -> Built:
    """Snapshot the arguments as they are now: what the caller changes later does not change the event."""
    if not isinstance(kind, str) or not kind.strip():
        return Built(None, ("event",))
    wrong: list[str] = []
    event: dict[str, object] = {"event": kind.strip(), "timestamp": _moment(now)}
    if source is not None:
        event["source"] = source
    for name, value in fields.items():
        if value is None:
            continue
        try:
            event[name] = _checked(name, value)
        except (TypeError, ValueError, OverflowError, OSError):
            wrong.append(name)
    _add_key(event)
    body = _encode(event, wrong)
    if len(body) > bytes_max:
        return Built(None, (*wrong, "size"))
    missing = ("client_id",) if event["event"] in _MESSAGE_KINDS and not event.get("client_id") else ()
    return Built(body, tuple(wrong), missing)


def kind_of(body: bytes) -> str:
    """The kind of an event built here, for messages to people."""
    kind = json.loads(body).get("event")
    return kind if isinstance(kind, str) else ""


def _checked(name: str, value: object) -> object:
    if name == "level":
        return _LEVELS.get(str(value).strip().upper()) or _refuse()
    if name in _TEXTS:
        return _text(value)
    if name in _MOMENTS:
        return _plain(value) if isinstance(value, date) else _text(value)
    if name in _NUMBERS:
        return _number(value)
    if name in _FLAGS:
        return value if isinstance(value, bool) else _refuse()
    if name in _MAPPINGS:
        return dict(value) if isinstance(value, Mapping) else _refuse()
    if name in _LISTS:
        return list(value) if isinstance(value, (list, tuple)) else _refuse()
    return value


def _refuse() -> object:
    raise TypeError


def _text(value: object) -> str:
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, str):
        return value
    if (isinstance(value, int) and not isinstance(value, bool)) or isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise TypeError
    number = float(value) if isinstance(value, Decimal) else value
    if not math.isfinite(number):
        raise ValueError
    return number


def _moment(value: datetime) -> str:
    return (value if value.tzinfo is not None else value.astimezone()).isoformat()


def _add_key(event: dict[str, object]) -> None:
    """A key once and for all, so that a repeat is a duplicate.

    A message that carries its messenger's id has one already: (source, client, kind, message_id) is the same even when
    the messenger hands the same message to the assistant twice.
    """
    if "dedup_key" in event:
        return
    if event["event"] in _MESSAGE_KINDS and event.get("message_id") and event.get("client_id"):
        return
    event["dedup_key"] = str(uuid.uuid4())


def _encode(event: dict[str, object], wrong: list[str]) -> bytes:
    try:
        return _json(event)
    except (TypeError, ValueError, RecursionError):
        pass
    # Rare: something inside a mapping is no JSON. Find which field, and send the rest.
    sound: dict[str, object] = {}
    for name, value in event.items():
        try:
            _json(value)
        except (TypeError, ValueError, RecursionError):
            wrong.append(name)
        else:
            sound[name] = value
    return _json(sound)


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Halves of emoji, as some messengers cut them: whole pairs are joined, lonely halves replaced.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (set, frozenset)):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError
