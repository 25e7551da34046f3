"""Finding one person over all channels: by phone, id, name, e-mail or document, in whatever spelling he gives.

Whoever is called so, or has that number, comes first; in whose talks it was only said comes after, and is marked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from letopis.base.sql import Queries
from letopis.base.text import fold
from letopis.base.wordforms import meeting_forms
from letopis.dialogues.models import Dialogue
from letopis.dialogues.search import search
from letopis.dialogues.words import phone_digits
from letopis.journal.origin import EVENTS

QUERIES = Queries("letopis.subjects.requests")
FOUND_MAX = 30
SAID_MAX = 10
STEM_LETTERS_MIN, ENDING_LETTERS_MAX = 3, 3
DIALOGUES_LOOKED_AT_MAX = 500
ASKING = (
    "удалите мои данные",
    "удалить персональные данные",
    "отзываю согласие на обработку",
    "какие мои данные вы храните",
    "прекратите обработку данных",
)
"""Asked so, in any form of these words, a dialogue is proposed as a request."""
PROPOSED_MAX = 10


@dataclass(frozen=True, slots=True)
class Known:
    """One way in which a person is known; `client_id` is empty for none."""

    channel: str
    client_id: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Found:
    """A person: all he is known by, and how much there is of him; `is_own` unless it was only said in his talks."""

    person_id: int
    known: tuple[Known, ...]
    dialogues: int
    visits: int
    last_at: datetime | None
    dialogue_id: int | None
    is_own: bool = True

    @property
    def name(self) -> str:
        return next((one.name for one in self.known if one.name), "")

    @property
    def phones(self) -> list[str]:
        return list(dict.fromkeys(one.phone for one in self.known if one.phone))


def find(cur: Any, business: UUID, words: str) -> list[Found]:
    """The persons whom the words may mean, those who are called so first. The wall is open."""
    words = " ".join(words.split())
    digits = phone_digits(words)
    named = {"phone": f"+{digits}" if digits else None, "word": words, "limit": FOUND_MAX}
    own = {row["person_id"] for row in QUERIES.rows(cur, "identities_named", business=business, **named)}
    dialogues = _dialogues(cur, business, words)
    rows = QUERIES.rows(cur, "persons_of_dialogues", business=business, dialogues=dialogues, limit=FOUND_MAX)
    found = people(cur, business, [*own, *(row["person_id"] for row in rows if row["person_id"] not in own)])
    marked = [one for one in found if one.person_id in own or _is_called(one, words, digits)]
    others = [one for one in found if one not in marked]
    return [*marked, *(_only_said(one) for one in others[:SAID_MAX])]


def proposed(cur: Any, business: UUID) -> list[Found]:
    """Persons whose talks sound like a request, and about whom none is written down yet."""
    known = {row["person_id"] for row in QUERIES.rows(cur, "asked_persons", business=business)}
    persons: dict[int, None] = {}
    for words in ASKING:
        dialogues = _dialogues(cur, business, words)
        rows = QUERIES.rows(cur, "persons_of_dialogues", business=business, dialogues=dialogues, limit=PROPOSED_MAX)
        persons |= dict.fromkeys(row["person_id"] for row in rows if row["person_id"] not in known)
    return people(cur, business, list(persons)[:PROPOSED_MAX])


def people(cur: Any, business: UUID, persons: Sequence[int]) -> list[Found]:
    """Cards of persons, in the order given."""
    rows = {row["person_id"]: row for row in QUERIES.rows(cur, "people", business=business, persons=list(persons))}
    return [_found(rows[person]) for person in persons if person in rows]


def persons_now(cur: Any, business: UUID, persons: Sequence[int]) -> list[int]:
    """Who these persons are now; links may have joined some since they were written down."""
    rows = QUERIES.rows(cur, "persons_now", business=business, log=EVENTS, persons=list(persons))
    return sorted(row["person_id"] for row in rows)


def _dialogues(cur: Any, business: UUID, words: str) -> list[int]:
    rows = search(cur, business, words, sees_text=True).narrow(Dialogue.objects.filter(business_id=business))
    return list(rows.order_by("-started_at").values_list("dialogue_id", flat=True)[:DIALOGUES_LOOKED_AT_MAX])


def _found(row: dict[str, Any]) -> Found:
    known = tuple(Known(**one) for one in row["identities"] or ())
    return Found(row["person_id"], known, row["dialogues"], row["visits"], row["last_at"], row["dialogue_id"])


def _only_said(one: Found) -> Found:
    return Found(one.person_id, one.known, one.dialogues, one.visits, one.last_at, one.dialogue_id, is_own=False)


def _is_called(one: Found, words: str, digits: str) -> bool:
    asked = set(re.findall(r"\w+", fold(words)))
    for known in one.known:
        if digits and phone_digits(known.phone) == digits:
            return True
        called = re.findall(r"\w+", fold(known.name))
        if any(_is_form(word, name) for word in asked for name in called):
            return True
    return False


def _is_form(word: str, name: str) -> bool:
    """Whether a word is some case of a name: by the dictionary, or by all of its letters but the last."""
    forms, named = meeting_forms(word), meeting_forms(name)
    if forms and named:
        return bool(set(forms) & set(named))
    stem = max(len(name) - 1, STEM_LETTERS_MIN)
    return word[:stem] == name[:stem] and abs(len(word) - len(name)) <= ENDING_LETTERS_MAX
