"""The doors of HTTP: POST /v1/events and POST /in/{key}.

An answer that says accepted leaves only after the journal's COMMIT. Addresses are never logged: they may hold keys. No
header lets a browser of another site in, so no CORS.
"""

import asyncio
import base64
import binascii
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import psycopg
import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from letopis.base.errors import OuterError, Overloaded
from letopis.base.limits import neighbourhood
from letopis.base.text import Text
from letopis.intake import counters, faults, problems, quarantine
from letopis.intake.clerk import Clerk
from letopis.intake.faults import Fault
from letopis.intake.keyring import Keyring, Sender
from letopis.intake.mapping import map_event
from letopis.intake.openapi import document
from letopis.intake.problems import Answer, ProblemError
from letopis.intake.quarantine import NotKept
from letopis.intake.reading import (
    BATCH_EVENTS_MAX,
    BODY_BYTES_MAX,
    NotGzipError,
    NotJsonError,
    Reading,
    TooLargeError,
    read_body,
    unpack,
)
from letopis.intake.sources import Tallies
from letopis.journal.draft import Draft, Outcome
from letopis.journal.scribe import QUEUE_EVENTS_MAX, Scribe, UnknownOutcome

TELL_SOURCES_EVERY_S = 1.0
KEY_CHARS_MAX = 256
EVENTS_PATH = "/v1/events"
HELLO = (
    "Letopis: события принимаются методом POST, с ключом в заголовке Authorization или в адресе /in/<ключ>.\n"
    "Letopis takes events by POST, with a key in the header Authorization or in the address /in/<key>.\n"
)
METHODS = "POST, GET, HEAD"

# The form type is what curl and simple constructors say of any body; a real form is told that it is no JSON.
_FORM_TYPE = b"application/x-www-form-urlencoded"
_JSON_TYPES = frozenset(
    {b"", b"application/json", b"text/json", b"text/plain", b"application/octet-stream", _FORM_TYPE}
)
_LINES_TYPES = frozenset({b"application/x-ndjson", b"application/ndjson", b"application/jsonl", b"application/x-jsonl"})
_IN_PATH = "key"

_log = structlog.get_logger(__name__)


class GoneError(Exception):
    """The sender hung up before its request was whole."""


