"""The spool: events taken and not delivered yet, oldest first, on disk, or in memory while the disk refuses.

Promises: what `append` put into a file survives kill -9; what `sync` has seen survives a power cut.
A delivered event leaves the disk with its segment: at once when nothing waits, at the latest when all of it is settled.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from letopis_sdk.home import Home
from letopis_sdk.limits import Limits
from letopis_sdk.notices import Notices, reason_of
from letopis_sdk.rejected import keep_rejected
from letopis_sdk.segment import DiskSegment, MemorySegment, Page, Segment

_SEGMENTS_MIN = 4  # of a full spool: the oldest quarter gives way at most


@dataclass(frozen=True)
class Batch:
    """Events from the spool's head, on their way; they stay in the spool until settled."""

    segment: Segment
    page: Page

    @property
    def events(self) -> tuple[bytes, ...]:
        return self.page.events


class Spool:
    """A queue of segments for one writer and one sender; `changed` is notified whenever it grows or shrinks."""

    def __init__(self, home: Home | None, limits: Limits, notices: Notices) -> None:
        self.changed = threading.Condition()
        self.waiting = 0
        self.added = 0
        self.settled = 0
        self.adopted = 0
        self.dropped = 0
        self.damaged = 0
        self.oldest_at: float | None = None  # monotonic; since when something has been waiting
        self._home = home
        self._limits = limits
        self._notices = notices
        self._segments: deque[Segment] = deque()  # oldest first; only the last one grows
        self._disk_from = 0.0  # monotonic; before it the disk is left alone
        self._unsynced: dict[DiskSegment, None] = {}  # in the order of writing
        self._closed = False
        self._segment_bytes_max = min(
            limits.segment_bytes_max, limits.spool_bytes_max // _SEGMENTS_MIN, limits.memory_bytes_max // _SEGMENTS_MIN
        )

    @property
    def waiting_bytes(self) -> int:
        return sum(segment.waiting_bytes for segment in self._segments)

    def adopt(self) -> None:
        """Take over what dead processes left, while nothing else waits: so the queue keeps its order."""
        if self._home is None or time.monotonic() < self._disk_from:
            return
        with self.changed:
            if self._closed or self._segments:
                return
            try:
                paths = self._home.adopt()
            except OSError as error:
                self._leave_disk(error)
                return
            for path in paths:
                self._take_over(path)
            self._drop_beyond_bounds()
            self.changed.notify_all()

    def append(self, events: Sequence[bytes]) -> None:
        """Take all of them; where neither disk nor memory has room, the oldest give way and are counted."""
        with self.changed:
            if self._closed:
                self.dropped += len(events)
                return
            for part in _parts(events, self._segment_bytes_max):
                self._append_part(part)
            self._drop_beyond_bounds()
            self.changed.notify_all()

    def peek(self, events_max: int) -> Batch | None:
        """The oldest events, within a batch's bounds; None when there are none, or the disk does not give them now."""
        with self.changed:
            while self._segments and not self._closed:
                segment = self._segments[0]
                try:
                    page = segment.read(events_max, self._limits.batch_bytes_max)
                except FileNotFoundError:
                    page = Page((), ())
                except OSError as error:
                    self._notices.warn("spool_unreadable", f"the spool could not be read ({reason_of(error)})")
                    return None
                if page.events:
                    return Batch(segment, page)
                self.damaged += segment.waiting
                self._notices.warn("spool_damaged", f"{segment.waiting} events in the spool could not be read back")
                self._remove(segment)
            return None

    def settle(self, batch: Batch, count: int) -> None:
        """The first `count` events of the batch are through. A segment dropped meanwhile was settled by that."""
        with self.changed:
            segment = batch.segment
            if self._closed or not self._segments or segment is not self._segments[0]:
                return
            self.waiting -= count
            self.settled += count
            try:
                segment.settle(batch.page, count)
            except OSError as error:  # the offset is on disk only for the next process: it will send duplicates
                self._notices.warn("spool_position", f"the spool's position could not be written ({reason_of(error)})")
            if segment.waiting == 0:
                self._remove(segment)
            self.changed.notify_all()

    def reject(self, event: bytes, why: dict[str, object]) -> bool:
        """Keep a refused event beside the spool; False where the disk does not take it."""
        if self._home is None:
            return False
        try:
            keep_rejected(self._home.destination, event, why, self._limits.rejected_bytes_max)
        except OSError:
            return False
        return True

    def sync(self) -> None:
        """Bring what was appended onto the disk; waits for the disk without holding the spool's lock."""
        handles: list[int] = []
        try:
            with self.changed:
                unsynced = list(self._unsynced)
                self._unsynced.clear()
                for segment in unsynced:
                    handles.append(segment.sync_handle())
            for handle in handles:
                os.fsync(handle)
            for folder in {segment.path.parent for segment in unsynced}:
                _sync_folder(folder)
        except OSError as error:
            with self.changed:
                self._leave_disk(error)
        finally:
            for handle in handles:
                os.close(handle)

    def close(self) -> None:
        """Give the folder up; what waits on disk is for the next process, what waits in memory is lost and counted."""
        with self.changed:
            if self._closed:
                return
            self._closed = True
            lost = sum(segment.waiting for segment in self._segments if isinstance(segment, MemorySegment))
            if lost:
                self.dropped += lost
                self._notices.warn("lost_at_close", f"{lost} events were only in memory and are lost")
            for segment in self._segments:
                segment.close()
            if self._home is not None:
                self._home.release()
            self.changed.notify_all()

    def abandon(self) -> None:
        """In a forked child: close the parent's descriptors, without a lock whose holder may not exist here."""
        for segment in self._segments:
            segment.close()

    def _take_over(self, path: Path) -> None:
        try:
            segment, damaged = DiskSegment.adopt(path)
        except OSError:
            self.damaged += 1
            return
        self.damaged += damaged
        self.adopted += segment.waiting
        segment.close()
        if segment.waiting:
            self._push(segment)
            self._grow(segment.waiting)
        else:
            segment.discard()

    def _append_part(self, part: Sequence[bytes]) -> None:
        segment = self._growing()
        try:
            segment.append(part)
        except OSError as error:
            self._leave_disk(error)
            segment = self._growing()
            segment.append(part)
        if isinstance(segment, DiskSegment):
            self._unsynced[segment] = None
        self._grow(len(part))

    def _growing(self) -> Segment:
        """The segment to append to: the last one, or a new one when it is full or of the wrong sort."""
        disk_wanted = self._home is not None and time.monotonic() >= self._disk_from
        last = self._segments[-1] if self._segments else None
        if last is not None and last.size < self._segment_bytes_max and isinstance(last, DiskSegment) == disk_wanted:
            return last
        if last is not None and last is not self._segments[0]:
            last.close()
        if disk_wanted:
            try:
                return self._push(self._new_file())
            except OSError as error:
                self._leave_disk(error)
        return self._push(MemorySegment())

    def _new_file(self) -> DiskSegment:
        assert self._home is not None
        segment = DiskSegment.create(self._home.new_path())
        if self._disk_from:
            self._disk_from = 0.0
            self._notices.inform("spool_back", "the spool's folder takes events again")
        return segment

    def _push(self, segment: Segment) -> Segment:
        self._segments.append(segment)
        return segment

    def _grow(self, count: int) -> None:
        self.waiting += count
        self.added += count
        if self.oldest_at is None:
            self.oldest_at = time.monotonic()

    def _drop_beyond_bounds(self) -> None:
        for sort, bytes_max in (
            (DiskSegment, self._limits.spool_bytes_max),
            (MemorySegment, self._limits.memory_bytes_max),
        ):
            segments = [segment for segment in self._segments if isinstance(segment, sort)]
            size = sum(segment.size for segment in segments)
            for segment in segments[:-1]:
                if size <= bytes_max:
                    break
                size -= segment.size
                self.dropped += segment.waiting
                self._notices.warn("spool_full", f"the spool is full: {segment.waiting} oldest events were dropped")
                self._remove(segment)

    def _remove(self, segment: Segment) -> None:
        self._segments.remove(segment)
        if isinstance(segment, DiskSegment):
            self._unsynced.pop(segment, None)
        self.waiting -= segment.waiting
        self.settled += segment.waiting
        if not self._segments:
            self.oldest_at = None
        try:
            segment.discard()
        except OSError as error:
            self._notices.warn("spool_leftover", f"a delivered segment could not be removed ({reason_of(error)})")

    def _leave_disk(self, error: OSError) -> None:
        first = not self._disk_from
        self._disk_from = time.monotonic() + self._limits.disk_pause_s
        if first:
            self._notices.warn(
                "spool_unwritable",
                f"the spool's folder does not take events ({reason_of(error)}); they are kept in memory until it does",
            )


def _parts(events: Sequence[bytes], bytes_max: int) -> list[list[bytes]]:
    """Split so that no part is much larger than a segment."""
    parts: list[list[bytes]] = []
    size = 0
    for event in events:
        if not parts or size + len(event) > bytes_max:
            parts.append([])
            size = 0
        parts[-1].append(event)
        size += len(event)
    return parts


def _sync_folder(folder: Path) -> None:
    if hasattr(os, "O_DIRECTORY"):  # elsewhere folders cannot be synced
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
