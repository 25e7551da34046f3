"""One received object becomes a journal draft, or a list of what is wrong with it.

What no field takes is kept beside the attributes under the sender's own name. A value that is a template's unfilled
placeholder counts as absent; its field is named in the slot `meta` under `unresolved`. What was read otherwise than
written is named there under `noted`.
"""

import hashlib
import re
from typing import Any

import msgspec

from letopis.intake import faults
from letopis.intake.faults import Fault, RefusedError
from letopis.intake.fields import ATTRIBUTES, BY_NAME, BY_NAME_IN_GROUP, FILES, Field, Named
from letopis.intake.values import (
    CODE_CHARS_MAX,
    NAME_CHARS_MAX,
    TEXT_CHARS_MAX,
    Context,
    Decimals,
    Noted,
    UnresolvedError,
    snake,
    source_name,
)
from letopis.journal import draft as journal
from letopis.journal.draft import Draft
from letopis.journal.kinds import CONTROLS, MessageDelivery, MessageOut
from letopis.journal.lj1 import INT_MAX
from letopis.privacy.storing import storable, storable_fields, storable_raw

DEPTH_MAX = 8
VALUES_MAX = 2000

SECRETS_DROPPED = "secrets"
# Attributes whose names have no place among the journal's keys, as pairs of name and value.
OTHER_NAMES = "_other"

_KEY = re.compile(rf"[a-z0-9_]{{1,{NAME_CHARS_MAX}}}")
_REASON_CODE = re.compile(rf"[a-z0-9_.:-]{{1,{CODE_CHARS_MAX}}}")

# All that is built below is LJ1 by construction, so the journal's checking encoder is not paid for here.
_lj1 = msgspec.json.Encoder(order="sorted").encode


def map_event(
    event: Any,
    context: Context,
    raw: bytes,
    *,
    flags: int = 0,
    idempotency_key: str | None = None,
) -> Draft | list[Fault]:
    """The draft of one event.

    `raw` is kept byte for byte unless the event holds a secret; `flags` are those that only the caller knows (repaired
    text, imported); `idempotency_key` came beside the event and stands in where the event brings none.
    """
    if type(event) is not dict:
        return [Fault("", faults.NOT_OBJECT)]
    found = _Found(context, ({}, {}, {}, {}))
    found.take(event, BY_NAME)
    if found.drop_secrets():
        raw = storable_raw(raw)
    head, meta, who, visit = found.places
    type_ = head.get("event")
    source = head.get("source") or source_name(context.source)
    if type_ is None or source is None or type_ in CONTROLS:
        _complain(found, type_, source)
    if found.faults:
        return found.faults
    assert type_ is not None
    assert source is not None

    if visit:
        meta["appointment"] = visit
    if found.unresolved:
        meta["unresolved"] = sorted(found.unresolved)
    if found.noted:
        meta["noted"] = sorted(found.noted)
    reason = who.get("reason")
    if reason is not None and _REASON_CODE.fullmatch(reason):
        meta["reason_code"] = reason
    if "of_person" in who:
        # When the name is erased, what was told of one person must not be taken for everybody's.
        meta["of_person"] = True
    if found.other:
        found.attributes[OTHER_NAMES] = found.other
    if found.attributes:
        who["attributes"] = found.attributes
    if head.get("test"):
        meta["test"] = True
        flags |= journal.TEST
    if idempotency_key and "dedup_key" not in who:
        who["dedup_key"] = idempotency_key

    # The client has read an outgoing placeholder; it stays in the transcript.
    text = found.template if type_ == MessageOut.kind and found.template else head.get("message")
    occurred_us = head.get("timestamp", journal.NO_OCCURRED_US)
    level = head.get("level", journal.INFO)
    meta_bytes = _lj1(meta)
    who_bytes = _lj1(who)
    # The keys in their sorted order, each part already LJ1.
    body = b'{"level":%d,"meta":%b,"occurred_us":%d,"text":%b,"type":%b,"who":%b}' % (
        level,
        meta_bytes,
        occurred_us,
        _lj1(text),
        _lj1(type_),
        who_bytes,
    )
    dedup_key = _dedup_key(type_, who, meta)
    if dedup_key is None and occurred_us != journal.NO_OCCURRED_US:
        dedup_key = _content_key(body)
        flags |= journal.CONTENT_DEDUPE

    slots = [(journal.META, meta_bytes)]
    if who:
        slots.append((journal.WHO, who_bytes))
    if text is not None:
        slots.append((journal.TEXT, text.encode()))
    slots.append((journal.RAW, raw))
    if found.files:
        slots.append((journal.ATTACH, _lj1({FILES: found.files})))
    return Draft(
        business=context.business,
        type=type_,
        source=source,
        slots=tuple(slots),
        body=body,
        occurred_us=occurred_us,
        level=level,
        flags=flags,
        dedup_key=dedup_key,
    )


def _complain(found: "_Found", type_: str | None, source: str | None) -> None:
    """Name what an event cannot do without, unless its own reader has already complained."""
    complained = {fault.field for fault in found.faults}
    if type_ is None and "event" not in complained:
        found.faults.append(Fault("event", faults.NO_EVENT))
    if type_ in CONTROLS:
        found.faults.append(Fault("event", faults.RESERVED))
    if source is None and "source" not in complained:
        found.faults.append(Fault("source", faults.NO_SOURCE))


_UNIT = "\x1f"


def _dedup_key(type_: str, who: dict[str, Any], meta: dict[str, Any]) -> str | None:
    """The sender's key, else the ids that make the event one of its kind; the source joins them in the journal."""
    given = who.get("dedup_key")
    if given is not None:
        return str(given)
    if type_ == MessageDelivery.kind and "of_message_id" in who:
        return derived_key(who["of_message_id"], meta.get("state", ""))
    if "message_id" in who:
        # Some channels count messages for each client anew, so the message's number alone would lose some.
        return derived_key(who.get("client_id", ""), type_, who["message_id"])
    return None


