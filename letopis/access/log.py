"""Who looked at whose words: one row for every opened dialogue, written in the transaction that shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from letopis.access.models import Look, Person

LOOKS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Looked:
    """A row of the access log as the owner reads it; `who` is empty for a key and for a person who is gone."""

    at: datetime
    look_id: UUID
    who: str
    by_key: bool
    subject_kind: str
    subject_id: str


def note_look(request: Any, subject_kind: str, subject_id: str | int) -> None:
    """Write that the person of this request opened the subject; the wall must be open for the business."""
    Look.objects.create(
        business_id=request.business.pk,
        person_id=request.user.pk,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
    )


def note_look_of_key(business: UUID, key_id: int, subject_kind: str, subject_id: str | int) -> None:
    """The same for a program that reads by its key."""
    Look.objects.create(business_id=business, key_id=key_id, subject_kind=subject_kind, subject_id=str(subject_id))


def looks(business: UUID, before: tuple[datetime, UUID] | None = None) -> list[Looked]:
    """A page of the log, newest first, starting after `before`."""
    rows = Look.objects.filter(business_id=business)
    if before:
        at, look_id = before
        rows = rows.filter(at__lte=at).exclude(at=at, look_id__gte=look_id)
    found = list(rows.order_by("-at", "-look_id")[:LOOKS_A_PAGE])
    names = {person.pk: str(person) for person in Person.objects.filter(pk__in={row.person_id for row in found})}
    return [
        Looked(
            row.at,
            row.look_id,
            who=names.get(row.person_id or 0, ""),
            by_key=row.key_id is not None,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
        )
        for row in found
    ]
