"""The sender: carries the spool to the server, batch by batch, and deals with every way that can end."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from datetime import datetime, timezone
from itertools import takewhile

from letopis_sdk.answer import Again, Closed, Result, Ruled, TooMuch, Verdict, judge
from letopis_sdk.event import kind_of
from letopis_sdk.limits import Limits
from letopis_sdk.notices import Notices, nameable
from letopis_sdk.spool import Batch, Spool
from letopis_sdk.transport import Transport, Unreachable

_EXPONENT_MAX = 16  # beyond it every back-off has long met its bound
_REST_S_MIN = 0.05
_ABORT_S = 0.5  # what a request that was cut off may take to notice


class Sender:
    """A thread that sleeps until a batch is due: full, old enough, or asked for by a flush."""

    def __init__(self, spool: Spool, transport: Transport, limits: Limits, notices: Notices) -> None:
        self._spool = spool
        self._transport = transport
        self._limits = limits
        self._notices = notices
        self._thread = threading.Thread(target=self._run, name="letopis-sender", daemon=True)
        self._stopping = False
        self._flushing = 0
        self._paused_until = 0.0
        self._failures = 0
        self._events_max = limits.batch_events_max  # shrinks while a wrong event is being singled out
        self._adopt_at = time.monotonic() + limits.adopt_pause_s
        self.counts: Counter[str] = Counter()

    def start(self) -> None:
        self._thread.start()

    def flush(self, deadline: float) -> bool:
        """Wait until all that is in the spool now is settled; not at all when a pause lasts beyond the deadline."""
        changed = self._spool.changed
        with changed:
            target = self._spool.added
            self._flushing += 1
            changed.notify_all()
            try:
                while self._spool.settled < target:
                    left = deadline - time.monotonic()
                    if left <= 0 or self._paused_until > deadline:
                        return False
                    changed.wait(left)
                return True
            finally:
                self._flushing -= 1

    def stop(self, deadline: float) -> None:
        """End after the present request, or cut it off at the deadline: its events stay in the spool."""
        with self._spool.changed:
            self._stopping = True
            self._spool.changed.notify_all()
        self._thread.join(max(0.0, deadline - time.monotonic()))
        if self._thread.is_alive():
            self._transport.abort()
            self._thread.join(_ABORT_S)

    def _run(self) -> None:
        while self._wait():
            try:
                self._step()
            except Exception as error:
                # A mistake of ours must neither end the thread nor spin it; the events stay in the spool.
                self._notices.warn("internal", f"the sender stumbled ({type(error).__name__})")
                self._failures += 1
                self._pause(self._backoff_s())
        self._transport.close()

    def _step(self) -> None:
        batch = self._spool.peek(self._events_max)
        if batch is not None:
            self._deal(batch, self._ask(batch))
        elif self._spool.waiting:
            self._pause(self._backoff_s())

    def _wait(self) -> bool:
        """True when a batch is due, False when it is time to end."""
        changed = self._spool.changed
        while True:
            with changed:
                while not self._stopping and (rest_s := self._rest_s()) > 0 and not self._may_adopt():
                    changed.wait(rest_s)
                if self._stopping:
                    return False
                if self._rest_s() <= 0:
                    return True
            self._adopt_at = time.monotonic() + self._limits.adopt_pause_s
            self._spool.adopt()

    def _rest_s(self) -> float:
        """Seconds until there may be something to do."""
        now = time.monotonic()
        if self._paused_until > now:
            return self._paused_until - now
        spool, limits = self._spool, self._limits
        if not spool.waiting or spool.oldest_at is None:
            return max(self._adopt_at - now, _REST_S_MIN)
        if self._flushing or spool.waiting >= limits.batch_events_max or spool.waiting_bytes >= limits.batch_bytes_max:
            return 0.0
        return spool.oldest_at + limits.batch_age_s_max - now

    def _may_adopt(self) -> bool:
        return not self._spool.waiting and time.monotonic() >= self._adopt_at

    def _ask(self, batch: Batch) -> Verdict:
        try:
            answer = self._transport.post(batch.events)
        except Unreachable as error:
            return Again(str(error))
        return judge(answer, len(batch.events), datetime.now(timezone.utc))

    def _deal(self, batch: Batch, verdict: Verdict) -> None:
        if isinstance(verdict, Ruled):
            # In order: what follows an undecided event goes again with it, and comes back as a duplicate.
            decided = tuple(takewhile(lambda result: not result.is_open, verdict.results))
            if decided:
                self._settle(batch, decided)
            if len(decided) < len(verdict.results):
                self._retry(Again("the server is overloaded"))
        elif isinstance(verdict, TooMuch) and len(batch.events) > 1:
            self._succeed()
            self._events_max = len(batch.events) // 2
        elif isinstance(verdict, TooMuch):
            self._settle(batch, (verdict.result,))
        elif isinstance(verdict, Again):
            self._retry(verdict)
        else:
            self._hold(verdict)

    def _settle(self, batch: Batch, results: tuple[Result, ...]) -> None:
        self._succeed()
        for event, result in zip(batch.events, results):
            if result.is_rejected:
                self._reject(event, result)
            else:
                self.counts["delivered"] += 1
                self.counts[result.outcome] += 1
        self._events_max = min(self._events_max * 2, self._limits.batch_events_max)
        self._spool.settle(batch, len(results))

    def _reject(self, event: bytes, result: Result) -> None:
        self.counts["rejected"] += 1
        why: dict[str, object] = {
            "at": datetime.now(timezone.utc).isoformat(),
            "outcome": result.outcome,
            "field": result.field,
            "detail": result.detail,
        }
        kept = "it is kept in rejected.ndjson" if self._spool.reject(event, why) else "it could not be kept"
        place = f"kind {nameable(kind_of(event))}, field {nameable(result.field)}"
        self._notices.warn("rejected", f"the server refused an event for good ({place}); {kept}")

    def _retry(self, verdict: Again) -> None:
        after_s = min(verdict.after_s or 0.0, self._limits.retry_after_s_max)
        # A little jitter above Retry-After too: a hundred assistants were told the same second.
        pause_s = max(self._backoff_s(), after_s * random.uniform(1.0, 1.1))
        self._failures += 1
        self._notices.warn("away", f"events are not delivered now ({verdict.reason}); they wait in the spool")
        self._pause(pause_s)

    def _hold(self, verdict: Closed) -> None:
        self._failures += 1
        self._notices.warn(verdict.code, verdict.message)
        self._pause(self._limits.refused_pause_s * random.uniform(1.0, 1.1))

    def _succeed(self) -> None:
        if self._failures:
            self._notices.inform("back", "events are delivered again")
        self._failures = 0

    def _backoff_s(self) -> float:
        """Doubles with each failure in a row; half of it is chance, so that assistants do not come back in step."""
        ceiling = min(
            self._limits.backoff_s_max, self._limits.backoff_s_min * 2.0 ** min(self._failures, _EXPONENT_MAX)
        )
        return ceiling * random.uniform(0.5, 1.0)

    def _pause(self, pause_s: float) -> None:
        with self._spool.changed:
            self._paused_until = time.monotonic() + pause_s
            self._spool.changed.notify_all()
