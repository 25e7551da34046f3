"""What other systems tell of a client: the telephone, and a record read back."""

from dataclasses import dataclass
from datetime import datetime

from letopis.base.text import Text
from letopis.journal.kinds.event import Appointment, Event


@dataclass(frozen=True, kw_only=True)
class Call(Event):
    kind = "call"
    meaning = Text(
        ru="Звонок: by говорит, кто звонил; result: answered, missed, busy; until — конец разговора",
        en="A phone call: by says who called; result: answered, missed, busy; until is its end",
    )
    sample = {
        "event": "call",
        "timestamp": "2026-11-22T12:31:07+03:00",
        "source": "phone",
        "client_id": "tel_79000000004",
        "phone": "+79000000004",
        "by": "client",
        "result": "answered",
        "until": "2026-11-22T12:33:40+03:00",
        "person": "Ольга, администратор",
        "message_url": "https://calls.example.ru/records/5512",
    }

    by: str | None = None
    result: str | None = None
    until: datetime | None = None
    person: str | None = None
    message_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class RecordReadback(Event):
    kind = "record_readback"
    meaning = Text(
        ru="Запись прочитана обратно из CRM или журнала записи",
        en="A record was read back from the system that keeps it",
    )
    sample = {
        "event": "record_readback",
        "timestamp": "2026-11-22T10:44:30+03:00",
        "source": "yclients",
        "client_id": "tg_480125563",
        "what": "appointment",
        "state": "created",
        "result": "ok",
        "appointment": {"id": "A-20611", "start": "2026-11-23T15:30:00+03:00", "resource": "Аня"},
    }

    what: str | None = None
    state: str | None = None
    result: str | None = None
    appointment: Appointment | None = None
