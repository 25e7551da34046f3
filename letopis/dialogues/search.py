"""Search: the words under which a dialogue is found, and what a query means in those words.

The index is an inverted table, asked by equality alone: below the wall of row-level security no other operator may use
an index. Word forms are PostgreSQL's own Russian lexemes; phones, deals, ids and names are words with a prefix.
"""

import re
from typing import Any

import phonenumbers

from letopis.base.sql import Queries
from letopis.base.text import fold
from letopis.clients.identities import plain
from letopis.journal.entries import Entry

QUERIES = Queries("letopis.dialogues")

TEXT_CHARS_MAX = 20_000
"""More of one message is not searched."""
QUERY_WORDS_MAX = 8
QUERY_CHARS_MAX = 200
TAIL_DIGITS = 4
REGION = "RU"

_PHONE = re.compile(r"(?<!\d)\+?\d(?:[\s()\-–]{0,3}\d){9,11}(?!\d)")
_ID = re.compile(r"(?=.*[a-z])(?=.*\d)[\w.:-]+", re.ASCII)
_IDS = ("session_id", "client_id", "appointment_id", "previous_id")


def searched_text(entry: Entry) -> str:
    """The text of an entry as the index reads it."""
    return fold(entry.text[:TEXT_CHARS_MAX]).replace("\0", "") if entry.text else ""


def keys_of(entry: Entry) -> list[str]:
    """The prefixed words of an entry."""
    who = entry.who
    keys = [f"id:{fold(plain(who[name]))}" for name in _IDS if who.get(name)]
    if who.get("crm_deal_id"):
        keys.append(f"deal:{fold(plain(who['crm_deal_id']))}")
    if who.get("name"):
        keys += [f"name:{word}" for word in fold(plain(who["name"])).split()]
    phones = [str(who["phone"])] if who.get("phone") else []
    if entry.text:
        phones += _PHONE.findall(entry.text[:TEXT_CHARS_MAX])
    for phone in phones:
        keys += _phone_keys(phone)
    return keys


def meant(cur: Any, query: str) -> list[list[str]]:
    """What a query asks for: for each of its words the index words of which one must be there; empty for nothing."""
    query = fold(query[:QUERY_CHARS_MAX].replace("\0", ""))
    phone = _parsed_phone(query)
    if phone:
        return [[f"phone:{phone}"]]
    words = query.split()[:QUERY_WORDS_MAX]
    if not words:
        return []
    lexemes = {row["word"]: row["lexemes"] for row in QUERIES.rows(cur, "lexemes_of", words=words)}
    wanted = []
    for word in words:
        # An id is meant whole: its pieces («d», «2026») are words of others.
        spoken = [] if _ID.fullmatch(word) else lexemes[word]
        alternatives = [*spoken, f"id:{word}", f"deal:{word}", f"name:{word}"]
        if word.isdigit() and len(word) == TAIL_DIGITS:
            alternatives.append(f"phone:{word}")
        # A word that says nothing («на») must not empty the list, unless it is all there is.
        if lexemes[word] or len(words) == 1:
            wanted.append(alternatives)
    return wanted


def _phone_keys(phone: str) -> list[str]:
    digits = re.sub(r"\D", "", phone)
    if len(digits) == 11 and digits[0] in "78":
        digits = "7" + digits[1:]
    elif len(digits) == 10:
        digits = "7" + digits
    elif len(digits) < 10:
        return []
    return [f"phone:{digits}", f"phone:{digits[-TAIL_DIGITS:]}"]


def _parsed_phone(query: str) -> str:
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
