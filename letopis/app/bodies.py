"""How large a request to the pages may be: counted as it comes, before anything of it is kept.

Django reads a body to its end before any of our code sees it, and a file of any size would fill the disk meanwhile.
The intake counts its own.
"""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES_MAX = 6 * 1024 * 1024
"""A table of 5 MB and the fields beside it."""


class TooLargeError(Exception):
    """More came than a page takes."""


class BodyLimit:
    """Stands before the pages; beyond the bound the answer is 413, and the rest of the body is not read."""

    def __init__(self, app: ASGIApp, bytes_max: int = BODY_BYTES_MAX) -> None:
        self._app = app
        self._bytes_max = bytes_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > self._bytes_max:
                raise TooLargeError
            return message

        try:
            if _told(scope) > self._bytes_max:
                raise TooLargeError
            await self._app(scope, counted, send)
        except TooLargeError:
            # Reading comes before answering, so nothing has been answered yet.
            await PlainTextResponse("too large\n", 413, {"Connection": "close"})(scope, receive, send)


def _told(scope: Scope) -> int:
    """What the sender says of the length; what is no number is counted as it comes."""
    told = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(told) if told.isdigit() else 0
