"""The list of erasures beside the database: what a restored backup must be told again (contract on the ledger, 10.5).

An append-only file of JSON lines that no backup holds. A line names a business, entries and the instant of the act, so
it names nobody; it is on disk before the act is.
"""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import msgspec
from django.conf import settings

NAME = "erasures.jsonl"


class Line(msgspec.Struct, frozen=True):
    """An act: the entries as runs with both ends inside; entries received after `at_us` are none of its."""

    business: UUID
    runs: list[tuple[int, int]]
    at_us: int
    reason: str

    def seqs(self) -> Iterator[int]:
        for first, last in self.runs:
            yield from range(first, last + 1)


def append(line: Line) -> int:
    """Write an act to the disk; how many the file holds now. The caller lets one act after the other in."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(path, "a+b", opener=_private) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _end_the_last_line(file.fileno())
        file.write(msgspec.json.encode(line) + b"\n")
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        return sum(1 for _ in file)


def lines_after(known: int) -> Iterator[tuple[int, Line | None]]:
    """The acts behind the first `known`, each with its number from one; None for a line that was cut off half-way."""
    path = _path()
    if not path.exists():
        return
    with open(path, "rb") as file:
        for number, line in enumerate(file, start=1):
            if number > known:
                yield number, _read(line)


def _path() -> Path:
    state: Path = settings.LETOPIS_STATE
    return state / NAME


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _end_the_last_line(file: int) -> None:
    """A write that was cut off left half a line: it ends here, so that the next one is whole."""
    size = os.fstat(file).st_size
    if size and os.pread(file, 1, size - 1) != b"\n":
        os.write(file, b"\n")


def _read(line: bytes) -> Line | None:
    try:
        return msgspec.json.decode(line, type=Line)
    except msgspec.DecodeError:
        return None
