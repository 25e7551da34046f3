"""What the database holds of other systems' secrets opens nothing by itself."""

import base64

import pytest
from django.conf import settings

from letopis.base import crypto
from letopis.base.crypto import KEY_BYTES, SealBroken, Sealer
from letopis.base.ids import random_bytes

OLD, NEW = random_bytes(KEY_BYTES), random_bytes(KEY_BYTES)
TOKEN = "секретный-токен-crm-418027"


def test_secret_opens_where_it_was_sealed() -> None:
    one = Sealer("crm/token", [OLD])
    sealed = one.seal(TOKEN, about="17")
    assert one.open(sealed, about="17") == TOKEN
    assert TOKEN not in sealed
    assert base64.b64encode(TOKEN.encode()).decode()[:12] not in sealed


def test_secret_is_never_sealed_twice_the_same() -> None:
    one = Sealer("crm/token", [OLD])
    assert len({one.seal(TOKEN, about="17") for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("purpose", "about", "key"), [("crm/hook", "17", OLD), ("crm/token", "18", OLD), ("crm/token", "17", NEW)]
)
def test_secret_opens_nowhere_else(purpose: str, about: str, key: bytes) -> None:
    """Not for another purpose, not in another row, not with another key."""
    sealed = Sealer("crm/token", [OLD]).seal(TOKEN, about="17")
    with pytest.raises(SealBroken) as caught:
        Sealer(purpose, [key]).open(sealed, about=about)
    assert TOKEN not in str(caught.value)


def test_every_changed_sign_is_noticed() -> None:
    one = Sealer("crm/token", [OLD])
    sealed = one.seal(TOKEN, about="17")
    for place, sign in enumerate(sealed):
        # The last sign of the text may hold bits that mean nothing; any other sign means something.
        other = "A" if sign != "A" else "B"
        changed = sealed[:place] + other + sealed[place + 1 :]
        if changed.rstrip("=")[:-1] != sealed.rstrip("=")[:-1]:
            with pytest.raises(SealBroken):
                one.open(changed, about="17")


@pytest.mark.parametrize("text", ["", "s1", "s1.", "s1..", "s1.x.y", "токен", "s2.00000000.AAAA", "\0"])
def test_what_was_never_sealed_is_refused(text: str) -> None:
    with pytest.raises(SealBroken):
        Sealer("crm/token", [OLD]).open(text, about="17")


def test_new_key_seals_and_old_ones_open() -> None:
    before = Sealer("crm/token", [OLD])
    after = Sealer("crm/token", [NEW, OLD])
    sealed = before.seal(TOKEN, about="17")
    assert after.open(sealed, about="17") == TOKEN
    assert not after.is_current(sealed)
    anew = after.seal(TOKEN, about="17")
    assert after.is_current(anew)
    with pytest.raises(SealBroken):
        before.open(anew, about="17")


def test_installation_seals_with_a_key_outside_of_the_database() -> None:
    sealed = crypto.sealer("crm/token").seal(TOKEN, about="17")
    assert crypto.sealer("crm/token").open(sealed, about="17") == TOKEN
    assert settings.LETOPIS_SECRET not in settings.LETOPIS_SEALING_KEYS
