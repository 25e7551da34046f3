"""What becomes of an appointment, from the booking to the payment, or of a client who declined."""

from dataclasses import dataclass
from decimal import Decimal

from letopis.base.text import Text
from letopis.journal.kinds.event import Appointment, Event


@dataclass(frozen=True, kw_only=True)
class _Visit(Event):
    """A change of one appointment; `by` says who made it (client, business, assistant)."""

    appointment: Appointment | None = None
    by: str | None = None
    person: str | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class AppointmentCreated(_Visit):
    kind = "appointment_created"
    meaning = Text(ru="Клиент записан", en="The client is booked")
    sample = {
        "event": "appointment_created",
        "timestamp": "2026-11-22T10:44:20+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "session_id": "sess_1c0e77",
        "intent": "book_appointment",
        "intent_confidence": 0.97,
        "message": "Записала вас на завтра, 15:30, маникюр с покрытием, мастер Аня.",
        "appointment": {
            "id": "A-20611",
            "start": "2026-11-23T15:30:00+03:00",
            "end": "2026-11-23T17:00:00+03:00",
            "service": "Маникюр с покрытием",
            "resource": "Аня",
            "price": "2400",
        },
        "crm": {"provider": "bitrix24", "deal_id": "D-2026-0417"},
    }

    intent: str | None = None
    intent_confidence: Decimal | None = None
    message: str | None = None


@dataclass(frozen=True, kw_only=True)
class AppointmentConfirmed(_Visit):
    kind = "appointment_confirmed"
    meaning = Text(ru="Клиент подтвердил визит", en="The client confirmed the visit")
    sample = {
        "event": "appointment_confirmed",
        "timestamp": "2026-11-22T18:05:11+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "by": "client",
        "appointment": {"id": "A-20611"},
    }


@dataclass(frozen=True, kw_only=True)
class AppointmentMoved(_Visit):
    kind = "appointment_moved"
    meaning = Text(
        ru="Визит перенесён: событие несёт новое время, previous_id называет старую запись",
        en="The visit was moved: the event carries the new slot, previous_id names the old one",
    )
    sample = {
        "event": "appointment_moved",
        "timestamp": "2026-11-22T19:12:40+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "by": "client",
        "appointment": {
            "id": "A-20655",
            "previous_id": "A-20611",
            "start": "2026-11-24T12:00:00+03:00",
            "end": "2026-11-24T13:30:00+03:00",
            "service": "Маникюр с покрытием",
            "resource": "Аня",
            "price": "2400",
        },
    }


@dataclass(frozen=True, kw_only=True)
class AppointmentCancelled(_Visit):
    kind = "appointment_cancelled"
    meaning = Text(ru="Запись отменена клиентом или салоном", en="The client or the business cancelled the appointment")
    sample = {
        "event": "appointment_cancelled",
        "timestamp": "2026-11-23T09:20:00+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "by": "client",
        "reason": "Заболел ребёнок",
        "appointment": {"id": "A-20655"},
    }


@dataclass(frozen=True, kw_only=True)
class Arrived(_Visit):
    kind = "arrived"
    meaning = Text(ru="Клиент пришёл", en="The client came")
    sample = {
        "event": "arrived",
        "timestamp": "2026-11-23T15:28:00+03:00",
        "source": "yclients",
        "client_id": "tel_79000000003",
        "by": "business",
        "person": "Ольга, администратор",
        "appointment": {"id": "A-20611"},
    }


@dataclass(frozen=True, kw_only=True)
class NoShow(_Visit):
    kind = "no_show"
    meaning = Text(ru="Клиент не пришёл и не предупредил", en="The client did not come and gave no word")
    sample = {
        "event": "no_show",
        "timestamp": "2026-11-23T16:00:00+03:00",
        "source": "yclients",
        "client_id": "tel_79000000004",
        "by": "business",
        "appointment": {"id": "A-20611"},
    }


@dataclass(frozen=True, kw_only=True)
class OutcomeUnknown(_Visit):
    kind = "outcome_unknown"
    meaning = Text(ru="Чем кончился визит, выяснить не удалось", en="How the visit ended could not be found out")
    sample = {
        "event": "outcome_unknown",
        "timestamp": "2026-11-25T09:00:00+03:00",
        "source": "yclients",
        "client_id": "tel_79000000004",
        "reason": "Администратор не отметил визит",
        "appointment": {"id": "A-20611"},
    }


@dataclass(frozen=True, kw_only=True)
class Refusal(Event):
    kind = "refusal"
    meaning = Text(ru="Клиент отказался", en="The client refused")
    sample = {
        "event": "refusal",
        "timestamp": "2026-11-22T10:50:00+03:00",
        "source": "vk",
        "client_id": "vk_77120034",
        "session_id": "sess_9a41d0",
        "reason": "price",
        "message": "Спасибо, для меня дороговато",
    }

    reason: str | None = None
    message: str | None = None


@dataclass(frozen=True, kw_only=True)
class Payment(Event):
    kind = "payment"
    meaning = Text(ru="Клиент заплатил", en="The client paid")
    sample = {
        "event": "payment",
        "timestamp": "2026-11-23T17:04:00+03:00",
        "source": "yclients",
        "client_id": "tel_79000000003",
        "amount": "2400.00",
        "appointment": {"id": "A-20611"},
    }

    amount: Decimal | None = None
    appointment: Appointment | None = None
    result: str | None = None
