"""A voice bound to one dialogue, so that its ids are said once."""

from __future__ import annotations

from collections.abc import Mapping

from letopis_sdk.voice import Voice


class Dialogue(Voice):
    """Holds nothing but what is common to its events: make one per update, or keep it as long as you like."""

    def __init__(self, voice: Voice, common: Mapping[str, object]) -> None:
        self._voice = voice
        self._common = dict(common)

    def tell(self, kind: str, fields: Mapping[str, object]) -> None:
        self._voice.tell(kind, {**self._common, **fields})
