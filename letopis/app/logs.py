"""Our own log: one line of JSON a record, an action and its context, never anybody's words.

INFO what happened, WARNING what was retried or refused, ERROR what a person must see to. Of an error its kind and its
places are written and not its text: what a library could not read, store or show it likes to quote. Our own errors
carry nobody's words and tell theirs.
"""

import logging
import sys
import traceback
import warnings
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import structlog

from letopis.base.errors import LetopisError

LIBRARIES_LEVEL = logging.WARNING
CAUSES_MAX = 8
PLACES_MAX = 60


def speak(level: int = logging.INFO) -> None:
    """Set up the log of this process, on the error stream."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.EventRenamer("action"),
            structlog.processors.ExceptionRenderer(_rendered),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Wordless("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=LIBRARIES_LEVEL, force=True)
    # Page files are sent by threads on purpose; Django would say so of each of them.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    # These name addresses and parameters in their warnings.
    for talkative in ("django.request", "django.security", "axes", "uvicorn.access"):
        logging.getLogger(talkative).setLevel(logging.ERROR)


_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class _Wordless(logging.Formatter):
    """For the libraries' own records: a record is one line, its error without its text."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).replace("\r", "\\r").replace("\n", "\\n").replace("\x1b", "\\x1b")

    def formatException(self, ei: Any) -> str:  # noqa: N802  (the library's name)
        return _rendered(ei)


def _rendered(exc_info: _ExcInfo) -> str:
    return "; ".join(_causes(exc_info[1]))


def _causes(error: BaseException | None) -> Iterator[str]:
    """The error and what it came of, each with its places, outermost first."""
    for _ in range(CAUSES_MAX):
        if error is None:
            return
        frames = traceback.extract_tb(error.__traceback__)[-PLACES_MAX:]
        places = " > ".join(f"{frame.filename}:{frame.lineno}" for frame in frames)
        own = f" {error}" if isinstance(error, LetopisError) else ""
        code = getattr(error, "sqlstate", None)
        state = f" {code}" if code else ""
        yield f"{type(error).__module__}.{type(error).__qualname__}{state}{own} at {places}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
