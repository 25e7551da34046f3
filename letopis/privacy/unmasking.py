"""Showing one reader the people of one dialogue for a while, for a reason that stays in the access ledger.

It holds for one subject, in one session, for `SHOWN_FOR`, and only while the reader may ask at all: whoever loses the
right, signs out or comes from another device sees everybody masked again.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from letopis.access.log import REASON_CHARS_MAX, Act, note_look
from letopis.base import clock
from letopis.base.errors import SenderError
from letopis.privacy.veil import STAFF, veil

SHOWN_FOR = timedelta(minutes=15)
SHOWN_AT_ONCE_MAX = 20
"""More at once would be reading in bulk; the one shown first is hidden then."""
REASON_WORDS_MIN = 2
REASON_LETTERS_MIN = 8

REASONS = (
    _("A client complains about the answer"),
    _("An error of the source is looked into"),
    _("A dispute about a visit or a price"),
)
"""What may be chosen; anything else is written."""

_KEPT = "unmasked"


class NoReasonError(SenderError):
    """Say in a few words why you need to see it."""


def unmask(request: Any, kind: str, subject: int, reason: str) -> datetime:
    """Show the subject to this session from now on; until when. The reason is written down with its people masked.

    Raises:
        NoReasonError: the reason is too short to be one.
    """
    reason = " ".join(reason.split())[:REASON_CHARS_MAX]
    if len(reason.split()) < REASON_WORDS_MIN or sum(map(str.isalpha, reason)) < REASON_LETTERS_MIN:
        raise NoReasonError(field="reason", hint=f"at least {REASON_WORDS_MIN} words")
    until = clock.now() + SHOWN_FOR
    shown = {name: at for name, at in _shown(request).items() if datetime.fromisoformat(at) > clock.now()}
    shown.pop(_name(request, kind, subject), None)
    shown[_name(request, kind, subject)] = until.isoformat()
    request.session[_KEPT] = dict(list(shown.items())[-SHOWN_AT_ONCE_MAX:])
    note_look(request, kind, subject, Act.UNMASKED, reason=impersonal(reason))
    return until


def shown_until(request: Any, kind: str, subject: int) -> datetime | None:
    """Until when this session sees the subject unmasked; None when it does not."""
    kept = _shown(request).get(_name(request, kind, subject))
    until = datetime.fromisoformat(kept) if kept else None
    return until if until and until > clock.now() else None


def impersonal(reason: str) -> str:
    """A reason as the ledger keeps it: whom it names is masked."""
    return veil(reason, role=STAFF)[:REASON_CHARS_MAX]


def _shown(request: Any) -> dict[str, str]:
    return dict(request.session.get(_KEPT, {}))


def _name(request: Any, kind: str, subject: int) -> str:
    return f"{request.business.pk} {request.user.pk} {kind} {subject}"
