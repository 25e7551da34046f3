"""Whose phone is whose: pure reckoning of clients that gave the same verified number.

A number is verified when it can be nobody's misspelling: E.164, of a length and range that its country has given out.
Its holders stand in the order of the journal, and each later one is a twin of the first, so that any number of clients
of one person are tied by the least number of links. Test traffic gives nobody a number.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
import phonenumbers

from letopis.clients.identities import client_of, plain
from letopis.journal.draft import TEST
from letopis.journal.entries import Entry

HOLDERS_MAX = 6
"""A number under more clients than there are channels is an agency's, a family's or the salon's own: nobody's."""


class Phone(msgspec.Struct):
    """A row of `clients_phone`."""

    business_id: UUID
    client_id: str
    phone: str
    seq: int
    at: datetime
    twin_of: str = ""
    untold: bool = False


def given(entries: Iterable[Entry]) -> dict[tuple[str, str], Entry]:
    """Client and number of every entry that names both, with the first entry that did."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        client_id, phone = client_of(entry), plain(entry.who.get("phone"))
        if client_id and phone and not entry.flags & TEST:
            found.setdefault((client_id, phone), entry)
    return found


def meet(held: Mapping[tuple[str, str], Phone], told: Mapping[tuple[str, str], Entry], business: UUID) -> list[Phone]:
    """The rows that are new; `held` are all holders of the numbers that `told` names."""
    holders: dict[str, list[Phone]] = {}
    for row in sorted(held.values(), key=lambda row: row.seq):
        holders.setdefault(row.phone, []).append(row)
    fresh: list[Phone] = []
    for (client_id, phone), entry in sorted(told.items(), key=lambda one: one[1].seq):
        of_phone = holders.setdefault(phone, [])
        if (client_id, phone) in held or len(of_phone) >= HOLDERS_MAX or not is_verified(phone):
            continue
        row = Phone(business, client_id, phone, entry.seq, entry.at)
        if of_phone:
            row.twin_of, row.untold = of_phone[0].client_id, True
        of_phone.append(row)
        fresh.append(row)
    return fresh


def is_verified(phone: str) -> bool:
    """Whether the number is written as E.164 and could be called."""
    try:
        parsed = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return False
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return written == phone and phonenumbers.is_valid_number(parsed)
