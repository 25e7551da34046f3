"""Letopis, the client: takes events at once and leaves the rest to threads of its own.

Who is wrong and how it is told: a bound in `Limits` is code and raises; address and key come from the environment, so a
client without a usable one switches itself off and warns; a wrong field of an event is left out and named in a warning.
No public method raises because of network, disk, server or arguments' values.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from letopis_sdk.dialogue import Dialogue
from letopis_sdk.engine import Destination, Engine
from letopis_sdk.event import Fields, Id, build
from letopis_sdk.home import default_spool
from letopis_sdk.limits import Limits
from letopis_sdk.notices import Notices, OnWarning, nameable
from letopis_sdk.stats import Stats
from letopis_sdk.transport import Address, check_key
from letopis_sdk.voice import Voice

if TYPE_CHECKING:
    from typing_extensions import Unpack  # as in voice.py

_living: set[Letopis] = set()
"""Clients to close at the end of the program and to renew after a fork."""


class Letopis(Voice):
    """Safe to use from any thread, from asyncio and after a fork. One per process and key is enough."""

    def __init__(
        self,
        url: str | None,
        *,
        key: str | None,
        source: str | None = None,
        spool: str | os.PathLike[str] | None = None,
        former_keys: Sequence[str] = (),
        ca_file: str | None = None,
        limits: Limits | None = None,
        on_warning: OnWarning = None,
    ) -> None:
        """
        url          address of Letopis; events go to <url>/v1/events
        key          an API key that may send
        source       the channel: telegram, whatsapp, vk, …; each event may name another
        spool        folder for undelivered events; default $LETOPIS_SPOOL or the user's state folder
        former_keys  keys used before: what still waits under them is delivered with the present one
        ca_file      certificates to trust, for a server with a certificate of your own
        on_warning   called with a Notice, besides the log "letopis_sdk"; from any thread
        """
        self._source = source
        self._limits = limits if limits is not None else Limits()
        self._on_warning = on_warning
        self._notices = Notices(on_warning, self._limits.notice_pause_s)
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._counted: Engine | None = None  # the same, but still there for its numbers after close()
        self._closed = False
        self._dropped = 0
        self._destination = self._find_destination(url, key, former_keys, spool, ca_file)
        if self._destination is not None:
            _living.add(self)
            self._started()  # at once: what an earlier process left should not wait for the first event

    def tell(self, kind: str, fields: Mapping[str, object]) -> None:
        try:
            body = self._build(kind, fields)
            engine = self._started() if body is not None else None
            if body is not None and engine is not None:
                engine.take(body)
                return
        except Exception as error:
            # The assistant matters more than its record: whatever went wrong here is ours to bear.
            self._notices.warn("internal", f"an event could not be taken ({type(error).__name__})")
        with self._lock:
            self._dropped += 1

    def dialogue(self, client_id: Id = None, session_id: Id = None, /, **common: Unpack[Fields]) -> Dialogue:
        """A voice for one dialogue; `common` fields go into each of its events."""
        return Dialogue(self, {"client_id": client_id, "session_id": session_id, **common})

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until what was taken before is delivered or refused; False if it still waits. In asyncio: to_thread."""
        engine = self._engine
        return engine.flush(timeout) if engine is not None else True

    def close(self, timeout: float | None = None) -> bool:
        """Flush for at most `timeout` (Limits.exit_s_max) and end; what is left is delivered by the next process."""
        with self._lock:
            self._closed = True
            engine, self._engine = self._engine, None
        _living.discard(self)
        return engine.close(self._limits.exit_s_max if timeout is None else timeout) if engine is not None else True

    def stats(self) -> Stats:
        """What became of this process's events."""
        stats = self._counted.stats() if self._counted is not None else Stats()
        return replace(stats, dropped=stats.dropped + self._dropped)

    def __enter__(self) -> Letopis:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Letopis({str(self._destination.address) if self._destination else 'off'!r}, source={self._source!r})"

    def _find_destination(
        self,
        url: object,
        key: object,
        former_keys: Sequence[str],
        spool: str | os.PathLike[str] | None,
        ca_file: str | None,
    ) -> Destination | None:
        try:
            address, checked = Address.parse(url), check_key(key)
        except ValueError as error:
            self._notices.warn("off", f"Letopis is off, events are not recorded: {error}")
            return None
        if address.is_open_road:
            self._notices.warn("open_road", "the key and the messages travel unencrypted: use https://")
        folder = Path(spool) if spool is not None else default_spool()
        return Destination(address, checked, tuple(former_keys), folder, ca_file)

    def _build(self, kind: object, fields: Mapping[str, object]) -> bytes | None:
        now = datetime.now().astimezone()
        built = build(kind, fields, source=self._source, now=now, bytes_max=self._limits.event_bytes_max)
        name = nameable(kind) if isinstance(kind, str) else "?"
        if built.wrong:
            wrong = [nameable(field) for field in built.wrong]
            fate = "left out" if built.body is not None else "the event was dropped"
            self._notices.warn(f"wrong_field:{wrong[0]}", f"event {name}: {', '.join(wrong)} is wrong; {fate}")
        if built.missing:
            self._notices.warn(f"missing_field:{name}", f"event {name} has no {', '.join(built.missing)}")
        return built.body

    def _started(self) -> Engine | None:
        """The engine of this process; None when off, closed, or when the system gives no threads."""
        engine = self._engine
        if engine is not None or self._destination is None:
            return engine
        with self._lock:
            if self._closed:
                self._notices.warn("closed", "an event came after close() and was dropped")
                return None
            if self._engine is None:
                engine = Engine(self._destination, self._limits, self._notices)
                try:
                    engine.start()
                except RuntimeError:
                    self._notices.warn("no_threads", "the system gives no more threads: events are dropped")
                    return None
                self._engine = self._counted = engine
            return self._engine

    def _renew(self) -> None:
        """In a forked child: the parent's threads are not here, its locks may stay held. Begin anew when needed."""
        self._lock = threading.Lock()
        self._notices = Notices(self._on_warning, self._limits.notice_pause_s)
        engine, self._engine, self._counted = self._engine, None, None
        self._dropped = 0
        if engine is not None:
            engine.abandon()


def _close_all() -> None:
    for letopis in list(_living):
        letopis.close()


def _renew_all() -> None:
    for letopis in list(_living):
        letopis._renew()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)
