"""How one reader sees people: in clear, or with everybody hidden; the one place where the stored becomes the shown.

    eyes = eyes_of(request)              on a page
    eyes = eyes_of_key(request.auth)     in the read API
    eyes.name("Марина К.")               М••••
    eyes.text(entry.text, "client")      the message with people masked

Whoever makes a page row passes every name, telephone, id and text through the reader's eyes; a template never decides.
Who has the right to see people sees what is stored. For everybody else it passes the veil, and the names that the page
itself knows (the client, the colleague who answered) go wherever they stand.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from letopis.access.keys import KeyFacts
from letopis.access.roles import Role
from letopis.base import format
from letopis.journal.erasing import is_pseudonym
from letopis.privacy.unmasking import shown_until
from letopis.privacy.veil import ASSISTANT, CLIENT, MARK, STAFF, SYSTEM, veil, veil_name

__all__ = ["ASSISTANT", "CLEAR", "CLIENT", "MASKED", "STAFF", "SYSTEM", "Eyes", "eyes_of", "eyes_of_key", "may_ask"]

_ID_TAIL = re.compile(r"\d{4}\Z")
# A short word, and then numbers and hexadecimal pieces, none of them as long as a telephone: sess_8f3c21, D-2026-1187.
_MADE_BY_MACHINE = re.compile(
    r"(?:[A-Za-z]{1,8}[_-])?(?![^_-]*\d{9})(?=\w*\d)[0-9a-f]{1,32}(?:[_-](?!\d{9})[0-9a-f]{1,32})*"
)


@dataclass(frozen=True, slots=True)
class Eyes:
    """What one reader sees; `known` are the names of the people whom the page is about."""

    clear: bool
    known: tuple[str, ...] = ()

    def knowing(self, names: Iterable[object]) -> "Eyes":
        """The same eyes, which recognise these people in any text and case form."""
        told = tuple(dict.fromkeys(str(name) for name in names if name))
        return self if self.clear else replace(self, known=(*self.known, *told))

    def name(self, name: str) -> str:
        """Somebody's name."""
        return name if self.clear or not name else veil_name(name)

    def phone(self, number: str) -> str:
        """A telephone as pages show it: to nobody whole, to whoever sees no people the last two digits."""
        if not number:
            return ""
        return format.phone_masked(number) if self.clear else veil(format.phone(number))

    def id(self, identifier: str) -> str:
        """The client as a channel names him: the channel and, of a number, its last four digits."""
        if is_pseudonym(identifier):
            return identifier
        if self.clear:
            return format.id_masked(identifier)
        channel, line, rest = identifier.partition("_")
        head = f"{channel}{line}" if line and channel.isascii() and channel.isalpha() and len(channel) <= 8 else ""
        tail = _ID_TAIL.search(rest if head else identifier)
        return f"{head}{MARK}{tail[0] if tail and head else ''}"

    def reference(self, number: str) -> str:
        """The sender's own number of a talk or a deal: whole where a machine made it, since nothing else finds it."""
        if self.clear or not number or _MADE_BY_MACHINE.fullmatch(number):
            return number
        return MARK

    def text(self, text: str, role: str = CLIENT) -> str:
        """What somebody wrote."""
        if self.clear or not text:
            return text
        return veil(text, self.known, role)

    def words(self, text: str) -> str:
        """Short words of a sender or of a machine: a service, a step, an answer of a system."""
        if self.clear or not text:
            return text
        return veil(text, self.known, SYSTEM)


CLEAR = Eyes(clear=True)
MASKED = Eyes(clear=False)


def eyes_of(request: Any, kind: str = "", subject: int = 0) -> Eyes:
    """How the person of this request sees people; of one subject that was shown to him, in clear for a while."""
    if request.role is not Role.INTEGRATOR:
        return CLEAR
    return CLEAR if kind and may_ask(request) and shown_until(request, kind, subject) else MASKED


def may_ask(request: Any) -> bool:
    """Whether this person may ask to see somebody unmasked, as the owner has allowed."""
    return bool(request.may_ask)


def eyes_of_key(key: KeyFacts) -> Eyes:
    """How a program sees people: as whoever made its key did then."""
    return MASKED if key.masked else CLEAR
