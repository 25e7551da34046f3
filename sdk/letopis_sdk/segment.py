"""Segments of the spool: a run of events in one file, or in memory while the disk refuses.

A file is a header (magic, offset up to which all is settled, CRC of that offset) and frames (length, CRC, event).
The settled offset is overwritten in place; torn by a crash it counts as the beginning, and the server sees duplicates.
What follows the last whole frame is a torn tail and is skipped.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from zlib import crc32

_MAGIC = b"LETOPIS1"
_HEADER = struct.Struct(">8sQI")
_OFFSET = struct.Struct(">Q")
_FRAME = struct.Struct(">II")
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True)
class Page:
    """Some events from the head of a segment and the place after each of them."""

    events: tuple[bytes, ...]
    ends: tuple[int, ...]


class Segment(Protocol):
    """What the spool needs of a segment; not thread-safe, the spool holds its lock."""

    size: int
    """Bytes it takes, settled ones included."""
    waiting: int
    """Events not settled yet."""

    @property
    def waiting_bytes(self) -> int: ...

    def append(self, events: Sequence[bytes]) -> None: ...

    def read(self, events_max: int, bytes_max: int) -> Page: ...

    def settle(self, page: Page, count: int) -> None: ...

    def close(self) -> None: ...

    def discard(self) -> None: ...


class MemorySegment:
    """Events that found no disk; gone with the process."""

    def __init__(self) -> None:
        self.size = 0
        self.waiting = 0
        self._events: list[bytes] = []
        self._settled = 0
        self._settled_bytes = 0

    @property
    def waiting_bytes(self) -> int:
        return self.size - self._settled_bytes

    def append(self, events: Sequence[bytes]) -> None:
        self._events.extend(events)
        self.size += sum(map(len, events))
        self.waiting += len(events)

    def read(self, events_max: int, bytes_max: int) -> Page:
        taken: list[bytes] = []
        size = 0
        for event in self._events[self._settled : self._settled + events_max]:
            size += len(event)
            if taken and size > bytes_max:
                break
            taken.append(event)
        ends = range(self._settled + 1, self._settled + 1 + len(taken))
        return Page(tuple(taken), tuple(ends))

    def settle(self, page: Page, count: int) -> None:
        self._settled = page.ends[count - 1]
        self._settled_bytes += sum(map(len, page.events[:count]))
        self.waiting -= count

    def close(self) -> None:
        """Nothing is held open."""

    def discard(self) -> None:
        self._events.clear()


class DiskSegment:
    """One file. Its descriptor is opened when needed and given back by `close`, so that a long queue holds few."""

    def __init__(self, path: Path, fd: int, start: int, end: int, waiting: int) -> None:
        self.path = path
        self.size = end
        self.waiting = waiting
        self._fd: int | None = fd
        self._start = start
        self._end = end

    @property
    def waiting_bytes(self) -> int:
        return self._end - self._start

    @classmethod
    def create(cls, path: Path) -> DiskSegment:
        """A new empty file, readable by its owner only."""
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        try:
            _write_all(fd, _header(_HEADER.size))
        except OSError:
            os.close(fd)
            path.unlink()
            raise
        return cls(path, fd, _HEADER.size, _HEADER.size, 0)

    @classmethod
    def adopt(cls, path: Path) -> tuple[DiskSegment, int]:
        """A file somebody left, and the number of its damaged frames; a torn tail is cut off."""
        fd = os.open(path, os.O_RDWR | _BINARY)
        try:
            data = _read_from(fd, 0, os.fstat(fd).st_size)
            start = _settled_offset(data)
            events, ends, damaged = _frames(data, start)
            end = ends[-1] if ends else start
            torn = len(data) > end
            if torn:
                os.ftruncate(fd, end)
        except OSError:
            os.close(fd)
            raise
        return cls(path, fd, start, end, len(events)), damaged + torn

    def append(self, events: Sequence[bytes]) -> None:
        """All of them or, after an OSError, none: the file is cut back to its last whole frame."""
        fd = self._open()
        block = b"".join(part for event in events for part in (_FRAME.pack(len(event), crc32(event)), event))
        try:
            os.lseek(fd, self._end, os.SEEK_SET)
            _write_all(fd, block)
        except OSError:
            os.ftruncate(fd, self._end)
            raise
        self._end += len(block)
        self.size = self._end
        self.waiting += len(events)

    def read(self, events_max: int, bytes_max: int) -> Page:
        fd = self._open()
        first = _read_from(fd, self._start, min(_FRAME.size, self._end - self._start))
        if len(first) < _FRAME.size:
            return Page((), ())
        need = _FRAME.size + _FRAME.unpack(first)[0]
        # The first frame may be larger than a page, or damaged: read a page's worth behind it too.
        data = _read_from(fd, self._start, min(need + bytes_max, self._end - self._start))
        events, ends, _ = _frames(data, 0, events_max, bytes_max)
        return Page(tuple(events), tuple(self._start + end for end in ends))

    def settle(self, page: Page, count: int) -> None:
        """Not synced: a lost offset makes duplicates, which the server knows."""
        self._start = page.ends[count - 1]
        self.waiting -= count
        fd = self._open()
        os.lseek(fd, 0, os.SEEK_SET)
        _write_all(fd, _header(self._start))

    def sync_handle(self) -> int:
        """A descriptor of its own for fsync, so that it may run while this segment is settled and discarded."""
        return os.open(self.path, os.O_RDWR | _BINARY)

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def discard(self) -> None:
        self.close()
        self.path.unlink(missing_ok=True)

    def _open(self) -> int:
        if self._fd is None:
            self._fd = os.open(self.path, os.O_RDWR | _BINARY)
        return self._fd


def _header(offset: int) -> bytes:
    return _HEADER.pack(_MAGIC, offset, crc32(_OFFSET.pack(offset)))


def _settled_offset(data: bytes) -> int:
    if len(data) < _HEADER.size:
        return len(data)
    magic, offset, check = _HEADER.unpack_from(data)
    sound = magic == _MAGIC and check == crc32(_OFFSET.pack(offset)) and _HEADER.size <= offset <= len(data)
    return int(offset) if sound else _HEADER.size


def _frames(
    data: bytes, start: int, count_max: int = sys.maxsize, bytes_max: int = sys.maxsize
) -> tuple[list[bytes], list[int], int]:
    """Whole events from `start` (one at least, if there is one), the place after each, and how many damaged frames
    were stepped over."""
    events: list[bytes] = []
    ends: list[int] = []
    damaged = 0
    at = start
    while at + _FRAME.size <= len(data) and len(events) < count_max:
        length, check = _FRAME.unpack_from(data, at)
        end = at + _FRAME.size + length
        if length == 0 or end > len(data) or (events and end - start > bytes_max):
            break
        event = data[at + _FRAME.size : end]
        if crc32(event) == check:
            events.append(event)
            ends.append(end)
        else:
            damaged += 1
        at = end
    return events, ends, damaged


def _read_from(fd: int, offset: int, size: int) -> bytes:
    os.lseek(fd, offset, os.SEEK_SET)
    parts = []
    while size > 0:
        part = os.read(fd, size)
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
