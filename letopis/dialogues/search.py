"""Search: what a query means in the words of the index, and which dialogues have them.

Every word of a query must be there, in any of its forms. A word that the dictionary does not know, or knows as a name
alone, is also the beginning of a longer one («запиш», «марин»); a client's name is met by its beginning in any case.
Below the wall of row-level security an index is asked with `=`, `<` and `>` alone, so all of this is a look for equal
words, and beginnings become words first.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from uuid import UUID

import phonenumbers
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, OuterRef, QuerySet, Subquery, Value

from letopis.base.sql import Cursor, Queries
from letopis.base.text import fold
from letopis.base.wordforms import meeting_forms, names_only
from letopis.dialogues.models import Dialogue, Word
from letopis.dialogues.words import PHONE, RUSSIAN, TAILS, phone_digits

QUERIES = Queries("letopis.dialogues")

QUERY_WORDS_MAX = 8
QUERY_CHARS_MAX = 200
BEGINNING_LETTERS_MIN = 3
BEGUN_MAX = 50
"""So many words that begin like a query's are looked for, the shortest of `BEGUN_LOOKED_AT_MAX`."""
BEGUN_LOOKED_AT_MAX = 1000
FEW_MAX = 5000
"""Up to so many dialogues are named one by one."""
DENSE_MIN = 200
DENSE_AMONG = 10_000
"""With `DENSE_MIN` found among the newest `DENSE_AMONG`, a page of fifty is full after 2,500 or so."""
SIZE_MAX = 10_000
"""Words with more dialogues than this are equally common."""
REGION = "RU"

_ID = re.compile(r"(?=.*[a-z])(?=.*\d)[\w.:-]+", re.ASCII)
_PHONE_BEGUN = re.compile(r"[+(]*[789](?:[\s()\-‐–.]*\d){4,8}")
_OPEN_TO_ALL = ("id:", "deal:")
_LONG_NUMBER = re.compile(r"\d{10}")


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that must be there: a key, a word, a lexeme of `unknown`, or any word that begins like one of `begun`.

    `begun_else` counts where nobody has said one of `words`. What is `spoken`, no key by its looks, and says nothing is
    not insisted on.
    """

    keys: list[str]
    words: tuple[str, ...] = ()
    unknown: str = ""
    begun: tuple[str, ...] = ()
    begun_else: tuple[str, ...] = ()
    spoken: bool = False


class _IsAnyOf(Func):
    """Whether a column is in an array: one parameter, where `__in` makes thousands."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


@dataclass(frozen=True, slots=True)
class Search:
    """The dialogues that have a word of every group; `few` names them when they are few."""

    business: UUID
    groups: list[list[str]]
    """Alternatives of one meaning each, the rarest group first."""
    few: list[int] | None = None
    dense: bool = False
    """Whether the newest dialogues are so full of them that a page is soon found by trying one after the other."""

    def narrow(self, rows: QuerySet[Dialogue]) -> QuerySet[Dialogue]:
        """The rows that are found, in whatever order they are asked for."""
        if self.few is not None:
            return rows.filter(_IsAnyOf(F("dialogue_id"), Value(self.few, ArrayField(BigIntegerField()))))
        if not self.dense:
            return rows.filter(_IsAnyOf(F("dialogue_id"), ArraySubquery(self.together().values("dialogue_id"))))
        # A subquery for each row says "try one after the other"; as a join the planner would rather bring all together.
        for n, words in enumerate(self.groups):
            said = self._words(words).filter(dialogue_id=OuterRef("dialogue_id")).values("dialogue_id")
            rows = rows.alias(**{f"said_{n}": Subquery(said[:1])}).filter(**{f"said_{n}__isnull": False})
        return rows

    def count(self) -> int:
        """How many are found; asked of the words alone, since a dialogue that has words does not go away."""
        if self.few is not None:
            return len(self.few)
        found = self.together().values("dialogue_id")
        return (found if len(self.groups[0]) == 1 else found.distinct()).count()

    def together(self) -> QuerySet[Word]:
        """The words of the rarest group, in the dialogues that have one of every other group too."""
        rarest, *others = self.groups
        found = self._words(rarest)
        for words in others:
            found = found.filter(dialogue_id__in=self._words(words).values("dialogue_id"))
        return found

    def _words(self, words: list[str]) -> QuerySet[Word]:
        return Word.objects.filter(business_id=self.business, word__in=words)


def search(cur: Cursor, business: UUID, query: str, *, sees_text: bool) -> Search:
    """Look up a query. Who may not see people finds numbers of talks and deals alone: nobody is guessed by asking."""
    groups = meant(cur, business, query)
    if not sees_text:
        groups = [[word for word in words if _is_open_to_all(word)] for words in groups]
    sizes = _sizes(cur, business, set(chain.from_iterable(groups)))
    # What nobody said need not be asked again for each dialogue.
    groups = [[word for word in words if word in sizes] for words in groups]
    if not groups or not all(groups):
        return Search(business, [], few=[])
    groups.sort(key=lambda words: sum(sizes[word] for word in words))
    found = Search(business, groups)
    commonest = max(groups[0], key=lambda word: sizes[word])
    if len(groups) == 1 and sizes[commonest] > FEW_MAX:
        return replace(found, dense=_is_dense(business, _newest(Search(business, [[commonest]]), DENSE_MIN)))
    ids = _newest(found, FEW_MAX + 1)
    if len(ids) <= FEW_MAX:
        return replace(found, few=sorted(set(ids)))
    return replace(found, dense=_is_dense(business, ids))


