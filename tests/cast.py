"""The told world of the tests: a nail salon on the eve of the 19th of November 2026.

Ирина writes, books and comes. Марина chooses 15:00, the slot is taken, nobody tells her, and she leaves. Оля asks and
waits. Events are posted as a sender would post them; `play` brings them through mapping, journal and readers.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from letopis.base import clock, database
from letopis.intake.mapping import map_event
from letopis.intake.values import Context
from letopis.journal.draft import Draft
from letopis.journal.scribe import append_now
from letopis.metrics import pipeline

Event = dict[str, Any]

IRINA, MARINA, OLYA = "tg_55501234", "tg_12345678", "vk_77120034"
IRINA_SESSION, MARINA_SESSION, OLYA_SESSION = "sess_41d0a7", "sess_8f3c21", "sess_0b1a55"
IRINA_PHONE = "+79201231408"
DEAL = "D-2026-1187"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% debug %}",
    "javascript:alert(1)//</textarea><svg/onload=alert(1)>",
    "' OR 1=1 -- ​‮",
)


def at(clock_words: str, days_ago: int = 2) -> str:
    """A moment of a day not long ago, in Moscow."""
    day = (clock.now() - timedelta(days=days_ago)).date()
    return f"{day.isoformat()}T{clock_words}+03:00"


def irina() -> list[Event]:
    """Booked for the day after, came and paid."""
    who = {"source": "whatsapp", "client_id": IRINA, "session_id": IRINA_SESSION}
    visit = {
        "id": "A-1",
        "start": at("15:30:00", 1),
        "service": "Маникюр с покрытием",
        "resource": "Аня",
        "price": "2400",
    }
    return [
        who | {"event": "message_in", "timestamp": at("12:00:00"), "message_id": "i1", "name": "Ирина В.",
               "message": "Здравствуйте! Хочу записаться на педикюр к Светлане", "phone": "8 (920) 123-14-08"},
        who | {"event": "intent_detected", "timestamp": at("12:00:01"), "intent": "book_appointment",
               "intent_confidence": "0.94", "dedup_key": "i2"},
        who | {"event": "message_out", "timestamp": at("12:00:03"), "message_id": "i3", "role": "assistant",
               "message": "Здравствуйте, Ирина! Есть 15:30 и 17:00. Какое время удобнее?"},
        who | {"event": "message_in", "timestamp": at("12:02:00"), "message_id": "i4", "message": "15:30, пожалуйста"},
        who | {"event": "tool_call", "timestamp": at("12:02:01"), "tool": "create_record", "result": "ok",
               "latency_ms": 640, "dedup_key": "i5"},
        who | {"event": "appointment_created", "timestamp": at("12:02:02"), "appointment": visit, "dedup_key": "i6",
               "crm": {"provider": "bitrix24", "deal_id": "D-2026-1100"}},
        who | {"event": "message_out", "timestamp": at("12:02:03"), "message_id": "i7", "role": "assistant",
               "message": "Записала вас, ждём!"},
        who | {"event": "crm_delivery", "timestamp": at("12:02:04"), "result": "ok", "attempt": 1, "dedup_key": "i8",
               "crm": {"provider": "bitrix24", "deal_id": "D-2026-1100"}},
        who | {"event": "arrived", "timestamp": at("15:28:00", 1), "appointment": {"id": "A-1"}, "by": "business",
               "dedup_key": "i9"},
    ]  # fmt: skip


def marina() -> list[Event]:
    """Her time was taken four seconds before the booking; a person came forty minutes later."""
    who = {"source": "telegram", "client_id": MARINA, "session_id": MARINA_SESSION, "name": "Марина К."}
    crm = {"provider": "bitrix24", "deal_id": DEAL}
    return [
        who | {"event": "message_in", "timestamp": at("19:42:08"), "message_id": "m1",
               "message": "Здравствуйте! Хочу на маникюр завтра после обеда"},
        who | {"event": "model_call", "timestamp": at("19:42:08.100"), "model": "YandexGPT 5 Lite", "latency_ms": 600,
               "cost": "0.17", "result": "ok", "dedup_key": "m2"},
        who | {"event": "intent_detected", "timestamp": at("19:42:08.700"), "intent": "book_appointment",
               "intent_confidence": "0.92", "dedup_key": "m3"},
        who | {"event": "message_out", "timestamp": at("19:42:10"), "message_id": "m4", "role": "assistant",
               "message": "Добрый день! Завтра есть 13:30, 15:00 и 17:45. Какое время удобнее?"},
        who | {"event": "message_in", "timestamp": at("19:47:29"), "message_id": "m5", "message": "15:00 подойдёт"},
        who | {"event": "tool_call", "timestamp": at("19:47:29.900"), "tool": "yclients.create_record",
               "latency_ms": 1100, "result": "error", "level": "ERROR", "reason": "409 Conflict: slot_taken",
               "attempt": 1, "scenario": "Запись", "version": "14", "step": "Подтверждение", "dedup_key": "m6",
               "attributes": {"request": "POST /records", "status": 409, "key": "rec_8f3c21_15",
                              "slot": "2026-11-19T15:00", "taken_at": "19:47:27", "access_token": "very-secret",
                              "phone": IRINA_PHONE}},
        who | {"event": "error", "timestamp": at("19:47:31"), "level": "ERROR", "dedup_key": "m7",
               "reason": "Нет ветки для ответа 409: сценарий завершил ход без сообщения"},
        who | {"event": "message_in", "timestamp": at("19:49:34"), "message_id": "m8", "message": "Так я записана?"},
        who | {"event": "intent_detected", "timestamp": at("19:49:34.700"), "intent": "unknown", "level": "WARN",
               "intent_confidence": "0.41", "dedup_key": "m9", "attributes": {"threshold": "0.60"}},
        who | {"event": "escalation", "timestamp": at("19:49:34.800"), "level": "WARN", "dedup_key": "m10",
               "reason": "не уверен в намерении"},
        who | {"event": "crm_delivery", "timestamp": at("19:49:35"), "result": "error", "level": "WARN", "attempt": 1,
               "reason": "400: не заполнено поле «Услуга»", "crm": crm, "dedup_key": "m11"},
        who | {"event": "message_out", "timestamp": at("19:49:36"), "message_id": "m12", "role": "assistant",
               "automatic": True, "message": "Секунду, уточню у администратора"},
        who | {"event": "crm_delivery", "timestamp": at("20:25:17"), "result": "ok", "attempt": 3, "crm": crm,
               "dedup_key": "m13"},
        who | {"event": "escalation_taken", "timestamp": at("20:25:41"), "person": "Ольга С.", "dedup_key": "m14"},
        who | {"event": "message_out", "timestamp": at("20:31:02"), "message_id": "m15", "role": "human",
               "person": "Ольга С.", "message": "Марина, простите за ожидание! На 15:00 уже занято, есть 16:15."},
        who | {"event": "message_in", "timestamp": at("20:33:40"), "message_id": "m16",
               "message": "Спасибо, уже записалась в другое место"},
        who | {"event": "refusal", "timestamp": at("20:33:41"), "reason": "elsewhere", "dedup_key": "m17"},
        who | {"event": "escalation_closed", "timestamp": at("20:35:12"), "person": "Ольга С.", "result": "lost",
               "dedup_key": "m18"},
    ]  # fmt: skip


def olya() -> list[Event]:
    """Asked a quarter of an hour ago and waits."""
    asked = (clock.now() - timedelta(minutes=15)).isoformat()
    who = {"source": "vk", "client_id": OLYA, "session_id": OLYA_SESSION, "name": "Оля"}
    return [
        who | {"event": "message_in", "timestamp": asked, "message_id": "o1", "message": "Сколько стоит наращивание?"}
    ]


def hostile() -> list[Event]:
    """Somebody who tries what the pages do with strange texts, names and answers of machines."""
    events: list[Event] = []
    for n, text in enumerate(HOSTILE):
        who = {
            "source": "avito",
            "client_id": f"av_{n}{text}",
            "session_id": f"sess_x{n}",
            "name": text,
            "scenario": text,
        }
        events += [
            who | {"event": "message_in", "timestamp": at(f"10:0{n}:00"), "message_id": f"x{n}", "message": text},
            who | {"event": "tool_call", "timestamp": at(f"10:0{n}:01"), "tool": text, "result": "error",
                   "reason": text, "dedup_key": f"x{n}t", "attributes": {"answer": text, "key": text}},
            who | {"event": "escalation_taken", "timestamp": at(f"10:0{n}:02"), "person": text, "dedup_key": f"x{n}p"},
        ]  # fmt: skip
    return events


def crowd(n: int) -> list[Event]:
    """Many short dialogues, several of them at the same second."""
    return [
        {"event": "message_in", "timestamp": at(f"09:{i // 3 % 60:02d}:00"), "source": "telegram",
         "client_id": f"tg_crowd{i}", "session_id": f"sess_c{i}", "message_id": f"c{i}", "message": f"Вопрос {i}"}
        for i in range(n)
    ]  # fmt: skip


def play(business: UUID, *stories: list[Event]) -> None:
    """Post the stories in the order of their time and let the readers take them."""
    events = sorted((event for story in stories for event in story), key=lambda event: _moment(event["timestamp"]))
    context = Context(business, "test", ZoneInfo("Europe/Moscow"))
    drafts = [map_event(event, context, b"{}") for event in events]
    append_now([_good(draft) for draft in drafts])
    with database.connect() as conn:
        while pipeline.advance(conn, business):
            pass
        while pipeline.work_dues(conn, business, clock.now()):
            pass


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _good(draft: Any) -> Draft:
    assert isinstance(draft, Draft), draft
    return draft
