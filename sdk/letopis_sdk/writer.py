"""The writer: takes events from the assistant's threads into the spool, so that no caller waits for a disk."""

from __future__ import annotations

import threading
import time
from collections import deque

from letopis_sdk.limits import Limits
from letopis_sdk.notices import Notices
from letopis_sdk.spool import Spool


class Writer:
    """A bounded queue and a thread. `put` may be called by anybody, at any time, and returns at once."""

    def __init__(self, spool: Spool, limits: Limits, notices: Notices) -> None:
        self._spool = spool
        self._limits = limits
        self._notices = notices
        self._changed = threading.Condition()
        self._queue: deque[bytes] = deque()
        self._queue_bytes = 0
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="letopis-writer", daemon=True)
        self.taken = 0
        self.handled = 0  # written to the spool or dropped
        self.dropped = 0

    def start(self) -> None:
        self._thread.start()

    def put(self, event: bytes) -> None:
        """The oldest events give way when the disk is slower than the assistant for long."""
        dropped = 0
        with self._changed:
            self.taken += 1
            self._queue.append(event)
            self._queue_bytes += len(event)
            while len(self._queue) > self._limits.queue_events_max or self._queue_bytes > self._limits.queue_bytes_max:
                self._queue_bytes -= len(self._queue.popleft())
                dropped += 1
            self.dropped += dropped
            self.handled += dropped
            self._changed.notify_all()
        if dropped:
            self._notices.warn("queue_full", "the disk is too slow: the oldest events in the queue were dropped")

    def drain(self, deadline: float) -> bool:
        """Wait until all that was taken before this call is in the spool."""
        with self._changed:
            target = self.taken
            return self._changed.wait_for(lambda: self.handled >= target, max(0.0, deadline - time.monotonic()))

    def stop(self, deadline: float) -> None:
        """Write what is left, sync, and end."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self) -> None:
        self._spool.adopt()
        sync_at: float | None = None
        while True:
            events, stopping = self._wait(sync_at)
            if events:
                self._write(events)
                if sync_at is None:
                    sync_at = time.monotonic() + self._limits.fsync_age_s_max
            if sync_at is not None and (stopping or time.monotonic() >= sync_at):
                self._spool.sync()
                sync_at = None
            if stopping and not events:
                return

    def _write(self, events: list[bytes]) -> None:
        dropped = 0
        try:
            self._spool.append(events)
        except Exception as error:
            # A mistake of ours must not end the thread: the next events may fare better.
            dropped = len(events)
            self._notices.warn(
                "internal", f"the writer stumbled ({type(error).__name__}); {dropped} events were dropped"
            )
        with self._changed:
            self.dropped += dropped
            self.handled += len(events)
            self._changed.notify_all()

    def _wait(self, sync_at: float | None) -> tuple[list[bytes], bool]:
        with self._changed:
            self._changed.wait_for(
                lambda: self._queue or self._stopping,
                None if sync_at is None else max(0.0, sync_at - time.monotonic()),
            )
            events = list(self._queue)
            self._queue.clear()
            self._queue_bytes = 0
            return events, self._stopping
