"""One kept-alive HTTP connection to Letopis: posts a batch, gzipped NDJSON, and brings the answer back."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from letopis_sdk.answer import Answer
from letopis_sdk.notices import reason_of
from letopis_sdk.version import VERSION

_PATH = "/v1/events"
_ANSWER_BYTES_MAX = 4 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_GZIP_LEVEL = 5
_KEY = re.compile(r"[\x21-\x7e]+")
# What a server does that closed an idle connection just when we used it again.
_STALE = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError, ConnectionAbortedError)


class Unreachable(Exception):
    """No answer came, for a reason that may pass."""


@dataclass(frozen=True)
class Address:
    """Where Letopis is, taken apart and checked."""

    scheme: str
    host: str
    port: int | None
    path: str

    @classmethod
    def parse(cls, url: object) -> Address:
        """ValueError with a sentence that repeats nothing of the address: it may hold a secret."""
        if not isinstance(url, str) or not url.strip():
            raise ValueError("no address was given")
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError:
            raise ValueError("the address cannot be read") from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the address must begin with https:// or http:// and name a host")
        if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
            raise ValueError("the address must not hold a user, a query or a fragment")
        if not re.fullmatch(r"[\x21-\x7e]*", parts.path):
            raise ValueError("the path of the address must be plain ASCII")
        return cls(parts.scheme, parts.hostname, port, parts.path.rstrip("/"))

    @property
    def is_open_road(self) -> bool:
        """Whether the key would travel unencrypted through a network."""
        if self.scheme == "https" or self.host == "localhost":
            return False
        try:
            return not ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return True

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{'' if self.port is None else f':{self.port}'}{self.path}"


def check_key(key: object) -> str:
    """The key, trimmed; ValueError where it cannot be one. Repeats nothing of it."""
    trimmed = key.strip() if isinstance(key, str) else ""
    if not trimmed:
        raise ValueError("no key was given")
    if not _KEY.fullmatch(trimmed):
        raise ValueError("the key holds letters that no key has")
    return trimmed


class Transport:
    """Used by the sender's thread alone; only `abort` may come from another."""

    def __init__(self, address: Address, key: str, request_s_max: float, ca_file: str | None) -> None:
        self._address = address
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/x-ndjson",
            "Content-Encoding": "gzip",
            "Accept": "application/json",
            "User-Agent": f"letopis-sdk-python/{VERSION}",
        }
        self._request_s_max = request_s_max
        self._ca_file = ca_file
        self._tls: ssl.SSLContext | None = None
        self._connection: http.client.HTTPConnection | None = None

    def post(self, events: Sequence[bytes]) -> Answer:
        """The answer, whatever its status; Unreachable when there is none. Safe to repeat: events carry their keys."""
        body = gzip.compress(b"\n".join(events) + b"\n", _GZIP_LEVEL)
        deadline = time.monotonic() + self._request_s_max
        kept = self._connection is not None
        try:
            try:
                return self._exchange(body, deadline)
            except _STALE:
                self.close()
                if not kept:
                    raise
                return self._exchange(body, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise Unreachable(reason_of(error)) from None

    def close(self) -> None:
        """Let the connection go; the next post opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def abort(self) -> None:
        """Wake the sender out of a request; it will see Unreachable."""
        connection = self._connection
        sock = connection.sock if connection is not None else None
        if sock is not None:
            with contextlib.suppress(OSError):  # it may have closed this instant, which is as good
                sock.shutdown(socket.SHUT_RDWR)

    def _exchange(self, body: bytes, deadline: float) -> Answer:
        connection = self._connection
        if connection is None:
            connection = self._connection = self._connect()
        self._tighten(connection, deadline)
        connection.request("POST", self._address.path + _PATH, body, self._headers)
        response = connection.getresponse()
        parts: list[bytes] = []
        size = 0
        # In portions, so that a server that drips cannot hold us longer than a request may last.
        while True:
            self._tighten(connection, deadline)
            part = response.read1(_CHUNK_BYTES)
            if not part:
                break
            size += len(part)
            if size > _ANSWER_BYTES_MAX:
                raise http.client.HTTPException("the answer is too long")
            parts.append(part)
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        response.close()
        headers = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            self.close()
        return Answer(response.status, headers, b"".join(parts))

    def _connect(self) -> http.client.HTTPConnection:
        address = self._address
        if address.scheme == "http":
            return http.client.HTTPConnection(address.host, address.port, timeout=self._request_s_max)
        if self._tls is None:
            self._tls = ssl.create_default_context(cafile=self._ca_file)
        return http.client.HTTPSConnection(address.host, address.port, timeout=self._request_s_max, context=self._tls)

    def _tighten(self, connection: http.client.HTTPConnection, deadline: float) -> None:
        """No wait on the socket goes beyond the request's end."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is None:
            connection.timeout = left
        else:
            connection.sock.settimeout(left)
