"""Following erasures: what was derived from content that is gone is told anew from what remains of it.

The journal says in a control entry which content went. Rows that were derived before it still hold that content (ids, a
name, words of the search index), so they are made anew here from the journal as it is now. Afterwards they are what a
rebuild from nothing would make of it, and figures stand where they stood.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from letopis.appointments import reader as appointments
from letopis.clients import reader as clients
from letopis.clients.identities import client_of
from letopis.dialogues import reader as dialogues
from letopis.dialogues.judgement import Surroundings
from letopis.dialogues.remains import CLIENT, VISIT
from letopis.journal.draft import TEXT, WHO
from letopis.journal.entries import READ_MAX, Entry, read_after, read_some
from letopis.journal.erasing import Renamed, forget_renaming, renamed_by
from letopis.journal.erasures import CORRECTION, Erased, erased_by
from letopis.metrics.leads import Terms
from letopis.metrics.settlement import Changes, settle

DERIVED_FROM = frozenset({WHO, TEXT})


@dataclass(frozen=True, slots=True)
class Gone:
    """One act: the entries it took content out of, and the number of its last control entry."""

    seqs: frozenset[int]
    told_seq: int
    corrects: bool = False


def complete(cur: Any, business: UUID, entries: Sequence[Entry]) -> list[Entry]:
    """The entries with all further parts of an act that their end has cut in two; an act is followed as a whole."""
    last = erased_by(entries[-1]) if entries else None
    missing = last.parts - last.part if last else 0
    return [*entries, *(read_after(cur, business, entries[-1].seq, missing) if missing else ())]


def acts_of(entries: Sequence[Entry], since: int) -> Iterator[Gone]:
    """The acts told by these entries, from entry `since` on; bodies and attachments are derived by nobody."""
    seqs: set[int] = set()
    for entry in entries:
        told = erased_by(entry) if entry.seq >= since else None
        if told is None or not DERIVED_FROM & set(told.slots):
            continue
        seqs |= _named(told, entry.seq)
        if told.part == told.parts:
            yield Gone(frozenset(seqs), entry.seq, corrects=told.reason == CORRECTION)
            seqs = set()


def follow(cur: Any, business: UUID, act: Gone, read_to: int, around: Surroundings, terms: Terms) -> None:
    """Tell anew what entries up to `read_to` had told; what comes after is read as it is now anyway."""
    gone = {seq for seq in act.seqs if seq <= read_to}
    if not gone:
        return
    renamed = renamed_by(cur, business, act.told_seq)
    clients.rename(cur, business, _of_sort(renamed, CLIENT), read_to)
    if act.corrects:
        clients.tell_again(cur, business, _clients_of(cur, business, gone), read_to)
    touched = dialogues.dialogues_of(cur, business, gone)
    for first in range(0, len(touched), dialogues.AGAIN_AT_ONCE_MAX):
        some = touched[first : first + dialogues.AGAIN_AT_ONCE_MAX]
        rows = dialogues.tell_again(cur, business, some, gone, renamed, around)
        settle(cur, business, Changes(told=rows), around, terms)
    owned = appointments.tell_again(cur, business, gone, _of_sort(renamed, VISIT))
    settle(cur, business, Changes(owned=owned), around, terms)


def _clients_of(cur: Any, business: UUID, seqs: set[int]) -> set[str]:
    wanted = sorted(seqs)
    found: set[str] = set()
    for first in range(0, len(wanted), READ_MAX):
        entries = read_some(cur, business, wanted[first : first + READ_MAX]).values()
        found |= {client_of(entry) for entry in entries} - {""}
    return found


def forget(cur: Any, business: UUID, read_to: int) -> None:
    """Nothing derived holds a former id any more."""
    forget_renaming(cur, business, read_to)


def _named(told: Erased, before: int) -> set[int]:
    return {seq for first, last in told.spans(before) for seq in range(first, last + 1)}


def _of_sort(renamed: Renamed, wanted: str) -> dict[str, str]:
    return {former: alias for (sort, former), alias in renamed.items() if sort == wanted}
