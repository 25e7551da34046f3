"""The first step of the pipeline: identities met in a batch, their phones, and links that make or unmake persons."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from letopis.base.rows import as_json, by_key, difference, load
from letopis.base.sql import Queries
from letopis.clients import phones
from letopis.clients.identities import (
    LINK,
    UNLINK,
    Identity,
    Link,
    People,
    client_of,
    ends_of,
    meet,
    needle,
    persons,
    tie,
)
from letopis.journal.entries import Entry, naming, read_some

QUERIES = Queries("letopis.clients")


def apply(cur: Any, business: UUID, entries: Sequence[Entry]) -> People:
    """Take a batch; afterwards the rows of identities and links are as the whole journal up to here says."""
    entries = [entry for entry in entries if not entry.kind]
    met = {client_of(entry) for entry in entries} - {""}
    stored = _identities(cur, business, met)
    tied = [entry for entry in entries if entry.type in (LINK, UNLINK)]
    # Only a link, or somebody new whom an earlier link has named, can change who belongs together.
    seeds = (met - stored.keys()) | {end for entry in tied for end in ends_of(entry) or ()}
    links = _links_around(cur, business, seeds)
    around = {end for ends in links for end in ends} | seeds
    stored |= _identities(cur, business, around - stored.keys())

    known = {client_id: _copy(identity) for client_id, identity in stored.items()}
    meet(known, entries, business)
    changed_links = tie(links, tied, business)
    first_seqs = {client_id: known[client_id].first_seq for client_id in around if client_id in known}
    people = People(known)
    for client_id, person_id in persons(first_seqs, links).items():
        before = stored.get(client_id)
        if before is not None and before.person_id != person_id:
            people.moved[client_id] = before.person_id
        known[client_id].person_id = person_id

    change = difference(stored, known)
    if change.added:
        QUERIES.run(cur, "add_identities", rows=as_json(change.added))
    if change.changed:
        QUERIES.run(cur, "change_identities", business=business, rows=as_json(change.renewed))
    if changed_links:
        QUERIES.run(cur, "drop_links", business=business, seqs=[link.seq for link in changed_links])
        QUERIES.run(cur, "add_links", rows=as_json(changed_links))
    if _note_phones(cur, business, entries) or changed_links:
        QUERIES.run(cur, "settle_twins", business=business)
    return people


def clear(cur: Any, business: UUID) -> None:
    """Drop all rows of a business, before they are derived anew."""
    QUERIES.run(cur, "clear_identities", business=business)
    QUERIES.run(cur, "clear_links", business=business)
    QUERIES.run(cur, "clear_phones", business=business)


def rename(cur: Any, business: UUID, renamed: Mapping[str, str], read_to: int) -> None:
    """Clients were erased: pseudonyms stand for their ids, their names and numbers go; `read_to` is how far we are."""
    if not renamed:
        return
    names = as_json([{"former": former, "alias": alias} for former, alias in renamed.items()])
    QUERIES.run(cur, "rename_identities", business=business, names=names)
    QUERIES.run(cur, "rename_links", business=business, names=names)
    shared = [row["phone"] for row in QUERIES.rows(cur, "drop_phones_of", business=business, clients=list(renamed))]
    if shared:
        _hold_anew(cur, business, shared, read_to)


def tell_again(cur: Any, business: UUID, clients: Collection[str], read_to: int) -> None:
    """What was taken out told of these clients: their names and numbers are what the journal still says."""
    known: dict[str, Identity] = {}
    for seqs in naming(cur, business, [needle(client_id) for client_id in clients], read_to):
        meet(known, sorted(read_some(cur, business, seqs).values(), key=_seq), business)
    mine = [identity for client_id, identity in known.items() if client_id in clients]
    numbers = {row["phone"] for row in QUERIES.rows(cur, "phones_of", business=business, clients=list(clients))}
    numbers |= {identity.phone for identity in mine} - {""}
    QUERIES.run(cur, "call_clients", business=business, rows=as_json(mine))
    if numbers:
        _hold_anew(cur, business, sorted(numbers), read_to)


def _hold_anew(cur: Any, business: UUID, numbers: Sequence[str], read_to: int) -> None:
    """Who holds numbers, as the journal has it; whoever was one too many for a number may hold it now."""
    QUERIES.run(cur, "drop_phones", business=business, phones=list(numbers))
    told: dict[tuple[str, str], Entry] = {}
    for seqs in naming(cur, business, [needle(number) for number in numbers], read_to):
        for key, entry in phones.given(sorted(read_some(cur, business, seqs).values(), key=_seq)).items():
            if key[1] in numbers:
                told.setdefault(key, entry)
    QUERIES.run(cur, "add_phones", rows=as_json(phones.meet({}, told, business)))
    QUERIES.run(cur, "settle_twins", business=business)


def identities_of(cur: Any, business: UUID, clients: set[str]) -> dict[str, Identity]:
    """The identities behind these client ids."""
    return _identities(cur, business, clients)


def _note_phones(cur: Any, business: UUID, entries: Sequence[Entry]) -> bool:
    """Keep who gave which number; whether any was new."""
    given = phones.given(entries)
    if not given:
        return False
    numbers = sorted({phone for _, phone in given})
    held = load(QUERIES, cur, "holders_of_phones", phones.Phone, business=business, phones=numbers)
    fresh = phones.meet(by_key(held, "client_id", "phone"), given, business)
    if fresh:
        QUERIES.run(cur, "add_phones", rows=as_json(fresh))
    return bool(fresh)


def _identities(cur: Any, business: UUID, clients: set[str]) -> dict[str, Identity]:
    if not clients:
        return {}
    rows = load(QUERIES, cur, "find_identities", Identity, business=business, clients=list(clients))
    return by_key(rows, "client_id")


def _links_around(cur: Any, business: UUID, seeds: set[str]) -> dict[tuple[str, str], Link]:
    if not seeds:
        return {}
    return by_key(load(QUERIES, cur, "links_around", Link, business=business, seeds=list(seeds)), "a", "b")


def _seq(entry: Entry) -> int:
    return entry.seq


def _copy(identity: Identity) -> Identity:
    return Identity(*(getattr(identity, name) for name in Identity.__struct_fields__))