def _content_key(body: bytes) -> str:
    return derived_key(hashlib.sha256(body).hexdigest())


def derived_key(*parts: str) -> str:
    """An idempotency key that no sender gave, told from all that senders give by the sign it begins with."""
    return _UNIT.join(("", *parts))


class _Found(msgspec.Struct, gc=False):
    """What has been read from one event so far."""

    context: Context
    places: tuple[Any, ...]
    """One dictionary for each `Place`."""
    attributes: dict[str, Any] = {}
    other: list[list[Any]] = []
    files: list[Any] = []
    faults: list[Fault] = []
    unresolved: set[str] = set()
    noted: set[str] = set()
    template: str = ""
    """The unfilled placeholder that stood for the message."""
    strange: dict[str, Any] = {}
    """Fields of the group at hand that no group knows."""
    values: int = 0

    def take(self, given: dict[str, Any], known: dict[str, Named]) -> None:
        places, context = self.places, self.context
        for key, value in given.items():
            named = known.get(key) or known.get(snake(key))
            if named is None:
                self._take_unknown(key, value, known)
                continue
            target, own = named
            if value is None or not (own or self._is_first(target, key, value, given)):
                continue
            try:
                kept = target.read(value, context)
            except RefusedError as refused:
                self.faults.append(Fault(target.name, refused.why))
                continue
            except UnresolvedError:
                self._leave_unresolved(target, value)
                continue
            if type(kept) is Noted:
                self.noted.add(f"{target.name}:{kept.note}")
                kept = kept.value
            if kept is not None:
                places[target.place][target.key] = kept

    def drop_secrets(self) -> bool:
        """Put marks in place of secrets and card numbers, before anything is made of what was read; whether any was."""
        places = tuple(storable_fields(place) for place in self.places)
        attributes, other, files = storable_fields(self.attributes), storable(self.other), storable(self.files)
        now = (*places, attributes, other, files)
        before = (*self.places, self.attributes, self.other, self.files)
        if all(one is former for one, former in zip(now, before, strict=True)):
            return False
        self.places, self.attributes, self.other, self.files = places, dict(attributes), other, files
        self.noted.add(SECRETS_DROPPED)
        return True

    def _leave_unresolved(self, target: Field, value: Any) -> None:
        self.unresolved.add(target.name)
        if target.name == "message":
            self.template = value

    def _is_first(self, target: Field, key: str, value: Any, given: dict[str, Any]) -> bool:
        """A field told twice: its own name wins, else the first; what differs is kept as an attribute."""
        told = given.get(target.name)
        if told is None or told == "":
            told = self.places[target.place].get(target.key)
        if told is None:
            return True
        if told != value:
            self._keep(key, value)
        return False

    def _take_unknown(self, key: str, value: Any, known: dict[str, Named]) -> None:
        name = snake(key)
        if known is not BY_NAME:
            self.strange[key] = value
        elif name in BY_NAME_IN_GROUP:
            self._take_group(name, value)
        elif name == ATTRIBUTES and type(value) is dict:
            for inner_key, inner in value.items():
                self._keep(inner_key, inner, DEPTH_MAX - 2)
        elif name == FILES and type(value) is list:
            self.files = self._plain_or_fault(FILES, value, DEPTH_MAX - 1)
        else:
            self._keep(key, value)

    def _take_group(self, name: str, value: Any) -> None:
        if type(value) is dict:
            self.strange = {}
            self.take(value, BY_NAME_IN_GROUP[name])
            if self.strange:
                self._keep(name, self.strange)
        elif value not in (None, ""):
            self.faults.append(Fault(name, faults.NOT_GROUP))

    def _keep(self, key: str, value: Any, depth: int = DEPTH_MAX - 1) -> None:
        _name(key, self._plain_or_fault(ATTRIBUTES, value, depth), self.attributes, self.other)

    def _plain_or_fault(self, name: str, value: Any, depth: int) -> Any:
        try:
            return self._plain(value, depth)
        except RefusedError as refused:
            fault = Fault(name, refused.why)
            if fault not in self.faults:
                self.faults.append(fault)
            return None

    def _plain(self, value: Any, depth: int) -> Any:
        """The value as LJ1 can hold it: fractions and huge numbers as strings, foreign names as pairs."""
        self.values += 1
        if self.values > VALUES_MAX:
            raise RefusedError(faults.too_many_values(VALUES_MAX))
        kind = type(value)
        if kind is str:
            if len(value) > TEXT_CHARS_MAX:
                raise RefusedError(faults.too_long(TEXT_CHARS_MAX))
            return value
        if kind is int:
            return value if -INT_MAX <= value <= INT_MAX else str(value)
        if kind is Decimals:
            return str(value)
        if kind is list or kind is dict:
            if not depth:
                raise RefusedError(faults.too_deep(DEPTH_MAX))
            return [self._plain(inner, depth - 1) for inner in value] if kind is list else self._object(value, depth)
        return value

    def _object(self, value: dict[str, Any], depth: int) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        other: list[list[Any]] = []
        for key, inner in value.items():
            _name(key, self._plain(inner, depth - 1), kept, other)
        if other:
            kept[OTHER_NAMES] = other
        return kept


def _name(key: str, plain: Any, kept: dict[str, Any], other: list[list[Any]]) -> None:
    """Put a value under its folded name; a name without one, or one told twice, goes to the pairs."""
    name = snake(key)
    if _KEY.fullmatch(name) and name not in kept and name != OTHER_NAMES:
        kept[name] = plain
    else:
        other.append([key, plain])
