"""The third step of the pipeline: whose visit an entry is about, and the slots of every owner it touches.

An owner is a client, or, for an appointment id nobody has claimed yet, the first entry that named it; what was kept
under such an id goes to the client who turns up later.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from letopis.appointments import refill
from letopis.appointments.chains import Visit, visits_of
from letopis.appointments.facts import VisitFact, visit_fact_of
from letopis.appointments.records import Slot
from letopis.base.rows import Difference, as_json, by_key, load
from letopis.base.sql import Queries
from letopis.clients.identities import People, client_of
from letopis.dialogues.facts import appointment_ids_of
from letopis.dialogues.parts import OF_VISITS
from letopis.journal.entries import Entry, read_some

QUERIES = Queries("letopis.appointments")
STRETCHES_AT_ONCE_MAX = 200
"""So many stretches of diaries are looked at together; most batches touch one or two."""


class Key(msgspec.Struct):
    """A row of `appointments_key`."""

    business_id: UUID
    appointment_id: str
    owner: int
    claimed: bool
    dialogue_id: int | None = None


class _StoredFact(msgspec.Struct):
    """A row of `appointments_fact`."""

    business_id: UUID
    owner: int
    seq: int
    at: datetime
    body: str


@dataclass(slots=True)
class Owned:
    """The visits of the owners a batch touched, and the client behind each; empty for one nobody claimed."""

    visits: dict[int, list[Visit]] = field(default_factory=dict)
    clients: dict[int, str] = field(default_factory=dict)


def keys_of(cur: Any, business: UUID, entries: Iterable[Entry]) -> dict[str, Key]:
    """What is known of the appointments that these entries name."""
    named = {appointment_id for entry in entries for appointment_id in appointment_ids_of(entry)}
    if not named:
        return {}
    return by_key(load(QUERIES, cur, "find_keys", Key, business=business, ids=list(named)), "appointment_id")


def apply(
    cur: Any,
    business: UUID,
    entries: Sequence[tuple[Entry, int | None]],
    keys: dict[str, Key],
    made_in: dict[str, int],
    people: People,
) -> Owned:
    """Take a batch of entries with their dialogues; the slots are the caller's to judge and to store."""
    before = {appointment_id: msgspec.structs.replace(key) for appointment_id, key in keys.items()}
    claims: dict[int, int] = {}
    facts: list[_StoredFact] = []
    for entry, dialogue_id in entries:
        if entry.type not in OF_VISITS:
            continue
        owner = _owner_of(business, entry, keys, people, claims)
        fact = visit_fact_of(entry, dialogue_id)
        body = msgspec.json.encode(fact).decode()
        facts.append(_StoredFact(business, owner, entry.seq, entry.at, body))
    for appointment_id, dialogue_id in made_in.items():
        if appointment_id in keys:
            keys[appointment_id].dialogue_id = dialogue_id
    if not facts and keys == before:
        return Owned()
    for pseudo, owner in claims.items():
        QUERIES.run(cur, "hand_over_keys", business=business, pseudo=pseudo, owner=owner)
        QUERIES.run(cur, "hand_over_facts", business=business, pseudo=pseudo, owner=owner)
    for stored in facts:
        stored.owner = claims.get(stored.owner, stored.owner)
    changed = [key for appointment_id, key in keys.items() if before.get(appointment_id) != key]
    QUERIES.run(cur, "drop_keys", business=business, ids=[key.appointment_id for key in changed])
    QUERIES.run(cur, "add_keys", rows=as_json(changed))
    QUERIES.run(cur, "add_facts", rows=as_json(facts))
    return _owned(cur, business, {stored.owner for stored in facts}, set(claims))


def tell_again(cur: Any, business: UUID, gone: Collection[int], renamed: Mapping[str, str]) -> Owned:
    """The visits of every owner of an entry whose content was taken out; `renamed` are their ids."""
    if renamed:
        names = [{"former": former, "alias": alias} for former, alias in renamed.items()]
        QUERIES.run(cur, "rename_keys", business=business, names=as_json(names))
    stored = load(QUERIES, cur, "facts_of_entries", _StoredFact, business=business, seqs=list(gone))
    entries = read_some(cur, business, [fact.seq for fact in stored])
    for fact in stored:
        before = _decode_one(fact.body)
        fact.body = msgspec.json.encode(visit_fact_of(entries[fact.seq], before.dialogue_id)).decode()
    QUERIES.run(cur, "change_facts", business=business, rows=as_json(stored))
    return _owned(cur, business, {fact.owner for fact in stored}, set())


