"""Our own log: one line of JSON a record, an action and its context, never anybody's words.

INFO what happened, WARNING what was retried or refused, ERROR what a person must see to.
"""

import logging
import sys
import warnings
from typing import Any

import structlog

LIBRARIES_LEVEL = logging.WARNING


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
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        stream=sys.stderr, level=LIBRARIES_LEVEL, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True
    )
    # Page files are sent by threads on purpose; Django would say so of each of them.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    # These name addresses and parameters in their warnings.
    for talkative in ("django.request", "django.security", "axes", "uvicorn.access"):
        logging.getLogger(talkative).setLevel(logging.ERROR)
