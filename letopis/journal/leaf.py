"""The leaf: the public, immutable bytes of an entry, and the two hashes of the tree (format `letopis/leaf/v1`).

The record is fixed and length-prefixed; `parse` accepts exactly what `encode` can produce. The format is frozen by the
vectors in the tests: another format is another tag.
"""

import re
import struct
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from typing import Final

from letopis.base.errors import SenderError

TAG: Final = b"letopis/leaf/v1\n"
LEAF_BYTES_MAX: Final = 4096
SLOTS_MAX: Final = 16
FLAGS_KNOWN: Final = 0xFF
LEVEL_MAX: Final = 3
KIND_MAX: Final = 1
US_MAX: Final = 2**63 - 1
COMMITMENT_BYTES: Final = 32

_TYPE = re.compile(r"[a-z0-9_.]{1,64}")
_SOURCE = re.compile(r"[a-z0-9_.-]{1,64}")
_HEAD = struct.Struct(">16s32sQQqBBH")
_U16 = struct.Struct(">H")


class LeafError(SenderError):
    """These bytes or fields are not a leaf."""


@dataclass(frozen=True, slots=True)
class Leaf:
    log_hash: bytes
    seq: int
    received_us: int
    occurred_us: int
    kind: int
    level: int
    flags: int
    type: str
    source: str
    commitments: tuple[tuple[int, bytes], ...]
    """Slot number and commitment, numbers rising."""


def encode(leaf: Leaf) -> bytes:
    """The bytes of a leaf.

    Raises:
        LeafError: a field does not fit the format.
    """
    check_numbers(leaf.occurred_us, leaf.kind, leaf.level, leaf.flags)
    _check_slot_numbers([number for number, _ in leaf.commitments])
    if not (0 <= leaf.seq <= US_MAX and 0 <= leaf.received_us <= US_MAX and len(leaf.log_hash) == COMMITMENT_BYTES):
        raise LeafError("number, time of receipt or hash of the log out of bounds")
    if any(len(commitment) != COMMITMENT_BYTES for _, commitment in leaf.commitments):
        raise LeafError("a commitment is 32 bytes")
    return assemble(
        leaf.log_hash,
        leaf.seq,
        leaf.received_us,
        leaf.occurred_us,
        leaf.kind,
        leaf.level,
        leaf.flags,
        names(leaf.type, leaf.source),
        commitments_block(leaf.commitments),
    )


def assemble(
    log: bytes,
    seq: int,
    received_us: int,
    occurred_us: int,
    kind: int,
    level: int,
    flags: int,
    named: bytes,
    slots: bytes,
) -> bytes:
    """Join checked parts: `named` comes from `names`, `slots` from `commitments_block`."""
    return _HEAD.pack(TAG, log, seq, received_us, occurred_us, kind, level, flags) + named + slots


@lru_cache(maxsize=4096)
def names(type_: str, source: str) -> bytes:
    """Type and source with their lengths, checked; the few pairs of an installation come back again and again.

    Raises:
        LeafError: a character outside the alphabet.
    """
    if not _TYPE.fullmatch(type_):
        raise LeafError("1 to 64 of a-z, 0-9, underscore and dot", field="type")
    if not _SOURCE.fullmatch(source):
        raise LeafError("1 to 64 of a-z, 0-9, underscore, dot and hyphen", field="source")
    return _U16.pack(len(type_)) + type_.encode("ascii") + _U16.pack(len(source)) + source.encode("ascii")


def commitments_block(commitments: tuple[tuple[int, bytes], ...]) -> bytes:
    return bytes((len(commitments),)) + b"".join([bytes((number,)) + digest for number, digest in commitments])


def check_numbers(occurred_us: int, kind: int, level: int, flags: int) -> None:
    """Refuse numbers that a leaf cannot hold.

    Raises:
        LeafError: with the name of the field.
    """
    if not -1 <= occurred_us <= US_MAX:
        raise LeafError("microseconds since 1970, or -1 when absent", field="occurred_us")
    if not 0 <= kind <= KIND_MAX:
        raise LeafError("0 event, 1 control", field="kind")
    if not 0 <= level <= LEVEL_MAX:
        raise LeafError("0 DEBUG, 1 INFO, 2 WARN, 3 ERROR", field="level")
    if not 0 <= flags <= FLAGS_KNOWN:
        raise LeafError("an unknown flag", field="flags")


def _check_slot_numbers(numbers: list[int]) -> None:
    if len(numbers) > SLOTS_MAX:
        raise LeafError("more than 16 slots", field="slots")
    if any(not 0 < number <= 255 for number in numbers):
        raise LeafError("a slot's number is 1 to 255", field="slots")
    if any(earlier >= later for earlier, later in pairwise(numbers)):
        raise LeafError("slots out of order or repeated", field="slots")


def parse(data: bytes) -> Leaf:
    """Read a leaf strictly, to its last byte.

    Raises:
        LeafError: unknown tag, bad alphabet, slots out of order, bytes missing or left over.
    """
    if len(data) > LEAF_BYTES_MAX:
        raise LeafError("longer than 4096 bytes")
    if len(data) < _HEAD.size:
        raise LeafError("cut short")
    tag, log, seq, received_us, occurred_us, kind, level, flags = _HEAD.unpack_from(data)
    if tag != TAG:
        raise LeafError("unknown tag")
    type_, at = _read_name(data, _HEAD.size)
    source, at = _read_name(data, at)
    commitments = _read_commitments(data, at)
    if seq > US_MAX or received_us > US_MAX:
        raise LeafError("number or time of receipt out of bounds")
    names(type_, source)
    check_numbers(occurred_us, kind, level, flags)
    _check_slot_numbers([number for number, _ in commitments])
    return Leaf(log, seq, received_us, occurred_us, kind, level, flags, type_, source, commitments)


def _read_name(data: bytes, at: int) -> tuple[str, int]:
    if at + 2 > len(data):
        raise LeafError("cut short")
    start = at + 2
    end = start + int.from_bytes(data[at:start])
    if end > len(data):
        raise LeafError("cut short")
    return data[start:end].decode("latin-1"), end


def _read_commitments(data: bytes, at: int) -> tuple[tuple[int, bytes], ...]:
    if at >= len(data):
        raise LeafError("cut short")
    width = 1 + COMMITMENT_BYTES
    first = at + 1
    if len(data) != first + data[at] * width:
        raise LeafError("cut short or with bytes left over")
    return tuple((data[start], data[start + 1 : start + width]) for start in range(first, len(data), width))


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
