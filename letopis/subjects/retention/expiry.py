"""The daily act: content whose term is over goes, class by class, and the journal says so.

Bodies, traces, attachments and words go by the age of their entry, in the order of the journal, so that each class has
one mark of how far it has come. Who a client is goes by his last contact, with all of his entries at once: pseudonyms
then stand where he stood.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from letopis.access.wall import enter
from letopis.base.clock import to_us
from letopis.base.database import ERASER, connect
from letopis.base.sql import Queries
from letopis.dialogues.remains import remains_of
from letopis.journal.draft import ATTACH, RAW, TEXT, WHO
from letopis.journal.entries import read_some, seq_before
from letopis.journal.erasing import ENTRIES_MAX, NOBODY, Act, Remains, erase
from letopis.journal.erasures import EXPIRED
from letopis.journal.held import hold
from letopis.journal.origin import EVENTS
from letopis.privacy.retention.policy import Kept, Policy
from letopis.privacy.retention.reader import CLASS, TO_SEQ, current, expired_to
from letopis.subjects.erasure import erase_persons

QUERIES = Queries("letopis.subjects.retention")
REASON = "retention"
PERSONS_AT_ONCE_MAX = 100
SLOTS: dict[Kept, tuple[int, ...]] = {
    Kept.RAW: (RAW,),
    Kept.TRACE: (WHO, TEXT, ATTACH),
    Kept.ATTACH: (ATTACH,),
    Kept.TEXT: (TEXT,),
}
TRACES = ("model_call", "tool_call", "error")
"""Kinds of entries that are technical traces, beside everything of level DEBUG."""


@dataclass(frozen=True, slots=True)
class Term:
    """Before which instant content of a class must have been received to be over its term."""

    kept: Kept
    before: datetime

    @classmethod
    def of(cls, policy: Policy, kept: Kept, now: datetime) -> "Term":
        return cls(kept, now - timedelta(days=policy.days(kept)))


def expire(business: UUID, now: datetime) -> dict[Kept, int]:
    """Take out whatever is over its term by the policy in force; entries (for WHO: persons) that went, by class.

    Does nothing while no policy was approved. Interrupted, it goes on where it was: each act is whole in itself.
    """
    gone: dict[Kept, int] = {}
    with connect(ERASER) as conn:
        policy = _policy(conn, business)
        if policy is None:
            return gone
        for kept in SLOTS:
            for count in _by_age(conn, business, Term.of(policy, kept, now)):
                gone[kept] = gone.get(kept, 0) + count
        _empty_quarantine(conn, business, Term.of(policy, Kept.RAW, now), now)
    for persons in _forgotten(business, Term.of(policy, Kept.WHO, now)):
        erase_persons(business, persons, kind=EXPIRED, reason=REASON, told={CLASS: Kept.WHO.value})
        gone[Kept.WHO] = gone.get(Kept.WHO, 0) + len(persons)
    return gone


def _policy(conn: psycopg.Connection[Any], business: UUID) -> Policy | None:
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        return current(cur, business)


def _empty_quarantine(conn: psycopg.Connection[Any], business: UUID, term: Term, now: datetime) -> None:
    """Quarantine is no part of the journal; its pieces are bodies as received, and have their term."""
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        asked = {"before": term.before, "reason": REASON, "now": now}
        QUERIES.run(cur, "empty_quarantine", business=business, **asked)


def _by_age(conn: psycopg.Connection[Any], business: UUID, term: Term) -> Iterator[int]:
    """One act after the other until nothing of the class is over its term; how many entries each took."""
    after = -1
    while True:
        with conn.transaction(), conn.cursor() as cur:
            enter(cur, business)
            held = hold(cur, business)
            bound = seq_before(cur, business, to_us(term.before), held.size)
            after = max(after, expired_to(cur, business).get(term.kept, -1))
            seqs = _due(cur, business, term, after, bound)
            if not seqs:
                return
            to_seq = bound if len(seqs) < ENTRIES_MAX else seqs[-1]
            told = {CLASS: term.kept.value, TO_SEQ: to_seq}
            slots = SLOTS[term.kept]
            remains = [] if term.kept in (Kept.RAW, Kept.ATTACH) else _remains(cur, business, seqs, slots)
            erase(cur, business, held, Act(EXPIRED, REASON, slots, told), seqs, remains)
        yield len(seqs)
        after = to_seq


def _due(cur: Any, business: UUID, term: Term, after: int, bound: int) -> list[int]:
    """Entries behind `after` and up to `bound` that still have content of the class, in order, ENTRIES_MAX at most."""
    rows = QUERIES.rows(
        cur,
        f"due_{term.kept}",
        business=business,
        log=EVENTS,
        after=after,
        to=bound,
        day=term.before.date(),
        month=term.before.date().replace(day=1),
        kinds=list(TRACES),
        limit=ENTRIES_MAX,
    )
    return [row["seq"] for row in rows]


def _remains(cur: Any, business: UUID, seqs: Sequence[int], slots: tuple[int, ...]) -> Iterator[Remains]:
    """Whose an entry is stays as it is: that has a term of its own."""
    for entry in read_some(cur, business, seqs).values():
        yield remains_of(entry, NOBODY, (), slots)


def _forgotten(business: UUID, term: Term) -> Iterator[list[int]]:
    """Persons whose last contact is over its term, some at a time."""
    after = -1
    with connect(ERASER) as conn:
        while True:
            with conn.transaction(), conn.cursor() as cur:
                enter(cur, business)
                asked = {"after": after, "before": term.before, "limit": PERSONS_AT_ONCE_MAX}
                rows = QUERIES.rows(cur, "persons_forgotten", business=business, log=EVENTS, **asked)
            if not rows:
                return
            yield [row["person_id"] for row in rows]
            after = rows[-1]["person_id"]
