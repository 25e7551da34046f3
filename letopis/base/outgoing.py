"""The one door to the outer world: every address that is called is looked at first, and only what was looked at is.

    outgoing.call("POST", url, body=b"...", headers={"Content-Type": "application/json"})

Addresses come from owners and integrators, so they may point anywhere: at this machine, at the services of its
provider, at the network behind it. Called are https addresses of hosts that are public under every address they have;
the connection goes to the very address that was looked at, so that a name cannot change its mind in between. No
redirect is followed, no proxy of the environment is used, and time and size of an answer are bounded.

LETOPIS_OUTGOING_ALLOWED names `host:port` pairs that may be called whatever they are, over http too: stand-ins of a
developer, or a system in the installation's own network. Nothing else in Letopis may open a connection; a test holds
that. Links in events (`message_url`) are kept as text and never called.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from letopis.base.errors import OuterError, SenderError

URL_CHARS_MAX = 2048
HOST_CHARS_MAX = 253
ADDRESSES_MAX = 16
BODY_BYTES_MAX = 4 * 1024 * 1024
ANSWER_BYTES_MAX = 4 * 1024 * 1024
SECONDS_MAX = 20.0
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
PORTS = {"https": 443, "http": 80}

Resolve = Callable[[str, int], Iterable[str]]
IP = ipaddress.IPv4Address | ipaddress.IPv6Address

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# A host whose last label is a number is an address in some spelling; only the usual one is taken for it.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
# Public by their numbers, and yet doors inwards: of a provider's own services, and addresses with another one inside.
_INWARD = tuple(
    ipaddress.ip_network(network)
    for network in ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16")
)
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")


class Refused(SenderError):
    """This address may not be called."""


class Unreachable(OuterError):
    """The host did not answer as it should."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, a redirect too: where it points is never called. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was looked at: what is called, and under which of its addresses."""

    secure: bool
    host: str
    port: int
    path: str = field(repr=False)
    addresses: tuple[str, ...]


