"""Sends the demo through the real intake as assistants would: NDJSON in batches, each source with its own key."""

import http.client
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from letopis.base.errors import OuterError, SenderError
from letopis.demo.days import after_wait, events_of_day, live_tail
from letopis.demo.salon import SEED, ZONE, World, world_until
from letopis.demo.tape import Event

BATCH_EVENTS_MAX = 500
# Days whose events are sent together: few requests, and sources never far apart in time.
WINDOW_DAYS = 7
# A later fill goes back this far, for what an earlier one held back because somebody waited then.
OVERLAP_DAYS = 3
ATTEMPTS_MAX = 30
RETRY_AFTER_S_MAX = 10
TIMEOUT_S = 60
# Those who waited at the last fill are still there; a new tail so soon would double them.
NEW_TAIL_AFTER = timedelta(hours=1)
_RETRIED = (429, 503)

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Loaded:
    """What became of the events sent."""

    sent: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


def load(
    base_url: str,
    key_of_source: Mapping[str, str],
    now: datetime,
    progress: Progress = lambda done, total: None,
    *,
    opened: date | None = None,
    since: datetime | None = None,
    seed: int = SEED,
) -> Loaded:
    """Send the demo up to `now`; on repeat what was sent before comes back as duplicates.

    `opened` is the demo's first day (89 days before `now` unless named); a demo that is topped up must name it, with
    `since`, the `now` of its last fill, so that those who waited then are answered. `progress` hears days done and all.

    Raises:
        SenderError: an event or a key was refused.
        OuterError: the intake did not answer, or was busy for too long.
    """
    world = world_until(seed, now, opened)
    loaded = Loaded()
    with _Posts(base_url, key_of_source) as posts:
        for done, total, events in _windows(world, now, since):
            for source, batch in _batches(events):
                loaded.outcomes.update(posts.post(source, batch))
                loaded.sent += len(batch)
            progress(done, total)
    return loaded


def _windows(world: World, now: datetime, since: datetime | None) -> Iterator[tuple[int, int, list[Event]]]:
    """Days done, all days, and the events of the next few days."""
    today = now.astimezone(ZONE).date()
    first = world.opened
    if since is not None:
        first = max(first, since.astimezone(ZONE).date() - timedelta(days=OVERLAP_DAYS))
    total = (today - first).days + 1
    for start in range(0, total - 1, WINDOW_DAYS):
        days = range(start, min(start + WINDOW_DAYS, total - 1))
        window = [
            event
            for n in days
            for event in events_of_day(world.seed, first + timedelta(days=n), now, opened=world.opened)
        ]
        yield days.stop, total, window
    yield total, total, _today(world, now, since)


def _today(world: World, now: datetime, since: datetime | None) -> list[Event]:
    if since is None:
        return live_tail(world.seed, now, opened=world.opened)
    former = after_wait(world.seed, since, now, opened=world.opened)
    if now - since < NEW_TAIL_AFTER:
        return former + events_of_day(world.seed, now.astimezone(ZONE).date(), now, opened=world.opened)
    return former + live_tail(world.seed, now, opened=world.opened)


def _batches(events: Sequence[Event]) -> Iterator[tuple[str, list[Event]]]:
    of_source: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        of_source[event["source"]].append(event)
    for source, own in of_source.items():
        for start in range(0, len(own), BATCH_EVENTS_MAX):
            yield source, own[start : start + BATCH_EVENTS_MAX]


class _Posts:
    """One kept-alive connection to the events door."""

    def __init__(self, base_url: str, key_of_source: Mapping[str, str]) -> None:
        address = urlsplit(base_url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise SenderError("the address of the intake is no http address", field="base_url")
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(address.hostname, address.port, timeout=TIMEOUT_S)
        self._path = address.path.rstrip("/") + "/v1/events"
        self._key_of_source = key_of_source

    def __enter__(self) -> "_Posts":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def post(self, source: str, batch: Sequence[Event]) -> list[str]:
        """The outcomes of a batch. Sending again after an unclear end is safe: every event has its key."""
        body = "\n".join(json.dumps(event, ensure_ascii=False) for event in batch).encode()
        for _ in range(ATTEMPTS_MAX):
            status, retry_after_s, answer = self._try(source, body)
            if status in _RETRIED:
                time.sleep(min(retry_after_s, RETRY_AFTER_S_MAX))
                continue
            return _outcomes(status, answer, batch)
        raise OuterError("the intake was busy for too long", place=self._path, hint="start the demo again later")

    def _try(self, source: str, body: bytes) -> tuple[int, int, bytes]:
        key = self._key_of_source.get(source)
        if key is None:
            raise SenderError(
                f"no key for the source {source}", field="key_of_source", hint="make a sending key for each source"
            )
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
        try:
            self._connection.request("POST", self._path, body, headers)
            answer = self._connection.getresponse()
            return answer.status, _seconds(answer.getheader("Retry-After")), answer.read()
        except (http.client.HTTPException, OSError):
            # The server closed an idle connection or is just starting; http.client opens a new one by itself.
            self._connection.close()
            return 503, 1, b""


def _seconds(retry_after: str | None) -> int:
    return int(retry_after) if retry_after and retry_after.isdigit() else 1


def _outcomes(status: int, answer: bytes, batch: Sequence[Event]) -> list[str]:
    """The outcome of each event; a demo that is refused is our own error and must be seen."""
    if status != 202:
        raise SenderError(
            f"the intake refused a batch with {status}",
            place="/v1/events",
            hint=answer[:300].decode("utf-8", "replace"),
        )
    outcomes: list[str] = [result["outcome"] for result in json.loads(answer)["results"]]
    if len(outcomes) != len(batch):
        raise OuterError("the intake answered for another number of events", place="/v1/events")
    return outcomes
