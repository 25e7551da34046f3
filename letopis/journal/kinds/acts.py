"""What the assistant does beside talking, each with its length and its result: model, tools, CRM."""

from dataclasses import dataclass
from decimal import Decimal

from letopis.base.text import Text
from letopis.journal.kinds.event import Event


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
