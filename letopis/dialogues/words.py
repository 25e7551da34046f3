"""The words under which a dialogue is found, and the table that holds them.

Three sorts stand in one table, so that a search is a look for equal words and nothing else: Russian words in the form
where all their forms meet (`base/wordforms.py`); PostgreSQL's lexemes of what the dictionary does not know (typing
errors, Latin words, numbers); and keys with a prefix, `phone:`, `deal:`, `id:` and `name:`.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import msgspec

from letopis.base.rows import as_json
from letopis.base.sql import Queries
from letopis.base.text import fold
from letopis.base.wordforms import meeting_forms
from letopis.clients.identities import plain
from letopis.journal.entries import Entry

QUERIES = Queries("letopis.dialogues")

TEXT_CHARS_MAX = 20_000
"""More of one message is not searched."""
PIECE_CHARS_MAX = 100_000
"""So much unknown text goes to the word parser in one piece; it takes a megabyte at most."""
TAILS = (4, 7)
"""So many last digits of a phone are searched by themselves: as a person recalls them, and as a town's own number."""

RUSSIAN = re.compile(r"(?<!\w)[а-я]+(?!\w)")
PHONE = re.compile(r"(?<!\d)\+?\d(?:[\s()\-‐–]{0,3}\d){9,11}(?!\d)")
_OTHER = re.compile(r"[^\Wа-я]")
_IDS = ("session_id", "client_id", "appointment_id", "previous_id")


class _Words(msgspec.Struct):
    dialogue_id: int
    words: list[str]


class _Text(msgspec.Struct):
    dialogue_id: int
    text: str


def store(cur: Any, business: UUID, placed: Iterable[tuple[Entry, int | None]]) -> None:
    """Make dialogues findable by their new entries; a word that is there stays."""
    words: dict[int, set[str]] = {}
    unknown: dict[int, list[str]] = {}
    for entry, dialogue_id in placed:
        if dialogue_id is None:
            continue
        found = words.setdefault(dialogue_id, set())
        found.update(keys_of(entry))
        for text in _texts_of(entry):
            rest = take_words(text, found)
            if rest:
                unknown.setdefault(dialogue_id, []).append(rest)
    QUERIES.run(
        cur,
        "add_words",
        business=business,
        words=as_json([_Words(dialogue_id, list(found)) for dialogue_id, found in words.items()]),
        texts=as_json([_Text(dialogue_id, text) for dialogue_id, rests in unknown.items() for text in _pieces(rests)]),
    )


def take_words(text: str, found: set[str]) -> str:
    """Add the words of a folded text to `found`; what is left for the word parser, empty when nothing is."""
    unknown: list[str] = []
    for word in set(RUSSIAN.findall(text)):
        forms = meeting_forms(word)
        if forms is None:
            unknown.append(word)
        else:
            found.update(forms)
    if _OTHER.search(text):
        unknown.append(RUSSIAN.sub(" ", text))
    return " ".join(unknown)


def keys_of(entry: Entry) -> Iterator[str]:
    """The prefixed words of an entry."""
    who = entry.who
    for name in _IDS:
        if who.get(name):
            yield f"id:{fold(plain(who[name]))}"
    if who.get("crm_deal_id"):
        yield f"deal:{fold(plain(who['crm_deal_id']))}"
    if who.get("name"):
        yield from (f"name:{word}" for word in fold(plain(who["name"])).split())
    if who.get("phone"):
        yield from _phone_keys(str(who["phone"]))
    if entry.text:
        for phone in PHONE.findall(entry.text[:TEXT_CHARS_MAX]):
            yield from _phone_keys(phone)


def phone_digits(phone: str) -> str:
    """The digits of a phone with its country's code, Russia's when it has none; empty for what is no whole phone."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) == 11 and digits[0] == "8":
        return "7" + digits[1:]
    if len(digits) == 10:
        return "7" + digits
    return digits if len(digits) > 10 else ""


def _phone_keys(phone: str) -> Iterator[str]:
    digits = phone_digits(phone)
    if digits:
        yield f"phone:{digits}"
        yield from (f"phone:{digits[-tail:]}" for tail in TAILS)


def _texts_of(entry: Entry) -> Iterator[str]:
    """What of an entry is read as text: the message, and the name, which is met in any case."""
    if entry.text:
        yield fold(entry.text[:TEXT_CHARS_MAX]).replace("\0", "")
    if entry.who.get("name"):
        yield fold(plain(entry.who["name"]))


def _pieces(texts: Iterable[str]) -> Iterator[str]:
    """The texts of a dialogue in as few pieces as the word parser takes."""
    piece: list[str] = []
    length = 0
    for text in texts:
        if length + len(text) > PIECE_CHARS_MAX:
            yield "\n".join(piece)
            piece, length = [], 0
        piece.append(text)
        length += len(text)
    yield "\n".join(piece)
