"""Secrets of the outer world (tokens, hooks) as the database may hold them: sealed with a key that it does not have.

    crypto.sealer("crm/token").seal(token, about=str(connection_id))

AES-256-GCM, a key of its own for each purpose, derived from the sealing keys of the data folder. The first of them
seals, each of them opens: after `letopis secrets rotate` what was sealed before still opens, and `is_current` tells
what is to be sealed anew. `about` names the row: what is copied to another one does not open there.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from letopis.base.errors import OwnFault
from letopis.base.ids import random_bytes

FORM = "s1"
KEY_BYTES = 32
NONCE_BYTES = 12
TEXT_BYTES_MAX = 64 * 1024
_NAME_BYTES = 4


class SealBroken(OwnFault):
    """What is stored cannot be opened: its key is gone, or it was changed or moved from another row."""


@dataclass(frozen=True, slots=True)
class _Key:
    name: str
    cipher: AESGCM


class Sealer:
    """Seals and opens the secrets of one purpose."""

    def __init__(self, purpose: str, keys: Sequence[bytes]) -> None:
        assert keys, "an installation has a sealing key"
        self._purpose = purpose
        self._keys = [_derived(purpose, key) for key in keys]

    def seal(self, secret: str, *, about: str) -> str:
        """The secret as text that only an installation with the key can open; never twice the same."""
        plain = secret.encode()
        assert len(plain) <= TEXT_BYTES_MAX, "a secret, not a document"
        key, nonce = self._keys[0], random_bytes(NONCE_BYTES)
        sealed = nonce + key.cipher.encrypt(nonce, plain, self._bound(about))
        return f"{FORM}.{key.name}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str, *, about: str) -> str:
        """The secret.

        Raises:
            SealBroken: none of the keys opens it here.
        """
        form, _, rest = sealed.partition(".")
        name, _, body = rest.partition(".")
        key = next((key for key in self._keys if key.name == name), None)
        if form != FORM or key is None:
            raise SealBroken(hint="restore the folder secrets of the data folder, or enter the secret anew")
        try:
            raw = base64.b64decode(body, altchars=b"-_", validate=True)
            return key.cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], self._bound(about)).decode()
        except (binascii.Error, ValueError, InvalidTag):
            raise SealBroken(hint="enter the secret anew") from None

    def is_current(self, sealed: str) -> bool:
        """Whether the newest key sealed it; else it is to be sealed anew when it is at hand."""
        return sealed.startswith(f"{FORM}.{self._keys[0].name}.")

    def _bound(self, about: str) -> bytes:
        return f"{self._purpose}\0{about}".encode()


@lru_cache(maxsize=64)
def sealer(purpose: str) -> Sealer:
    """The sealer of this installation."""
    return Sealer(purpose, settings.LETOPIS_SEALING_KEYS)


def _derived(purpose: str, key: bytes) -> _Key:
    assert len(key) == KEY_BYTES, "a sealing key has 32 bytes"
    made = HKDF(SHA256(), KEY_BYTES + _NAME_BYTES, salt=None, info=f"letopis/seal/v1/{purpose}".encode()).derive(key)
    return _Key(made[KEY_BYTES:].hex(), AESGCM(made[:KEY_BYTES]))
