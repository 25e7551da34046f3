"""How the assistant understands a client and goes through its scenario."""

from dataclasses import dataclass
from decimal import Decimal

from letopis.base.text import Text
from letopis.journal.kinds.event import Event


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
