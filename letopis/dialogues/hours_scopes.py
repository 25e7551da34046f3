"""Whose hours a page shows: the whole business, a branch, a channel, a colleague; their names and their addresses.

An address names branches and channels as they are. Anybody else stands there as a short fingerprint: names of people
have no place in an address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from letopis.access.models import Branch
from letopis.base import channels
from letopis.base.sql import Queries
from letopis.base.worktime import WHOLE, Scope
from letopis.dialogues.listing import branches_of, channels_of
from letopis.dialogues.schedules import Known
from letopis.intake.values import WORD_CHARS_MAX
from letopis.privacy.views import CLEAR, Eyes

QUERIES = Queries("letopis.dialogues")
SEEN_WITHIN = timedelta(days=60)
COLLEAGUES_MAX = 50

COLLEAGUE = "person"
"""The address of a colleague whose hours are told for the first time: the form asks for the name."""
OTHERS = "others"
"""The address at which one chooses a part that has no hours of its own yet."""

_BRANCH, _CHANNEL, _PRINT = "branch:", "channel:", "part:"
_FINGERPRINT_BYTES = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """A part that may be chosen, with the `of` of its address."""

    name: str
    key: str


def key_of(business: UUID, scope: Scope) -> str:
    """The `of` of an address; empty for the whole business."""
    if scope == WHOLE:
        return ""
    if scope == Scope(branch=scope.branch):
        return f"{_BRANCH}{scope.branch}"
    if scope == Scope(channel=scope.channel):
        return f"{_CHANNEL}{scope.channel}"
    folded = scope.folded()
    parts = "\x1f".join((folded.branch, folded.channel, folded.person))
    return _PRINT + blake2b(parts.encode(), key=business.bytes, digest_size=_FINGERPRINT_BYTES).hexdigest()


def scope_of(business: UUID, known: Known, key: str) -> Scope | None:
    """Whom an address means; None when it means nobody."""
    if not key:
        return WHOLE
    told = next((scope for scope in known.scopes if key_of(business, scope) == key), None)
    if told is not None:
        return told
    for prefix, field, names in ((_BRANCH, "branch", branches), (_CHANNEL, "channel", channels_seen)):
        name = key.removeprefix(prefix)
        if name != key and len(name) <= WORD_CHARS_MAX and name in names(business):
            return Scope(**{field: name})
    return None


def name_of(business: UUID, scope: Scope, eyes: Eyes) -> str:
    """«Аня, Лесная», «Телефон»"""
    names = (
        eyes.name(scope.person),
        branches(business).get(scope.branch, scope.branch),
        channels.name(scope.channel) if scope.channel else "",
    )
    return ", ".join(name for name in names if name) or _("Whole business")


def choices(business: UUID, known: Known, eyes: Eyes) -> list[Choice]:
    """The whole business, and the parts that have or had hours of their own."""
    return [Choice(name_of(business, one, eyes), key_of(business, one)) for one in (WHOLE, *known.scopes)]


def others(business: UUID, known: Known) -> tuple[Sequence[Choice], Sequence[Choice]]:
    """Branches and channels without hours of their own so far."""
    told = {scope.folded() for scope in known.scopes}
    found = (
        [Scope(branch=code) for code in branches(business)],
        [Scope(channel=name) for name in channels_seen(business)],
    )
    free, heard = (
        [Choice(name_of(business, one, CLEAR), key_of(business, one)) for one in scopes if one.folded() not in told]
        for scopes in found
    )
    return free, heard


def branches(business: UUID) -> dict[str, str]:
    """Names of branches by their codes, of those too that only the sources know."""
    named = dict(Branch.objects.filter(business_id=business).order_by("name").values_list("code", "name"))
    return {**named, **{code: code for code in branches_of(business) if code not in named}}


def channels_seen(business: UUID) -> list[str]:
    """The phone, and the channels in which somebody wrote."""
    return list(dict.fromkeys((*channels_of(business), "phone")))


def colleagues(cur: Any, business: UUID, today: date) -> list[str]:
    """Who answered or took somebody not long ago."""
    since = today - SEEN_WITHIN
    return [
        row["person"] for row in QUERIES.rows(cur, "colleagues", business=business, since=since, limit=COLLEAGUES_MAX)
    ]
