"""Signing in over the real site: password, lock-out, second factor, recovery codes, cookies."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from letopis.access.rules import Visitor
from tests.access.conftest import HOST, PASSWORD, Cast

_ADDRESSES = count(1)


@pytest.fixture
def browser(database: None) -> Iterator[Client]:
    """A browser at an address of its own, so that the attempts of other tests do not count."""
    number = next(_ADDRESSES)
    yield Client(enforce_csrf_checks=True, SERVER_NAME=HOST, REMOTE_ADDR=f"10.7.{number // 250}.{number % 250 + 1}")
    cache.clear()


def send(browser: Client, url: str, **fields: str) -> Any:
    """Open the page, take its token, send its form."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(url).content.decode())
    assert token, url
    return browser.post(url, {**fields, "csrfmiddlewaretoken": token[1]})


def sign_in(browser: Client, email: str, password: str = PASSWORD) -> HttpResponse:
    answer: HttpResponse = send(browser, "/login", login=email, password=password)
    return answer


def code_now(secret: str, step: int = 0) -> str:
    counter = next(iter(yield_hotp_counters_from_time())) + step
    return str(format_hotp_value(hotp_value(secret, counter)))


def test_password_opens_the_pages(cast: Cast, browser: Client) -> None:
    answer = sign_in(browser, cast.people[Visitor.OWNER].email.upper())
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.get("/me").status_code == 200


def test_wrong_password_and_unknown_person_look_alike(cast: Cast, browser: Client) -> None:
    wrong = sign_in(browser, cast.people[Visitor.OWNER].email, "не-тот-пароль")
    unknown = sign_in(browser, "nobody@lada.example", "не-тот-пароль")
    assert wrong.status_code == unknown.status_code == 200
    errors = [re.findall(r'class="errors".*?</div>', page.content.decode(), re.S) for page in (wrong, unknown)]
    assert errors[0] == errors[1] != []


def test_five_failures_lock_out(cast: Cast, browser: Client) -> None:
    email = cast.people[Visitor.OWNER].email
    for attempt in range(settings.AXES_FAILURE_LIMIT):
        # Capitals open no new attempts.
        answer = sign_in(browser, email.upper() if attempt % 2 else email, "не-тот-пароль")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == settings.AXES_COOLOFF_TIME.total_seconds()
    right = sign_in(browser, email)
    assert right.status_code == 429
    assert "15 минут" in right.content.decode()
    assert browser.get("/me").status_code == 302


def test_lock_out_holds_one_address_only(cast: Cast, browser: Client) -> None:
    """A stranger who guesses from afar cannot shut the owner out."""
    email = cast.people[Visitor.OWNER].email
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(browser, email, "не-тот-пароль")
    elsewhere = Client(enforce_csrf_checks=True, SERVER_NAME=HOST, REMOTE_ADDR="10.8.0.1")
    assert sign_in(elsewhere, email).status_code == 302


def test_success_forgets_the_failures(cast: Cast, browser: Client) -> None:
    email = cast.people[Visitor.OWNER].email
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        sign_in(browser, email, "не-тот-пароль")
    assert sign_in(browser, email).status_code == 302
    elsewhere = Client(enforce_csrf_checks=True, SERVER_NAME=HOST, REMOTE_ADDR=browser.defaults["REMOTE_ADDR"])
    assert sign_in(elsewhere, email, "не-тот-пароль").status_code == 200


def test_cookies_are_closed_to_scripts_and_strangers(cast: Cast, browser: Client) -> None:
    sign_in(browser, cast.people[Visitor.OWNER].email)
    session = browser.cookies[settings.SESSION_COOKIE_NAME]
    token = browser.cookies[settings.CSRF_COOKIE_NAME]
    assert session["httponly"]
    assert session["samesite"] == token["samesite"] == "Lax"
    # Not remembered: gone with the browser window.
    assert session["max-age"] == ""


def test_session_changes_its_name_at_sign_in(cast: Cast, browser: Client) -> None:
    browser.get("/login")
    before = browser.cookies.get(settings.SESSION_COOKIE_NAME)
    sign_in(browser, cast.people[Visitor.OWNER].email)
    after = browser.cookies[settings.SESSION_COOKIE_NAME]
    assert before is None or before.value != after.value


