"""What is noted of every look at people's words: who, what, when and why, in the transaction that shows it.

One insert and nothing else: the worker moves the rows into the access ledger of the business (`letopis.privacy.looks`),
where they are read. A note holds numbers and codes, and a reason in the looker's words with what is personal in them
masked by whoever asked for it; never a name, a telephone or the words of a search.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

from letopis.access.models import Look

REASON_CHARS_MAX = 300
SUBJECT_CHARS_MAX = 200


class Act(StrEnum):
    """What somebody did. The code stands in the ledger for ever; a new act is a new code."""

    OPENED = "opened"
    LISTED = "listed"
    SEARCHED = "searched"
    EXPORTED = "exported"
    UNMASKED = "unmasked"
    GRANTED = "granted"
    ENDED = "ended"
    ASKING_ALLOWED = "asking_allowed"
    ASKING_ENDED = "asking_ended"
    KEY_MADE = "key_made"
    KEY_REVOKED = "key_revoked"
    BURST = "burst"
    """Letopis itself noticed that somebody reads a great deal at once."""
    BURST_SETTLED = "burst_settled"


def note_look(
    request: Any,
    subject_kind: str,
    subject_id: str | int = "",
    act: Act = Act.OPENED,
    *,
    reason: str = "",
    refused: bool = False,
) -> None:
    """Write what the person of this request did; the wall must be open for the business."""
    Look.objects.create(
        business_id=request.business.pk,
        person_id=request.user.pk,
        role=str(request.role),
        act=act,
        subject_kind=subject_kind,
        subject_id=str(subject_id)[:SUBJECT_CHARS_MAX],
        reason=reason[:REASON_CHARS_MAX],
        refused=refused,
    )


def note_look_of_key(
    business: UUID, key_id: int, subject_kind: str, subject_id: str | int = "", act: Act = Act.OPENED
) -> None:
    """The same for a program that reads by its key."""
    Look.objects.create(
        business_id=business, key_id=key_id, act=act, subject_kind=subject_kind, subject_id=str(subject_id)
    )
