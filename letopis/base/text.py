"""Words: texts in both languages, and folding for comparison and search."""

import unicodedata
from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; `str()` gives the one of the active language, Russian first."""

    ru: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "ru").startswith("en") else self.ru


def fold(text: str) -> str:
    """The form in which words are compared: NFKC, lower case, ё as е, single inner spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().replace("ё", "е").split())
