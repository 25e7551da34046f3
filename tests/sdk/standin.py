"""A stand-in for Letopis's events door: a real HTTP server on loopback that answers as it is told."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Event = dict[str, Any]


@dataclass
class Reply:
    """How to answer one request; `body` None means results as Letopis gives them."""

    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    body: object = None
    content_type: str = "application/json"
    store: bool | None = None  # whether the events are stored; by the status unless told
    delay_s: float = 0.0
    cut: bool = False  # close in the middle of the answer


Plan = Callable[[list[Event]], Reply]


class StandIn:
    """Stores events by their dedup_key, as the journal does. `plan` rules on a request; `replies` go before it."""

    def __init__(self, port: int = 0) -> None:
        self.requests: list[list[Event]] = []
        self.headers: list[dict[str, str]] = []
        self.at: list[float] = []
        self.connections = 0
        self.stored: dict[str, Event] = {}
        self.deliveries: Counter[str] = Counter()
        self.replies: list[Reply] = []
        self.plan: Plan = lambda events: Reply()
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        standin = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                super().setup()
                with standin._lock:
                    standin.connections += 1
                    standin._sockets.add(self.connection)

            def finish(self) -> None:
                with standin._lock:
                    standin._sockets.discard(self.connection)
                with contextlib.suppress(OSError):
                    super().finish()

            def do_POST(self) -> None:
                try:
                    standin._serve(self)
                except OSError:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # a client that was killed in the middle is part of the play

        self._server = Server(("127.0.0.1", port), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[str]:
        return [event.get("message", "") for event in self.stored.values()]

    def hang_up(self) -> None:
        """Close every kept connection, as a restarting server does."""
        with self._lock:
            sockets = list(self._sockets)
        for sock in sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.hang_up()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        raw = handler.rfile.read(int(handler.headers["Content-Length"]))
        events: list[Event] = [json.loads(line) for line in gzip.decompress(raw).splitlines()]
        with self._lock:
            self.requests.append(events)
            self.headers.append({"path": handler.path, **{k.lower(): v for k, v in handler.headers.items()}})
            self.at.append(time.monotonic())
            reply = self.replies.pop(0) if self.replies else self.plan(events)
            store = reply.store if reply.store is not None else reply.status == 202
            results = self._results(events, store)
        if reply.delay_s:
            time.sleep(reply.delay_s)
        said = {"results": results} if reply.body is None else reply.body
        body = said.encode() if isinstance(said, str) else json.dumps(said).encode()
        handler.send_response(reply.status)
        handler.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if reply.cut:
            handler.wfile.write(body[: len(body) // 2])
            handler.close_connection = True
        else:
            handler.wfile.write(body)

    def _results(self, events: list[Event], store: bool) -> list[dict[str, str]]:
        results = []
        for event in events:
            key = event.get("dedup_key") or f"{event['client_id']}:{event['event']}:{event['message_id']}"
            self.deliveries[key] += 1
            results.append({"outcome": "duplicate" if key in self.stored else "accepted"})
            if store:
                self.stored.setdefault(key, event)
        return results


def wait_for(condition: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Look often; fail when it does not come true in time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.005)


def free_port() -> int:
    """A port where nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
