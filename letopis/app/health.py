"""Health addresses: /healthz (the process lives), /readyz (it can do its work), /metrics (Prometheus).

They tell no business, no person and no text; so anybody may ask.
"""

import asyncio
import os

import psycopg
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from letopis.app.serve import FIGURES
from letopis.base import database
from letopis.base.errors import OuterError
from letopis.intake.app import Intake

READY_SECONDS_MAX = 2.0


class Health:
    """Answers the three addresses; `intake` is None where only pages run."""

    def __init__(self, intake: Intake | None) -> None:
        self._intake = intake

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        response: Response
        if request.method not in ("GET", "HEAD"):
            response = PlainTextResponse("method not allowed\n", 405, {"Allow": "GET, HEAD"})
        elif request.url.path == "/healthz":
            response = PlainTextResponse("ok\n")
        elif request.url.path == "/readyz":
            response = await self._ready()
        else:
            response = Response(generate_latest(_figures()), media_type=CONTENT_TYPE_LATEST)
        await response(scope, receive, send)

    async def _ready(self) -> Response:
        if self._intake is not None and not self._intake.is_ready:
            return PlainTextResponse("the intake cannot write\n", 503, {"Retry-After": "1"})
        try:
            async with asyncio.timeout(READY_SECONDS_MAX):
                async with await database.aconnect(autocommit=True) as conn:
                    await conn.execute("SELECT 1")
        except (TimeoutError, OuterError, psycopg.Error):
            return PlainTextResponse("the database does not answer\n", 503, {"Retry-After": "1"})
        return PlainTextResponse("ready\n")


def _figures() -> CollectorRegistry:
    """Those of all processes of a `letopis serve`, whichever of them is asked; else those of this one."""
    if FIGURES not in os.environ:
        return REGISTRY
    figures = CollectorRegistry()
    MultiProcessCollector(figures)  # type: ignore[no-untyped-call]
    return figures
