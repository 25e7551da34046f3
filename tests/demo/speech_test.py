"""Patterns, slips and the variety they give."""

import random
import re

import pytest

from letopis.demo import client_words, parting_words, question_words, salon_words, visit_words
from letopis.demo.speech import say, typed
from letopis.dialogues.phrases import Said, closes, said

CLIENT_PHASES = [
    "WANTS_BOOKING",
    "ASKS_PRICE_FIRST",
    "ASKS_PRICE_LATER",
    "ASKS_MASTER",
    "PICKS_TIME",
    "GIVES_PHONE",
    "THANKS",
    "TIME_NO_GOOD",
    "TIME_LEAVES",
    "TOO_DEAR",
    "THINKS",
    "AM_I_BOOKED",
    "MOVES",
    "CANCELS",
    "LATE",
    "CONFIRMS_REMINDER",
]
SALON_PHASES = [
    "OFFERS",
    "OFFERS_MORE",
    "PRICE",
    "PRICE_SHORT",
    "ASKS_CONTACT",
    "BOOKED",
    "MOVED",
    "CANCELLED",
    "REMINDER_DAY",
]
PHASE_LINES_MIN = 30
# What clients and other people write, whichever module it stands in.
WRITTEN = {
    name: patterns
    for module in (client_words, parting_words, question_words, visit_words)
    for name, patterns in vars(module).items()
    if name.isupper()
}


def variety(pattern: str) -> int:
    """How many different lines a pattern can give, before facts and slips."""
    total = 1
    while match := re.search(r"\[([^\[\]]*)\]", pattern):
        total *= match[1].count("|") + 1
        pattern = pattern[: match.start()] + pattern[match.end() :]
    return total


def lines(patterns: tuple[str, ...]) -> int:
    return sum(variety(pattern) for pattern in patterns)


def test_choices_facts_and_spaces() -> None:
    dice = random.Random(1)
    assert {say(dice, ("[а|б]  {x}[|!]",), x=1) for _ in range(50)} == {"а 1", "б 1", "а 1!", "б 1!"}


def test_plain_line_keeps_its_words() -> None:
    dice = random.Random(2)
    assert {typed(dice, "Спасибо большое!", plain=True)[0].lower() for _ in range(200)} == {"спасибо большое!"}


def test_hurried_writer_makes_bubbles_and_slips() -> None:
    dice = random.Random(3)
    lines_typed = [typed(dice, "Здравствуйте¶Хочу на маникюр завтра", first=True) for _ in range(400)]
    assert {len(bubbles) for bubbles in lines_typed} == {2}
    flat = {bubbles[1] for bubbles in lines_typed}
    assert len(flat) > 30
    assert any(line.isascii() for line in flat)


@pytest.mark.parametrize("phase", SALON_PHASES)
def test_salon_varies_its_usual_words(phase: str) -> None:
    assert lines(getattr(salon_words, phase)) >= PHASE_LINES_MIN


def test_openings_are_at_least_sixty() -> None:
    openings = [
        pattern
        for name, patterns in WRITTEN.items()
        if name in ("WANTS_BOOKING", "ASKS_PRICE_FIRST", "SEEKS_JOB", "SELLS", "WRONG_NUMBER")
        or name.startswith("ASKS_W")
        for pattern in patterns
    ]
    assert len(set(openings)) >= 60


@pytest.mark.parametrize("phase", CLIENT_PHASES)
def test_usual_phase_has_many_lines(phase: str) -> None:
    assert lines(WRITTEN[phase]) >= PHASE_LINES_MIN


def test_closing_words_close() -> None:
    """The reader of dialogues knows our closings, or somebody would wait for ever."""
    dice = random.Random(4)
    for after_question, patterns in (
        (True, parting_words.THANKS),
        (False, parting_words.GOODBYES),
        (True, parting_words.ELSEWHERE),
    ):
        for _ in range(400):
            line = typed(dice, say(dice, patterns), plain=True)[0]
            assert closes(Said(said(line)), after_ours=True, after_question=after_question), line


def test_salon_speaks_politely_and_whole() -> None:
    for name, patterns in vars(salon_words).items():
        if name.isupper():
            for pattern in patterns:
                assert pattern.count("[") == pattern.count("]"), name
                assert pattern[0] in "[{" or pattern[0].isupper(), pattern
