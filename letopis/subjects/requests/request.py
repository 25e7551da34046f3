"""A request of a person: kept apart from the journal because it names him, with the term in which he is answered."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Json

from letopis.access.wall import enter
from letopis.base import clock, ids
from letopis.base.database import connect
from letopis.base.rows import load
from letopis.base.sql import Queries
from letopis.subjects.erasure import Erased, erase_persons
from letopis.subjects.requests.act import KEPT_YEARS, Act
from letopis.subjects.requests.finding import persons_now
from letopis.subjects.requests.terms import WARNS_AT, Ask, days_left, due_on

QUERIES = Queries("letopis.subjects.requests")
PERSONS_MAX = 20
LISTED_MAX = 200
KEPT = timedelta(days=KEPT_YEARS * 365 + 1)


class Request(msgspec.Struct):
    """A row of `subjects_request`; `persons` are `person_id`s, `subject` is how the person is called in papers."""

    business_id: UUID
    request_id: UUID
    year: int
    number: int
    asks: Ask
    subject: str
    via: str
    received_on: date
    due_on: date
    extended_why: str
    persons: list[int]
    made_at: datetime
    made_by: str
    answered_at: datetime | None
    answered_by: str
    answered_how: str
    erased_at: datetime | None

    @property
    def name(self) -> str:
        return f"{self.year}-{self.number}"


def open_request(
    cur: Any, business: UUID, asks: Ask, subject: str, via: str, received_on: date, persons: Sequence[int], by: str
) -> UUID:
    """Write a request down; the wall is open."""
    assert 0 < len(persons) <= PERSONS_MAX, "a request is of somebody, and of one"
    request = ids.new_uuid()
    QUERIES.run(cur, "number_alone", business=business)
    QUERIES.run(
        cur,
        "add_request",
        business=business,
        request=request,
        year=received_on.year,
        asks=asks.value,
        subject=subject,
        via=via,
        received_on=received_on,
        due_on=due_on(asks, received_on),
        persons=list(persons),
        made_at=clock.now(),
        made_by=by,
    )
    return request


def requests_of(cur: Any, business: UUID) -> list[Request]:
    """Open ones first, the most urgent on top."""
    return load(QUERIES, cur, "requests", Request, business=business, limit=LISTED_MAX)


def request_of(cur: Any, business: UUID, request: UUID) -> Request | None:
    found = load(QUERIES, cur, "request", Request, business=business, request=request)
    return found[0] if found else None


def urgent(cur: Any, business: UUID, today: date) -> int:
    """How many open requests are so near to their term that somebody must be warned."""
    rows = QUERIES.rows(cur, "open_until", business=business, limit=LISTED_MAX)
    return sum(days_left(Ask(row["asks"]), row["due_on"], today) <= WARNS_AT[0] for row in rows)


def answer(cur: Any, business: UUID, request: UUID, how: str, by: str) -> None:
    """The person was answered; a second answer changes nothing."""
    QUERIES.run(cur, "answer", business=business, request=request, at=clock.now(), by=by, how=how)


def extend(cur: Any, one: Request, why: str) -> None:
    """Five working days more, once, with the reason that the person was told."""
    due = due_on(one.asks, one.received_on, extended=True)
    QUERIES.run(cur, "extend", business=one.business_id, request=one.request_id, due_on=due, why=why)


def erase(one: Request, reason: str, by: str) -> Erased:
    """Erase the persons of a request and write the act, both or neither."""
    year = clock.now().year

    def record(cur: Any, done: Erased) -> None:
        now = clock.now()
        QUERIES.run(cur, "number_alone", business=one.business_id)
        QUERIES.run(
            cur,
            "add_act",
            business=one.business_id,
            act=ids.new_uuid(),
            request=one.request_id,
            year=year,
            at=now,
            subject=one.subject,
            reason=reason,
            person=by,
            entries=done.entries,
            kinds=Json(dict(done.kinds)),
            months=Json(dict(done.months)),
            told_seqs=Json(list(done.told_seqs)),
            keep_until=(now + KEPT).date(),
        )
        QUERIES.run(cur, "note_erased", business=one.business_id, request=one.request_id, at=now)

    with connect() as conn, conn.transaction(), conn.cursor() as cur:
        enter(cur, one.business_id)
        persons = persons_now(cur, one.business_id, one.persons)
    if not persons:
        return Erased(0, {}, {}, ())
    return erase_persons(one.business_id, persons, told={"request": one.name}, record=record)


def acts_of(cur: Any, business: UUID, request: UUID) -> list[Act]:
    return load(QUERIES, cur, "acts", Act, business=business, request=request)


def act_of(cur: Any, business: UUID, act: UUID) -> Act | None:
    found = load(QUERIES, cur, "act", Act, business=business, act=act)
    return found[0] if found else None


def drop_old(cur: Any, business: UUID, today: date) -> None:
    """What names persons in the papers of answered requests goes after three years; run by the eraser."""
    before = clock.now() - KEPT
    QUERIES.run(cur, "drop_old", business=business, today=today, before=before)
