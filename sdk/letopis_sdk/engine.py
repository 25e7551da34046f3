"""All that moves in one process: spool, writer, sender. A forked child leaves it alone and makes its own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from letopis_sdk.home import Home
from letopis_sdk.limits import Limits
from letopis_sdk.notices import Notices
from letopis_sdk.sender import Sender
from letopis_sdk.spool import Spool
from letopis_sdk.stats import Stats
from letopis_sdk.transport import Address, Transport
from letopis_sdk.writer import Writer

_STOP_S = 1.0  # for threads to end after the flush; they are daemons and hold up nobody


@dataclass(frozen=True)
class Destination:
    """Where events go, and where they wait."""

    address: Address
    key: str
    former_keys: tuple[str, ...]
    spool: Path | None
    ca_file: str | None


class Engine:
    """Started once, closed once."""

    def __init__(self, destination: Destination, limits: Limits, notices: Notices) -> None:
        address, key = destination.address, destination.key
        home = Home(destination.spool, str(address), key, destination.former_keys) if destination.spool else None
        self._spool = Spool(home, limits, notices)
        self._writer = Writer(self._spool, limits, notices)
        transport = Transport(address, key, limits.request_s_max, destination.ca_file)
        self._sender = Sender(self._spool, transport, limits, notices)

    def start(self) -> None:
        """RuntimeError where the system gives no more threads."""
        self._writer.start()
        self._sender.start()

    def take(self, event: bytes) -> None:
        self._writer.put(event)

    def flush(self, timeout_s: float) -> bool:
        deadline = time.monotonic() + timeout_s
        return self._writer.drain(deadline) and self._sender.flush(deadline)

    def close(self, timeout_s: float) -> bool:
        """True if everything was delivered; otherwise the rest is in the spool."""
        delivered = self.flush(timeout_s)
        deadline = time.monotonic() + _STOP_S
        self._writer.stop(deadline)
        self._sender.stop(deadline)
        self._spool.close()
        return delivered

    def abandon(self) -> None:
        """In a forked child: threads and locks of the parent are not here."""
        self._spool.abandon()

    def stats(self) -> Stats:
        spool, writer, counts = self._spool, self._writer, self._sender.counts
        return Stats(
            taken=writer.taken,
            unwritten=writer.taken - writer.handled,
            waiting=spool.waiting,
            adopted=spool.adopted,
            delivered=counts["delivered"],
            duplicates=counts["duplicate"],
            conflicts=counts["conflict"],
            rejected=counts["rejected"],
            dropped=writer.dropped + spool.dropped,
            damaged=spool.damaged,
        )
