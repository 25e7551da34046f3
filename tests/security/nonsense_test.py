"""Whatever stands in an address, a form, a cookie or a header, no answer is a fault of ours."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

import letopis
from letopis.access.keys import create_key
from letopis.access.models import Scope
from letopis.access.rules import Route, Visitor, ruled
from letopis.app.api import api
from letopis.app.sanity import QUERY_CHARS_MAX
from letopis.appointments import listing as visits
from letopis.dialogues import listing as dialogues
from letopis.intake.mapping import map_event
from letopis.intake.values import Context
from tests import cast as world
from tests.access.conftest import HOST, Cast
from tests.access.routes_test import address

NONSENSE = {
    "zero": "a\0b",
    "zero-alone": "\0",
    "half-a-character": "\ud800",
    "right-to-left": "\u202eсегодня\u202c\u2066\u2069\u200b\ufeff",
    "last-day": "9999-12-31",
    "first-day": "0001-01-01",
    "no-day": "2026-13-45",
    "far-zone": "2026-11-22T00:00:00+99:00",
    "negative": "-1",
    "huge": "9" * 400,
    "beyond-a-bigint": str(2**63),
    "no-number": "NaN",
    "infinite": "1e999",
    "other-digits": "٣٤²",
    "quotes": "'\"`;--\\",
    "template": "{{7*7}}{% debug %}%(x)s%s{0}",
    "lines": "a\r\nSet-Cookie: x=1\r\n\r\n<script>",
    "cursor": "9999-12-31T23:59:59.999999+00:00~00000000-0000-4000-8000-000000000000",
    "cursor-of-number": "0001-01-01T00:00:00+14:00~9",
    "cursor-without-zone": "2026-11-22T10:00:00~1",
    "path": "../../../../etc/passwd",
    "long": "Ж" * 300,
    "commas": ",,,,",
    "json": '{"$ne": null, "__proto__": {}}',
}
every_nonsense = pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE)

# Whatever the code of the pages reads by name from an address or a form; a new name is asked without being told here.
_READ = re.compile(r"""(?:GET|POST|query|asked|data)(?:\.get|\.getlist)?[(\[]\s*["'](\w+)["']""")
_FIELD = re.compile(r"""<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)\"""")
_LINK = re.compile(r"""(?:href|hx-get)="([^"]*\?[^"]*)\"""")


def names_in_code() -> set[str]:
    texts = [path.read_text("utf-8") for path in Path(letopis.__file__).parent.rglob("*.py")]
    return {name for text in texts for name in _READ.findall(text)} | {
        *dialogues.WORDS, *dialogues.FLAGS, *visits.FLAGS, "from", "to", "form",
    }  # fmt: skip


def names_on(page: str) -> set[str]:
    """Fields of its forms and parameters of its links."""
    links = {name for link in _LINK.findall(page) for name, _ in parse_qsl(urlsplit(link.replace("&amp;", "&")).query)}
    return links | set(_FIELD.findall(page))


@pytest.fixture
def browser(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The owner's, which takes a fault as an answer; nobody counts how often it asks."""
    monkeypatch.setattr("letopis.app.limits.asked", lambda _: [])
    world.play(cast.business, world.marina(), world.olya())
    client = cast.browser(Visitor.OWNER)
    client.raise_request_exception = False
    return client


def seen(route: Route) -> bool:
    return "GET" in route.methods and route.name != "account_logout"


def with_query(url: str, told: Mapping[str, str]) -> str:
    return f"{url}?{urlencoded(told)}"


def urlencoded(told: Mapping[str, str]) -> str:
    """As a browser would send it, half characters too."""
    return "&".join(f"{name}={quote(value, errors='surrogatepass')}" for name, value in told.items())


def faults(answers: Iterator[tuple[str, HttpResponse]]) -> list[str]:
    return [f"{told}: {answer.status_code}" for told, answer in answers if answer.status_code >= 500]


@every_nonsense
def test_pages_bear_any_parameters(cast: Cast, browser: Client, nonsense: str) -> None:
    names = sorted(names_in_code())

    def ask() -> Iterator[tuple[str, HttpResponse]]:
        for route in filter(seen, ruled()):
            url = address(route, cast.business)
            own = sorted(names_on(browser.get(url).content.decode("utf-8", "replace")) - {"csrfmiddlewaretoken"})
            for some in (names, own, [name for name in own if name not in ("from", "to")]):
                asked = with_query(url, dict.fromkeys(some, nonsense))
                if len(asked) < QUERY_CHARS_MAX:
                    yield route.path, browser.get(asked)

    assert faults(ask()) == []


@pytest.mark.slow
@every_nonsense
def test_pages_bear_any_single_parameter(cast: Cast, browser: Client, nonsense: str) -> None:
    names = sorted(names_in_code())

    def ask() -> Iterator[tuple[str, HttpResponse]]:
        for route in filter(seen, ruled()):
            url = address(route, cast.business)
            for name in names:
                yield f"{route.path} {name}", browser.get(with_query(url, {name: nonsense}))

    assert faults(ask()) == []


@every_nonsense
def test_forms_bear_any_fields(cast: Cast, browser: Client, nonsense: str) -> None:
    """All fields wrong, and each wrong among those the page itself has filled in."""
    names = names_in_code()

    def send() -> Iterator[tuple[str, HttpResponse]]:
        for route in ruled():
            if "POST" not in route.methods or route.name == "account_logout":
                continue
            url = address(route, cast.business)
            page = browser.get(url).content.decode("utf-8", "replace") if "GET" in route.methods else ""
            fields = dict.fromkeys(names | names_on(page), nonsense)
            yield route.path, browser.post(url, urlencoded(fields), content_type="application/x-www-form-urlencoded")

    assert faults(send()) == []


@pytest.mark.parametrize(
    "path",
    ["dialogues/{}", "changes/{}", "sources/keys/{}/revoke", "access/people/{}/end", "goals/{}", "quarantine/{}"],
)
def test_addresses_bear_any_number(cast: Cast, browser: Client, path: str) -> None:
    far = (str(2**31), str(2**63 - 1), str(2**63), "9" * 400, "9" * 5000)
    for number in ("0", *far, "-1", "1e3", "%00", "٣", "a%2Fb"):
        url = f"/b/{cast.business}/{path.format(number)}"
        assert browser.get(url).status_code in (404, 405, 200, 400), number
        assert browser.post(url).status_code in (404, 405, 422, 302, 400), number


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "X" * 40])
def test_pages_bear_any_method(cast: Cast, browser: Client, method: str) -> None:
    """HEAD is a GET without its words; whatever else a page does not take is refused and does nothing."""
    wrong = []
    for route in filter(seen, ruled()):
        answer = browser.generic(method, address(route, cast.business))
        good = answer.status_code < 500 and not (answer.content if method == "HEAD" and not answer.streaming else b"")
        if not good or (method != "HEAD" and answer.status_code == 200):
            wrong.append(f"{route.path} {answer.status_code}")
    assert wrong == []


@every_nonsense
def test_cookies_bear_anything(database: None, nonsense: str) -> None:
    client = Client(SERVER_NAME=HOST)
    client.raise_request_exception = False
    sent = nonsense.encode("utf-8", "surrogatepass").decode("latin-1")
    quoted = '"' + "".join(f"\\{ord(c):03o}" if ord(c) < 32 or ord(c) > 126 else c for c in sent) + '"'
    for cookie in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME):
        for told in (quoted, sent):
            for path in ("/me", "/login"):
                assert client.get(path, HTTP_COOKIE=f"{cookie}={told}").status_code < 500, (cookie, told)


def test_headers_bear_anything(cast: Cast, browser: Client) -> None:
    for header in ("Accept-Language", "Authorization", "HX-Request", "HX-Target", "Referer", "Origin"):
        for nonsense in NONSENSE.values():
            told = nonsense.encode("utf-8", "surrogatepass").decode("latin-1")
            for path in (f"/b/{cast.business}/months", "/api/v1/businesses", "/login"):
                value = f"Bearer {told}" if header == "Authorization" else told
                assert browser.get(path, headers={header: value}).status_code < 500, (header, nonsense, path)


@every_nonsense
def test_read_api_bears_any_parameter(cast: Cast, browser: Client, nonsense: str) -> None:
    """Every parameter of the document by itself; what is wrong is told as problem+json."""
    key = create_key(cast.business, "bi", Scope.READ)[1]

    def ask() -> Iterator[tuple[str, HttpResponse]]:
        for path, methods in api.get_openapi_schema()["paths"].items():
            url = re.sub(r"\{\w+\}", "1", path)
            told = {"metric": "M2"} if url.endswith("/metrics") else {}
            for parameter in methods["get"].get("parameters", []):
                if parameter["in"] == "query":
                    asked = with_query(url, told | {parameter["name"]: nonsense})
                    yield asked, browser.get(asked, headers={"authorization": f"Bearer {key}"})

    answers = list(ask())
    assert faults(iter(answers)) == []
    for asked, answer in answers:
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json", asked


def test_address_longer_than_any_is_refused(cast: Cast, browser: Client) -> None:
    assert browser.get("/me?q=" + "a" * QUERY_CHARS_MAX).status_code == 400
    assert browser.get("/me?" + "a=1&" * 600).status_code == 400
    assert browser.get("/" + "a" * 20_000).status_code == 404


def test_form_larger_than_any_is_refused(cast: Cast, browser: Client) -> None:
    assert browser.post("/me", {f"f{n}": "1" for n in range(600)}).status_code == 400
    assert browser.post("/me", {"name": "Ж" * 3_000_000}).status_code in (400, 413)


def test_refusal_repeats_nothing_of_what_was_sent(browser: Client) -> None:
    answer = browser.get("/me?q=%00%3Cscript%3Esecret")
    assert answer.status_code == 400
    assert "secret" not in answer.content.decode()
    assert "Ничего не изменено" in answer.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31"])
def test_events_of_days_out_of_reach_are_refused(day: str) -> None:
    """A reader that counts from such a day would run over the end of the calendar, and stand still for good."""
    context = Context(UUID(int=1), "касса", ZoneInfo("Europe/Moscow"))
    cost = {"event": "campaign_cost", "campaign": "vk", "amount": "100", "valid_from": day}
    hours = {"event": "working_hours", "weekly": {"mon": [["10:00", "20:00"]], day: []}}
    for event in (cost, hours):
        refused = map_event({"source": "crm", "client_id": "x", **event}, context, b"{}")
        assert isinstance(refused, list), refused
