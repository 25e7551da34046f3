"""The same salon and browsers as the dialogues have."""

from tests.dialogues.conftest import browser, salon

__all__ = ["browser", "salon"]
