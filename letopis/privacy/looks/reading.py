"""What the owner reads of the access ledger: who did how much, one person day by day, who opened one thing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from letopis.access.models import ApiKey, Membership
from letopis.base.sql import Queries

QUERIES = Queries("letopis.privacy.looks")
LOOKERS_MAX = 200
LOOKS_A_PAGE = 50
BURSTS_MAX = 20
REASONS_MAX = 3
NEWEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody who looked: a person or a program, by name, in the role of the last look."""

    person_id: int | None
    key_id: int | None
    name: str
    role: str
    dialogues: int
    clients: int
    searches: int
    exports: int
    unmaskings: int
    refusals: int
    last_at: datetime
    reasons: list[str] | None


@dataclass(frozen=True, slots=True)
class Look:
    """One entry of the ledger; who it was stands beside where several people are listed."""

    seq: int
    at: datetime
    day: date
    role: str
    act: str
    refused: bool
    reason: str
    subject_kind: str = ""
    subject_id: str = ""
    name: str = ""
    by_key: bool = False


@dataclass(frozen=True, slots=True)
class Noticed:
    """A burst that the owner has not called normal."""

    seq: int
    sign: str
    person_id: int
    began_at: datetime
    until_at: datetime
    looks: int
    usual: int | None
    name: str = ""


def lookers(cur: Any, business: UUID, first: date, until: date) -> list[Looker]:
    """One row a person or key that did anything in these days, whoever was last first."""
    days = {"first": first, "until": until}
    rows = QUERIES.rows(cur, "lookers", business=business, **days, reasons=REASONS_MAX, limit=LOOKERS_MAX)
    people, keys = _names(business, rows)
    return [Looker(name=_name(row, people, keys), **row) for row in rows]


def looks_of(cur: Any, business: UUID, person: int | None, key: int | None, before: int = NEWEST) -> list[Look]:
    """A page of what one person or key did, newest first, and one more where there is an older page."""
    rows = QUERIES.rows(
        cur, "looks_of", business=business, person=person, key=key, before=before, limit=LOOKS_A_PAGE + 1
    )
    return [Look(**row) for row in rows]


def looks_at(cur: Any, business: UUID, kind: str, subject: str, before: int = NEWEST) -> list[Look]:
    """A page of who opened one dialogue or client, newest first, and one more where there is an older page."""
    rows = QUERIES.rows(
        cur, "looks_at", business=business, kind=kind, subject=subject, before=before, limit=LOOKS_A_PAGE + 1
    )
    people, keys = _names(business, rows)
    return [
        Look(name=_name(row, people, keys), by_key=row.pop("key_id") is not None, **_without(row, "person_id"))
        for row in rows
    ]


def noticed(cur: Any, business: UUID) -> list[Noticed]:
    """Bursts that are open, the newest first."""
    rows = QUERIES.rows(cur, "open_bursts", business=business, limit=BURSTS_MAX)
    people, keys = _names(business, rows)
    return [Noticed(name=_name(row, people, keys), **row) for row in rows]


def settle(cur: Any, business: UUID, seq: int, sign: str, person: int, now: datetime) -> None:
    """Call a burst normal; on repeat the first word stands."""
    QUERIES.run(cur, "settle_burst", business=business, seq=seq, sign=sign, person=person, now=now)


def name_of(business: UUID, person: int | None, key: int | None) -> str:
    people, keys = _names(business, [{"person_id": person, "key_id": key}])
    return _name({"person_id": person, "key_id": key}, people, keys)


def _names(business: UUID, rows: Iterable[dict[str, Any]]) -> tuple[dict[int, str], dict[int, str]]:
    """Of people who are or were something to this business, and of its own keys; of nobody else."""
    rows = list(rows)
    people: set[int] = {row["person_id"] for row in rows if row.get("person_id") is not None}
    keys: set[int] = {row["key_id"] for row in rows if row.get("key_id") is not None}
    members = Membership.objects.filter(business_id=business, person_id__in=people)
    return (
        {one.person_id: str(one.person) for one in members.select_related("person")},
        {one.pk: one.source for one in ApiKey.objects.filter(business_id=business, pk__in=keys)},
    )


def _name(row: dict[str, Any], people: dict[int, str], keys: dict[int, str]) -> str:
    """Empty for whoever is gone."""
    if row.get("key_id") is not None:
        return keys.get(row["key_id"], "")
    return people.get(row["person_id"] or 0, "")


def _without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