def test_sign_in_needs_its_token(cast: Cast, browser: Client) -> None:
    answer = browser.post("/login", {"login": cast.people[Visitor.OWNER].email, "password": PASSWORD})
    assert answer.status_code == 403
    assert browser.get("/me").status_code == 302


def test_signing_out_ends_the_session(cast: Cast, browser: Client) -> None:
    sign_in(browser, cast.people[Visitor.OWNER].email)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert send(browser, "/logout").status_code == 302
    thief = Client(SERVER_NAME=HOST)
    thief.cookies[settings.SESSION_COOKIE_NAME] = session
    assert thief.get("/me").status_code == 302


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(cast: Cast, browser: Client, goal: str) -> None:
    answer = send(browser, f"/login?next={goal}", login=cast.people[Visitor.OWNER].email, password=PASSWORD, next=goal)
    assert answer["Location"] == "/"


@pytest.mark.parametrize("path", ["/signup", "/signup/", "/accounts/signup/", "/password/reset/", "/admin/"])
def test_nobody_signs_himself_up(database: None, path: str) -> None:
    assert Client(SERVER_NAME=HOST).get(path).status_code == 404


def switch_on_second_factor(browser: Client, email: str) -> str:
    sign_in(browser, email)
    asked = browser.get("/me/security/app")
    assert asked["Location"].startswith("/me/confirm"), "a session left open could be taken over for good"
    assert send(browser, asked["Location"], password="не-тот-пароль").status_code == 200
    assert send(browser, asked["Location"], password=PASSWORD)["Location"] == "/me/security/app"
    page = browser.get("/me/security/app").content.decode()
    secret = re.search(r"<code>([A-Z2-7]{16,})</code>", page)
    assert secret, page
    assert "<svg" in page
    assert "data:" not in page
    answer = send_same(browser, page, "/me/security/app", code=code_now(secret[1]))
    assert answer.status_code == 302, answer.content.decode()
    return secret[1]


def send_same(browser: Client, page: str, url: str, **fields: str) -> Any:
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    return browser.post(url, {**fields, "csrfmiddlewaretoken": token[1]})


def test_second_factor_is_asked_for(cast: Cast, browser: Client) -> None:
    email = cast.people[Visitor.OWNER].email
    secret = switch_on_second_factor(browser, email)
    send(browser, "/logout")
    half = sign_in(browser, email)
    assert half["Location"] == "/login/code"
    assert browser.get("/me").status_code == 302, "a password alone opened the pages"
    assert send(browser, "/login/code", code="000000").status_code == 200
    assert browser.get("/me").status_code == 302
    assert send(browser, "/login/code", code=code_now(secret, step=1)).status_code == 302
    assert browser.get("/me").status_code == 200


def test_second_factor_secret_lies_encrypted(cast: Cast, browser: Client) -> None:
    owner = cast.people[Visitor.OWNER]
    secret = switch_on_second_factor(browser, owner.email)
    stored = [row.data for row in Authenticator.objects.filter(user=owner)]
    assert stored
    assert secret not in str(stored)


def test_guessing_the_second_factor_is_bounded(cast: Cast, browser: Client) -> None:
    email = cast.people[Visitor.OWNER].email
    secret = switch_on_second_factor(browser, email)
    send(browser, "/logout")
    sign_in(browser, email)
    for _ in range(10):
        send(browser, "/login/code", code="000000")
    send(browser, "/login/code", code=code_now(secret, step=1))
    assert browser.get("/me").status_code == 302, "the right code was taken after ten wrong ones"


def test_recovery_code_works_once(cast: Cast, browser: Client) -> None:
    email = cast.people[Visitor.OWNER].email
    switch_on_second_factor(browser, email)
    codes = re.findall(r"<li><code>([^<]+)</code>", browser.get("/me/security/codes").content.decode())
    assert len(codes) == 10
    assert codes[0] in browser.get("/me/security/codes/file").content.decode()
    for expected in (302, 200):
        send(browser, "/logout")
        sign_in(browser, email)
        assert send(browser, "/login/code", code=codes[0]).status_code == expected


def test_second_factor_can_be_switched_off(cast: Cast, browser: Client) -> None:
    email = cast.people[Visitor.OWNER].email
    switch_on_second_factor(browser, email)
    assert send(browser, "/me/security/app/off").status_code == 302
    send(browser, "/logout")
    assert sign_in(browser, email)["Location"] == "/"
