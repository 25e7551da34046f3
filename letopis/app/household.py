"""Who answers for a data folder: one `letopis serve` at a time, told by a lock that dies with its process."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from letopis.base.errors import SenderError


@contextmanager
def household(data: Path) -> Iterator[None]:
    """Answer for the folder inside the block.

    Raises:
        SenderError: another `letopis serve` does.
    """
    with open(data / "household.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SenderError(
                "letopis serve runs on this data folder already",
                place=str(data),
                hint="stop it, or name another one",
            ) from None
        yield


def is_kept(data: Path) -> bool:
    """Whether a `letopis serve` answers for the folder now."""
    path = data / "household.lock"
    if not path.exists():
        return False
    with open(path) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