class Intake:
    """The doors of one process: an ASGI application with its scribe, its keys and its counts."""

    def __init__(self) -> None:
        self._scribe = Scribe()
        self._clerk = Clerk()
        self._keyring = Keyring(self._clerk)
        self._tallies = Tallies()
        self._teller: asyncio.Task[None] | None = None
        self._events = events = _Door(self)
        self.app = Starlette(
            routes=[
                Route(EVENTS_PATH, events),
                Route("/in/{key}", events),
                Route("/v1/openapi.json", _tell_openapi, methods=["GET"]),
                # A slash at the end is no other address, and a redirect would lose the body.
                Route("/v1/events/", events),
                Route("/in/{key}/", events),
            ],
            exception_handlers={HTTPException: _refuse_address},
        )
        self.app.router.redirect_slashes = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The usual address goes straight to its door: the router would cost a fifth of a request."""
        if scope["path"] == EVENTS_PATH:
            await self._events(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    @property
    def is_ready(self) -> bool:
        """True while events can be taken."""
        return self._teller is not None and self._scribe.waiting < QUEUE_EVENTS_MAX

    async def startup(self) -> None:
        await self._scribe.start()
        self._teller = asyncio.create_task(self._tell_sources(), name="sources")

    async def shutdown(self) -> None:
        """Write what waits, then the last counts."""
        await self._scribe.stop()
        if self._teller is not None:
            self._teller.cancel()
            with suppress(asyncio.CancelledError):
                await self._teller
            self._teller = None
        await self._write_tallies()
        await self._clerk.stop()

    async def answer(self, scope: Scope, receive: Receive, english: bool) -> Answer:
        """The answer to one request at an events door.

        Raises:
            ProblemError: the request as a whole is refused.
            GoneError: nobody waits for the answer.
        """
        method = scope["method"]
        if method in ("GET", "HEAD"):
            return Answer(200, b"" if method == "HEAD" else HELLO.encode(), problems.PLAIN)
        if method != "POST":
            raise problems.wrong_method(METHODS)
        headers: dict[bytes, bytes] = dict(scope["headers"])
        sender = await self._sender(scope, headers)
        lines = _is_lines(headers)
        packed = _is_gzip(headers)
        body = await _whole(receive)
        reading = await self._read(sender, body, lines=lines, packed=packed, english=english)
        if wait_s := sender.allowance.spend(len(reading.pieces), asyncio.get_running_loop().time()):
            raise problems.too_often(wait_s)
        return await self._take(sender, reading, _idempotency_key(headers, reading), english)

    async def _sender(self, scope: Scope, headers: dict[bytes, bytes]) -> Sender:
        text = scope.get("path_params", {}).get(_IN_PATH) or _key_in(headers)
        if not text:
            raise problems.no_key()
        where = neighbourhood((scope.get("client") or ("",))[0])
        if wait_s := self._keyring.strangers_wait_s(text, where):
            raise problems.too_many_keys(wait_s)
        sender = await self._keyring.find(text) if len(text) <= KEY_CHARS_MAX else None
        if sender is None or sender.revoked:
            self._keyring.note_stranger(where)
            raise problems.wrong_key()
        if not sender.may_send:
            raise problems.read_key()
        return sender

    async def _read(self, sender: Sender, body: bytes, *, lines: bool, packed: bool, english: bool) -> Reading:
        try:
            plain = unpack(body) if packed else body
            return read_body(plain, lines=lines)
        except TooLargeError:
            raise problems.too_large(BODY_BYTES_MAX, BATCH_EVENTS_MAX) from None
        except NotGzipError:
            fault, extra = Fault("", faults.NOT_GZIP), {}
        except NotJsonError as error:
            fault = Fault("", faults.not_json(error.line, error.column))
            extra = {"line": error.line, "column": error.column}
        [kept] = await self._quarantine(sender, [(body if packed and not extra else plain, [fault])])
        raise _rejected([fault], kept, english, extra)

    async def _take(self, sender: Sender, reading: Reading, idempotency_key: str | None, english: bool) -> Answer:
        mapped: list[Draft | list[Fault]] = [
            [piece.fault]
            if piece.fault is not None
            else map_event(piece.value, sender.context, piece.raw, flags=piece.flags, idempotency_key=idempotency_key)
            for piece in reading.pieces
        ]
        drafts = [draft for draft in mapped if isinstance(draft, Draft)]
        receipts = await self._scribe.append(drafts) if drafts else []
        self._tallies.note(sender.context, drafts, receipts)
        counters.note(receipts)
        told = iter(receipts)
        results: list[problems.Result | dict[str, Any] | None] = []
        rejected: list[tuple[int, list[Fault]]] = []
        for index, one in enumerate(mapped):
            if isinstance(one, Draft):
                receipt = next(told)
                if receipt.outcome is Outcome.REFUSED:
                    one = [Fault("", faults.not_storable(receipt.problem))]
                elif receipt.outcome is Outcome.OVERLOADED and reading.single:
                    raise Overloaded
                else:
                    results.append(problems.result(receipt))
                    continue
            rejected.append((index, one))
            results.append(None)
        if rejected:
            await self._reject(sender, reading, rejected, results, english)
        return Answer(202, problems.encode({"results": results}))

    async def _reject(
        self,
        sender: Sender,
        reading: Reading,
        rejected: Sequence[tuple[int, list[Fault]]],
        results: list[problems.Result | dict[str, Any] | None],
        english: bool,
    ) -> None:
        """Fill in the results of what was rejected; a single one ends its request."""
        kept: list[str | Text]
        try:
            kept = await self._quarantine(sender, [(reading.pieces[index].raw, found) for index, found in rejected])
        except OuterError:
            if reading.single:
                raise
            # The others of this request are stored, so it may not end as if none were.
            kept = [NotKept.UNREACHABLE.value] * len(rejected)
        for (index, found), where in zip(rejected, kept, strict=True):
            if reading.single:
                raise _rejected(found, where, english, {})
            results[index] = {"outcome": "rejected", "error": problems.rejection(found, where, english)}

    async def _quarantine(self, sender: Sender, pieces: Sequence[tuple[bytes, Sequence[Fault]]]) -> list[str | Text]:
        """Ids of the pieces in quarantine, or why one was not kept."""
        context = sender.context
        for _, found in pieces:
            self._tallies.note_rejected(context, found[0].why.code, found[0].field)
            counters.REJECTED.inc()
        kept = await self._clerk.run(
            lambda cur: quarantine.keep(cur, context.business, context.source, pieces), [context.business]
        )
        return [one.value if isinstance(one, NotKept) else str(one) for one in kept]

    async def _tell_sources(self) -> None:
        while True:
            await asyncio.sleep(TELL_SOURCES_EVERY_S)
            counters.QUEUE.set(self._scribe.waiting)
            await self._write_tallies()

    async def _write_tallies(self) -> None:
        taken = self._tallies.take()
        if not taken:
            return
        try:
            await self._clerk.run(taken.write, taken.businesses())
        except (OuterError, psycopg.Error) as error:
            # Only numbers of a page: no reason to take no more events. The next second writes the next ones.
            _log.error("sources_not_told", error=type(error).__name__)


class _Door:
    """The ASGI end of the events doors: times, counts and turns every failure into its answer."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        english = _wants_english(scope)
        try:
            answer = await self._intake.answer(scope, receive, english)
        except GoneError:
            return
        except ProblemError as problem:
            answer = problem.answer(english)
        except UnknownOutcome:
            answer = problems.unknown_outcome().answer(english)
        except Overloaded as error:
            answer = problems.overloaded(error.retry_after_s).answer(english)
        except OuterError:
            answer = problems.overloaded(1).answer(english)
        except Exception as error:
            # The last place before the server's own log, which would tell the address and whatever the error quotes.
            _log.error("request_failed", error=type(error).__name__, places=_places(error))
            answer = problems.own_fault().answer(english)
        await _send(send, answer)
        counters.seconds_of(answer.status).observe(time.perf_counter() - started)


