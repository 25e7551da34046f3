"""What the journal holds of a person: every entry that names him or tells of him, and by which ids.

Found from what the pipeline has derived (his dialogues, his visits) and by a look through the journal for his ids:
links, conflicts and visits of others may name him too. The pipeline must have read the whole journal.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from letopis.base.sql import Queries
from letopis.clients.identities import client_of, needle
from letopis.dialogues.remains import CLIENT, PLACING, VISIT, ids_of
from letopis.journal.entries import READ_MAX, Entry, naming, read_some

QUERIES = Queries("letopis.subjects")


@dataclass(frozen=True, slots=True)
class Traces:
    """`entries` by number; `clients` are the person's own ids.

    `common` are ids that tie his entries to somebody else's (a shared session, a visit that two have named): they name
    nobody by themselves, and stay, so that what belongs to the other stays where it is.
    """

    clients: frozenset[str]
    entries: Mapping[int, Entry]
    common: frozenset[tuple[str, str]]

    def own_ids(self) -> list[tuple[str, str]]:
        """The ids that go, each with its sort, in the order in which they were met."""
        met = dict.fromkeys(one for seq in sorted(self.entries) for one in ids_of(self.entries[seq]))
        return [one for one in met if one not in self.common and self._is_own(one)]

    def _is_own(self, one: tuple[str, str]) -> bool:
        sort, word = one
        return sort != CLIENT or word in self.clients


def traces_of(cur: Any, business: UUID, persons: Collection[int], read_to: int) -> Traces:
    """All traces of these persons (their `person_id`) up to entry `read_to`; the wall is open."""
    who = {"business": business, "persons": list(persons)}
    identities = QUERIES.rows(cur, "identities_of_persons", **who)
    clients = frozenset(row["client_id"] for row in identities)
    owners = {row["first_seq"] for row in identities}
    owners |= {row["owner"] for row in QUERIES.rows(cur, "owners_of_visits", **who)}
    placed = {row["seq"] for row in QUERIES.rows(cur, "entries_of_talks", **who)}
    placed |= {row["seq"] for row in QUERIES.rows(cur, "entries_of_visits", business=business, owners=list(owners))}
    needles = [needle(client_id) for client_id in clients]
    named = {seq for seqs in naming(cur, business, needles, read_to) for seq in seqs}

    entries = _read(cur, business, placed | named)
    own = {seq: entry for seq, entry in entries.items() if _is_about(entry, clients, seq in placed)}
    elsewhere = {row["seq"] for row in QUERIES.rows(cur, "told_elsewhere", seqs=list(own), **who)}
    ties = [entry for seq, entry in entries.items() if seq in elsewhere or (seq in placed and seq not in own)]
    common = {one for entry in ties for one in ids_of(entry) if one[0] in PLACING}
    return Traces(clients, own, frozenset(common | _shared_visits(cur, business, own, read_to)))


def _shared_visits(cur: Any, business: UUID, own: Mapping[int, Entry], read_to: int) -> set[tuple[str, str]]:
    """Visits that somebody else's entries name too, wherever they are kept."""
    visits = {word for entry in own.values() for sort, word in ids_of(entry) if sort == VISIT}
    shared: set[tuple[str, str]] = set()
    for seqs in naming(cur, business, [needle(word) for word in visits], read_to):
        others = read_some(cur, business, [seq for seq in seqs if seq not in own]).values()
        shared |= {one for entry in others for one in ids_of(entry) if one[0] == VISIT and one[1] in visits}
    return shared


def _is_about(entry: Entry, clients: Collection[str], is_placed: bool) -> bool:
    if any(sort == CLIENT and word in clients for sort, word in ids_of(entry)):
        return True
    return is_placed and not client_of(entry)


def _read(cur: Any, business: UUID, seqs: Collection[int]) -> dict[int, Entry]:
    found: dict[int, Entry] = {}
    wanted = sorted(seqs)
    for first in range(0, len(wanted), READ_MAX):
        found |= read_some(cur, business, wanted[first : first + READ_MAX])
    return found
