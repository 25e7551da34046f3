"""What remains of an entry whose content is taken out: as much as figures need, and nothing that tells whose it was.

Pseudonyms stand in place of ids, so that what belonged together still does; of the words stays what they amounted to.
Names, phones, free reasons and attributes go, but for the service that a tool was asked for, which is the salon's word.
"""

from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from letopis.clients.identities import client_of, plain
from letopis.dialogues.facts import meaning_of
from letopis.journal import draft as journal
from letopis.journal.entries import Entry
from letopis.journal.erasing import Remains, Renamed

CLIENT, SESSION, VISIT, MESSAGE, DEAL = "client", "session", "visit", "message", "deal"
SORTS = {
    "client_id": CLIENT,
    "other_client_id": CLIENT,
    "session_id": SESSION,
    "appointment_id": VISIT,
    "previous_id": VISIT,
    "message_id": MESSAGE,
    "of_message_id": MESSAGE,
    "crm_deal_id": DEAL,
}
"""The ids of an entry, and of what sort each is."""
PLACING = frozenset({SESSION, VISIT})
"""Beside the client, these decide to which dialogue and whose visit an entry belongs."""
_STAFF = "person"
_CONTACTS = ("name", "phone")


def ids_of(entry: Entry) -> Iterator[tuple[str, str]]:
    """The ids that an entry names, each with its sort."""
    for name, sort in SORTS.items():
        if word := plain(entry.who.get(name)):
            yield sort, word


def remains_of(entry: Entry, renamed: Renamed, clients: Collection[str], slots: Collection[int]) -> Remains:
    """What stays when `slots` go; an entry of nobody among `clients` keeps what its own client is called."""
    who = _who(entry, renamed, clients) if journal.WHO in slots else {}
    said = msgspec.to_builtins(meaning_of(entry)) if journal.TEXT in slots else {}
    return Remains(entry.seq, who, said)


def _who(entry: Entry, renamed: Renamed, clients: Collection[str]) -> dict[str, Any]:
    who: dict[str, Any] = {}
    for name, sort in SORTS.items():
        if word := plain(entry.who.get(name)):
            who[name] = renamed.get((sort, word), word)
    client_id = client_of(entry)
    kept = (_STAFF, *_CONTACTS) if client_id and client_id not in clients else (_STAFF,)
    who |= {name: plain(entry.who[name]) for name in kept if entry.who.get(name)}
    attributes = entry.who.get("attributes")
    if entry.type == "tool_call" and isinstance(attributes, dict) and attributes.get("service"):
        who["attributes"] = {"service": plain(attributes["service"])}
    return who
