"""Which ids are one person."""

from dataclasses import dataclass

from letopis.base.text import Text
from letopis.journal.kinds.event import Event


@dataclass(frozen=True, kw_only=True)
class _Identity(Event):
    """One person under two ids; `by` says on whose word."""

    other_client_id: str | None = None
    by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class IdentityLink(_Identity):
    kind = "identity_link"
    meaning = Text(ru="Два клиента — один человек", en="Two clients are one person")
    sample = {
        "event": "identity_link",
        "timestamp": "2026-11-22T12:35:00+03:00",
        "source": "phone",
        "client_id": "tel_79000000003",
        "other_client_id": "tg_480125563",
        "by": "business",
        "reason": "same_phone",
    }


@dataclass(frozen=True, kw_only=True)
class IdentityUnlink(_Identity):
    kind = "identity_unlink"
    meaning = Text(ru="Два клиента — разные люди: связь отменена", en="Two clients are two people: the link is undone")
    sample = {
        "event": "identity_unlink",
        "timestamp": "2026-11-22T15:10:00+03:00",
        "source": "phone",
        "client_id": "tel_79000000003",
        "other_client_id": "tg_480125563",
        "by": "business",
        "reason": "mother_and_daughter",
    }


@dataclass(frozen=True, kw_only=True)
class ClientCorrected(Event):
    kind = "client_corrected"
    meaning = Text(
        ru="Клиент попросил исправить имя или телефон: верно то, что сказано здесь; прежнее стирается",
        en="A client asked to correct a name or telephone: what is told here is right; the former is erased",
    )
    sample = {
        "event": "client_corrected",
        "timestamp": "2026-11-27T10:00:00+03:00",
        "source": "letopis",
        "client_id": "tg_480125563",
        "name": "Мария К.",
        "person": "Анна Ладова",
    }

    person: str | None = None
