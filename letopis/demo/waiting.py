"""Those who wait for an answer at the moment of asking, and what became of them when the demo is topped up later."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from letopis.demo import parting_words, salon_words
from letopis.demo.people import Client, client_of
from letopis.demo.salon import (
    BRANCHES,
    MANAGERS,
    STEP_HELLO,
    STEP_VISIT,
    World,
    closing,
    is_open,
    next_opening,
)
from letopis.demo.speech import say
from letopis.demo.tape import Story, Tape

LONG_MINUTES = 15
NUMBER_FROM = 30
# Who writes last before the night does so within this time after closing; at night only the long waits are told.
EVENING = timedelta(minutes=40)


@dataclass(frozen=True, slots=True)
class _Waiter:
    """One who waits: since when, where, with which words, and why the assistant could not answer."""

    minutes: float
    channel: str
    name: str
    initial: str
    asks: str
    reason: str
    confidence: float
    intent: str
    presses: str = ""


_WAITERS = (
    _Waiter(
        34, "whatsapp", "Людмила", "", "Позовите администратора", "просит человека", 0.93, "ask_human", "Ну что там?"
    ),
    _Waiter(18, "vk", "Елена", "", "А если аллергия на краску?", "вопрос вне сценария", 0.38, "unknown"),
    _Waiter(24, "telegram", "Дарья", "П", "Хочу перенести на субботу", "перенос не настроен", 0.71, "move_appointment"),
    _Waiter(6, "avito", "Ирина", "", "Скидка на первое посещение есть?", "низкая уверенность", 0.52, "ask_discount"),
    _Waiter(2, "whatsapp", "Ольга", "Н", "Это опять вы? Я же отказалась", "клиент недоволен", 0.64, "complaint"),
)
_PRESSES_AFTER = timedelta(minutes=3)


def stories(world: World, at: datetime) -> list[Story]:
    """The stories of those who wait at `at`, with their ends after it; the caller tells them up to its own now.

    Two or three wait longer than a quarter of an hour; while the salon is open two more have only just written.
    """
    third = world.dice("waiters", at.date()).random() < 0.7
    waiters = [waiter for waiter in _WAITERS if waiter.minutes < LONG_MINUTES or third or waiter.channel != "telegram"]
    if is_open(at):
        return [_story(world, at, at, waiter, place) for place, waiter in enumerate(waiters)]
    anchor = min(at, _last_closing(at) + EVENING)
    return [
        _story(world, at, anchor, waiter, place)
        for place, waiter in enumerate(waiters)
        if waiter.minutes >= LONG_MINUTES
    ]


def _story(world: World, at: datetime, anchor: datetime, waiter: _Waiter, place: int) -> Story:
    dice = world.dice("waiter", at.isoformat(timespec="seconds"), place)
    story = Story()
    told = client_of(world, at.date(), NUMBER_FROM + place, waiter.channel, dice)
    client = Client(told.client_id, waiter.channel, waiter.name, waiter.initial, told.phone)
    tape = Tape(world, dice, story, client, anchor - timedelta(minutes=waiter.minutes))
    tape.branch = dice.choice(BRANCHES)
    tape.tell(
        "message_in",
        tape.at,
        message_id=tape.message_id(),
        role="client",
        content_type="text",
        message=waiter.asks,
        name=client.shown,
    )
    if waiter.intent in ("unknown", "ask_discount"):
        tape.tell("new_lead", tape.at + timedelta(milliseconds=40), name=client.shown)
    tape.understand(waiter.intent, waiter.confidence, STEP_VISIT if waiter.intent == "move_appointment" else STEP_HELLO)
    tape.hand_over(waiter.reason, say(dice, salon_words.HANDS_OVER) if waiter.presses else "")
    if waiter.presses:
        tape.at += _PRESSES_AFTER
        tape.tell(
            "message_in",
            tape.at,
            message_id=tape.message_id(),
            role="client",
            content_type="text",
            message=waiter.presses,
        )
    _answered(tape, at)
    return story


def _answered(tape: Tape, at: datetime) -> None:
    """After `at`: a person comes, says sorry, is thanked."""
    dice = tape.dice
    tape.at = next_opening(at + timedelta(seconds=1)) + timedelta(minutes=dice.uniform(3, 25))
    person = dice.choices(MANAGERS, (6, 3, 2))[0]
    tape.take(person)
    tape.pause(20, 150)
    facts = {"name": tape.client.name, "person": person.split()[0]}
    tape.person_says(say(dice, salon_words.PERSON_ANSWERS, **facts), person)
    tape.think()
    tape.hear(say(dice, parting_words.THANKS), closing=True)
    tape.close(person, "answered")


def _last_closing(at: datetime) -> datetime:
    today = closing(at.date())
    return today if today <= at else closing(at.date() - timedelta(days=1))
