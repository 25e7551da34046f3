"""The kinds of events: what each means, which fields it uses, and a sample as a sender posts it.

To add a kind, write one frozen dataclass below with `kind`, `meaning`, its own fields and a `sample`; validation,
OpenAPI document, reference page and filters follow. A kind that is not here is kept as it comes, never refused.
Whoever makes events inside Letopis fills in a dataclass and sends `public()`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import msgspec

from letopis.base.text import Text

Sample = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Crm:
    """The record of a CRM that an event is about."""

    provider: str | None = None
    deal_id: str | None = None
    contact_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """A visit as the sender knows it; `previous_id` names the appointment that this one replaces."""

    id: str | None = None
    previous_id: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    service: str | None = None
    resource: str | None = None
    price: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """What every kind may carry; `kind` names it, all else is optional."""

    kind: ClassVar[str]
    meaning: ClassVar[Text]
    sample: ClassVar[Sample]

    timestamp: datetime | None = None
    source: str | None = None
    client_id: str | None = None
    session_id: str | None = None
    message_id: str | None = None
    dedup_key: str | None = None
    level: str | None = None
    name: str | None = None
    phone: str | None = None
    branch: str | None = None
    campaign: str | None = None
    scenario: str | None = None
    version: str | None = None
    step: str | None = None
    crm: Crm | None = None
    trace_id: str | None = None
    span_id: str | None = None
    test: bool | None = None
    attributes: Mapping[str, Any] | None = None

    def public(self) -> dict[str, Any]:
        """The event as a sender posts it: absent fields left out."""
        told: dict[str, Any] = _told(msgspec.to_builtins(self))
        return {"event": self.kind, **told}


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _told(inner) for key, inner in value.items() if inner is not None}
    return value


@dataclass(frozen=True, kw_only=True)
class NewLead(Event):
    kind = "new_lead"
    meaning = Text(ru="Новый человек обратился впервые", en="A new person made the first contact")
    sample = {
        "event": "new_lead",
        "timestamp": "2026-11-22T10:41:58+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "session_id": "sess_1c0e77",
        "name": "Марина",
        "campaign": "insta_november",
        "branch": "Лесная",
    }


@dataclass(frozen=True, kw_only=True)
class _Message(Event):
    """Something said: its text, or a link to it instead of a copy."""

    role: str | None = None
    message: str | None = None
    message_url: str | None = None
    content_type: str | None = None
    reply_to: str | None = None


@dataclass(frozen=True, kw_only=True)
class MessageIn(_Message):
    kind = "message_in"
    meaning = Text(ru="Клиент написал", en="The client wrote")
    sample = {
        "event": "message_in",
        "timestamp": "2026-11-22T10:42:00+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "session_id": "sess_1c0e77",
        "message_id": "8121",
        "role": "client",
        "content_type": "text",
        "message": "Здравствуйте! На завтра после трёх есть окошко на маникюр?",
    }


@dataclass(frozen=True, kw_only=True)
class MessageOut(_Message):
    kind = "message_out"
    meaning = Text(
        ru="Клиенту ответили: помощник, человек, система или рассылка",
        en="The client was answered by the assistant, a person, the system or a mailing",
    )
    sample = {
        "event": "message_out",
        "timestamp": "2026-11-22T10:42:03.480+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "session_id": "sess_1c0e77",
        "message_id": "8122",
        "role": "assistant",
        "automatic": False,
        "scenario": "booking",
        "version": "7",
        "step": "offer_slots",
        "message": "Здравствуйте, Марина! Завтра свободно в 15:30 у Ани и в 17:00 у Светланы. Какое время удобнее?",
        "reply_to": "8121",
    }

    automatic: bool | None = None
    model: str | None = None
    person: str | None = None


@dataclass(frozen=True, kw_only=True)
class MessageDelivery(Event):
    kind = "message_delivery"
    meaning = Text(
        ru="Что стало с исходящим сообщением: queued, sent, delivered, read, failed",
        en="What became of an outgoing message: queued, sent, delivered, read, failed",
    )
    sample = {
        "event": "message_delivery",
        "timestamp": "2026-11-22T10:42:05+03:00",
        "source": "whatsapp",
        "client_id": "wa_79000000003",
        "of_message_id": "wamid.HBgL8122",
        "state": "failed",
        "reason": "131047: прошло больше 24 часов с последнего сообщения клиента",
    }

    of_message_id: str | None = None
    state: str | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class IntentDetected(Event):
    kind = "intent_detected"
    meaning = Text(ru="Помощник понял, чего хочет клиент", en="The assistant understood what the client wants")
    sample = {
        "event": "intent_detected",
        "timestamp": "2026-11-22T10:42:00.610+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "session_id": "sess_1c0e77",
        "intent": "book_appointment",
        "intent_confidence": 0.92,
        "model": "yandexgpt",
    }

    intent: str | None = None
    intent_confidence: Decimal | None = None
    model: str | None = None


@dataclass(frozen=True, kw_only=True)
class StepEntered(Event):
    kind = "step_entered"
    meaning = Text(ru="Диалог вошёл в шаг сценария", en="The dialogue entered a step of the scenario")
    sample = {
        "event": "step_entered",
        "timestamp": "2026-11-22T10:42:01+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "session_id": "sess_1c0e77",
        "scenario": "booking",
        "version": "7",
        "step": "offer_slots",
    }


@dataclass(frozen=True, kw_only=True)
class StepLeft(Event):
    kind = "step_left"
    meaning = Text(ru="Диалог вышел из шага сценария", en="The dialogue left a step of the scenario")
    sample = {
        "event": "step_left",
        "timestamp": "2026-11-22T10:43:10+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "session_id": "sess_1c0e77",
        "scenario": "booking",
        "version": "7",
        "step": "offer_slots",
        "reason": "answered",
    }

    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Act(Event):
    """Something the assistant did: `timestamp` is its start, `latency_ms` its length."""

    latency_ms: int | None = None
    result: str | None = None
    reason: str | None = None
    attempt: int | None = None


@dataclass(frozen=True, kw_only=True)
class ModelCall(_Act):
    kind = "model_call"
    meaning = Text(ru="Помощник обратился к модели", en="The assistant called a model")
    sample = {
        "event": "model_call",
        "timestamp": "2026-11-22T10:42:00.700+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "session_id": "sess_1c0e77",
        "model": "yandexgpt",
        "latency_ms": 1840,
        "tokens_in": 1312,
        "tokens_out": 96,
        "cost": "0.42",
        "result": "ok",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "span_id": "00f067aa0ba902b7",
    }

    model: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class ToolCall(_Act):
    kind = "tool_call"
    meaning = Text(
        ru="Помощник воспользовался инструментом: журналом записи, CRM, справочником",
        en="The assistant used a tool: the booking journal, the CRM, a directory",
    )
    sample = {
        "event": "tool_call",
        "timestamp": "2026-11-22T10:42:01.200+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "session_id": "sess_1c0e77",
        "tool": "find_slots",
        "latency_ms": 640,
        "result": "ok",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "attributes": {"service": "Маникюр с покрытием", "day": "2026-11-23", "found": 2},
    }

    tool: str | None = None


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


@dataclass(frozen=True, kw_only=True)
class _Reminder(Event):
    """A word to a booked client about the coming visit."""

    appointment: Appointment | None = None
    state: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReminderPlanned(_Reminder):
    kind = "reminder_planned"
    meaning = Text(
        ru="Напоминание запланировано на время until; state: plan или holdout (контрольная группа)",
        en="A reminder is due at until; state: plan or holdout (control group)",
    )
    sample = {
        "event": "reminder_planned",
        "timestamp": "2026-11-22T10:44:21+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "appointment": {"id": "A-20611"},
        "until": "2026-11-22T18:00:00+03:00",
        "version": "2",
        "state": "plan",
    }

    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReminderSent(_Reminder):
    kind = "reminder_sent"
    meaning = Text(ru="Напоминание отправлено", en="A reminder was sent")
    sample = {
        "event": "reminder_sent",
        "timestamp": "2026-11-22T18:00:02+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "message_id": "8140",
        "appointment": {"id": "A-20611"},
        "state": "sent",
        "message": "Марина, ждём вас завтра в 15:30 на маникюр. Придёте?",
    }

    message: str | None = None
    attempt: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReminderReplied(_Reminder):
    kind = "reminder_replied"
    meaning = Text(
        ru="Клиент ответил на напоминание: confirm, cancel, move, late, question, other",
        en="The client answered a reminder: confirm, cancel, move, late, question, other",
    )
    sample = {
        "event": "reminder_replied",
        "timestamp": "2026-11-22T18:04:50+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "message_id": "8141",
        "reply_to": "8140",
        "appointment": {"id": "A-20611"},
        "result": "confirm",
        "message": "Да, буду",
    }

    result: str | None = None
    message: str | None = None
    reply_to: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReminderSkipped(_Reminder):
    kind = "reminder_skipped"
    meaning = Text(ru="Напоминание не отправлено намеренно", en="A reminder was left out on purpose")
    sample = {
        "event": "reminder_skipped",
        "timestamp": "2026-11-22T18:00:00+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "appointment": {"id": "A-20611"},
        "reason": "already_confirmed",
    }

    reason: str | None = None


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
class CrmDelivery(_Act):
    kind = "crm_delivery"
    meaning = Text(ru="Запись ушла в CRM или не дошла", en="A record went to the CRM, or failed to")
    sample = {
        "event": "crm_delivery",
        "timestamp": "2026-11-22T10:44:22+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "what": "deal",
        "version": "3",
        "attempt": 1,
        "latency_ms": 410,
        "result": "ok",
        "crm": {"provider": "bitrix24", "deal_id": "D-2026-0417"},
    }

    what: str | None = None


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
class ChangeMark(Event):
    kind = "change_mark"
    meaning = Text(
        ru="В работе что-то изменили: сценарий, расписание, цены — чтобы сравнить до и после",
        en="Something was changed (scenario, schedule, prices), so that before and after can be compared",
    )
    sample = {
        "event": "change_mark",
        "timestamp": "2026-11-16T09:00:00+03:00",
        "source": "letopis",
        "what": "Сначала предлагаем время, потом спрашиваем телефон",
        "scenario": "booking",
        "version": "7",
        "effect": "Меньше клиентов уходит на шаге с телефоном",
        "metric": "M2",
    }

    what: str | None = None
    effect: str | None = None
    metric: str | None = None


@dataclass(frozen=True, kw_only=True)
class Heartbeat(Event):
    kind = "heartbeat"
    meaning = Text(ru="Источник жив, даже если никто не пишет", en="The source is alive even when nobody writes")
    sample = {
        "event": "heartbeat",
        "timestamp": "2026-11-22T10:40:00+03:00",
        "source": "telegram",
        "level": "DEBUG",
        "dedup_key": "heartbeat-58112",
    }


@dataclass(frozen=True, kw_only=True)
class Error(Event):
    kind = "error"
    meaning = Text(ru="У помощника сбой", en="The assistant failed")
    sample = {
        "event": "error",
        "timestamp": "2026-11-22T10:46:12+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "session_id": "sess_1c0e77",
        "level": "ERROR",
        "tool": "create_appointment",
        "result": "timeout",
        "reason": "Журнал записи не ответил за 10 секунд",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    }

    tool: str | None = None
    model: str | None = None
    result: str | None = None
    reason: str | None = None
    message: str | None = None


@dataclass(frozen=True, kw_only=True)
class ScheduleVersion(Event):
    kind = "schedule_version"
    meaning = Text(
        ru="Часы работы, действуют с valid_from до следующей версии",
        en="Working hours, in force from valid_from until the next version",
    )
    sample = {
        "event": "schedule_version",
        "timestamp": "2026-11-01T09:00:00+03:00",
        "source": "letopis",
        "valid_from": "2026-11-01",
        "weekly": {
            "mon": [["10:00", "20:00"]],
            "tue": [["10:00", "20:00"]],
            "wed": [["10:00", "20:00"]],
            "thu": [["10:00", "20:00"]],
            "fri": [["10:00", "21:00"]],
            "sat": [["10:00", "14:00"], ["15:00", "21:00"]],
            "sun": [],
        },
    }

    valid_from: date | None = None
    weekly: Mapping[str, list[list[str]]] | None = None


@dataclass(frozen=True, kw_only=True)
class AvailabilitySnapshot(Event):
    kind = "availability_snapshot"
    meaning = Text(
        ru="Какое время было свободно в этот момент; мастер и промежутки лежат в attributes",
        en="Which times were free at this moment; resource and intervals are in attributes",
    )
    sample = {
        "event": "availability_snapshot",
        "timestamp": "2026-11-22T10:42:01.900+03:00",
        "source": "yclients",
        "valid_from": "2026-11-23",
        "attributes": {"resource": "Аня", "intervals": [["15:30", "17:00"], ["18:30", "20:00"]]},
    }

    valid_from: date | None = None


@dataclass(frozen=True, kw_only=True)
class ReviewAnswer(Event):
    kind = "review_answer"
    meaning = Text(
        ru="Человек ответил на вопрос ручной проверки диалога", en="A person answered a question of the manual review"
    )
    sample = {
        "event": "review_answer",
        "timestamp": "2026-11-22T14:00:00+03:00",
        "source": "letopis",
        "session_id": "sess_1c0e77",
        "person": "Ирина, владелец",
        "what": "answered_the_question",
        "result": "yes",
        "attributes": {"review_id": "r-12", "dialogue_id": 48112},
    }

    person: str | None = None
    what: str | None = None
    result: str | None = None


@dataclass(frozen=True, kw_only=True)
class FindingState(Event):
    kind = "finding_state"
    meaning = Text(
        ru="Находка подтверждена, отклонена, исправлена или принята как риск",
        en="A finding was confirmed, dismissed, fixed or accepted as a risk",
    )
    sample = {
        "event": "finding_state",
        "timestamp": "2026-11-22T14:05:00+03:00",
        "source": "letopis",
        "person": "Ирина, владелец",
        "what": "F01",
        "state": "confirmed",
        "attributes": {"finding_id": "f-3301"},
    }

    person: str | None = None
    what: str | None = None
    state: str | None = None
    reason: str | None = None


def _by_looking(parent: type[Event] = Event) -> Iterator[type[Event]]:
    """Every class below `parent` that names its kind, in the order of this file's families."""
    for child in parent.__subclasses__():
        if "kind" in vars(child):
            yield child
        yield from _by_looking(child)


KINDS: dict[str, type[Event]] = {cls.kind: cls for cls in _by_looking()}

# What the journal itself writes (kind 1); a sender may not use these names.
CONTROLS: dict[str, Text] = {
    "log.opened": Text(ru="Журнал начат", en="The log was opened"),
    "event.conflict": Text(
        ru="Под тем же номером пришло другое событие; первое осталось как было",
        en="Another event came under the same id; the first one stands",
    ),
    "content.erased": Text(ru="Содержимое стёрто по обращению", en="Content was erased on request"),
    "content.expired": Text(ru="Содержимое стёрто по сроку хранения", en="Content was erased when its term was over"),
}
