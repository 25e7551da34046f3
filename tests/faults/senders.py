"""Assistants that never give up: threads that post unique events and repeat each until it is acknowledged."""

import http.client
import json
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

PATH = "/v1/events"
ANSWER_S_MAX = 15.0
EVENT_S_MAX = 60.0
PAUSE_S_FIRST = 0.05
PAUSE_S_MAX = 0.5
BATCH_MAX = 5
LOST_ANSWERS = 0.03
"""Of the requests: the sender hangs up before the answer comes, as a bad network does, and must send again."""


class SenderError(AssertionError):
    """The door gave an answer that it must not give."""


@dataclass(slots=True)
class Sender:
    """One thread. `acknowledged` maps each message id to the numbers that answers gave it."""

    port: int
    key: str
    events: Iterator[dict[str, Any]]
    chance: random.Random
    per_second: float
    acknowledged: dict[str, set[int]] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    repeats: int = 0
    recognised: int = 0
    """Repeats that the door answered as duplicates: they had been stored, and only the answer was lost."""
    failure: BaseException | None = None
    _open: threading.Event = field(default_factory=threading.Event)
    _idle: threading.Event = field(default_factory=threading.Event)
    _over: bool = False
    _connection: http.client.HTTPConnection | None = None
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)
        self._thread.start()

    def go_on(self) -> None:
        self._idle.clear()
        self._open.set()

    def hold(self) -> None:
        """Send nothing new; what is under way is repeated until it is acknowledged."""
        self._open.clear()

    def wait_until_idle(self) -> None:
        assert self._idle.wait(EVENT_S_MAX + ANSWER_S_MAX), "a sender could not get rid of its events"
        if self.failure is not None:
            raise self.failure

    def finish(self) -> None:
        self._over = True
        self._open.set()
        assert self._thread is not None
        self._thread.join(EVENT_S_MAX + ANSWER_S_MAX)

    def _run(self) -> None:
        try:
            while True:
                if not self._open.is_set():
                    self._idle.set()
                    self._open.wait()
                if self._over:
                    return
                batch = list(islice(self.events, self.chance.randint(1, BATCH_MAX)))
                self._deliver(batch)
                time.sleep(self.chance.expovariate(self.per_second / len(batch)))
        except BaseException as error:  # handed to the test's own thread by wait_until_idle
            self.failure = error
            self._idle.set()
        finally:
            self._hang_up()

    def _deliver(self, batch: list[dict[str, Any]]) -> None:
        ids = [event["message_id"] for event in batch]
        self.sent.update(ids)
        body = json.dumps(batch if len(batch) > 1 else batch[0], ensure_ascii=False).encode()
        deadline = time.monotonic() + EVENT_S_MAX
        pause = PAUSE_S_FIRST
        tries = 0
        while (results := self._post(body)) is None:
            tries += 1
            if time.monotonic() > deadline:
                raise SenderError(f"not acknowledged after {EVENT_S_MAX:.0f} s and {tries} tries")
            time.sleep(pause * self.chance.uniform(0.5, 1))
            pause = min(2 * pause, PAUSE_S_MAX)
        self.repeats += tries
        if len(results) != len(ids):
            raise SenderError(f"{len(ids)} events, {len(results)} results")
        for id_, result in zip(ids, results, strict=True):
            if result["outcome"] == "duplicate" and tries:
                self.recognised += 1
            elif result["outcome"] != "accepted":
                raise SenderError(f"{id_} after {tries} repeats: {result}")
            self.acknowledged.setdefault(id_, set()).add(int(result["seq"]))

    def _post(self, body: bytes) -> list[dict[str, Any]] | None:
        """The results, or None where the event must be sent again."""
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_S_MAX)
            head = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
            self._connection.request("POST", PATH, body, head)
            if self.chance.random() < LOST_ANSWERS:
                time.sleep(self.chance.uniform(0, PAUSE_S_FIRST))
                raise ConnectionAbortedError
            answer = self._connection.getresponse()
            told = answer.read()
        except (OSError, http.client.HTTPException):
            # The door is gone or went away in the middle: nobody knows whether the event was stored.
            self._hang_up()
            return None
        if answer.status == 202:
            results: list[dict[str, Any]] = json.loads(told)["results"]
            return results
        if answer.status in (429, 503):
            return None
        raise SenderError(f"{answer.status}: {told[:500]!r}")

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
