"""Loading goes over real HTTP: batches, one key a source, patience with a busy intake, loud failure."""

import json
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from letopis.base.errors import OuterError, SenderError
from letopis.demo import load as loading
from letopis.demo.days import all_events
from letopis.demo.load import BATCH_EVENTS_MAX, load
from letopis.demo.salon import SEED, SOURCES, World

from .conftest import NOW, Event

KEYS = {source: f"lt_{source}" for source in SOURCES}


class Intake(ThreadingHTTPServer):
    """A stand-in that keeps what it is given and knows it again."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.batches: list[tuple[str, list[Any]]] = []
        self.seen: set[str] = set()
        self.busy = 0
        self.refuses = False
        self.connections: set[Any] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Intake

    def do_POST(self) -> None:
        lines = self.rfile.read(int(self.headers["Content-Length"])).decode().split("\n")
        self.server.connections.add(self.client_address)
        if self.server.refuses:
            return self._answer(401, {"title": "no"})
        if self.server.busy:
            self.server.busy -= 1
            return self._answer(503, {"title": "busy"})
        self.server.batches.append((self.headers["Authorization"], [json.loads(line) for line in lines]))
        outcomes = ["duplicate" if line in self.server.seen else "accepted" for line in lines]
        self.server.seen.update(lines)
        return self._answer(202, {"results": [{"outcome": outcome} for outcome in outcomes]})

    def _answer(self, status: int, told: Any) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 503:
            self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def intake() -> Iterator[Intake]:
    with Intake() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_all_events_arrive_under_their_own_keys(intake: Intake, events: Sequence[Event]) -> None:
    heard: list[tuple[int, int]] = []
    loaded = load(intake.url, KEYS, NOW, lambda done, total: heard.append((done, total)))
    assert loaded.sent == len(events)
    assert loaded.outcomes == Counter(accepted=len(events))
    assert max(len(batch) for _, batch in intake.batches) <= BATCH_EVENTS_MAX
    assert {(auth, event["source"]) for auth, batch in intake.batches for event in batch} == {
        (f"Bearer lt_{source}", source) for source in SOURCES
    }
    assert heard[-1] == (90, 90)
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
    assert len(intake.connections) == 1


def test_second_load_brings_duplicates_only(intake: Intake, events: Sequence[Event], world: World) -> None:
    load(intake.url, KEYS, NOW, opened=world.opened)
    again = load(intake.url, KEYS, NOW, opened=world.opened)
    assert again.outcomes == Counter(duplicate=len(events))


def test_top_up_after_days_brings_what_is_new(intake: Intake, world: World) -> None:
    load(intake.url, KEYS, NOW, opened=world.opened)
    later = NOW + timedelta(days=2)
    loaded = load(intake.url, KEYS, later, opened=world.opened, since=NOW)
    assert 300 < loaded.outcomes["accepted"] < 1500
    wanted = {
        event.get("dedup_key", event.get("message_id")) for event in all_events(SEED, now=later, opened=world.opened)
    }
    kept = {event.get("dedup_key", event.get("message_id")) for _, batch in intake.batches for event in batch}
    assert wanted <= kept


def test_busy_intake_is_asked_again(intake: Intake, events: Sequence[Event]) -> None:
    intake.busy = 5
    assert load(intake.url, KEYS, NOW).sent == len(events)


def test_patience_has_a_bound(intake: Intake) -> None:
    intake.busy = loading.ATTEMPTS_MAX
    with pytest.raises(OuterError, match="busy"):
        load(intake.url, KEYS, NOW)


def test_refused_key_is_told_at_once(intake: Intake) -> None:
    intake.refuses = True
    with pytest.raises(SenderError, match="401"):
        load(intake.url, KEYS, NOW)


def test_missing_key_names_the_source(intake: Intake) -> None:
    with pytest.raises(SenderError, match="telegram"):
        load(intake.url, {name: key for name, key in KEYS.items() if name != "telegram"}, NOW)
