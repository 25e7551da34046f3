"""The spool's folders: one per destination, in it one per living process, and those of dead processes to be adopted.

    <spool>/<fingerprint of address and key>/guard                  held for an instant while folders come and go
                                            /rejected.ndjson
                                            /<process>/lock         held as long as the process lives
                                                      /<time>.seg   segments, oldest first by name

The fingerprint keeps apart what belongs to different businesses; a folder is owned by whoever holds its lock.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from letopis_sdk.lock import FileLock

_GUARD_TRIES_MAX = 50
_GUARD_PAUSE_S = 0.02


class GuardBusy(OSError):
    """Another process holds the spool's guard for too long."""


def default_spool() -> Path | None:
    """$LETOPIS_SPOOL, or the user's folder for state; None where there is no such thing."""
    given = os.environ.get("LETOPIS_SPOOL")
    if given:
        return Path(given)
    state = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_STATE_HOME")
    try:
        return (Path(state) if state else Path.home() / ".local" / "state") / "letopis-sdk"
    except RuntimeError:  # a user without a home
        return None


class Home:
    """The destination's folder and our own in it. Used by the spool under its lock."""

    def __init__(self, spool: Path, url: str, key: str, former_keys: tuple[str, ...] = ()) -> None:
        self.destination = spool / _fingerprint(url, key)
        self._all = [self.destination, *(spool / _fingerprint(url, former) for former in former_keys)]
        self._own: Path | None = None
        self._lock: FileLock | None = None
        self._made = 0

    def new_path(self) -> Path:
        """The path of our next segment; claims our folder first. OSError where the disk refuses."""
        if self._own is not None and self._lock is not None and not self._own.is_dir():
            # Somebody cleaned the spool away under our feet: begin anew.
            self._lock.release()
            self._own = self._lock = None
        self._claim()
        assert self._own is not None
        self._made += 1
        return self._own / f"{time.time_ns():020d}-{self._made:06d}.seg"

    def adopt(self) -> list[Path]:
        """Move the segments of dead processes into our folder; their new paths, oldest first."""
        if not any(destination.is_dir() for destination in self._all):
            return []
        self._claim()
        assert self._own is not None
        found = []
        for destination in self._all:
            if destination.is_dir():
                with guard(destination):
                    for folder in destination.iterdir():
                        if folder.is_dir() and folder != self._own:
                            found.extend(self._inherit(folder))
        return sorted(found)

    def release(self) -> None:
        """Give our folder up: removed when empty, otherwise left for the next process."""
        if self._own is None or self._lock is None:
            return
        own, lock = self._own, self._lock
        self._own = self._lock = None
        try:
            with guard(self.destination):
                lock.release()
                _remove_if_empty(own)
        except OSError:  # what cannot be removed is left to the next process
            lock.release()

    def _claim(self) -> None:
        if self._own is not None:
            return
        self.destination.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The guard closes the moment between a folder's birth and its lock, when it would look like a dead one's.
        with guard(self.destination):
            own = self.destination / f"{os.getpid()}-{secrets.token_hex(4)}"
            own.mkdir(mode=0o700)
            self._lock = FileLock.take(own / "lock")
        self._own = own

    def _inherit(self, folder: Path) -> list[Path]:
        lock = FileLock.take(folder / "lock")
        if lock is None:
            return []
        assert self._own is not None
        moved = []
        try:
            for path in sorted(folder.glob("*.seg")):
                # Two dead processes may have used the same name in the same nanosecond, where clocks are coarse.
                target = self._own / f"{path.stem.split('~')[0]}~{secrets.token_hex(3)}.seg"
                path.rename(target)
                moved.append(target)
        finally:
            lock.release()
        _remove_if_empty(folder)
        return moved


@contextlib.contextmanager
def guard(destination: Path) -> Iterator[None]:
    """Alone in the destination's folder, for an instant; GuardBusy after a second of trying."""
    for _ in range(_GUARD_TRIES_MAX):
        lock = FileLock.take(destination / "guard")
        if lock is not None:
            break
        time.sleep(_GUARD_PAUSE_S)
    else:
        raise GuardBusy
    try:
        yield
    finally:
        lock.release()


def _fingerprint(url: str, key: str) -> str:
    return hashlib.sha256(f"{url}\n{key}".encode()).hexdigest()[:16]


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.glob("*.seg")):
        with contextlib.suppress(OSError):  # somebody keeps a file of his own there: then it may stay
            (folder / "lock").unlink()
            folder.rmdir()
