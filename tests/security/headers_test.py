"""Whatever is asked, the answer says how a browser has to take it; and cookies are as closed as they can be."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from letopis.access.rules import Visitor, routes, ruled
from letopis.app import headers
from letopis.app.api import api
from tests.access.conftest import Cast
from tests.access.routes_test import address
from tests.security.conftest import Outside

WANTED = {name.decode() for name, _ in headers.always(https=False)}
PARTS = ("text/css", "text/javascript", "application/javascript", "font/")
"""What only a page of ours loads; no browser holds one of these as a page."""
WANTED_OF_PARTS = {"x-content-type-options", "referrer-policy", "cross-origin-resource-policy", "cache-control"}
PAGE_POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
    "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'", "form-action 'self'", "base-uri 'none'",
    "frame-ancestors 'none'",
}  # fmt: skip


def asked(outside: Outside) -> list[tuple[str, str, dict[str, str]]]:
    """One request of every kind of answer there is."""
    read = {"Authorization": f"Bearer {outside.read_key}"}
    send = {"Authorization": f"Bearer {outside.send_key}"}
    return [
        ("GET", "/login", {}),
        ("GET", "/", {}),
        ("GET", f"/b/{outside.business}/dialogues", {}),
        ("GET", f"/b/{outside.business}/catalogue/export", {}),
        ("GET", "/nothing", {}),
        ("GET", "/login?q=%00", {}),
        ("POST", "/me", {}),
        ("PUT", "/me", {}),
        ("GET", "/static/nothing.css", {}),
        ("GET", staticfiles_storage.url("letopis.css"), {}),
        ("GET", "/api/v1/businesses", {}),
        ("GET", "/api/v1/businesses", read),
        ("GET", "/api/v1/metrics?metric=M0", read),
        ("GET", "/api/v1/nothing", read),
        ("GET", "/api/v1/openapi.json", read),
        ("GET", "/v1/events", {}),
        ("POST", "/v1/events", {}),
        ("POST", "/v1/events", send),
        ("OPTIONS", "/v1/events", {}),
        ("GET", "/v1/openapi.json", {}),
        ("GET", "/v1/nothing", {}),
        ("POST", "/in/lt_none", {}),
        ("GET", "/healthz", {}),
        ("GET", "/readyz", {}),
        ("GET", "/metrics", {}),
        ("DELETE", "/healthz", {}),
        ("TRACE", "/", {}),
    ]


def test_every_answer_carries_the_headers(outside: Outside) -> None:
    wrong = []
    for method, path, sent in asked(outside):
        answer = outside.owner.request(method, path, headers=sent)
        is_part = answer.headers.get("content-type", "").startswith(PARTS)
        missing = (WANTED_OF_PARTS if is_part else WANTED) - set(answer.headers)
        foreign = [name for name in answer.headers if name.startswith("access-control-") or name == "server"]
        if missing or foreign or answer.status_code >= 500:
            wrong.append(f"{method} {path} {answer.status_code}: lacks {missing}, has {foreign}")
        assert answer.headers["x-content-type-options"] == "nosniff"
        if not is_part:
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            assert len(answer.headers.get_list("content-security-policy")) == 1
    assert wrong == []


def test_every_page_has_the_strict_policy_and_is_kept_nowhere(outside: Outside, cast: Cast) -> None:
    wrong = []
    for route in ruled():
        if "GET" not in route.methods or route.name == "account_logout":
            continue
        answer = outside.owner.get(address(route, outside.business))
        policy = {part.strip() for part in answer.headers["content-security-policy"].split(";")}
        kept = answer.headers["cache-control"]
        if policy != PAGE_POLICY or "no-store" not in kept or "public" in kept or WANTED - set(answer.headers):
            wrong.append(f"{route.path}: {answer.headers}")
    assert wrong == []


def test_answers_that_are_no_pages_may_do_nothing(outside: Outside) -> None:
    for path in ("/v1/events", "/v1/openapi.json", "/healthz", staticfiles_storage.url("letopis.svg")):
        policy = outside.owner.get(path).headers["content-security-policy"]
        assert policy == headers.NO_PAGE_POLICY.decode()


def test_only_files_of_the_site_are_kept(outside: Outside) -> None:
    kept = outside.owner.get(staticfiles_storage.url("letopis.css")).headers["cache-control"]
    assert "immutable" in kept
    assert outside.owner.get("/static/nothing.css").headers["cache-control"] == "no-store"
    assert outside.owner.get("/api/v1/businesses").headers["cache-control"] == "no-store"
    assert outside.owner.get("/v1/events").headers["cache-control"] == "no-store"


def test_pages_of_another_site_are_told_nothing(outside: Outside) -> None:
    """No answer invites another origin, and a preflight is answered like any wrong method."""
    asking = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for path in ("/v1/events", "/api/v1/dialogues", "/me", "/healthz", staticfiles_storage.url("letopis.css")):
        for method in ("GET", "OPTIONS"):
            answer = outside.owner.request(method, path, headers=asking)
            assert not [name for name in answer.headers if name.startswith("access-control-")], path


def test_no_answer_tells_what_it_is_made_with(outside: Outside) -> None:
    for path in ("/login", "/v1/events", "/api/v1/nothing", "/healthz"):
        told = outside.owner.get(path).headers
        assert not {"server", "x-powered-by", "via"} & set(told)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example", "a..b"])
def test_foreign_host_is_refused(outside: Outside, host: str) -> None:
    """A page made for the host of a forged header could lead a reader, or a cache, there."""
    answer = outside.owner.get("/login", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"])
def test_unkeyed_headers_change_no_page(outside: Outside, name: str) -> None:
    """What a cache does not look at must not stand in what it keeps."""
    answer = httpx.get(f"{outside.url}/login", headers={name: "evil.example/path"})
    assert answer.status_code == 200
    assert "evil.example" not in answer.text + str(answer.headers)


def test_page_varies_by_who_asks(outside: Outside) -> None:
    varies = httpx.get(f"{outside.url}/login").headers["vary"].lower()
    assert "cookie" in varies
    assert "accept-language" in varies


def under_https(code: str, tmp_path: Path) -> Any:
    """What a program told of a public https address prints as JSON; settings are read once, so it is one of its own."""
    environment = {**os.environ, "LETOPIS_PUBLIC_URL": "https://letopis.example", "LETOPIS_DATA": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_cookies_under_https_belong_to_one_host(tmp_path: Path) -> None:
    told = under_https(
        "import json; from letopis.app import settings as s; print(json.dumps({n: getattr(s, n) for n in dir(s) if"
        " '_COOKIE_' in n}))",
        tmp_path,
    )
    for cookie in ("SESSION", "CSRF", "LANGUAGE"):
        # Without a path of their own and a domain: both would break the prefix.
        assert told[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert told[f"{cookie}_COOKIE_SECURE"] is True
        assert told[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert told[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
        assert f"{cookie}_COOKIE_DOMAIN" not in told
        assert f"{cookie}_COOKIE_PATH" not in told


def test_every_answer_under_https_says_so_for_a_year(tmp_path: Path) -> None:
    code = """
