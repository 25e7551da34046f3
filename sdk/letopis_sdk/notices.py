"""What the SDK has to tell the developer: a log record and a callback, rarely and without secrets or texts."""

from __future__ import annotations

import logging
import re
import threading
import time
from dataclasses import dataclass
from typing import Callable, Optional

LOGGER_NAME = "letopis_sdk"
_log = logging.getLogger(LOGGER_NAME)
_NAME = re.compile(r"[A-Za-z0-9_.\[\]-]{1,64}")


@dataclass(frozen=True)
class Notice:
    """One thing worth knowing. `code` is stable; `held_back` tells how often it was suppressed since the last time."""

    code: str
    message: str
    held_back: int = 0


OnWarning = Optional[Callable[[Notice], object]]


class Notices:
    """Passes each code on at most once a pause. Messages are built by us: never from an event, a key or an answer."""

    def __init__(self, on_warning: OnWarning, pause_s: float) -> None:
        self._on_warning = on_warning
        self._pause_s = pause_s
        self._lock = threading.Lock()
        self._told_at: dict[str, float] = {}
        self._held_back: dict[str, int] = {}

    def warn(self, code: str, message: str) -> None:
        """Tell now, or count it while the same code rests."""
        now = time.monotonic()
        with self._lock:
            if now - self._told_at.get(code, -self._pause_s) < self._pause_s:
                self._held_back[code] = self._held_back.get(code, 0) + 1
                return
            self._told_at[code] = now
            notice = Notice(code, message, self._held_back.pop(code, 0))
        _log.warning("%s: %s%s", code, message, f" (and {notice.held_back} times before)" if notice.held_back else "")
        if self._on_warning is not None:
            try:
                self._on_warning(notice)
            except Exception as error:
                # A broken callback must not break the assistant; its text may hold anything, so only its class is told.
                _log.error("on_warning itself failed: %s", type(error).__name__)

    def inform(self, code: str, message: str) -> None:
        """Good news: in the log only."""
        _log.info("%s: %s", code, message)


def nameable(word: str) -> str:
    """The word if it looks like a name of a field or kind, and not like somebody's text."""
    return word if _NAME.fullmatch(word) else "?"


def reason_of(error: BaseException) -> str:
    """An error's class and the system's own words; never its arguments, which may hold paths, addresses or texts."""
    strerror = getattr(error, "strerror", None)
    return f"{type(error).__name__}: {strerror}" if isinstance(strerror, str) else type(error).__name__
