"""Headers that every answer carries: pages, programs' answers, files of the site, refusals and health alike.

Put on at the very edge, so that no page, no library and no error of a router can go without them. What a page has said
itself stands: its own policy is wider than the one below, which lets an answer that is no page do nothing at all.
"""

from collections.abc import Awaitable, Callable, Iterable

from starlette.types import Message, Send

HSTS_SECONDS = 365 * 24 * 3600

Header = tuple[bytes, bytes]

# Nothing that is no page of ours may load, run or be framed, whatever a browser takes it for.
NO_PAGE_POLICY = b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
# What no page of ours asks a browser for; copying and sharing stay, and keys that sign people in.
_SHUT = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen",
    "geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
_ALWAYS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", ", ".join(f"{name}=()" for name in _SHUT).encode()),
    (b"content-security-policy", NO_PAGE_POLICY),
    # What says nothing about keeping is not kept: files of the site say so themselves.
    (b"cache-control", b"no-store"),
)
# A part of a page is never a page: what tells a browser how to hold one would only make it heavier.
_PARTS = (b"text/css", b"text/javascript", b"application/javascript", b"font/", b"image/png", b"image/x-icon")
_OF_PARTS = frozenset(
    {b"x-content-type-options", b"referrer-policy", b"cross-origin-resource-policy", b"cache-control"}
)
_HTTPS: Header = (b"strict-transport-security", b"max-age=%d; includeSubDomains" % HSTS_SECONDS)


def always(*, https: bool) -> tuple[Header, ...]:
    """The headers of every answer; under `https` browsers are told never to come otherwise."""
    return (*_ALWAYS, _HTTPS) if https else _ALWAYS


def guarded(send: Send, headers: tuple[Header, ...]) -> Callable[[Message], Awaitable[None]]:
    """`send`, which puts on what an answer lacks of `headers`."""

    async def put_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = completed(message.get("headers", ()), headers)
        await send(message)

    return put_on


def completed(told: Iterable[Header], headers: tuple[Header, ...]) -> list[Header]:
    """What was told, and those of `headers` whose names were not; a part of a page takes the few that concern it."""
    own = list(told)
    names = {name.lower(): value for name, value in own}
    is_part = names.get(b"content-type", b"").startswith(_PARTS)
    return own + [one for one in headers if one[0] not in names and not (is_part and one[0] not in _OF_PARTS)]
