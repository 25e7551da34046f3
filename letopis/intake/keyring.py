"""Who sends: the keys presented at the doors, looked up once in a while and remembered in between.

A key that is revoked, or made anew, is seen within `REMEMBERED_S`; unknown keys are remembered too, so that guessing
costs the database little. How much a key may send is counted here, and how many wrong keys an address may try.
"""

import asyncio
import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from letopis.access.keys import find_key, touch
from letopis.access.models import Scope
from letopis.base.limits import Meter, Rate
from letopis.base.sql import Queries
from letopis.intake.clerk import Clerk
from letopis.intake.values import Context

QUERIES = Queries("letopis.intake")

REMEMBERED_S = 1.5
KEYS_REMEMBERED_MAX = 10_000
EVENTS_PER_S_MAX = 2_000
BURST_EVENTS_MAX = 10_000
WRONG_KEYS = Rate(burst=60, a_minute=30)
"""From one address, to one process; beyond it only keys that have been right before are looked up."""


@dataclass(slots=True)
class Allowance:
    """How many events a key may still send at once; it fills up by the second."""

    left: float = BURST_EVENTS_MAX
    at: float = 0.0

    def spend(self, events: int, now: float) -> int:
        """0 when the events may pass, else the seconds after which they may."""
        self.left = min(BURST_EVENTS_MAX, self.left + (now - self.at) * EVENTS_PER_S_MAX)
        self.at = now
        if events > self.left:
            return math.ceil((events - self.left) / EVENTS_PER_S_MAX)
        self.left -= events
        return 0


@dataclass(frozen=True, slots=True)
class Sender:
    """A known key: for which business it speaks, and whether it may."""

    context: Context
    may_send: bool
    revoked: bool
    allowance: Allowance


@dataclass(slots=True)
class Keyring:
    """The keys of one process. All fields belong to the event loop."""

    clerk: Clerk
    _known: dict[str, tuple[float, Sender | None]] = field(default_factory=dict)
    _asked: dict[str, asyncio.Future[Sender | None]] = field(default_factory=dict)
    _allowances: dict[int, Allowance] = field(default_factory=dict)
    _strangers: Meter = field(default_factory=Meter)

    def strangers_wait_s(self, text: str, where: str) -> int:
        """Seconds that a key nobody knows has to wait, 0 for none: its address `where` has brought too many wrong ones.

        A key that was right goes on, so that one who guesses does not silence the senders behind the same address.
        """
        known = self._known.get(text)
        if not where or (known is not None and known[1] is not None):
            return 0
        return self._strangers.wait_s(where, WRONG_KEYS, asyncio.get_running_loop().time())

    def note_stranger(self, where: str) -> None:
        if where:
            self._strangers.spend(where, WRONG_KEYS, asyncio.get_running_loop().time())

    async def find(self, text: str) -> Sender | None:
        """The sender behind a key's text, None for no key of ours.

        Raises:
            OuterError: the database does not answer.
        """
        now = asyncio.get_running_loop().time()
        known = self._known.get(text)
        if known is not None and known[0] > now:
            return known[1]
        asked = self._asked.get(text)
        if asked is None:
            asked = self._asked[text] = asyncio.ensure_future(self._look_up(text, now))
            asked.add_done_callback(lambda _: self._asked.pop(text, None))
        # One sender that hangs up must not cancel the look-up for the others.
        return await asyncio.shield(asked)

    async def _look_up(self, text: str, now: float) -> Sender | None:
        found = await self.clerk.run(lambda cur: _read(cur, text))
        sender = None
        if found is not None:
            key, context, may_send, revoked = found
            sender = Sender(context, may_send, revoked, self._allowances.setdefault(key, Allowance(at=now)))
        self._known.pop(text, None)
        while len(self._known) >= KEYS_REMEMBERED_MAX:
            del self._known[next(iter(self._known))]
        self._known[text] = (now + REMEMBERED_S, sender)
        return sender


def _read(cur: Any, text: str) -> tuple[int, Context, bool, bool] | None:
    key = find_key(cur, text)
    if key is None:
        return None
    if not key.revoked:
        touch(cur, key)
    zone = QUERIES.row(cur, "zone_of_business", business=key.business)
    assert zone is not None, "a key without its business"
    context = Context(_same(key.business), key.source, ZoneInfo(zone["timezone"]))
    return key.id, context, key.scope == Scope.SEND, key.revoked


@lru_cache(maxsize=KEYS_REMEMBERED_MAX)
def _same(business: UUID) -> UUID:
    """One object for one business: to tell that two are one then costs nothing, where comparing them does."""
    return business
