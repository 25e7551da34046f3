"""Received bytes become single events: one object, an array, `{"events": [...]}`, or lines of NDJSON; plain or gzip.

Every event keeps its own exact bytes. Text that is no good UTF-8, half characters and control characters inside strings
are repaired and flagged, since a template that pastes a client's words breaks them daily.
"""

import json
import re
import zlib
from collections.abc import Iterator
from typing import Any

import msgspec

from letopis.intake import faults
from letopis.intake.faults import Fault
from letopis.intake.mapping import DEPTH_MAX
from letopis.intake.values import Decimals
from letopis.journal.draft import REPAIRED_TEXT

BODY_BYTES_MAX = 10 * 1024 * 1024
EVENT_BYTES_MAX = 1024 * 1024
BATCH_EVENTS_MAX = 1000
INTEGER_CHARS_MAX = 100

REPLACEMENT = "\ufffd"
_UTF8_MARK = b"\xef\xbb\xbf"
_UNSTORABLE = re.compile("[\ud800-\udfff\x00]")
_decode = msgspec.json.Decoder(float_hook=Decimals).decode
_decode_array = msgspec.json.Decoder(list[msgspec.Raw]).decode


class _Envelope(msgspec.Struct):
    events: list[msgspec.Raw]


_decode_envelope = msgspec.json.Decoder(_Envelope).decode


