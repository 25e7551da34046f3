"""The door of the read API: a read key opens exactly its own business, and no session counts here.

@router.get("/dialogues")
def dialogues(request: KeyRequest): with inside(request) as cur: ...
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError
from ninja.security import HttpBearer

from letopis.access import keys
from letopis.access.keys import KeyFacts
from letopis.access.models import Business, Scope
from letopis.access.wall import enter

router = Router(tags=["businesses"])


class KeyRequest(HttpRequest):
    """A request of a program whose read key was found."""

    auth: KeyFacts


class ReadKey(HttpBearer):
    """`Authorization: Bearer lt_…` with a key whose scope is `read`."""

    def authenticate(self, request: HttpRequest, token: str) -> KeyFacts | None:
        with transaction.atomic(), connection.cursor() as cur:
            found = keys.find_key(cur, token)
            if found is None or found.revoked:
                return None
            if found.scope != Scope.READ:
                raise HttpError(403, "this key may only send; make one with the scope read")
            keys.touch(cur, found)
            return found


@contextmanager
def inside(request: KeyRequest) -> Iterator[Any]:
    """One transaction behind the wall of the key's business; gives its cursor."""
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, request.auth.business)
        yield cur


class BusinessOut(Schema):
    """The business that the key belongs to."""

    id: UUID
    name: str
    timezone: str
    vertical: str
    created_at: datetime


@router.get("/businesses", response=list[BusinessOut], summary="The businesses this key may read")
def businesses(request: KeyRequest) -> list[Business]:
    """A read key belongs to one business, so the list has one row."""
    return list(Business.objects.filter(pk=request.auth.business))
