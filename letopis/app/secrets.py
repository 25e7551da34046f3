"""The master secret of an installation: 32 random bytes in the data folder, from which all other keys are derived.

It stands outside the database on purpose: whoever reads a dump can neither forge sessions nor guess idempotency tags.
"""

import hmac
import os
import stat
from contextlib import suppress
from pathlib import Path

from letopis.base.errors import SenderError
from letopis.base.ids import random_bytes

SECRET_BYTES = 32


def master_secret(data: Path) -> bytes:
    """The secret of this data folder, made at the first call.

    Raises:
        SenderError: the file is damaged or readable by others.
    """
    path = data / "secrets" / "master.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _make(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SenderError("the master secret is readable by others", place=str(path), hint="chmod 600 that file")
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise SenderError("the master secret is damaged", place=str(path), hint="restore it from a backup")
    return secret


def derived(master: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose."""
    return hmac.digest(master, purpose.encode(), "sha256")


def _make(path: Path) -> None:
    """Written beside and linked into place: two first starts at once agree on one secret, and none sees half of it."""
    growing = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(growing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as made:
        made.write(random_bytes(SECRET_BYTES))
        made.flush()
        os.fsync(made.fileno())
    with suppress(FileExistsError):
        os.link(growing, path)
    growing.unlink()
