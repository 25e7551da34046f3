"""Drafts for the tests of the journal."""

from typing import Any
from uuid import UUID

from letopis.journal import lj1
from letopis.journal.draft import Draft


def message(
    business: UUID, number: int, text: str = "Нужен маникюр завтра в 15:00", dedup_key: str | None = "", **fields: Any
) -> Draft:
    """A client's message; its id is its number unless a key is given, None for none."""
    who = {"client_id": "tg_12345678", "message_id": str(number)}
    raw = f'{{"event":"message_in","message_id":"{number}"}}'.encode()
    return Draft(
        **{
            "business": business,
            "type": "message_in",
            "source": "telegram",
            "slots": ((1, lj1.encode({"role": "client"})), (2, lj1.encode(who)), (3, text.encode()), (4, raw)),
            "body": lj1.encode({**who, "text": text}),
            "dedup_key": f"m{number}" if dedup_key == "" else dedup_key,
            **fields,
        }
    )


def messages(business: UUID, count: int, first: int = 0) -> list[Draft]:
    return [message(business, number) for number in range(first, first + count)]