def _is_open_to_all(word: str) -> bool:
    """Whether an index word names a talk or a deal and nobody: an id with a number in it that is no telephone."""
    kind, _sign, name = word.partition(":")
    return f"{kind}:" in _OPEN_TO_ALL and bool(_ID.fullmatch(name)) and not _LONG_NUMBER.search(name)


def meant(cur: Cursor, business: UUID, query: str) -> list[list[str]]:
    """What a query asks for: for each of its words the index words of which one must be there; empty for nothing."""
    everything = list(_asked(fold(query[:QUERY_CHARS_MAX].replace("\0", ""))))
    lexemes = _lexemes(cur, {asked.unknown for asked in everything} - {""})
    said = _sizes(cur, business, {word for asked in everything if asked.begun_else for word in asked.words}, up_to=1)
    beginnings = [
        asked.begun if said.keys() & set(asked.words) else (*asked.begun, *asked.begun_else) for asked in everything
    ]
    begun = _begun(cur, business, set(chain.from_iterable(beginnings)))
    groups = []
    for asked, its_beginnings in zip(everything, beginnings, strict=True):
        words = [*asked.words, *lexemes.get(asked.unknown, ())]
        words += [word for beginning in its_beginnings for word in begun[beginning]]
        # A word that says nothing («на») must not empty the list, unless it is all there is.
        if words or not asked.spoken or len(everything) == 1:
            groups.append(list(dict.fromkeys(asked.keys + words)))
    return groups


def _asked(query: str) -> Iterator[Asked]:
    """The things that a folded query names."""
    phone = _whole_phone(query)
    if phone:
        yield Asked([f"phone:{phone}"])
    elif " " in query and _PHONE_BEGUN.fullmatch(query):
        keys, begun = _phone_piece(query)
        yield Asked(keys, begun=begun)
    else:
        yield from (Asked([f"phone:{phone_digits(found)}"]) for found in PHONE.findall(query))
        for word in PHONE.sub(" ", query).split()[:QUERY_WORDS_MAX]:
            yield from _asked_by(word)


def _asked_by(word: str) -> Iterator[Asked]:
    ids = [f"id:{word}", f"deal:{word}"]
    if _ID.fullmatch(word):
        # An id is meant whole: its pieces («d», «2026») are words of others.
        yield Asked(ids)
    elif RUSSIAN.search(word) and not any(char.isdigit() for char in word):
        # «Гель-лак» is two words here, as it is in the index.
        for piece in re.findall(r"\w+", word):
            yield _spoken(piece, ids)
    else:
        keys, begun = _phone_piece(word)
        yield Asked([*ids, *keys], unknown=word, begun=(*begun, *_begun_name(word)), spoken=True)


def _spoken(word: str, ids: list[str]) -> Asked:
    forms = meeting_forms(word)
    begun = _begun_name(word)
    if forms == () or not begun:
        return Asked(ids, forms or (), spoken=True)
    if forms is None:
        return Asked(ids, unknown=word, begun=(word, *begun), spoken=True)
    if names_only(word):
        return Asked(ids, forms, begun=(word, *begun), spoken=True)
    return Asked(ids, forms, begun=begun, begun_else=(word,), spoken=True)


def _begun_name(word: str) -> tuple[str, ...]:
    return (f"name:{word}",) if len(word) >= BEGINNING_LETTERS_MIN and not word.isdigit() else ()


def _phone_piece(text: str) -> tuple[list[str], tuple[str, ...]]:
    """What a piece of a phone is looked for by: its last digits, and how the whole number may begin."""
    digits = re.sub(r"\D", "", text)
    if not digits or any(char.isalpha() for char in text):
        return [], ()
    keys = [f"phone:{digits}"] if len(digits) in TAILS else []
    if not _PHONE_BEGUN.fullmatch(text):
        return keys, ()
    return keys, (f"phone:{digits if digits[0] == '7' else '7' + digits.removeprefix('8')}",)


def _whole_phone(query: str) -> str:
    """The digits of a query that is a phone in any spelling; empty when it is none."""
    if sum(char.isdigit() for char in query) < 10 or any(char.isalpha() for char in query):
        return ""
    try:
        number = phonenumbers.parse(query, REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


def _lexemes(cur: Cursor, words: Collection[str]) -> dict[str, list[str]]:
    if not words:
        return {}
    return {row["word"]: row["lexemes"] for row in QUERIES.rows(cur, "lexemes_of", words=list(words))}


def _newest(found: Search, limit: int) -> list[int]:
    """The dialogues that opened last of those that are found; one with two words of a group is there twice."""
    return list(found.together().order_by("-dialogue_id").values_list("dialogue_id", flat=True)[:limit])


def _is_dense(business: UUID, newest: list[int]) -> bool:
    since = newest[min(DENSE_MIN, len(newest)) - 1]
    among = Dialogue.objects.filter(business_id=business, dialogue_id__gte=since).values("dialogue_id")
    return among[: DENSE_AMONG + 1].count() <= DENSE_AMONG


def _sizes(cur: Cursor, business: UUID, words: Collection[str], *, up_to: int = SIZE_MAX) -> dict[str, int]:
    """In how many dialogues each word is, counted no further than asked; without the words that nobody said."""
    rows = QUERIES.rows(cur, "sizes_of_words", business=business, words=list(words), limit=up_to)
    return {row["word"]: row["size"] for row in rows}


def _begun(cur: Cursor, business: UUID, beginnings: Collection[str]) -> dict[str, list[str]]:
    if not beginnings:
        return {}
    rows = QUERIES.rows(
        cur,
        "words_begun",
        business=business,
        beginnings=list(beginnings),
        looked_at=BEGUN_LOOKED_AT_MAX,
        limit=BEGUN_MAX,
    )
    return {row["beginning"]: row["words"] for row in rows}
