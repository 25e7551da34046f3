"""What intents mean to the numbers: wanting a visit, asking for a price, and whom no metric counts."""

from functools import lru_cache

from letopis.base.text import fold

TEST = "test"
EXISTING = "existing"
"""Existing clients' questions leave M1-M3 and M18 only."""

# Word of an intent to the reason under which its dialogues leave every metric.
_EXCLUDED = {
    "spam": "spam",
    "advertising": "spam",
    "спам": "spam",
    "job": "job",
    "vacancy": "job",
    "hr": "job",
    "вакансия": "job",
    "supplier": "supplier",
    "partnership": "supplier",
    "поставщик": "supplier",
    "wrong": "wrong_number",
    "ошиблись": "wrong_number",
    "employee": "own",
    "staff": "own",
    "own": "own",
}
_EXISTING = frozenset({"existing", "reschedule", "move", "cancel", "confirm", "status"})
_BOOKING = frozenset({"book", "booking", "appointment", "record", "запись", "signup"})
_UNSURE = frozenset({"unknown", "fallback", "none", "unclear", "misunderstood", "noise", "непонятно"})
CONFIDENCE_MIN_PPM = 600_000
"""Under this an intent was guessed rather than understood."""
_PRICE = frozenset({"price", "prices", "cost", "цена", "прайс"})


@lru_cache(maxsize=4096)
def words_of(intent: str) -> frozenset[str]:
    """The words an intent's name is made of: `book_appointment` is book and appointment."""
    return frozenset(fold(intent).replace("-", "_").replace(".", "_").replace(" ", "_").split("_"))


def excluded_for(intent: str) -> str:
    """The reason why dialogues of this intent are in no metric; empty for the many that are."""
    return next((_EXCLUDED[word] for word in sorted(words_of(intent)) if word in _EXCLUDED), "")


def is_existing(intent: str) -> bool:
    """Whether somebody with a visit asks about it: no new lead."""
    return bool(words_of(intent) & _EXISTING)


def is_booking(intent: str) -> bool:
    """Whether a new visit is wanted."""
    words = words_of(intent)
    return bool(words & _BOOKING) and not words & _EXISTING


def is_price(intent: str) -> bool:
    """Whether a price is asked."""
    return bool(words_of(intent) & _PRICE)


def is_unsure(intent: str, confidence_ppm: int | None) -> bool:
    """Whether the assistant did not understand what the client wants (M16)."""
    return bool(words_of(intent) & _UNSURE) or (confidence_ppm is not None and confidence_ppm < CONFIDENCE_MIN_PPM)
