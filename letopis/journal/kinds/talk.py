"""What is said: a first contact, messages either way and what became of them."""

from dataclasses import dataclass

from letopis.base.text import Text
from letopis.journal.kinds.event import Event


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
