"""Events to send: single messages as patterns for a load generator, and whole talks for readers and pages.

Both are form one of the public contract. Patterns carry `@ID@` and `@CLIENT@`; whoever sends fills them in, so that
every event is new.
"""

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

ID_MARK = "@ID@"
CLIENT_MARK = "@CLIENT@"
CLIENTS = 5000

OPENINGS = (
    "Здравствуйте! Хочу записаться на маникюр завтра после шести, есть время?",
    "Добрый день, сколько стоит педикюр с покрытием и когда ближайшее окно?",
    "Привет! Можно к Марине в субботу утром? Нужно снять старое покрытие",
    "Здравствуйте, а вы работаете в воскресенье? Хочу на наращивание ногтей",
    "Подскажите, пожалуйста, есть ли свободное время сегодня вечером на брови",
    "Добрый вечер! Нужна стрижка и укладка на пятницу, желательно до обеда",
    "Можно перенести мою запись с четверга на следующую неделю, заболела",
    "Здравствуйте, сколько по времени занимает окрашивание и какая цена?",
)
ANSWERS = (
    "Здравствуйте! Завтра свободно в 18:30 и 19:45. Какое время вам удобнее?",
    "Добрый день! Стоимость от 2 300 ₽, ближайшее окно сегодня в 17:00. Записать вас?",
    "Да, конечно! В субботу у Марины есть 10:00 и 11:30. Подскажите, какое выбрать?",
    "Записала вас, будем ждать! Если планы изменятся, напишите нам, пожалуйста.",
)
CHOICES = ("Давайте на 18:30", "Первое подойдёт, спасибо", "А попозже нет?", "Да, запишите меня", "Дорого, я подумаю")
SERVICES = ("маникюр с покрытием", "педикюр", "наращивание", "окрашивание", "стрижка", "коррекция бровей")
CHANNELS = (("telegram", "tg"), ("whatsapp", "wa"), ("vk", "vk"))
# One event in so many dialogues holds a word that nothing else holds: for measuring a search that finds few.
RARE_WORD = "микроблейдинг"
RARE_EVERY = 997


def single_patterns(at: datetime) -> list[str]:
    """Single client messages of about 370 bytes, one line of JSON each."""
    return [
        _line(
            {
                "event": "message_in",
                "timestamp": at.isoformat(timespec="seconds"),
                "client_id": f"tg_{CLIENT_MARK}",
                "session_id": f"sess_{CLIENT_MARK}",
                "message_id": ID_MARK,
                "intent": "book_appointment",
                "intent_confidence": 0.92,
                "source": "telegram",
                "role": "client",
                "message": text,
            }
        )
        for text in OPENINGS
    ]


def filled(pattern: str, id_: str, client: int) -> bytes:
    return pattern.replace(ID_MARK, id_).replace(CLIENT_MARK, str(10_000_000 + client)).encode()


def phone(number: int) -> str:
    return f"+7916{number % 10_000_000:07d}"


def talk(number: int, at: datetime, run: str = "t") -> list[dict[str, Any]]:
    """One dialogue of 8 to 14 events that begins at `at`; the same number gives the same words."""
    chance = random.Random(number)
    source, prefix = chance.choice(CHANNELS)
    client = f"{prefix}_{10_000_000 + number * 7 % 9_000_000}"
    made: list[dict[str, Any]] = []

    def tell(event: str, seconds: float, **fields: Any) -> None:
        nonlocal at
        at += timedelta(seconds=seconds)
        made.append(
            {
                "event": event,
                "timestamp": at.isoformat(timespec="milliseconds"),
                "source": source,
                "client_id": client,
                "session_id": f"{run}-{number}",
                "message_id": f"{run}-{number}-{len(made)}",
                **fields,
            }
        )

    opening = chance.choice(OPENINGS)
    if number % RARE_EVERY == 0:
        opening += f" И ещё {RARE_WORD}"
    tell("message_in", 0, role="client", message=opening, name=f"Клиент {number % 500}", phone=phone(number))
    tell("intent_detected", 0.3, intent="book_appointment", intent_confidence=0.92)
    for turn in range(chance.randint(1, 3)):
        tell("model_call", 0.2, model="assistant-1", latency_ms=chance.randint(300, 1800), tokens_in=900 + turn,
             tokens_out=120, cost=0.12, result="ok")  # fmt: skip
        tell("message_out", chance.uniform(1, 4), role="assistant", message=chance.choice(ANSWERS), scenario="booking",
             version="3", step="offer")  # fmt: skip
        tell("message_in", chance.uniform(20, 300), role="client", message=chance.choice(CHOICES))
    tell("tool_call", 0.5, tool="schedule.find", latency_ms=chance.randint(40, 400), result="ok")
    if chance.random() < 0.6:
        start = at + timedelta(days=chance.randint(1, 6))
        tell("appointment_created", 0.5, appointment={
            "id": f"A-{run}-{number}", "start": start.isoformat(timespec="seconds"),
            "end": (start + timedelta(hours=1)).isoformat(timespec="seconds"), "service": chance.choice(SERVICES),
            "resource": f"мастер {number % 6}", "price": 1500 + number % 20 * 100,
        })  # fmt: skip
        tell("message_out", 1, role="assistant", message=ANSWERS[3])
        tell("crm_delivery", 1, crm={"provider": "Bitrix24", "deal_id": f"D-{run}-{number}"}, result="ok",
             latency_ms=240)  # fmt: skip
    elif chance.random() < 0.3:
        tell("refusal", 1, reason="price")
    elif chance.random() < 0.3:
        tell("escalation", 1, reason="client_asked")
        tell("escalation_taken", 60, by="business", person="Администратор")
    return made


def long_talk(events: int, at: datetime, run: str = "long") -> Iterator[dict[str, Any]]:
    """One dialogue of exactly so many events, for measuring its trace."""
    for number in range(events):
        at += timedelta(seconds=5)
        client_speaks = number % 3 == 0
        yield {
            "event": ("message_in", "model_call", "message_out")[number % 3],
            "timestamp": at.isoformat(timespec="milliseconds"),
            "source": "telegram",
            "client_id": "tg_99000001",
            "session_id": run,
            "message_id": f"{run}-{number}",
            "role": "client" if client_speaks else "assistant",
            **({"model": "assistant-1", "latency_ms": 700, "result": "ok"} if number % 3 == 1
               else {"message": (OPENINGS if client_speaks else ANSWERS)[number % 4]}),
        }  # fmt: skip


def interleaved(first: int, at: datetime, run: str, open_talks: int = 200) -> Iterator[dict[str, Any]]:
    """Endless events of many talks that go on at once, as they would arrive."""
    talks = [iter(talk(first + place, at, run)) for place in range(open_talks)]
    following = first + open_talks
    place = 0
    while True:
        event = next(talks[place], None)
        if event is None:
            talks[place] = iter(talk(following, at, run))
            following += 1
            continue
        yield event
        place = (place + 1) % open_talks


def history(events: int, until: datetime, days: int, run: str = "h") -> Iterator[dict[str, Any]]:
    """About so many events of talks spread evenly over the days before `until`, oldest first."""
    mean = 11.1
    step = timedelta(days=days) / max(1, events / mean)
    at = until - timedelta(days=days)
    made = number = 0
    while made < events:
        lines = talk(number, at, run)
        yield from lines
        made += len(lines)
        number += 1
        at += step


def as_lines(events: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> bytes:
    """NDJSON."""
    return "".join(_line(event) + "\n" for event in events).encode()


def _line(event: dict[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))
