"""Tags are plain HMAC-SHA256, cut to 16 bytes, under a key of each business."""

import hmac
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from letopis.journal import tags

SALON, STRANGER = UUID(int=1), UUID(int=2)


@given(st.binary(max_size=64), st.binary(max_size=300))
def test_equal_to_the_standard_library(key: bytes, message: bytes) -> None:
    assert tags.Key(key).tag(message) == hmac.digest(key, message, "sha256")[: tags.TAG_BYTES]


def test_one_id_has_another_tag_in_each_business_and_source() -> None:
    mine, theirs = tags.key_of(SALON), tags.key_of(STRANGER)
    made = {
        tags.id_tag(mine, "telegram", "1"),
        tags.id_tag(theirs, "telegram", "1"),
        tags.id_tag(mine, "whatsapp", "1"),
        tags.id_tag(mine, "telegram1", ""),
        tags.body_tag(mine, b"1"),
    }
    assert len(made) == 5
