"""The worker: takes what readers have not seen, business by business, and works off what has become due.

It sleeps on the journal's notice and looks by itself every `POLL_SECONDS`, since a notice can be missed. Any number of
workers may run: the row lock on a reader's position keeps two of them from doing one business at once.
"""

import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import structlog
from prometheus_client import Counter, Gauge

from letopis.base import clock, database
from letopis.base.errors import OuterError
from letopis.clients.twins import businesses_with_twins, tell_twins
from letopis.journal import partitions, seal
from letopis.journal.positions import VersionError, businesses_behind, standings
from letopis.metrics import pipeline
from letopis.metrics.frozen.reader import freeze
from letopis.privacy.looks import ledger
from letopis.subjects.retention import night

POLL_SECONDS = 1.0
BATCH_ENTRIES = 2000
BUSINESSES_PER_ROUND = 500
DUE_ROWS_PER_ROUND = 500
RECONNECT_SECONDS_MAX = 5.0
PARTITIONS_EVERY_SECONDS = 3600
SEAL_EVERY_SECONDS = 600
FREEZE_EVERY_SECONDS = 3600
NIGHT_EVERY_SECONDS = 600

log = structlog.get_logger()

ENTRIES = Counter("letopis_reader_entries", "Entries taken by the pipeline")
ROUND_SECONDS = Gauge("letopis_reader_round_seconds", "Length of the last round", multiprocess_mode="livemax")
BEHIND = Gauge(
    "letopis_reader_businesses_behind", "Businesses with entries that no reader has seen", multiprocess_mode="livemax"
)

Act = Callable[[psycopg.Connection[Any], UUID], int]


class Worker:
    """One worker process; `stop` may be called from a signal handler."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._partitions_at = 0.0
        self._freeze_at = 0.0

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Work until stopped; a lost database is waited for with growing pauses."""
        # It holds nothing that must be put back, so the end of the process may cut it short.
        threading.Thread(target=self._seal_by_the_clock, name="seal", daemon=True).start()
        threading.Thread(target=self._clean_by_the_clock, name="night", daemon=True).start()
        pause = 0.1
        while not self._stopping.is_set():
            try:
                with database.connect() as conn, database.connect(autocommit=True) as ear:
                    ear.execute(f"LISTEN {database.GREW_CHANNEL}")
                    pause = 0.1
                    self._tell_what_was_left(conn)
                    self._rounds(conn, ear)
            except (OuterError, psycopg.OperationalError) as error:
                log.warning("database_lost", kind=type(error).__name__, retry_s=pause)
                self._stopping.wait(pause)
                pause = min(pause * 2, RECONNECT_SECONDS_MAX)

    def _rounds(self, conn: psycopg.Connection[Any], ear: psycopg.Connection[Any]) -> None:
        while not self._stopping.is_set():
            began = time.monotonic()
            done = self._round(conn)
            ROUND_SECONDS.set(time.monotonic() - began)
            self._make_partitions()
            self._close_months(conn)
            if not done:
                for _ in ear.notifies(timeout=POLL_SECONDS, stop_after=1):
                    break

    def _tell_what_was_left(self, conn: psycopg.Connection[Any]) -> None:
        """Twins of a worker that was stopped between reading a batch and telling the journal of them."""
        with conn.cursor() as cur:
            businesses = sorted({standing.business for standing in standings(cur)})
        conn.rollback()
        for business in businesses_with_twins(conn, businesses):
            self._guarded(conn, business, _tell_twins)

    def _round(self, conn: psycopg.Connection[Any]) -> int:
        """One batch for every business that is behind, then what is due; how much was done."""
        with conn.cursor() as cur:
            behind = businesses_behind(cur, pipeline.READER, pipeline.VERSION, BUSINESSES_PER_ROUND)
        conn.rollback()
        BEHIND.set(len(behind))
        done = sum(self._guarded(conn, business, take_batch) for business in behind)
        ENTRIES.inc(done)
        for business in behind:
            self._guarded(conn, business, _tell_twins)
        looked = ledger.waiting(conn)
        done += sum(self._guarded(conn, business, ledger.work) for business in looked)
        due = pipeline.businesses_due(conn, clock.now())
        return done + sum(self._guarded(conn, business, _work_dues) for business in due)

    def _guarded(self, conn: psycopg.Connection[Any], business: UUID, act: Act) -> int:
        """One business that cannot be read must not stop the others; it is told loudly and tried again."""
        if self._stopping.is_set():
            return 0
        try:
            return act(conn, business)
        except psycopg.OperationalError:
            raise
        except Exception as error:
            conn.rollback()
            log.error("reader_stopped", business=str(business), kind=type(error).__name__, exc_info=True)
            return 0

    def _close_months(self, conn: psycopg.Connection[Any]) -> None:
        """Once an hour, for every business with a journal; most have nothing to close."""
        at = time.monotonic()
        if at < self._freeze_at:
            return
        self._freeze_at = at + FREEZE_EVERY_SECONDS
        with conn.cursor() as cur:
            businesses = sorted({standing.business for standing in standings(cur)})
        conn.rollback()
        for business in businesses:
            self._guarded(conn, business, close_months)

    def _make_partitions(self) -> None:
        """By the clock, well ahead of the entries that will want them."""
        at = time.monotonic()
        if at >= self._partitions_at:
            self._partitions_at = at + PARTITIONS_EVERY_SECONDS
            with database.connect(role=None, autocommit=True) as owner:
                partitions.make_ahead(owner, clock.now().date())

    def _seal_by_the_clock(self) -> None:
        """The seal that the pages show, beside the readers: to verify a large journal takes minutes."""
        while not self._stopping.is_set():
            try:
                for business in seal.seal_what_grew():
                    log.error("journal_differs", business=str(business))
            except Exception as error:
                log.error("seal_failed", kind=type(error).__name__, exc_info=True)
            self._stopping.wait(SEAL_EVERY_SECONDS)

    def _clean_by_the_clock(self) -> None:
        """What is over its term goes in the quiet hours of each business, beside the readers, and out of the files."""
        while not self._stopping.is_set():
            try:
                night.clean(self._stopping)
            except Exception as error:
                log.error("night_failed", kind=type(error).__name__, exc_info=True)
            self._stopping.wait(NIGHT_EVERY_SECONDS)


def close_months(conn: psycopg.Connection[Any], business: UUID) -> int:
    """Write the figures of months that are over for long enough."""
    with conn.cursor() as cur:
        zone = pipeline.zone_of(cur, business)
    conn.rollback()
    return freeze(conn, business, zone, clock.now(), pipeline.READER)


def take_batch(conn: psycopg.Connection[Any], business: UUID) -> int:
    """The next batch of a business; all of it anew where an older version of the reader has left its rows."""
    try:
        return pipeline.advance(conn, business, BATCH_ENTRIES)
    except VersionError as error:
        # After an update of the program: pages show the old rows until the new ones are whole.
        log.warning("derives_anew", business=str(business), reason=str(error))
        pipeline.rebuild(conn, business, lambda done, size: None)
        return 1


def _tell_twins(conn: psycopg.Connection[Any], business: UUID) -> int:
    return tell_twins(conn, business, pipeline.READER)


def _work_dues(conn: psycopg.Connection[Any], business: UUID) -> int:
    return pipeline.work_dues(conn, business, clock.now(), DUE_ROWS_PER_ROUND)
