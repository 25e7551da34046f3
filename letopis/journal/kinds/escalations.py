"""A dialogue handed over to a person: opened, taken, closed."""

from dataclasses import dataclass

from letopis.base.text import Text
from letopis.journal.kinds.event import Event


@dataclass(frozen=True, kw_only=True)
class _Escalation(Event):
    """A dialogue in the hands of a person of the staff."""

    reason: str | None = None
    person: str | None = None


@dataclass(frozen=True, kw_only=True)
class Escalation(_Escalation):
    kind = "escalation"
    meaning = Text(ru="Помощник позвал человека", en="The assistant called for a person")
    sample = {
        "event": "escalation",
        "timestamp": "2026-11-22T11:03:00+03:00",
        "source": "whatsapp",
        "client_id": "wa_79000000003",
        "session_id": "sess_5d21b8",
        "reason": "Клиентка спрашивает про аллергию на гель",
    }


@dataclass(frozen=True, kw_only=True)
class EscalationTaken(_Escalation):
    kind = "escalation_taken"
    meaning = Text(ru="Человек взял диалог", en="A person took the dialogue")
    sample = {
        "event": "escalation_taken",
        "timestamp": "2026-11-22T11:07:30+03:00",
        "source": "whatsapp",
        "client_id": "wa_79000000003",
        "session_id": "sess_5d21b8",
        "person": "Ольга, администратор",
    }


@dataclass(frozen=True, kw_only=True)
class EscalationClosed(_Escalation):
    kind = "escalation_closed"
    meaning = Text(ru="Человек закончил с диалогом", en="The person is done with the dialogue")
    sample = {
        "event": "escalation_closed",
        "timestamp": "2026-11-22T11:15:00+03:00",
        "source": "whatsapp",
        "client_id": "wa_79000000003",
        "session_id": "sess_5d21b8",
        "person": "Ольга, администратор",
        "result": "booked",
    }

    result: str | None = None
