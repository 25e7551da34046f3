"""What the name of an intent says, however its sender spells it."""

import pytest

from letopis.dialogues.intents import CONFIDENCE_MIN_PPM, is_unsure


@pytest.mark.parametrize(
    "intent", ["unknown", "fallback", "Default Fallback Intent", "none", "intent.unclear", "НЕПОНЯТНО"]
)
def test_intent_that_names_a_failure_was_not_understood(intent: str) -> None:
    assert is_unsure(intent, None)
    assert is_unsure(intent, 990_000), "sure that it understands nothing"


@pytest.mark.parametrize(
    ("confidence_ppm", "unsure"),
    [(None, False), (CONFIDENCE_MIN_PPM, False), (CONFIDENCE_MIN_PPM - 1, True), (0, True)],
)
def test_guess_is_not_understanding(confidence_ppm: int | None, unsure: bool) -> None:
    assert is_unsure("book_appointment", confidence_ppm) is unsure
