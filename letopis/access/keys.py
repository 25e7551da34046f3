"""Keys of programs: `lt_<prefix>_<secret>`, shown once; only the prefix and the secret's SHA-256 are kept.

The secret is 192 random bits, so a plain digest is as good as a slow one and costs the intake nothing.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from letopis.access.models import ApiKey, Business, Person, Scope
from letopis.base import clock, ids
from letopis.base.errors import SenderError
from letopis.base.sql import Queries

QUERIES = Queries("letopis.access")

HEAD = "lt"
PREFIX_CHARS = 8
SECRET_BYTES = 24
KEY_CHARS_MAX = 128
SOURCE_CHARS_MAX = 64
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What a presented key is; its secret has been compared."""

    id: int
    business: UUID
    source: str
    scope: Scope
    revoked: bool
    masked: bool
    """It reads people masked, because who made it sees them so."""
    last_used_at: datetime | None


def create_key(
    business: UUID, source: str, scope: Scope | str, by: Person | None = None, *, masked: bool = False
) -> tuple[ApiKey, str]:
    """A new key and its whole text, which nobody can show again; `masked` for whoever may not see people.

    Raises:
        SenderError: the business is unknown, the source has no usable name, or the scope is neither send nor read.
    """
    source = source.strip()
    if not source or len(source) > SOURCE_CHARS_MAX or not source.isprintable():
        raise SenderError(
            "the source needs a name", field="source", hint=f"1 to {SOURCE_CHARS_MAX} characters, such as telegram-bot"
        )
    if scope not in Scope.values:
        raise SenderError(f"unknown scope {scope!r}", field="scope", hint="send or read")
    if not Business.objects.filter(pk=business).exists():
        raise SenderError(
            f"there is no business {business}", field="business", hint="letopis status lists the businesses"
        )
    prefix = ids.random_bytes(PREFIX_CHARS // 2).hex()
    secret = ids.token(SECRET_BYTES)
    key = ApiKey.objects.create(
        prefix=prefix,
        digest=_digest(secret),
        business_id=business,
        source=source,
        scope=scope,
        created_by=by,
        masked=masked,
    )
    return key, f"{HEAD}_{prefix}_{secret}"


def find_key(cur: Any, text: str) -> KeyFacts | None:
    """The key that `text` is, revoked or not; None when there is none or its secret differs."""
    head, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    if len(text) > KEY_CHARS_MAX or head != HEAD or len(prefix) != PREFIX_CHARS or "\0" in prefix:
        return None
    row = QUERIES.row(cur, "find_key", prefix=prefix)
    if row is None or not hmac.compare_digest(bytes(row["digest"]), _digest(secret)):
        return None
    return KeyFacts(
        id=row["id"],
        business=row["business_id"],
        source=row["source"],
        scope=Scope(row["scope"]),
        revoked=row["revoked_at"] is not None,
        masked=row["masked"],
        last_used_at=row["last_used_at"],
    )


def touch(cur: Any, key: KeyFacts) -> None:
    """Note that the key was used; a busy key costs one write a minute."""
    now = clock.now()
    if key.last_used_at is None or key.last_used_at < now - TOUCH_EVERY:
        QUERIES.run(cur, "touch_key", key=key.id, now=now, before=now - TOUCH_EVERY)


def revoke(key: ApiKey) -> None:
    """The key opens nothing from now on; on repeat the first moment stays."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now())


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()
