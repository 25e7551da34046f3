"""A dialogue from its facts: turns, replies and escalations as tables of what was said."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from letopis.dialogues.conversation import Conversation, converse
from letopis.dialogues.facts import Fact
from letopis.dialogues.phrases import Said

NOON = datetime(2026, 10, 5, 9, tzinfo=UTC)

# Minute, kind, and what the fact holds.
Line = tuple[float, str, dict[str, Any]]


def said_in(minute: float, said: Said = Said.NONE) -> Line:
    return minute, "message_in", {"said": said.value}


def said_out(minute: float, role: str = "assistant", **fields: Any) -> Line:
    return minute, "message_out", {"role": role, **fields}


def act(minute: float, kind: str, **fields: Any) -> Line:
    return minute, kind, fields


def told(*lines: Line) -> Conversation:
    facts = [
        Fact(seq=seq, at=NOON + timedelta(minutes=minute), type=kind, channel="telegram", **fields)
        for seq, (minute, kind, fields) in enumerate(lines)
    ]
    return converse(sorted(facts, key=lambda fact: (fact.at, fact.seq)))


def turns(conversation: Conversation) -> list[tuple[float, float | None, str, bool]]:
    """Start, reply, by whom, closing."""
    return [
        (
            (turn.started_at - NOON).total_seconds() / 60,
            None if turn.replied_at is None else (turn.replied_at - NOON).total_seconds() / 60,
            turn.replied_by,
            turn.closing,
        )
        for turn in conversation.turns
    ]


CASES: dict[str, tuple[list[Line], list[tuple[float, float | None, str, bool]]]] = {
    "several bubbles are one turn": (
        [said_in(0), said_in(1), said_in(2), said_out(3)],
        [(0, 3, "assistant", False)],
    ),
    "an automatic greeting answers nobody": (
        [said_in(0), said_out(1, automatic=True), said_out(4, "human")],
        [(0, 4, "human", False)],
    ),
    "a mailing answers nobody": ([said_in(0), said_out(1, "mailing")], [(0, None, "", False)]),
    "a failed delivery answers nobody": (
        [said_in(0), said_out(1, message_id="m1"), act(2, "message_delivery", of_message_id="m1", state="failed")],
        [(0, None, "", False)],
    ),
    "a retry that was delivered answers": (
        [
            said_in(0),
            said_out(1, message_id="m1"),
            act(2, "message_delivery", of_message_id="m1", state="failed"),
            act(3, "message_delivery", of_message_id="m1", state="delivered"),
        ],
        [(0, 1, "assistant", False)],
    ),
    "thanks after an answer expects none": (
        [said_in(0), said_out(1), said_in(2, Said.THANKED)],
        [(0, 1, "assistant", False), (2, None, "", True)],
    ),
    "an OK after our question is consent": (
        [said_in(0), said_out(1, asks=True), said_in(2, Said.AGREED)],
        [(0, 1, "assistant", False), (2, None, "", False)],
    ),
    "an OK with thanks after an answer expects none": (
        [said_in(0), said_out(1), said_in(2, Said.ACKNOWLEDGED)],
        [(0, 1, "assistant", False), (2, None, "", True)],
    ),
    "an OK with thanks after our question waits for a word": (
        [said_in(0), said_out(1, asks=True), said_in(2, Said.ACKNOWLEDGED)],
        [(0, 1, "assistant", False), (2, None, "", False)],
    ),
    "thanks after our question expect none": (
        [said_in(0), said_out(1, asks=True), said_in(2, Said.THANKED)],
        [(0, 1, "assistant", False), (2, None, "", True)],
    ),
    "thanks after an OK to our question do not close it": (
        [said_in(0), said_out(1, asks=True), said_in(2, Said.AGREED), said_in(3, Said.THANKED)],
        [(0, 1, "assistant", False), (2, None, "", False)],
    ),
    "an OK after a mailing's question closes": (
        [said_out(0, "mailing", asks=True), said_in(2, Said.AGREED)],
        [(2, None, "", True)],
    ),
    "thanks as the first word does not close": ([said_in(0, Said.THANKED)], [(0, None, "", False)]),
    "a wait begins with the word that expects an answer": (
        [said_in(0), said_out(1), said_in(2, Said.THANKED), said_in(60), said_out(61)],
        [(0, 1, "assistant", False), (60, 61, "assistant", False)],
    ),
    "a notice beside an escalation ends the wait": (
        [said_in(0), act(1, "escalation"), said_out(1.5, automatic=True), said_out(20, "human")],
        [(0, 1.5, "assistant", False)],
    ),
    "a missed call waits and a call back answers": (
        [act(0, "call", by="client", result="missed"), act(9, "call", by="business", result="answered")],
        [(0, 9, "human", False)],
    ),
    "an answered call waits for nobody": ([act(0, "call", by="client", result="answered")], [(0, 0, "human", False)]),
}


@pytest.mark.parametrize(("lines", "expected"), CASES.values(), ids=CASES.keys())
def test_turns_of_a_talk(lines: list[Line], expected: list[tuple[float, float | None, str, bool]]) -> None:
    assert turns(told(*lines)) == expected


@pytest.mark.parametrize(
    ("lines", "thanked"),
    [
        ([said_in(0), said_out(1), said_in(2, Said.THANKED)], True),
        ([said_in(0), said_out(1), said_in(2, Said.ACKNOWLEDGED)], True),
        ([said_in(0), said_out(1, asks=True), said_in(2, Said.THANKED)], True),
        ([said_in(0), said_out(1, asks=True), said_in(2, Said.ACKNOWLEDGED)], False),
        ([said_in(0), said_out(1, asks=True), said_in(2, Said.AGREED), said_in(3, Said.THANKED)], False),
        ([said_in(0), said_in(1, Said.THANKED)], False),
        ([said_in(0), said_out(1), said_in(2, Said.THANKED), said_in(3)], False),
    ],
)
def test_thanks_end_a_talk_that_owes_no_answer(lines: list[Line], thanked: bool) -> None:
    """Who thanked us and left got what he wanted; who waits for our word is lost by us, however polite."""
    assert told(*lines).thanked is thanked


def test_order_of_arrival_does_not_matter() -> None:
    lines = [said_in(0), said_out(3), said_in(5), said_out(6, "human")]
    assert turns(told(*reversed(lines))) == turns(told(*lines))


def test_persons_message_takes_the_escalation() -> None:
    talk = told(said_in(0), act(1, "escalation", reason="аллергия"), said_out(9, "human"), act(20, "escalation_closed"))
    [handover] = talk.handovers
    assert handover.taken_at == NOON + timedelta(minutes=9)
    assert handover.closed_at == NOON + timedelta(minutes=20)


def test_escalation_closed_untaken_stays_untaken() -> None:
    [handover] = told(said_in(0), act(1, "escalation"), act(20, "escalation_closed"), said_out(30, "human")).handovers
    assert handover.taken_at is None


def test_refusal_phrase_stands_until_the_client_goes_on() -> None:
    refused = told(said_in(0), said_out(1), said_in(2, Said.REFUSED), said_in(3, Said.THANKED))
    assert refused.refused_at == NOON + timedelta(minutes=2)
    assert told(said_in(0), said_out(1), said_in(2, Said.REFUSED), said_in(9)).refused_at is None


def test_wish_for_a_visit_outlives_other_intents() -> None:
    talk = told(act(0, "intent_detected", intent="book_appointment"), act(1, "intent_detected", intent="faq"))
    assert talk.intent == "book_appointment"


def test_what_follows_a_talk_does_not_lengthen_it() -> None:
    talk = told(said_in(0), said_out(1), act(60 * 30, "arrived"), act(60 * 31, "payment"))
    assert talk.last_at == NOON + timedelta(minutes=1)
    assert talk.facts == 4
