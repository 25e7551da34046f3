"""What is said and done in one session, in order, as the events that the intake takes.

A story is all that happens to one person; it may run over several sessions. It also knows its waits: from the first
word of a client's turn to the answer. The demo stops a story just before a wait that is still open at the moment of
asking, so the only people who wait are those whom `waiting` puts there.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from letopis.demo.people import Client
from letopis.demo.salon import LITE, PRO, SCENARIO, STEP_HELLO, World, next_opening
from letopis.demo.speech import typed

Event = dict[str, Any]
CRM = "Bitrix24"
TOOL_SLOTS = "yclients.free_slots"
TOOL_CREATE = "yclients.create_record"
TOOL_MOVE = "yclients.move_record"
TOOL_CANCEL = "yclients.cancel_record"
TOOL_CATALOGUE = "yclients.services"
# Channels that tell whether a message has arrived.
WITH_RECEIPTS = ("whatsapp", "vk")
_ROUBLES_PER_TOKEN = {LITE: 0.0002, PRO: 0.0006}
_FIRST_SECOND = datetime.fromisoformat("2024-01-01T00:00:00+03:00")


@dataclass(frozen=True, slots=True)
class Fact:
    """An event and its place in time."""

    at: datetime
    event: Event


@dataclass(slots=True)
class Story:
    """All that happens to one person, with the spans in which somebody waited for us."""

    facts: list[Fact] = field(default_factory=list)
    waits: list[tuple[datetime, datetime]] = field(default_factory=list)

    def calm_until(self, now: datetime) -> datetime:
        """The end of what may be told at `now` so that nobody is left waiting (exclusive)."""
        after_now = now + timedelta(milliseconds=1)
        return min((start for start, end in self.waits if start <= now < end), default=after_now)


class Tape:
    """One session of one client. `at` is the moment reached; every act moves it on."""

    def __init__(self, world: World, dice: random.Random, story: Story, client: Client, at: datetime) -> None:
        self.world = world
        self.dice = dice
        self.story = story
        self.client = client
        self.at = at
        self.session_id = f"sess_{dice.getrandbits(24):06x}{dice.getrandbits(8):02x}"
        self.version = world.version(at)
        self.step = STEP_HELLO
        self.branch = ""
        self.person = ""
        self._first_message = int((at - _FIRST_SECOND).total_seconds())
        self._messages = 0
        self._keys = 0
        self._waiting_since: datetime | None = None

    def tell(self, event: str, at: datetime, **fields: object) -> None:
        """Put down one event of this session; it gets a key of its own unless it is a message."""
        told: Event = {
            "event": event,
            "timestamp": at.isoformat(timespec="milliseconds"),
            "source": self.client.channel,
            "client_id": self.client.client_id,
            "session_id": self.session_id,
        }
        if self.branch:
            told["branch"] = self.branch
        if "message_id" not in fields:
            self._keys += 1
            told["dedup_key"] = f"{self.session_id}:{self._keys}"
        told.update(fields)
        self.story.facts.append(Fact(at, told))

    def pause(self, seconds_min: float, seconds_max: float) -> None:
        """Let time pass."""
        self.at += timedelta(milliseconds=round(self.dice.uniform(seconds_min, seconds_max) * 1000))

    def think(self) -> None:
        """The client reads and thinks: usually a minute, sometimes many."""
        self.at += timedelta(seconds=round(min(12 + self.dice.lognormvariate(3.9, 1.0), 1500)))

    def hear(
        self, line: str, *, closing: bool = False, first: bool = False, button: bool = False, voice: bool = False
    ) -> str:
        """The client writes, in one or several bubbles; returns the id of the last."""
        bubbles = [line] if button or voice else typed(self.dice, line, first=first, plain=closing)
        if self._waiting_since is None and not closing:
            self._waiting_since = self.at
        message_id = ""
        for number, bubble in enumerate(bubbles):
            if number:
                self.pause(2, 14)
            message_id = self.message_id()
            content = "button" if button else "voice" if voice else "text"
            self.tell("message_in", self.at, message_id=message_id, role="client", content_type=content, message=bubble)
        return message_id

    def message_id(self) -> str:
        """The next id as the channel would number it."""
        self._messages += 1
        return str(self._first_message + self._messages)

    def understand(self, intent: str, confidence: float, step: str) -> None:
        """The assistant takes in the turn; a person who answers the channel herself comes to it in her own time."""
        if self.person:
            self.at = next_opening(self.at + timedelta(seconds=round(self.dice.lognormvariate(5.4, 1.0)) + 25))
            return
        self.call_model(LITE, 280, 12)
        self.tell("intent_detected", self.at, intent=intent, intent_confidence=confidence, model=LITE)
        self.enter(step)

    def enter(self, step: str) -> None:
        """The scenario goes on to a step."""
        self.step = step
        self.tell("step_entered", self.at, scenario=SCENARIO, version=self.version, step=step)

    def call_model(self, model: str, tokens_in: int, tokens_out: int, *, result: str = "ok") -> None:
        """A call of the model, with its length and price."""
        self.pause(0.05, 0.2)
        tokens_in = round(tokens_in * self.dice.uniform(0.85, 1.5))
        tokens_out = round(tokens_out * self.dice.uniform(0.7, 1.4))
        latency_ms = round(self.dice.lognormvariate(6.3 if model == LITE else 6.9, 0.3))
        cost = round((tokens_in + tokens_out) * _ROUBLES_PER_TOKEN[model], 4)
        self.tell(
            "model_call",
            self.at,
            model=model,
            latency_ms=latency_ms,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            cost=cost,
            result=result,
            scenario=SCENARIO,
            version=self.version,
            step=self.step,
        )
        self.at += timedelta(milliseconds=latency_ms)

    def use(self, tool: str, *, result: str = "ok", reason: str = "", **arguments: object) -> None:
        """A call of a tool, unless a person works in its stead."""
        if self.person:
            return
        self.pause(0.03, 0.12)
        latency_ms = round(self.dice.lognormvariate(6.2, 0.4))
        fields: Event = {"tool": tool, "latency_ms": latency_ms, "result": result, "attributes": arguments}
        if reason:
            fields |= {"reason": reason, "level": "ERROR"}
        self.tell("tool_call", self.at, scenario=SCENARIO, version=self.version, step=self.step, **fields)
        self.at += timedelta(milliseconds=latency_ms)

    def answer(self, line: str, *, short: bool = False) -> str:
        """The assistant answers, or the person who answers in this channel; the wait is over."""
        if self.person:
            return self.person_says(line, self.person)
        self.call_model(LITE if short else PRO, 420 if short else 760, 30 if short else 70)
        self.pause(0.08, 0.3)
        return self._say(line, role="assistant", scenario=SCENARIO, version=self.version, step=self.step)

    def person_says(self, line: str, person: str) -> str:
        """One of the staff answers."""
        return self._say(line, role="human", person=person)

    def greet(self, line: str) -> None:
        """An automatic greeting, which answers nothing."""
        self.pause(0.5, 2)
        self.tell("message_out", self.at, message_id=self.message_id(), role="assistant", automatic=True, message=line)

    def hand_over(self, reason: str, notice: str = "") -> None:
        """The assistant calls for a person; the client goes on waiting."""
        self.pause(0.05, 0.2)
        self.tell(
            "escalation", self.at, reason=reason, level="WARN", scenario=SCENARIO, version=self.version, step=self.step
        )
        if notice:
            self.pause(0.3, 1.2)
            self.tell(
                "message_out",
                self.at,
                message_id=self.message_id(),
                role="assistant",
                scenario=SCENARIO,
                version=self.version,
                step=self.step,
                message=notice,
            )

    def take(self, person: str) -> None:
        """One of the staff takes the dialogue over."""
        self.tell("escalation_taken", self.at, person=person)

    def close(self, person: str, result: str) -> None:
        """The person is done with the dialogue."""
        self.pause(5, 90)
        self.tell("escalation_closed", self.at, person=person, result=result)

    def refuse(self, reason: str) -> None:
        """The client said no: the reason as a code."""
        self.tell(
            "refusal",
            self.at + timedelta(milliseconds=400),
            reason=reason,
            step=self.step,
            scenario=SCENARIO,
            version=self.version,
        )

    def finish(self) -> None:
        """The end of the session: nobody may be left waiting."""
        assert self._waiting_since is None, f"{self.session_id} ends with a client who waits"

    def _say(self, line: str, **fields: object) -> str:
        message_id = self.message_id()
        self.tell("message_out", self.at, message_id=message_id, message=line, **fields)
        if self.client.channel in WITH_RECEIPTS:
            delivered = self.at + timedelta(milliseconds=self.dice.randrange(300, 4000))
            self.tell("message_delivery", delivered, of_message_id=message_id, state="delivered")
        self._end_wait()
        return message_id

    def _end_wait(self) -> None:
        if self._waiting_since is not None:
            self.story.waits.append((self._waiting_since, self.at))
            self._waiting_since = None
