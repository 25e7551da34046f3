"""Ids and randomness: the one place where they come into the program."""

import os
import secrets
from uuid import UUID, uuid4


def new_uuid() -> UUID:
    return uuid4()


def token(n_bytes: int = 24) -> str:
    """A secret for people and programs: URL-safe text of `n_bytes` random bytes."""
    return secrets.token_urlsafe(n_bytes)


def random_bytes(n: int) -> bytes:
    return os.urandom(n)
