"""One ASGI application: `/v1/`, `/in/` and the health addresses go to the intake, all else to the pages.

The intake never leaves the event loop; the pages run in threads of their own.
"""

from typing import Any, cast

from django.conf import settings
from django.core.asgi import get_asgi_application
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from letopis.app import headers
from letopis.app.bodies import BodyLimit
from letopis.app.health import Health
from letopis.intake.app import Intake

INTAKE_PREFIXES = ("/v1/", "/in/")
HEALTH_PATHS = ("/healthz", "/readyz", "/metrics")


class Letopis:
    """Puts intake and pages side by side; `pages=None` serves the intake alone, `intake=None` the pages alone."""

    def __init__(self, *, intake: Intake | None, pages: ASGIApp | None) -> None:
        self._intake = intake
        self._pages = pages
        self._health = Health(intake)
        # The type stubs of the two servers differ; both speak ASGI.
        self._door = cast(ASGIApp, ProxyHeadersMiddleware(cast(Any, self._answer), settings.LETOPIS_PROXIES))
        self._headers = headers.always(https=settings.LETOPIS_PUBLIC_URL.startswith("https://"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        await self._door(scope, receive, headers.guarded(send, self._headers))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        if path in HEALTH_PATHS:
            await self._health(scope, receive, send)
        elif self._intake is not None and (path.startswith(INTAKE_PREFIXES) or self._pages is None):
            await self._intake(scope, receive, send)
        elif self._pages is not None:
            await self._pages(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        if self._intake is not None:
            await self._intake.startup()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if self._intake is not None:
            await self._intake.shutdown()
        await send({"type": "lifespan.shutdown.complete"})


def _pages() -> ASGIApp:
    return BodyLimit(cast(ASGIApp, get_asgi_application()))


def whole() -> Letopis:
    """Intake and pages on one port, as `letopis serve` runs them."""
    return Letopis(intake=Intake(), pages=_pages())


def intake_only() -> Letopis:
    return Letopis(intake=Intake(), pages=None)


def pages_only() -> Letopis:
    return Letopis(intake=None, pages=_pages())
