"""Texts that a spreadsheet would take for a formula: what they look like, and how a CSV carries them as text.

Whoever writes to an assistant chooses how his name begins; opened by a manager, `=HYPERLINK(...)` would run.
"""

# The last four are the wide forms, which Excel reads as the narrow ones.
_BEGINS = frozenset("=+-@\t\r\n＝＋－＠")
MARK = "'"


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could run this text."""
    return text[:1] in _BEGINS


def defused(text: str) -> str:
    """The text as CSV may hold it: behind an apostrophe where it could run."""
    return MARK + text if is_formula(text) else text


def restored(text: str) -> str:
    """The text that `defused` took."""
    return text[1:] if text[:1] == MARK and is_formula(text[1:]) else text
