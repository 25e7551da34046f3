"""Slots: erasable content, tied to its leaf by a salted commitment.

Each slot has 32 random bytes of salt of its own, because slots of one entry are erased at different times; once slot
and salt are gone the commitment tells nothing, not even the length.
"""

import struct
from collections.abc import Iterator
from hashlib import sha256

from letopis.base.ids import random_bytes

TAG = b"letopis/slot/v1\n"
SALT_BYTES = 32

_HEAD = struct.Struct(">16sBQ32s")


def commitment(number: int, data: bytes, salt: bytes) -> bytes:
    assert len(salt) == SALT_BYTES, "a salt is 32 bytes"
    return sha256(_HEAD.pack(TAG, number, len(data), salt) + data).digest()


def fresh_salts(count: int) -> Iterator[bytes]:
    """As many salts as slots, from one call to the system: a call each would cost more than the hashing."""
    pool = random_bytes(SALT_BYTES * count)
    return iter([pool[at : at + SALT_BYTES] for at in range(0, len(pool), SALT_BYTES)])
