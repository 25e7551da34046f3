"""The policy of a business: a term in days for every class of content (duty P13 of the contract on personal data)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from letopis.base.errors import SenderError
from letopis.base.text import Text

DAYS_MIN = 90
DAYS_PLAIN_MAX = 365
"""Longer only with a written ground."""
DAYS_MAX = 3650
RAW_DAYS_MIN = 7
GROUND_CHARS_MIN, GROUND_CHARS_MAX = 20, 1000


class Kept(StrEnum):
    """A class of content. Figures are a class too, but hold no person: they are kept without a term."""

    RAW = "raw"
    TRACE = "trace"
    ATTACH = "attach"
    TEXT = "text"
    WHO = "who"


NAMES: Mapping[Kept, Text] = {
    Kept.RAW: Text(ru="Запросы, как пришли", en="Requests as they came"),
    Kept.TRACE: Text(ru="Технические следы", en="Technical traces"),
    Kept.ATTACH: Text(ru="Вложения", en="Attachments"),
    Kept.TEXT: Text(ru="Слова переписки", en="Words of the talks"),
    Kept.WHO: Text(ru="Кто клиент", en="Who the client is"),
}
MEANINGS: Mapping[Kept, Text] = {
    Kept.RAW: Text(
        ru="Тела запросов байт в байт: нужны, чтобы починить подключение",
        en="Bodies of requests byte for byte: they are needed to mend a connection",
    ),
    Kept.TRACE: Text(
        ru="Что помощник спрашивал у модели и программ, и тексты ошибок",
        en="What the assistant asked of models and tools, and texts of errors",
    ),
    Kept.ATTACH: Text(ru="Имена и ссылки файлов, фото, голосовых", en="Names and links of files, photos, voices"),
    Kept.TEXT: Text(ru="Что писали клиент и салон", en="What the client and the salon wrote"),
    Kept.WHO: Text(
        ru="Имя, телефон, номера в каналах и CRM: срок идёт от последнего обращения",
        en="Name, phone, ids in channels and CRM: the term runs from the last contact",
    ),
}


class Policy(msgspec.Struct):
    """A row of `privacy_policy`: days for each class, from the entry that told them."""

    business_id: UUID
    seq: int
    at: datetime
    raw_days: int
    trace_days: int
    attach_days: int
    text_days: int
    who_days: int
    ground: str = ""
    person: str = ""

    def days(self, kept: Kept) -> int:
        days: int = getattr(self, f"{kept}_days")
        return days


PROPOSED: Mapping[Kept, int] = {Kept.RAW: 30, Kept.TRACE: 90, Kept.ATTACH: 180, Kept.TEXT: 180, Kept.WHO: 365}
"""What the page proposes to a business that has approved nothing yet; nothing goes before somebody approves."""


def check(days: Mapping[Kept, int], ground: str) -> None:
    """Whether such terms may be approved.

    Raises:
        SenderError: a term is too short or too long, or has no ground; names the class.
    """
    for kept in Kept:
        least = RAW_DAYS_MIN if kept is Kept.RAW else DAYS_MIN
        if not least <= days[kept] <= DAYS_MAX:
            raise SenderError(f"between {least} and {DAYS_MAX} days", field=kept)
        if days[kept] > days[Kept.WHO]:
            raise SenderError("nothing is kept longer than what tells whose it was", field=kept)
    if max(days.values()) > DAYS_PLAIN_MAX and len(ground.strip()) < GROUND_CHARS_MIN:
        raise SenderError(
            "longer than a year needs a written ground", field="ground", hint="name the law, the contract or the claim"
        )


def policy_of(business: UUID, seq: int, at: datetime, meta: Mapping[str, Any], person: str) -> Policy:
    """From slot 1 of its entry."""
    days = {f"{kept}_days": int(meta[f"{kept}_days"]) for kept in Kept}
    return Policy(business_id=business, seq=seq, at=at, ground=str(meta.get("ground", "")), person=person, **days)
