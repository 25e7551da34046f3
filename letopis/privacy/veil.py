"""The veil: a text for a reader who must see no person at all, whatever a detector thinks of it.

A detector covers what is surely personal and leaves the rest readable; it weighs. The veil does not weigh: every word
that may be a name, every word with a capital letter that no dictionary knows, every long number, every address of a
mailbox or of a home goes. Here to hide too much costs a word, to hide too little costs a name.
"""

import re
from collections.abc import Collection

from letopis.base.text import fold
from letopis.base.wordforms import meeting_forms, name_share

CLIENT, ASSISTANT, STAFF, SYSTEM = "client", "assistant", "staff", "system"
"""Who speaks."""
MARK = "••••"
LATER_SHARE_MIN = 0.4
"""A word written small is hidden from this likelihood of being a name on."""
DIGITS_MIN = 6
KNOWN_LETTERS_MIN = 3
STEM_LETTERS_OFF_MAX = 3
"""Two forms of one name differ in so many last letters: «Марина», «Мариной»."""

PLACE_SIGNS = 4
"""So many signs before a word tell whether a sentence begins with it."""

_ENDS = frozenset('.!?…:;—–"«(•')
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
# Only from the beginning of a piece without spaces, or a long one would be gone through once for each of its letters.
_MAILBOX = re.compile(r"(?<![^\s@])[^\s@]++@[^\s@]++")
_HANDLE = re.compile(r"(?<!\w)@\w{2,}")
# A word of a place of living, what it is called, and the numbers behind it.
_ADDRESS = re.compile(
    r"(?<!\w)(ул(?:ица|ице|ицы|\.)|просп(?:ект|екте|\.)|пр-т|пер(?:еулок|еулке|\.)|шоссе|бульвар|наб(?:ережная|\.)|кв(?:артира|артире|\.))"
    r"\s*[^\s,.;!?]+(?:\s[А-ЯЁ][^\s,.;!?]*){0,3}(?:,?\s*(?:д(?:ом|\.)?\s*)?\d+\w?(?:/\d+)?)?",
    re.IGNORECASE,
)
# A telephone said in words is four of them in a row or more: «девятьсот двадцать пятьсот пятьдесят пять».
_SAID_NUMBER = re.compile(
    r"(?<!\w)(?:(?:ноль|нол[яь]|один|одна|два|две|три|четыре|пять|шесть|семь|восемь|девять|десять|\w{2,8}надцать|двадцать|тридцать"
    r"|сорок|\w{3,6}десят|девяносто|сто|двести|триста|четыреста|\w{3,6}сот|плюс)(?!\w)[\s,.\-–]{0,3}){4,}",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"(?<!\w)[АВЕКМНОРСТУХABEKMHOPCTYX]\s?\d{3}\s?[АВЕКМНОРСТУХABEKMHOPCTYX]{2}\s?\d{2,3}(?!\w)", re.IGNORECASE
)
# Nobody who is born on it writes to a salon yet.
_DAY = re.compile(r"20(?:1[5-9]|[2-9]\d)-\d\d-\d\d")
_NUMBER = re.compile(r"\+?\d(?:[\s()\-‐–—.\u00a0]{0,3}\d)+")


def veil(text: str, known: Collection[str] = (), role: str = CLIENT) -> str:
    """The text without anything that may be a person; `known` are words of names, met in any case form.

    Latin words with a capital letter go too, but where a machine speaks: there they are names of tools.
    """
    if not text:
        return text
    latin = role != SYSTEM
    text = _HANDLE.sub(f"@{MARK}", _MAILBOX.sub(f"{MARK}@{MARK}", text))
    text = _ADDRESS.sub(lambda found: f"{found[1]} {MARK}", text)
    text = _PLATE.sub(MARK, _SAID_NUMBER.sub(f"{MARK} ", text))
    text = _NUMBER.sub(_number, text)
    # An initial is no name: «С.» would hide every «с».
    names = [fold(word) for name in known for word in _WORD.findall(name) if len(word) > 1]

    def veiled(found: re.Match[str]) -> str:
        inside = latin and not _begins_sentence(text, found.start())
        return _word(found[0], names, latin=latin, inside=inside)

    return _WORD.sub(veiled, text)


def veil_name(name: str) -> str:
    """А••••: the first letter stays, of all its words but one."""
    first = _WORD.search(name)
    return f"{first[0][0].upper()}{MARK}" if first else MARK


def _begins_sentence(text: str, start: int) -> bool:
    """Whether a word at `start` is written large for its place alone."""
    before = text[max(start - PLACE_SIGNS, 0) : start]
    sign = before.rstrip()[-1:]
    return not sign or sign in _ENDS or "\n" in before


def _word(word: str, names: Collection[str], *, latin: bool, inside: bool) -> str:
    pieces = word.split("-")
    # Inside a sentence a large letter makes a name of any word: «Ольга Сиренева» is no lilac.
    if inside and word[0].isupper() and not word.isupper() and _CYRILLIC.search(word):
        return f"{word[0]}{MARK}"
    if any(_may_be_name(piece, names, latin=latin) for piece in (word, *pieces)):
        return f"{word[0]}{MARK}"
    return word


def _may_be_name(word: str, names: Collection[str], *, latin: bool) -> bool:
    folded = fold(word)
    if any(_is_form_of(folded, name) for name in names):
        return True
    capital = word[:1].isupper()
    if not _CYRILLIC.search(word):
        return latin and capital and len(word) >= KNOWN_LETTERS_MIN
    share = name_share(folded)
    if share is None:
        return capital and len(word) >= KNOWN_LETTERS_MIN
    return share > 0 if capital else share >= LATER_SHARE_MIN


def _is_form_of(word: str, name: str) -> bool:
    """Whether a folded word is a known name in some case; a short one must be the same."""
    if word == name:
        return True
    # Cheap, and true of nearly every word; the first letter of a name never changes.
    if word[:1] != name[:1]:
        return False
    if len(name) < KNOWN_LETTERS_MIN or len(word) < KNOWN_LETTERS_MIN:
        return False
    if set(meeting_forms(word) or ()) & set(meeting_forms(name) or ()):
        return True
    stem = max(KNOWN_LETTERS_MIN, len(name) - STEM_LETTERS_OFF_MAX)
    return (
        len(name) > KNOWN_LETTERS_MIN and word[:stem] == name[:stem] and len(word) - len(name) <= STEM_LETTERS_OFF_MAX
    )


def _number(found: re.Match[str]) -> str:
    """A long number keeps its shape and its last two digits; a day of our own years is no number."""
    number = found[0]
    if _DAY.fullmatch(number):
        return number
    total = sum(sign.isdigit() for sign in number)
    if total < DIGITS_MIN:
        return number
    seen, veiled = 0, []
    for sign in number:
        seen += sign.isdigit()
        veiled.append("•" if sign.isdigit() and seen <= total - 2 else sign)
    return "".join(veiled)
