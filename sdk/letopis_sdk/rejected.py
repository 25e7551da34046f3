"""Events that the server refused for good: kept beside the spool with the reason, in a bounded file."""

from __future__ import annotations

import json
import os
from pathlib import Path

from letopis_sdk.home import guard

FILE_NAME = "rejected.ndjson"
FORMER_NAME = "rejected.1.ndjson"


def keep_rejected(destination: Path, event: bytes, why: dict[str, object], bytes_max: int) -> None:
    """Append {"why": ..., "event": ...} as one line; a full file takes the place of the former one."""
    path = destination / FILE_NAME
    line = b'{"why":' + json.dumps(why, ensure_ascii=False).encode() + b',"event":' + event + b"}\n"
    destination.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Several processes write here: the guard keeps two of them from turning the file over twice.
    with guard(destination):
        if path.exists() and path.stat().st_size + len(line) > bytes_max:
            path.replace(destination / FORMER_NAME)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        try:
            os.write(fd, line)
        finally:
            os.close(fd)
