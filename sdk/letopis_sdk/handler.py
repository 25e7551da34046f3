"""A logging handler, if you want it: errors of the assistant's own log become events `error`."""

from __future__ import annotations

import logging

from letopis_sdk.notices import LOGGER_NAME
from letopis_sdk.voice import Voice


class LetopisHandler(logging.Handler):
    """Tells logger, place and class of the exception; the text, which may hold a client's words, only `with_text`."""

    def __init__(self, voice: Voice, level: int | str = logging.ERROR, *, with_text: bool = False) -> None:
        super().__init__(level)
        self._voice = voice
        self._with_text = with_text

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.split(".")[0] == LOGGER_NAME:
            return  # our own troubles would feed themselves
        kind = record.exc_info[0] if record.exc_info else None
        text = self._text(record) if self._with_text else None
        self._voice.tell(
            "error",
            {
                "level": record.levelname,
                "reason": kind.__name__ if kind is not None else record.name,
                "message": text,
                "attributes": {"logger": record.name, "module": record.module, "line": record.lineno},
            },
        )

    def _text(self, record: logging.LogRecord) -> str | None:
        try:
            return self.format(record)
        except Exception:  # a record with wrong arguments; logging has its own word for that
            self.handleError(record)
            return None
