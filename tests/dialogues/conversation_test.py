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


def led(minute: float, step: str, kind: str = "step_entered", **more: Any) -> Line:
    return minute, kind, {"scenario": "Запись", "version": "14", "step": step, **more}


def stays(conversation: Conversation) -> list[tuple[str, float, float, str]]:
    """Step, entered, left, the step after it."""
    return [
        (
            stay.step,
            (stay.entered_at - NOON).total_seconds() / 60,
            (stay.left_at - NOON).total_seconds() / 60,
            stay.next,
        )
        for stay in conversation.stays
    ]


STAYS: dict[str, tuple[list[Line], list[tuple[str, float, float, str]]]] = {
    "a step lasts until the next one": ([led(0, "a"), led(5, "b")], [("a", 0, 5, "b"), ("b", 5, 5, "")]),
    "staying on is no new stay": ([led(0, "a"), led(3, "a"), led(5, "b")], [("a", 0, 5, "b"), ("b", 5, 5, "")]),
    "words without a step lengthen the stay": ([led(0, "a"), said_in(4), said_out(7)], [("a", 0, 7, "")]),
    "a word may name the step by itself": (
        [led(0, "a", "message_in"), led(2, "b", "message_out", role="assistant")],
        [("a", 0, 2, "b"), ("b", 2, 2, "")],
    ),
    "who comes back stays anew": (
        [led(0, "a"), led(1, "b"), led(2, "a")],
        [("a", 0, 1, "b"), ("b", 1, 2, "a"), ("a", 2, 2, "")],
    ),
    "another version is another step": (
        [led(0, "a"), led(1, "a", version="15")],
        [("a", 0, 1, "a"), ("a", 1, 1, "")],
    ),
    "what follows a talk neither enters nor lengthens": (
        [led(0, "a"), led(60 * 24, "b", "appointment_confirmed"), act(60 * 25, "payment")],
        [("a", 0, 0, "")],
    ),
    "a step of no scenario is none": ([act(0, "step_entered", step="a"), led(1, "b")], [("b", 1, 1, "")]),
    "a scenario without a step is none": ([act(0, "message_in", scenario="Запись")], []),
}


@pytest.mark.parametrize(("lines", "expected"), STAYS.values(), ids=STAYS.keys())
def test_stays_on_steps(lines: list[Line], expected: list[tuple[str, float, float, str]]) -> None:
    assert stays(told(*lines)) == expected


def test_first_offer_of_a_time_counts() -> None:
    """A mailing, an automatic notice or words that never arrived offer nothing."""
    talk = told(
        said_in(0),
        said_out(1, "mailing", offers=True),
        said_out(2, offers=True, automatic=True),
        said_out(3, offers=True, message_id="m1"),
        act(3.5, "message_delivery", state="failed", of_message_id="m1"),
        said_out(4, offers=True),
        said_out(5, "human", offers=True),
    )
    assert talk.offered_at == NOON + timedelta(minutes=4)
    assert told(said_in(0), said_out(1)).offered_at is None


def test_every_time_the_client_was_not_understood_is_counted() -> None:
    talk = told(
        act(0, "intent_detected", fallback=True),
        act(1, "intent_detected", intent="faq"),
        act(2, "intent_detected", fallback=True),
    )
    assert talk.fallbacks == 2


def test_payments_that_went_through_add_up() -> None:
    talk = told(
        act(0, "payment", amount_kop=100, result="declined"),
        act(1, "payment", amount_kop=2000),
        act(2, "payment", amount_kop=400, result="ok"),
    )
    assert (talk.paid_at, talk.paid_kop) == (NOON + timedelta(minutes=1), 2400)
    assert told(act(0, "payment", amount_kop=100, result="declined")).paid_at is None


def test_delivery_is_tried_before_it_arrives() -> None:
    talk = told(
        act(1, "crm_delivery", result="error"), act(4, "crm_delivery", result="ok"), act(9, "crm_delivery", result="ok")
    )
    assert (talk.tried_at, talk.delivered_at) == (NOON + timedelta(minutes=1), NOON + timedelta(minutes=4))
    assert told(act(1, "crm_delivery", result="error")).delivered_at is None


def test_turn_knows_which_colleague_answered() -> None:
    """Of the assistant nobody is named, whoever's name stands on the event."""
    by_person = told(said_in(0), said_out(1, "human", person="Ольга"), said_in(2), said_out(3, person="Ольга"))
    assert [turn.person for turn in by_person.turns] == ["Ольга", ""]
    by_call = told(act(0, "call", by="client", result="answered", person="Ирина"))
    assert [turn.person for turn in by_call.turns] == ["Ирина"]


def test_escalation_knows_who_took_it() -> None:
    talk = told(act(0, "escalation"), act(2, "escalation_taken", person="Ольга"), said_out(5, "human", person="Ирина"))
    [handover] = talk.handovers
    assert (handover.person, handover.taken_at) == ("Ольга", NOON + timedelta(minutes=2))
    [handover] = told(act(0, "escalation"), said_out(5, "human", person="Ирина")).handovers
    assert handover.person == "Ирина"


def test_last_refusal_says_why() -> None:
    talk = told(act(0, "refusal", refused_for="price"), act(5, "refusal", refused_for="time"))
    assert (talk.refused_at, talk.refused_for) == (NOON + timedelta(minutes=5), "time")
