import pytest
from django.utils import translation

from letopis.base.text import Text, fold


@pytest.mark.parametrize(
    ("language", "shown"), [("ru", "записан"), ("en", "booked"), ("en-gb", "booked"), ("de", "записан")]
)
def test_text_follows_the_active_language(language: str, shown: str) -> None:
    with translation.override(language):
        assert str(Text(ru="записан", en="booked")) == shown


@pytest.mark.parametrize(
    ("written", "folded"),
    [("  Алёна   ЁЖИК ", "алена ежик"), ("ﬁx", "fix"), ("Ｔｅｌ", "tel"), ("", ""), ("й", "й")],
)
def test_fold_makes_spellings_equal(written: str, folded: str) -> None:
    assert fold(written) == folded
