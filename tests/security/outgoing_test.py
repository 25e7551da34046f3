"""No address that people type leads inwards; what may be called is called as it was looked at, and not for ever."""

import ast
import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings

import letopis
from letopis.base import outgoing
from letopis.base.outgoing import Refused, Unreachable, call, is_public, looked_at

HOUSE = Path(letopis.__file__).parent
PUBLIC = "93.184.215.14"

INWARD = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254",
    "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "100::1",
]  # fmt: skip

REFUSED = {
    "no scheme": "crm.example/hook",
    "http": "http://crm.example/",
    "file": "file:///etc/passwd",
    "gopher": "gopher://127.0.0.1:6379/_FLUSHALL",
    "javascript": "javascript:alert(1)",
    "data": "data:text/plain,x",
    "no host": "https:///hook",
    "empty": "",
    "name and password": "https://user:password@crm.example/",
    "name as host": "https://crm.example@127.0.0.1/",
    "escaped at": "https://crm.example%40127.0.0.1/",
    "other port": "https://crm.example:8443/",
    "database port": "https://crm.example:5432/",
    "no port": "https://crm.example:port/",
    "far port": "https://crm.example:99999/",
    "decimal": "https://2130706433/",
    "hexadecimal": "https://0x7f000001/",
    "octal": "https://0177.0.0.1/",
    "hexadecimal parts": "https://0x7f.0x0.0x0.0x1/",
    "short": "https://127.1/",
    "long": "https://127.0.0.0.1/",
    "last part a number": "https://crm.example.1/",
    "dot at the end": "https://127.0.0.1./",
    "circled digits": "https://①②⑦.⓪.⓪.①/",
    "wide digits": "https://１２７.０.０.１/",
    "wide dot": "https://127。0。0。1/",
    "mapped": "https://[::ffff:7f00:1]/",
    "loopback of six": "https://[::1]/",
    "zone": "https://[fe80::1%25eth0]/",
    "broken bracket": "https://[::1/",
    "metadata": "https://169.254.169.254/latest/meta-data/",
    "backslash": "https://crm.example\\@127.0.0.1/",
    "line": "https://crm.example/\r\nHost: 127.0.0.1",
    "tab": "https://crm.exa\tmple/",
    "space": "https://crm.example /",
    "zero": "https://crm.example/\0",
    "letters in the path": "https://crm.example/ключ",
    "too long": "https://crm.example/" + "a" * 3000,
    "empty label": "https://crm..example/",
    "star": "https://*.example/",
}  # fmt: skip


def nowhere(host: str, port: int) -> list[str]:
    raise AssertionError(f"asked for {host}")


def at(*addresses: str) -> Callable[[str, int], list[str]]:
    return lambda host, port: list(addresses)


@pytest.mark.parametrize("url", REFUSED.values(), ids=REFUSED)
def test_address_that_is_no_public_https_is_refused(url: str) -> None:
    """Without asking anybody: also a question to a resolver tells somebody something."""
    with pytest.raises(Refused) as caught:
        looked_at(url, resolve=at(PUBLIC) if url.startswith("https://crm.example:") else nowhere)
    assert caught.value.field == "url"
    assert "password" not in str(caught.value).replace("a name or a password", "")


@pytest.mark.parametrize("address", INWARD)
def test_name_of_an_inner_address_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        looked_at("https://crm.example/", resolve=at(address))


@pytest.mark.parametrize("address", INWARD)
def test_one_inner_address_among_public_ones_is_enough(address: str) -> None:
    with pytest.raises(Refused):
        looked_at("https://crm.example/", resolve=at(PUBLIC, address))


@pytest.mark.parametrize("address", ["8.8.8.8", PUBLIC, "95.213.0.1", "2606:4700:4700::1111", "2a02:6b8::feed:ff"])
def test_public_address_is_called(address: str) -> None:
    target = looked_at("https://crm.example/hook?x=1", resolve=at(address))
    assert (target.host, target.port, target.path, target.addresses) == ("crm.example", 443, "/hook?x=1", (address,))
    assert looked_at(f"https://{f'[{address}]' if ':' in address else address}/", resolve=nowhere).addresses == (
        address,
    )


def test_russian_host_is_called_by_its_own_name() -> None:
    assert looked_at("https://салон.рф/", resolve=at(PUBLIC)).host == "xn--80awgdm.xn--p1ai"


@pytest.mark.parametrize("told", [[], ["nonsense"]])
def test_host_without_an_address_is_no_fault_of_ours(told: list[str]) -> None:
    with pytest.raises(Unreachable):
        looked_at("https://crm.example/", resolve=at(*told))


def test_address_is_asked_for_once_and_the_connection_goes_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public when looked at and inner when called gets no second question."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    went: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        went.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(outgoing.socket, "create_connection", connect)
    with pytest.raises(Unreachable):
        call("GET", "https://crm.example/", resolve=lambda host, port: next(answers))
    assert went == [(PUBLIC, 443)]
    assert next(answers) == ["127.0.0.1"]


