"""Rows of the journal's tables as PostgreSQL's binary COPY wants them.

Packed by hand, because a driver's adaptation of each value costs more than all hashing of an event. The order of
columns here is the order in `queries.sql`; a value is its length (4 bytes) and its bytes, NULL is the length -1.
"""

import struct
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from psycopg import postgres

HEAD = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TAIL = b"\xff\xff"
NULL_SLOT = b"\xff" * 8
"""Salt and data of a slot that an entry does not have."""

DAY_US = 86_400_000_000
_POSTGRES_EPOCH = date(2000, 1, 1)
_UNIX_TO_POSTGRES_DAYS = (_POSTGRES_EPOCH - date(1970, 1, 1)).days

_KEY = struct.Struct(">hi16si")
_ENTRY = struct.Struct(">iqiqiqihihii")
_DATED = struct.Struct(">iqii")
_TAG = struct.Struct(">i16si16siqiq")
_NODE = struct.Struct(">ihiqi32s")
_SLOT = struct.Struct(">i32si")
_ARRAY = struct.Struct(">iiIii")
_SIXTEEN = struct.pack(">i", 16)
_LENGTH = struct.Struct(">i")


def key(columns: int, business: UUID, log: str) -> bytes:
    """What every row of one table and log begins with: number of columns, business, log."""
    name = log.encode("ascii")
    return _KEY.pack(columns, 16, business.bytes, len(name)) + name


def slot(salt: bytes, data: bytes) -> bytes:
    return _SLOT.pack(32, salt, len(data)) + data


def entry(
    key: bytes,
    seq: int,
    received_us: int,
    occurred_us: int,
    kind: int,
    level: int,
    flags: int,
    type_: str,
    source: str,
    leaf: bytes,
) -> bytes:
    numbers = _ENTRY.pack(8, seq, 8, received_us, 8, occurred_us, 2, kind, 2, level, 4, flags)
    return key + numbers + _word(type_) + _word(source) + _LENGTH.pack(len(leaf)) + leaf


@lru_cache(maxsize=8192)
def _word(text: str) -> bytes:
    return _LENGTH.pack(len(text)) + text.encode("ascii")


def content(key: bytes, seq: int, received_us: int, slots: bytes) -> bytes:
    return key + _DATED.pack(8, seq, 4, _month(received_us // DAY_US)) + slots


def raw(key: bytes, seq: int, received_us: int, slot: bytes) -> bytes:
    return key + _DATED.pack(8, seq, 4, received_us // DAY_US - _UNIX_TO_POSTGRES_DAYS) + slot


@lru_cache(maxsize=64)
def _month(day: int) -> int:
    """PostgreSQL's number of the first day of the month in which this day since 1970 lies."""
    return (day_of(day * DAY_US).replace(day=1) - _POSTGRES_EPOCH).days


def day_of(received_us: int) -> date:
    """The UTC day by which content and raw are partitioned."""
    return date(1970, 1, 1) + timedelta(days=received_us // DAY_US)


def tag(key: bytes, id_tag: bytes, body_tag: bytes, seq: int, seen_us: int) -> bytes:
    return key + _TAG.pack(16, id_tag, 16, body_tag, 8, seq, 8, seen_us)


def tag_array(tags: Sequence[bytes]) -> bytes:
    """Tags as one parameter of type bytea[]."""
    return _array("bytea", tags)


def business_array(businesses: Sequence[UUID]) -> bytes:
    """Businesses as one parameter of type uuid[]."""
    return _array("uuid", [business.bytes for business in businesses])


def _array(type_: str, values: Sequence[bytes]) -> bytes:
    """PostgreSQL's binary form of an array whose values, none NULL, are all 16 bytes long."""
    head = _ARRAY.pack(1, 0, postgres.types[type_].oid, len(values), 1)
    return head + b"".join([_SIXTEEN + value for value in values])


def node(key: bytes, level: int, idx: int, digest: bytes) -> bytes:
    return key + _NODE.pack(2, level, 8, idx, 32, digest)