def clear(cur: Any, business: UUID) -> None:
    """Drop all rows of a business, before they are derived anew."""
    for name in ("clear_keys", "clear_facts", "clear_slots"):
        QUERIES.run(cur, name, business=business)


def slots_around(cur: Any, business: UUID, persons: Iterable[int], owners: Iterable[int]) -> dict[int, Slot]:
    """The stored slots of these persons and owners."""
    rows = load(QUERIES, cur, "slots_around", Slot, business=business, persons=list(persons), owners=list(owners))
    return by_key(rows, "slot_id")


def refill_others(
    cur: Any, business: UUID, stored: Mapping[int, Slot], wanted: Mapping[int, Slot]
) -> tuple[dict[int, Slot], dict[int, Slot]]:
    """Set `refilled` on the judged slots in place; other persons' slots that change by it, as stored and as wanted.

    `stored` are all stored slots of the persons and owners at hand, `wanted` what becomes of them. A slot told anew
    does not know whether it was refilled: where nothing changed around it, it stays as it was stored.
    """
    for slot_id, slot in wanted.items():
        before = stored.get(slot_id)
        same = before is not None and refill.place_of(before) == refill.place_of(slot)
        slot.refilled = before is not None and same and before.refilled
    stretches = refill.stretches_of(refill.changed_places(stored, wanted))
    others: dict[int, Slot] = {}
    others_wanted: dict[int, Slot] = {}
    for first in range(0, len(stretches), STRETCHES_AT_ONCE_MAX):
        some = stretches[first : first + STRETCHES_AT_ONCE_MAX]
        beside = {
            slot.slot_id: slot
            for slot in _slots_within(cur, business, some)
            if slot.slot_id not in stored and slot.slot_id not in wanted
        }
        changed = [place for stretch in some for place in stretch.changed]
        for slot_id, refilled in refill.judged_anew([*beside.values(), *wanted.values()], changed).items():
            if slot_id in wanted:
                wanted[slot_id].refilled = refilled
            elif beside[slot_id].refilled != refilled:
                others[slot_id] = beside[slot_id]
                others_wanted[slot_id] = msgspec.structs.replace(beside[slot_id], refilled=refilled)
    return others, others_wanted


def store(cur: Any, business: UUID, change: Difference[Slot, int]) -> None:
    """Write the difference."""
    if stale := change.stale:
        QUERIES.run(cur, "drop_slots", business=business, slots=stale)
    if fresh := change.fresh:
        QUERIES.run(cur, "add_slots", rows=as_json(fresh))


def _slots_within(cur: Any, business: UUID, stretches: Sequence[refill.Stretch]) -> list[Slot]:
    bounds = {
        "resources": [stretch.resource for stretch in stretches],
        "since": [stretch.since for stretch in stretches],
        "until": [stretch.until for stretch in stretches],
    }
    return load(QUERIES, cur, "slots_within", Slot, business=business, **bounds)


def _owner_of(business: UUID, entry: Entry, keys: dict[str, Key], people: People, claims: dict[int, int]) -> int:
    """The owner of what an entry says; its ids are his from now on."""
    ids = appointment_ids_of(entry)
    named = next((keys[appointment_id] for appointment_id in reversed(ids) if appointment_id in keys), None)
    identity = people.identities.get(client_of(entry))
    client = None if identity is None else identity.first_seq
    if named is None:
        owner, claimed = (entry.seq, False) if client is None else (client, True)
    elif named.claimed or client is None:
        owner, claimed = named.owner, named.claimed
    else:
        pseudo, owner, claimed = named.owner, client, True
        claims[pseudo] = client
        for key in keys.values():
            if key.owner == pseudo and not key.claimed:
                key.owner, key.claimed = client, True
    for appointment_id in ids:
        if appointment_id not in keys:
            keys[appointment_id] = Key(business, appointment_id, owner, claimed)
    return owner


def _owned(cur: Any, business: UUID, owners: set[int], given_up: set[int]) -> Owned:
    owned = Owned(visits={owner: [] for owner in given_up})
    for owner, bodies in _bodies(cur, business, owners):
        facts = _decode(bodies)
        owned.visits[owner] = visits_of(facts)
        first = min((fact for fact in facts if fact.client_id), key=lambda fact: fact.seq, default=None)
        owned.clients[owner] = first.client_id if first else ""
    return owned


def _bodies(cur: Any, business: UUID, owners: set[int]) -> list[tuple[int, str]]:
    rows = QUERIES.rows(cur, "facts_of_owners", business=business, owners=list(owners))
    return [(row["owner"], row["bodies"]) for row in rows]


_decode = msgspec.json.Decoder(list[VisitFact]).decode
_decode_one = msgspec.json.Decoder(VisitFact).decode