import asyncio, json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "letopis.app.settings"
import django; django.setup()
from letopis.app import asgi
async def ask(path):
    told, asked = [], iter([{"type": "http.request", "body": b"", "more_body": False}])
    async def send(message): told.append(message)
    async def receive(): return next(asked, None) or await asyncio.Future()
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
             "headers": [(b"host", b"letopis.example")], "client": ("203.0.113.7", 1), "scheme": "http",
             "http_version": "1.1", "server": ("x", 1), "asgi": {"version": "3.0"}, "root_path": ""}
    await asgi.whole()(scope, receive, send)
    return dict((n.decode(), v.decode()) for n, v in told[0]["headers"])["strict-transport-security"]
print(json.dumps([asyncio.run(ask(path)) for path in ("/me", "/v1/events", "/healthz")]))
"""
    for told in under_https(code, tmp_path):
        assert told == "max-age=31536000; includeSubDomains"


def test_no_answer_over_http_pretends_to_be_https(outside: Outside) -> None:
    assert "strict-transport-security" not in outside.owner.get("/login").headers


def test_every_cookie_is_closed_to_scripts(outside: Outside) -> None:
    """Each that the pages set is read here as the browser gets it."""
    with httpx.Client(base_url=outside.url) as browser:
        page = browser.get("/login")
        token = page.text.partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]
        told = browser.post("/language", data={"language": "en", "csrfmiddlewaretoken": token})
        set_by = page.headers.get_list("set-cookie") + told.headers.get_list("set-cookie")
    assert {one.partition("=")[0] for one in set_by} == {"letopis_csrf", "letopis_language"}
    for one in set_by:
        assert "httponly" in one.lower()
        assert "samesite=lax" in one.lower()
        assert "domain" not in one.lower()


def test_csrf_guards_every_form(cast: Cast) -> None:
    """Each address that takes a form, without the token of its page, signed in and not."""
    wrong = []
    for visitor in (Visitor.OWNER, Visitor.INTEGRATOR, Visitor.ANONYMOUS):
        browser = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
        browser.cookies = cast.browser(visitor).cookies
        for route in ruled():
            if "POST" in route.methods:
                answer = browser.post(address(route, cast.business), {"name": "Подмена"})
                if answer.status_code != 403 or ("Set-Cookie" in answer and "session" in answer["Set-Cookie"]):
                    wrong.append(f"{visitor} {route.path} {answer.status_code}")
    assert wrong == []


def test_no_view_is_exempt_from_csrf() -> None:
    """The read API takes no session, so nothing can be forged there; it has no address that changes anything."""
    exempt = [route.path for route in routes() if getattr(route.view, "csrf_exempt", False)]
    assert [path for path in exempt if not path.startswith("api/v1/")] == []
    methods = {method for path in api.get_openapi_schema()["paths"].values() for method in path}
    assert methods <= {"get"}
