"""The rows of policies and of what has expired so far, and the entry by which an owner approves a policy.

The entry is one of the journal's own control entries: no key that sends events can shorten a term.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from letopis.base.clock import now_us
from letopis.base.rows import as_json, load
from letopis.base.sql import Queries
from letopis.journal import draft as journal
from letopis.journal import lj1
from letopis.journal.batch import OWN_SOURCE
from letopis.journal.draft import Draft, Receipt
from letopis.journal.entries import Entry
from letopis.journal.erasures import EXPIRED
from letopis.journal.scribe import append_now
from letopis.privacy.retention.policy import GROUND_CHARS_MAX, Kept, Policy, check, policy_of

QUERIES = Queries("letopis.privacy.retention")
KIND = "retention.set"
CLASS, TO_SEQ = "class", "to_seq"
"""What a control entry of an expiry says beside its entries: of which class it is, and how far it has come."""


def learn(cur: Any, business: UUID, entries: Iterable[Entry], zone: ZoneInfo) -> None:
    """Keep what a batch tells about terms, and how far each class has expired."""
    controls = [entry for entry in entries if entry.kind == journal.CONTROL]
    told = [
        policy_of(business, entry.seq, entry.at, entry.meta, str(entry.who.get("person", "")))
        for entry in controls
        if entry.type == KIND
    ]
    if told:
        QUERIES.run(cur, "add_policies", rows=as_json(told))
    for entry in controls:
        if entry.type == EXPIRED and TO_SEQ in entry.meta:
            QUERIES.run(
                cur,
                "tell_expired",
                business=business,
                kept=entry.meta[CLASS],
                to_seq=entry.meta[TO_SEQ],
                seq=entry.seq,
                at=entry.at,
            )


def clear(cur: Any, business: UUID) -> None:
    """Drop all rows of a business, before they are derived anew."""
    for name in ("clear_policies", "clear_expired"):
        QUERIES.run(cur, name, business=business)


def policies_of(cur: Any, business: UUID) -> list[Policy]:
    """All policies that were ever approved, the one in force last; the wall is open."""
    rows = load(QUERIES, cur, "policies", Policy, business=business)
    return sorted(rows, key=lambda policy: policy.seq)


def current(cur: Any, business: UUID) -> Policy | None:
    """The policy in force; None while nobody has approved one, and then nothing expires."""
    found = policies_of(cur, business)
    return found[-1] if found else None


def expired_to(cur: Any, business: UUID) -> dict[Kept, int]:
    """The last entry that each class has been taken out of, as far as the journal was read."""
    return {Kept(row["kept"]): row["to_seq"] for row in QUERIES.rows(cur, "expired", business=business)}


def approve(business: UUID, days: Mapping[Kept, int], ground: str, person: str) -> Receipt:
    """Write the owner's decision to the journal.

    Raises:
        SenderError: such terms may not be approved.
    """
    check(days, ground)
    meta: dict[str, Any] = {f"{kept}_days": days[kept] for kept in Kept}
    meta |= {"ground": ground.strip()[:GROUND_CHARS_MAX]} if ground.strip() else {}
    slots = ((journal.META, lj1.encode(meta)), (journal.WHO, lj1.encode({"person": person})))
    return append_now(
        [
            Draft(
                business=business,
                type=KIND,
                source=OWN_SOURCE,
                slots=slots,
                body=b"",
                occurred_us=now_us(),
                kind=journal.CONTROL,
            )
        ]
    )[0]
