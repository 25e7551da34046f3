"""The name of a log: `<host>/log/<business, 32 hex>/<purpose>/<epoch>`.

A log is stored under its short name `<purpose>/<epoch>`; the origin is what stands in receipts and checkpoints, and its
hash in every leaf, so that an entry cannot be carried into another log.
"""

import hashlib
from functools import lru_cache
from uuid import UUID

from django.conf import settings

EVENTS = "events/1"
ACCESS = "access/1"
LOGS = (EVENTS, ACCESS)
"""Every log a business has: what was told, and who looked at it."""
ORIGIN_BYTES_MAX = 200


def origin_of(business: UUID, log: str = EVENTS) -> str:
    """The origin under which a log is opened here; a log keeps the one it was opened with."""
    origin = f"{settings.LETOPIS_HOST_NAME}/log/{business.hex}/{log}"
    assert len(origin.encode("ascii")) <= ORIGIN_BYTES_MAX, "the installation's name is too long for an origin"
    return origin


@lru_cache(maxsize=65536)
def log_hash(origin: str) -> bytes:
    return hashlib.sha256(origin.encode("ascii")).digest()
