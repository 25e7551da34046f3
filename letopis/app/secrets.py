"""The secrets of an installation, in the data folder: the master secret, and keys that seal what the database holds.

They stand outside the database on purpose: whoever reads a dump can neither forge sessions nor guess idempotency tags
nor open a token. The master secret is never changed, since old events are recognised by it; sealing keys are, by
`letopis secrets rotate`, and the first of them is derived from the master secret.
"""

import hmac
import os
import stat
from contextlib import suppress
from pathlib import Path

from letopis.base.errors import SenderError
from letopis.base.ids import random_bytes

SECRET_BYTES = 32
SEALING_KEYS_MAX = 100
_FOLDER, _MASTER = "secrets", "master.key"
_SEALING = "sealing-{number:03}.key"


def master_secret(data: Path) -> bytes:
    """The secret of this data folder, made at the first call.

    Raises:
        SenderError: a file is damaged or open to others.
    """
    path = data / _FOLDER / _MASTER
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _make(path)
    check_modes(data)
    return _read(path)


def sealing_keys(data: Path, master: bytes) -> list[bytes]:
    """Newest first: the first seals, all of them open."""
    files = sorted((data / _FOLDER).glob("sealing-*.key"), reverse=True)
    return [*(_read(path) for path in files), derived(master, "letopis/sealing/v1")]


def add_sealing_key(data: Path) -> Path:
    """A new key, by which everything is sealed from the next start on.

    Raises:
        SenderError: there are `SEALING_KEYS_MAX` already.
    """
    for number in range(1, SEALING_KEYS_MAX + 1):
        path = data / _FOLDER / _SEALING.format(number=number)
        if not path.exists():
            _make(path)
            return path
    raise SenderError("there are too many sealing keys", place=str(data / _FOLDER), hint="remove the oldest ones")


def derived(master: bytes, purpose: str) -> bytes:
    """A key of its own for each purpose."""
    return hmac.digest(master, purpose.encode(), "sha256")


def check_modes(data: Path) -> None:
    """Nobody else on this machine reads the secrets, or puts other files in their place.

    Raises:
        SenderError: somebody could.
    """
    if stat.S_IMODE(data.stat().st_mode) & 0o022:
        raise SenderError("others may write into the data folder", place=str(data), hint="chmod go-w that folder")
    folder = data / _FOLDER
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        raise SenderError("the folder of secrets is open to others", place=str(folder), hint="chmod 700 that folder")
    for path in sorted(folder.glob("*.key")):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SenderError("a secret is readable by others", place=str(path), hint="chmod 600 that file")


def _read(path: Path) -> bytes:
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise SenderError("a secret is damaged", place=str(path), hint="restore it from a backup")
    return secret


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
