"""To which dialogue an event belongs: a pure walk over a batch in the journal's order.

A given session names the dialogue of its client. Without one, an event joins the dialogue of the same client and
channel that it is nearest to, if no further than `SILENCE` away. What staff, CRM and reminders do joins the dialogue
that made the appointment, else the client's latest, and opens none.

The answer depends on the order of the journal and on nothing else, so it is the same for any size of batch.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from letopis.dialogues.parts import CREATED, FOLLOWING, OUTSIDE, PLACING

SILENCE = timedelta(hours=24)
"""What separates two conversations of a client in one channel, where no session is given."""
SESSION_SILENCE = timedelta(days=30)
"""A session that was silent for so long goes on as a new dialogue: as long as M1 takes to see a new lead."""
FACTS_MAX = 1000
"""A session with more facts goes on as a new dialogue, so that one talk never costs more than this to derive."""


@dataclass(slots=True)
class Known:
    """A dialogue as far as assignment must know it; the interval is that of its talk, or of all facts before any."""

    dialogue_id: int
    client_id: str
    session_id: str
    channel: str
    started_at: datetime
    last_at: datetime
    facts: int
    spoken: bool

    def distance(self, at: datetime) -> timedelta:
        return max(self.started_at - at, at - self.last_at, timedelta())

    def take(self, at: datetime, channel: str, *, talks: bool) -> None:
        self.facts += 1
        if talks and not self.spoken:
            self.started_at = self.last_at = at
            self.channel = channel
            self.spoken = True
        elif talks or not self.spoken:
            self.started_at = min(self.started_at, at)
            self.last_at = max(self.last_at, at)


@dataclass(frozen=True, slots=True)
class Event:
    """What assignment looks at."""

    seq: int
    at: datetime
    type: str
    channel: str
    client_id: str
    session_id: str
    appointment_ids: tuple[str, ...] = ()


@dataclass(slots=True)
class Desk:
    """All dialogues that a batch may touch, and where appointments were made."""

    by_id: dict[int, Known] = field(default_factory=dict)
    by_session: dict[str, list[Known]] = field(default_factory=dict)
    by_client: dict[str, list[Known]] = field(default_factory=dict)
    made_in: dict[str, int] = field(default_factory=dict)

    def lay(self, known: Iterable[Known]) -> None:
        for dialogue in known:
            self.by_id[dialogue.dialogue_id] = dialogue
            if dialogue.session_id:
                self.by_session.setdefault(dialogue.session_id, []).append(dialogue)
            if dialogue.client_id:
                self.by_client.setdefault(dialogue.client_id, []).append(dialogue)

    def assign(self, event: Event) -> int | None:
        """The dialogue of the next event, opened if need be; None for an event of no dialogue."""
        if event.type in OUTSIDE or not (event.client_id or event.session_id or event.appointment_ids):
            return None
        talks = event.type not in FOLLOWING
        dialogue = self._find(event, talks)
        if dialogue is None:
            if not event.session_id and (not talks or not event.client_id):
                return None
            dialogue = self._open(event)
        dialogue.take(event.at, event.channel, talks=talks)
        if event.type in PLACING:
            for appointment_id in event.appointment_ids:
                self.made_in.setdefault(appointment_id, dialogue.dialogue_id)
        return dialogue.dialogue_id

    def _find(self, event: Event, talks: bool) -> Known | None:
        opens = talks or event.type == CREATED
        if event.session_id:
            found = self._of_session(event, SESSION_SILENCE if opens else timedelta.max)
            return found if opens or found else self._made(event) or self._latest(event)
        if opens:
            return self._by_silence(event)
        return self._made(event) or self._latest(event)

    def _of_session(self, event: Event, bound: timedelta) -> Known | None:
        same = self.by_session.get(event.session_id, ())
        if not event.client_id:
            return _nearest(same, event.at, bound)
        found = _nearest([d for d in same if d.client_id == event.client_id], event.at, bound)
        if found is not None:
            return found
        # Earlier events of this talk may have lacked the client, or the session.
        nameless = _nearest([d for d in same if not d.client_id], event.at, bound)
        if nameless is not None:
            nameless.client_id = event.client_id
            self.by_client.setdefault(event.client_id, []).append(nameless)
            return nameless
        sessionless = self._by_silence(event, without_session=True)
        if sessionless is not None:
            sessionless.session_id = event.session_id
            self.by_session.setdefault(event.session_id, []).append(sessionless)
        return sessionless

    def _by_silence(self, event: Event, *, without_session: bool = False) -> Known | None:
        mine = (
            dialogue
            for dialogue in self.by_client.get(event.client_id, ())
            if dialogue.channel == event.channel and not (without_session and dialogue.session_id)
        )
        return _nearest(mine, event.at, SILENCE)

    def _made(self, event: Event) -> Known | None:
        for appointment_id in event.appointment_ids:
            dialogue = self.by_id.get(self.made_in.get(appointment_id, -1))
            if dialogue is not None and dialogue.facts < FACTS_MAX:
                return dialogue
        return None

    def _latest(self, event: Event) -> Known | None:
        open_ones = [dialogue for dialogue in self.by_client.get(event.client_id, ()) if dialogue.facts < FACTS_MAX]
        return max(open_ones, key=lambda dialogue: (dialogue.last_at, dialogue.dialogue_id), default=None)

    def _open(self, event: Event) -> Known:
        opened = Known(
            event.seq, event.client_id, event.session_id, event.channel, event.at, event.at, facts=0, spoken=False
        )
        self.lay([opened])
        return opened


def _nearest(dialogues: Iterable[Known], at: datetime, bound: timedelta) -> Known | None:
    near = [
        (distance, -dialogue.dialogue_id, dialogue)
        for dialogue in dialogues
        if dialogue.facts < FACTS_MAX and (distance := dialogue.distance(at)) <= bound
    ]
    return min(near, key=lambda found: found[:2])[2] if near else None