class NotJsonError(Exception):
    """The bytes are no JSON; line and column count from 1 and point at the first place that does not fit."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}")
        self.line = line
        self.column = column


class TooLargeError(Exception):
    """More bytes or events than one request may bring."""


class NotGzipError(Exception):
    """The body says gzip and is not."""


class Piece(msgspec.Struct, frozen=True, gc=False):
    """One event as received: its exact bytes, and the object they hold or what is wrong with them."""

    raw: bytes
    value: Any = None
    flags: int = 0
    fault: Fault | None = None


class Reading(msgspec.Struct, frozen=True, gc=False):
    """The events of one request; `single` when it was one object and not a list of one."""

    pieces: list[Piece]
    single: bool


def unpack(packed: bytes) -> bytes:
    """Gzip, stopped as soon as it grows beyond what a body may hold.

    Raises:
        TooLargeError: it grows beyond.
        NotGzipError: it is broken or cut short.
    """
    unpacked = bytearray()
    while packed:
        stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            unpacked += stream.decompress(packed, BODY_BYTES_MAX + 1 - len(unpacked))
        except zlib.error as error:
            raise NotGzipError from error
        if len(unpacked) > BODY_BYTES_MAX:
            raise TooLargeError
        if not stream.eof:
            raise NotGzipError
        packed = stream.unused_data
    return bytes(unpacked)


def read_body(body: bytes, *, lines: bool) -> Reading:
    """Split a body into events; `lines` when its sender calls it NDJSON.

    Raises:
        NotJsonError: the whole is unreadable.
        TooLargeError: too many events.
    """
    body = body.removeprefix(_UTF8_MARK)
    if lines:
        return Reading(list(_lines(body)), single=False)
    head = body.lstrip()[:1]
    if head == b"[":
        return Reading(_elements(body, _split_array(body)), single=False)
    try:
        piece = read_event(body.strip())
    except NotJsonError:
        # Many a sender of NDJSON calls it JSON.
        if head == b"{" and b"}\n{" in body.replace(b"\r", b""):
            return Reading(list(_lines(body)), single=False)
        raise
    if _is_envelope(piece.value):
        return Reading(_elements(body, _split_envelope(body)), single=False)
    return Reading([piece], single=True)


def read_event(raw: bytes) -> Piece:
    """One event from its bytes.

    Raises:
        NotJsonError: these are no JSON.
    """
    flags = 0
    try:
        if b"\\u0000" in raw:
            value, flags = _repaired(raw)
        else:
            value = _decode(raw)
    except RecursionError:
        return Piece(raw, fault=Fault("", faults.too_deep(DEPTH_MAX)))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        try:
            value, flags = _repaired(raw)
        except RecursionError:
            return Piece(raw, fault=Fault("", faults.too_deep(DEPTH_MAX)))
    if len(raw) > EVENT_BYTES_MAX and not _is_envelope(value):
        return Piece(raw, fault=Fault("", faults.too_large(EVENT_BYTES_MAX)))
    return Piece(raw, value, flags)


def _is_envelope(value: Any) -> bool:
    return type(value) is dict and "events" in value and "event" not in value


def _lines(body: bytes) -> Iterator[Piece]:
    filled = [(number, line.strip()) for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]
    if len(filled) > BATCH_EVENTS_MAX:
        raise TooLargeError
    for number, line in filled:
        yield read_line(line, number)


def read_line(line: bytes, number: int) -> Piece:
    """One line of NDJSON; a line that is no JSON is a piece with a fault."""
    try:
        return read_event(line)
    except NotJsonError as error:
        return Piece(line, fault=Fault("", faults.not_json(number, error.column)))


def _elements(body: bytes, raws: list[msgspec.Raw]) -> list[Piece]:
    if len(raws) > BATCH_EVENTS_MAX:
        raise TooLargeError
    return [_element(bytes(raw)) for raw in raws]


def _element(raw: bytes) -> Piece:
    try:
        return read_event(raw)
    except NotJsonError as error:
        return Piece(raw, fault=Fault("", faults.not_json(error.line, error.column)))


def _split_array(body: bytes) -> list[msgspec.Raw]:
    try:
        return _decode_array(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        value, _ = _mended(body)
        return _re_split(value)


def _split_envelope(body: bytes) -> list[msgspec.Raw]:
    try:
        return _decode_envelope(body).events
    except (msgspec.MsgspecError, UnicodeDecodeError):
        value, _ = _mended(body)
        return _re_split(value.get("events"))


def _re_split(value: Any) -> list[msgspec.Raw]:
    """Elements of a body that only the lenient reader understands: their bytes as near as they can be had."""
    elements = value if isinstance(value, list) else [value]
    return [msgspec.Raw(json.dumps(element, ensure_ascii=True).encode()) for element in elements]


def _repaired(raw: bytes) -> tuple[Any, int]:
    value, mended = _mended(raw)
    cleaned = _clean(value)
    return cleaned, REPAIRED_TEXT if mended or cleaned != value else 0


def _mended(raw: bytes) -> tuple[Any, bool]:
    """The lenient reader: any bytes as text, and control characters inside strings."""
    text, mended = _text(raw)
    try:
        value = _load(text, strict=True)
    except json.JSONDecodeError:
        try:
            value = _load(text, strict=False)
        except json.JSONDecodeError as error:
            raise NotJsonError(error.lineno, error.colno) from None
        mended = True
    return value, mended


def _load(text: str, *, strict: bool) -> Any:
    return json.loads(text, strict=strict, parse_float=Decimals, parse_int=_integer, parse_constant=lambda _: None)


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= INTEGER_CHARS_MAX else Decimals(digits)


def _text(raw: bytes) -> tuple[str, bool]:
    """UTF-8; else, where more is broken than whole, Windows-1251."""
    try:
        return raw.decode(), False
    except UnicodeDecodeError:
        text = raw.decode(errors="replace")
    whole = sum(not char.isascii() and char != REPLACEMENT for char in text)
    return (text if whole >= text.count(REPLACEMENT) else raw.decode("cp1251", errors="replace")), True


def _clean(value: Any) -> Any:
    """Without what the journal and the database cannot hold: half characters and the character zero."""
    if isinstance(value, str):
        return value if type(value) is Decimals else _UNSTORABLE.sub(REPLACEMENT, value)
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    if isinstance(value, dict):
        return {_UNSTORABLE.sub(REPLACEMENT, key): _clean(inner) for key, inner in value.items()}
    return value
