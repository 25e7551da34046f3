"""Locks between processes that end with their holder, kill -9 included."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _try_lock(fd: int) -> None:
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)

    def _unlock(fd: int) -> None:
        os.lseek(fd, 0, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _try_lock(fd: int) -> None:
        # flock, not lockf: POSIX locks vanish when the process closes any other descriptor of the same file.
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_UN)


_held: set[int] = set()


class FileLock:
    """An exclusive lock on a file, held until released or until the process is gone."""

    def __init__(self, fd: int) -> None:
        self._fd: int | None = fd
        _held.add(fd)

    @classmethod
    def take(cls, path: Path) -> FileLock | None:
        """The lock, or None while somebody else has it. OSError where the disk refuses."""
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        lock = cls(fd)
        try:
            _try_lock(fd)
        except (BlockingIOError, PermissionError):
            lock._close(fd)
            return None
        except OSError:
            lock._close(fd)
            raise
        return lock

    def release(self) -> None:
        """Unlock explicitly: a forked child may still hold the same descriptor. A second release does nothing."""
        if self._fd is not None:
            _unlock(self._fd)
            self._close(self._fd)

    def _close(self, fd: int) -> None:
        self._fd = None
        _held.discard(fd)
        os.close(fd)


def _forget_in_child() -> None:
    # The child closes without unlocking: the lock belongs to the parent, and must not outlive it in the child.
    for fd in _held:
        os.close(fd)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)
