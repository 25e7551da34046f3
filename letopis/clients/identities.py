"""Identities and persons: pure reckoning of who is who from entries and links."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from letopis.journal.entries import Entry

LINK, UNLINK = "identity_link", "identity_unlink"
ID_BYTES_MAX = 512
"""An index row holds at most 2,704 bytes; a longer id is kept by its beginning and its digest."""
_CUT = "…"


class Identity(msgspec.Struct):
    """A row of `clients_identity`."""

    business_id: UUID
    client_id: str
    person_id: int
    channel: str
    name: str
    phone: str
    first_seq: int
    first_at: datetime
    last_at: datetime


class Link(msgspec.Struct):
    """A row of `clients_link`."""

    business_id: UUID
    a: str
    b: str
    seq: int
    undone_seq: int | None = None


@dataclass(slots=True)
class People:
    """Who is who after a batch.

    `identities` holds every identity the batch touched; `moved` names those that were known before and now belong to
    another person, with that former person.
    """

    identities: dict[str, Identity] = field(default_factory=dict)
    moved: dict[str, int] = field(default_factory=dict)

    def person_of(self, client_id: str) -> int | None:
        found = self.identities.get(client_id)
        return found.person_id if found else None


def plain(value: Any) -> str:
    """A sender's word as PostgreSQL can hold and index it."""
    if not value:
        return ""
    word = str(value).replace("\0", "")
    data = word.encode()
    if len(data) <= ID_BYTES_MAX:
        return word
    return f"{data[: ID_BYTES_MAX // 2].decode(errors='ignore')}{_CUT}{sha256(data).hexdigest()}"


def needle(word: str) -> bytes:
    """How a `plain` word stands in slot 2 of the journal: as a whole value, or as the beginning of one too long."""
    kept, cut, _ = word.rpartition(_CUT)
    is_cut = bool(cut) and len(word) == len(kept) + len(_CUT) + sha256().digest_size * 2
    return msgspec.json.encode(kept)[:-1] if is_cut else msgspec.json.encode(word)


def client_of(entry: Entry) -> str:
    """The client an entry is about; empty for none."""
    return plain(entry.who.get("client_id"))


def ends_of(entry: Entry) -> tuple[str, str] | None:
    """The two ids that a link or unlink names, sorted; None when it does not name two."""
    a, b = sorted((client_of(entry), plain(entry.who.get("other_client_id"))))
    return (a, b) if a and a != b else None


def meet(known: dict[str, Identity], entries: Iterable[Entry], business: UUID) -> None:
    """Note in `known` whom the entries name; what is told later (name, phone) stands."""
    for entry in entries:
        client_id = client_of(entry)
        if not client_id or entry.kind:
            continue
        name, phone = plain(entry.who.get("name")), plain(entry.who.get("phone"))
        met = known.get(client_id)
        if met is None:
            known[client_id] = Identity(
                business, client_id, entry.seq, entry.source, name, phone, entry.seq, entry.at, entry.at
            )
            continue
        met.name = name or met.name
        met.phone = phone or met.phone
        met.first_at = min(met.first_at, entry.at)
        met.last_at = max(met.last_at, entry.at)


def tie(links: dict[tuple[str, str], Link], entries: Iterable[Entry], business: UUID) -> list[Link]:
    """Apply links and unlinks to the living `links`; returns the rows that are new or undone by this.

    Two who are parted without having been linked leave a row too, so that nobody links them later by a phone.
    """
    changed: dict[int, Link] = {}
    for entry in entries:
        ends = ends_of(entry) if entry.type in (LINK, UNLINK) else None
        if ends is None:
            continue
        if entry.type == LINK and ends not in links:
            links[ends] = changed[entry.seq] = Link(business, *ends, entry.seq)
        elif entry.type == UNLINK:
            undone = links.pop(ends, None) or Link(business, *ends, entry.seq)
            undone.undone_seq = entry.seq
            changed[undone.seq] = undone
    return list(changed.values())


def persons(first_seqs: Mapping[str, int], links: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The person of each identity: the smallest `first_seq` among all that are linked with it."""
    parent: dict[str, str] = {}

    def root(client_id: str) -> str:
        above = parent.setdefault(client_id, client_id)
        while above != parent[above]:
            parent[above] = above = parent[parent[above]]
        return above

    for a, b in links:
        parent[root(a)] = root(b)
    smallest: dict[str, int] = {}
    for client_id, first_seq in first_seqs.items():
        top = root(client_id)
        smallest[top] = min(first_seq, smallest.get(top, first_seq))
    return {client_id: smallest[root(client_id)] for client_id in first_seqs}
