"""Persons who are frozen while somebody disputes what is kept of them (duty P5): shown to the owner alone.

Told by control entries of the journal, which name a person by the number of his first entry and by nothing else; so it
holds whoever he is linked with since, and no sender's key can free or freeze anybody. Figures stay what they are.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from letopis.base.clock import now_us
from letopis.base.rows import as_json
from letopis.base.sql import Queries
from letopis.journal import draft as journal
from letopis.journal import lj1
from letopis.journal.batch import OWN_SOURCE
from letopis.journal.draft import Draft, Receipt
from letopis.journal.entries import Entry
from letopis.journal.scribe import append_now

QUERIES = Queries("letopis.clients")
BLOCKED, UNBLOCKED = "client.blocked", "client.unblocked"
PERSONS_MAX = 100


def learn(cur: Any, business: UUID, entries: Iterable[Entry], zone: ZoneInfo) -> None:
    """Keep whom a batch freezes, and forget whom it frees."""
    for entry in entries:
        if entry.kind != journal.CONTROL or entry.type not in (BLOCKED, UNBLOCKED):
            continue
        persons = [int(person) for person in entry.meta.get("persons", ())]
        QUERIES.run(cur, "drop_blocks", business=business, persons=persons)
        if entry.type == BLOCKED:
            rows = [{"business_id": business, "first_seq": person, "seq": entry.seq} for person in persons]
            QUERIES.run(cur, "add_blocks", rows=as_json(rows))


def clear(cur: Any, business: UUID) -> None:
    """Drop all rows of a business, before they are derived anew."""
    QUERIES.run(cur, "clear_blocks", business=business)


def blocked(cur: Any, business: UUID) -> list[int]:
    """The persons who are frozen, as they are called now; mostly none. The wall is open."""
    return [row["person_id"] for row in QUERIES.rows(cur, "blocked_persons", business=business)]


def block(business: UUID, persons: Sequence[int], *, person: str, ends: bool = False) -> Receipt:
    """Freeze persons (their `person_id`), or free them; at once, as soon as the journal is read."""
    assert 0 < len(persons) <= PERSONS_MAX, "somebody, and not everybody"
    draft = Draft(
        business=business,
        type=UNBLOCKED if ends else BLOCKED,
        source=OWN_SOURCE,
        slots=(
            (journal.META, lj1.encode({"persons": sorted(persons)})),
            (journal.WHO, lj1.encode({"person": person})),
        ),
        body=b"",
        occurred_us=now_us(),
        kind=journal.CONTROL,
    )
    return append_now([draft])[0]