class StandIn(BaseHTTPRequestHandler):
    """A system of the outer world, on loopback."""

    seen: list[tuple[str, str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        type(self).seen.append((self.command, self.path, dict(self.headers), body))
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/inner")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path == "/large":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * (outgoing.ANSWER_BYTES_MAX + 1))
        elif self.path == "/slow":
            type(self).released.wait(20)
        elif self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            while not type(self).released.wait(0.05):
                self.wfile.write(b"x")
                self.wfile.flush()
        elif self.path == "/headers":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 100_000 + b"\r\n\r\n")
        else:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

    do_GET = do_POST  # noqa: N815
    released: threading.Event

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A real server, and the setting that lets it be called."""
    StandIn.seen, StandIn.released = [], threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pair = f"127.0.0.1:{server.server_address[1]}"
    monkeypatch.setattr(settings, "LETOPIS_OUTGOING_ALLOWED", [pair])
    yield f"http://{pair}"
    StandIn.released.set()
    server.shutdown()
    server.server_close()


def test_allowed_pair_is_called(standin: str) -> None:
    answer = call("POST", f"{standin}/hook?a=1", body=b'{"x":1}', headers={"Content-Type": "application/json"})
    assert (answer.status, answer.body) == (200, b"ok")
    [(method, path, headers, body)] = StandIn.seen
    assert (method, path, body) == ("POST", "/hook?a=1", b'{"x":1}')
    assert headers["Host"] == standin.removeprefix("http://")


def test_what_is_not_allowed_is_not_called(standin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LETOPIS_OUTGOING_ALLOWED", [])
    for url in (standin, standin.replace("http", "https"), standin.replace("127.0.0.1", "localhost")):
        with pytest.raises(Refused):
            call("GET", url)
    assert StandIn.seen == []


def test_permission_is_for_one_port(standin: str) -> None:
    port = int(standin.rpartition(":")[2])
    with pytest.raises(Refused):
        call("GET", f"http://127.0.0.1:{port - 1 if port > 1024 else port + 1}/")


def test_redirect_is_an_answer_and_not_a_way(standin: str) -> None:
    answer = call("GET", f"{standin}/redirect")
    assert (answer.status, answer.headers["location"]) == (302, "http://127.0.0.1:1/inner")
    assert len(StandIn.seen) == 1


def test_answer_without_end_is_cut(standin: str) -> None:
    with pytest.raises(Unreachable, match="larger") as caught:
        call("GET", f"{standin}/large")
    assert not caught.value.temporary


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_host_that_takes_its_time_is_left(standin: str, path: str) -> None:
    """Also one that sends a byte now and then."""
    with pytest.raises(Unreachable, match="longer than") as caught:
        call("GET", f"{standin}{path}", seconds_max=0.3)
    assert caught.value.temporary


def test_head_without_end_is_refused(standin: str) -> None:
    with pytest.raises(Unreachable, match="LineTooLong"):
        call("GET", f"{standin}/headers")


def test_host_that_is_away_is_told_without_its_address(standin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        pair = f"127.0.0.1:{closed.getsockname()[1]}"
    monkeypatch.setattr(settings, "LETOPIS_OUTGOING_ALLOWED", [pair])
    with pytest.raises(Unreachable) as caught:
        call("GET", f"http://{pair}/rest/1/very-secret-hook/")
    assert "very-secret" not in str(caught.value) + repr(caught.value)


def test_certificate_must_fit(standin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What speaks no TLS, or with another's certificate, is never spoken to in clear."""
    with pytest.raises(Unreachable):
        call("GET", standin.replace("http:", "https:"))
    assert StandIn.seen == []


def test_proxy_of_the_environment_is_not_used(standin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert call("GET", standin).status == 200


def test_header_cannot_bring_another(standin: str) -> None:
    with pytest.raises(ValueError, match="Invalid header"):
        call("GET", standin, headers={"X-Name": "a\r\nX-Other: b"})
    assert StandIn.seen == []


@pytest.mark.parametrize(("address", "good"), [("8.8.8.8", True), ("127.0.0.1", False), ("::ffff:8.8.8.8", True)])
def test_mapped_address_is_what_it_carries(address: str, good: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is good


# Modules by which a connection may be opened, and the files that may: each speaks to Letopis itself.
CLIENTS = {"httpx", "requests", "aiohttp", "urllib.request", "http.client", "urllib3", "ftplib", "smtplib", "telnetlib"}
OPENERS = {"create_connection", "open_connection", "urlopen"}
MAY = {
    "base/outgoing.py": "the one door",
    "app/serve.py": "asks its own child on loopback whether it is ready",
    "demo/load.py": "a sender like any other, to an address that the command line names",
}


@pytest.mark.parametrize("path", sorted(HOUSE.rglob("*.py")), ids=lambda path: str(path.relative_to(HOUSE)))
def test_nothing_else_opens_a_connection(path: Path) -> None:
    if str(path.relative_to(HOUSE)) in MAY:
        return
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not {alias.name for alias in node.names} & CLIENTS, path
        elif isinstance(node, ast.ImportFrom):
            names = {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
            assert not names & CLIENTS, path
        elif isinstance(node, ast.Attribute):
            assert node.attr not in OPENERS, path


def test_links_of_events_are_read_by_nobody() -> None:
    """`message_url` is kept as the sender's text: no module but those that describe the field names it."""
    named = {str(path.relative_to(HOUSE)) for path in HOUSE.rglob("*.py") if "message_url" in path.read_text("utf-8")}
    assert named == {
        "base/outgoing.py", "intake/faults.py", "intake/fields.py", "journal/kinds/systems.py", "journal/kinds/talk.py",
    }  # fmt: skip
    assert not [path for path in HOUSE.rglob("*.html") if "message_url" in path.read_text("utf-8")]