def call(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    seconds_max: float = SECONDS_MAX,
    resolve: Resolve | None = None,
) -> Answer:
    """Call an address once and give its whole answer, whatever its status.

    Raises:
        Refused: the address may not be called.
        Unreachable: no whole answer of up to `ANSWER_BYTES_MAX` came within `seconds_max`.
    """
    assert method in METHODS, "the methods of programs"
    assert len(body) <= BODY_BYTES_MAX, "what is sent is bounded where it is made"
    target = looked_at(url, allowed=allowed(), resolve=resolve)
    connection = _Connection(target, seconds_max)
    # One clock over everything: a host that drips a byte a second would outlive every wait for a single one.
    watch = threading.Timer(seconds_max, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request(method, target.path, body or None, {"Accept-Encoding": "identity", **(headers or {})})
        with connection.getresponse() as response:
            answer = _whole(response, target)
        if connection.was_cut:
            # What ends with its connection looks whole when that is cut.
            raise TimeoutError
        return answer
    except (OSError, http.client.HTTPException) as error:
        if connection.was_cut or isinstance(error, TimeoutError):
            raise Unreachable(f"{target.host} took longer than {seconds_max:g} s") from None
        # A certificate that does not fit will not fit in a minute either.
        lasting = isinstance(error, ssl.SSLCertVerificationError)
        raise Unreachable(f"{target.host}: {type(error).__name__}", temporary=not lasting) from None
    finally:
        watch.cancel()
        connection.close()


def looked_at(url: str, *, allowed: frozenset[str] = frozenset(), resolve: Resolve | None = None) -> Target:
    """The target behind an address; for a form, the way to tell at once that an address will not do.

    Raises:
        Refused: it may not be called; the sentence never repeats the address, which may hold a secret.
    """
    parts = _parts(url)
    host, port = _host(parts), _port(parts)
    secure = parts.scheme == "https"
    free = f"{host}:{port}" in allowed
    if not free and not secure:
        raise _refused("an address begins with https://")
    if not free and port != PORTS["https"]:
        raise _refused("only the usual port of https is called", "leave the port away")
    found = _resolved(host, port, resolve or system_resolve)
    if not free and not all(is_public(address) for address in found):
        raise _refused("the host lies in a network that is not called from here", "name a host of the public internet")
    path = parts.path or "/"
    return Target(secure, host, port, f"{path}?{parts.query}" if parts.query else path, tuple(map(str, found)))


def is_public(address: IP) -> bool:
    """Whether an address is one of the public internet, in itself and in every address it may carry inside."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address not in _PUBLIC_V6:
            return False
    inward = any(address.version == network.version and address in network for network in _INWARD)
    return address.is_global and not address.is_multicast and not address.is_reserved and not inward


def allowed() -> frozenset[str]:
    """The `host:port` pairs of LETOPIS_OUTGOING_ALLOWED."""
    return frozenset(settings.LETOPIS_OUTGOING_ALLOWED)


def system_resolve(host: str, port: int) -> list[str]:
    """The addresses of a host by the resolver of this machine."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _parts(url: str) -> SplitResult:
    if len(url) > URL_CHARS_MAX or _UNSAFE.search(url):
        raise _refused("the address is too long or holds signs that no address has")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _refused("this is no address") from None
    if parts.scheme not in PORTS:
        raise _refused("an address begins with https://")
    if "@" in parts.netloc:
        raise _refused("an address with a name or a password in it is not called", "give them apart")
    if not parts.path.isascii() or not parts.query.isascii():
        raise _refused("the path of the address holds letters that must be percent-encoded")
    return parts


def _host(parts: SplitResult) -> str:
    try:
        told = (parts.hostname or "").rstrip(".")
        if ":" in told:
            # A zone names a network card of this machine.
            return ipaddress.IPv6Address(told.replace("%", "/")).compressed
        host = told.encode("idna").decode().lower()
    except (ValueError, UnicodeError):
        raise _refused("the host of the address cannot be understood") from None
    labels = host.split(".")
    if len(host) > HOST_CHARS_MAX or not all(map(_LABEL.fullmatch, labels)):
        raise _refused("the host of the address cannot be understood")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise _refused("the host is a number in an unusual spelling") from None
    return host


def _port(parts: SplitResult) -> int:
    try:
        return PORTS[parts.scheme] if parts.port is None else parts.port
    except ValueError:
        raise _refused("the port of the address is no number") from None


def _resolved(host: str, port: int, resolve: Resolve) -> Sequence[IP]:
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        pass
    try:
        told = list(resolve(host, port))[:ADDRESSES_MAX]
        found = [ipaddress.ip_address(address.partition("%")[0]) for address in told]
    except (OSError, UnicodeError, ValueError):
        found = []
    if not found:
        raise Unreachable(f"the host {host} has no address")
    return list(dict.fromkeys(found))


def _refused(sentence: str, hint: str = "") -> Refused:
    return Refused(sentence, field="url", hint=hint)


def _whole(response: http.client.HTTPResponse, target: Target) -> Answer:
    body = response.read(ANSWER_BYTES_MAX + 1)
    if len(body) > ANSWER_BYTES_MAX:
        raise Unreachable(f"the answer of {target.host} is larger than {ANSWER_BYTES_MAX} bytes", temporary=False)
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)


class _Connection(http.client.HTTPConnection):
    """Goes to the address that was looked at and to no other; over TLS it must prove to be the host that was named."""

    def __init__(self, target: Target, seconds_max: float) -> None:
        super().__init__(f"[{target.host}]" if ":" in target.host else target.host, target.port)
        self._target = target
        self._until = time.monotonic() + seconds_max
        self._held: socket.socket | None = None
        self.was_cut = False
        # What is written as the usual port is not said in the header Host.
        self.default_port = PORTS["https" if target.secure else "http"]

    def connect(self) -> None:
        failed: OSError = TimeoutError()
        for address in self._target.addresses:
            try:
                self.sock = socket.create_connection((address, self.port), timeout=self._left())
            except OSError as error:
                failed = error
                continue
            if self._target.secure:
                # The handshake comes after the socket is at hand for `cut`.
                self.sock = _tls().wrap_socket(
                    self.sock, server_hostname=self._target.host, do_handshake_on_connect=False
                )
                self._held = self.sock
                self.sock.do_handshake()
            # Kept beside: an answer that ends with its connection takes the socket along.
            self._held = self.sock
            return
        raise failed

    def cut(self) -> None:
        """End it from another thread: whoever waits for a byte gets an error."""
        self.was_cut = True
        if self._held is not None:
            with suppress(OSError):
                # Not the socket's own method: that of TLS would take its ground away from who reads.
                socket.socket.shutdown(self._held, socket.SHUT_RDWR)

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