def _places(error: Exception) -> list[str]:
    """Where it went wrong, outermost first, without a word of what was sent."""
    return [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]


def _rejected(found: Sequence[Fault], kept: str | Text, english: bool, extra: dict[str, Any]) -> ProblemError:
    """400 for a single event or an unreadable body; 429 where quarantine is full."""
    full = kept is NotKept.FULL.value
    told = problems.rejection(found, kept, english)
    extra = {**extra, **{name: told[name] for name in told if name not in ("type", "title")}}
    code = "quarantine_full" if full else found[0].why.code
    headers = {"Retry-After": "1"} if full else None
    return ProblemError(429 if full else 400, code, problems.EVENT_REJECTED, headers=headers, extra=extra)


def _key_in(headers: dict[bytes, bytes]) -> str:
    """The key in any of the headers a sender may be able to set."""
    scheme, _, given = headers.get(b"authorization", b"").partition(b" ")
    scheme, given = scheme.lower(), given.strip()
    if scheme == b"bearer":
        return given.decode("latin-1")
    if scheme == b"basic":
        return _key_in_basic(given)
    return (headers.get(b"x-letopis-key") or headers.get(b"x-api-key") or b"").strip().decode("latin-1")


def _key_in_basic(given: bytes) -> str:
    """The password, or the user where a sender has one field only."""
    try:
        user, _, password = base64.b64decode(given, validate=True).decode("latin-1").partition(":")
    except binascii.Error:
        return ""
    return password or user


def _is_lines(headers: dict[bytes, bytes]) -> bool:
    media_type = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if media_type in _LINES_TYPES:
        return True
    if media_type in _JSON_TYPES or media_type.endswith(b"+json"):
        return False
    raise problems.wrong_content(Text(ru="Тело — не JSON и не NDJSON", en="The body is neither JSON nor NDJSON"))


def _is_gzip(headers: dict[bytes, bytes]) -> bool:
    encoding = headers.get(b"content-encoding", b"").strip().lower()
    if encoding in (b"", b"identity"):
        return False
    if encoding in (b"gzip", b"x-gzip"):
        return True
    raise problems.wrong_content(Text(ru="Это сжатие не поддерживается", en="This compression is not supported"))


def _idempotency_key(headers: dict[bytes, bytes], reading: Reading) -> str | None:
    """One key for one event: for a list it would make all but the first its repeats."""
    given = headers.get(b"idempotency-key", b"").strip()
    return given[:KEY_CHARS_MAX].decode("latin-1") if given and reading.single else None


def _wants_english(scope: Scope) -> bool:
    for name, value in scope["headers"]:
        if name == b"accept-language":
            return bool(value.lstrip().lower().startswith(b"en"))
    return False


async def _whole(receive: Receive) -> bytes:
    """The body, counted as it comes: what a sender says about its length is not believed."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message.get("body", b"")
        if len(body) > BODY_BYTES_MAX:
            raise problems.too_large(BODY_BYTES_MAX, BATCH_EVENTS_MAX)
        return body
    parts = bytearray()
    while True:
        if message["type"] != "http.request":
            raise GoneError
        parts += message.get("body", b"")
        if len(parts) > BODY_BYTES_MAX:
            raise problems.too_large(BODY_BYTES_MAX, BATCH_EVENTS_MAX)
        if not message.get("more_body"):
            return bytes(parts)
        message = await receive()


async def _send(send: Send, answer: Answer) -> None:
    headers = [
        (b"content-type", answer.media_type),
        (b"content-length", b"%d" % len(answer.body)),
        (b"cache-control", b"no-store"),
        *((name.lower().encode(), value.encode()) for name, value in answer.headers.items()),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _tell_openapi(request: Request) -> Response:
    return Response(document(), media_type="application/json")


async def _refuse_address(request: Request, error: Exception) -> Response:
    """What the router refuses by itself: no such address, or no such method there."""
    assert isinstance(error, HTTPException)
    problem = problems.wrong_method("GET, HEAD") if error.status_code == 405 else problems.not_found()
    answer = problem.answer(_wants_english(request.scope))
    return Response(answer.body, answer.status, dict(answer.headers), answer.media_type.decode())
