"""Nobody asks without end: people, keys and addresses have their rates, and the counting itself stays small."""

import asyncio
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponseBase
from django.test import Client

from letopis.access.keys import create_key
from letopis.access.models import Scope
from letopis.access.rules import Visitor, ruled
from letopis.app import limits
from letopis.app.limits import Act
from letopis.base.limits import Meter, Rate, neighbourhood
from letopis.intake import keyring
from letopis.intake.app import Intake
from tests.access.conftest import HOST, Cast
from tests.access.routes_test import address

_FAR = count(1)
FEW = Rate(burst=3, a_minute=60)


@pytest.fixture
def far() -> str:
    """An address that no other test asks from."""
    return f"198.51.100.{next(_FAR)}"


@pytest.fixture
def meagre(monkeypatch: pytest.MonkeyPatch) -> dict[Act, Rate]:
    """Room for a test to narrow a rate."""
    rates = dict(limits.RATES)
    monkeypatch.setattr(limits, "RATES", rates)
    return rates


def test_bucket_empties_and_fills_up() -> None:
    meter = Meter()
    assert [meter.spend("Анна", FEW, 0.0) for _ in range(4)] == [0, 0, 0, 1]
    assert meter.spend("Вера", FEW, 0.0) == 0
    assert meter.spend("Анна", FEW, 0.5) == 1
    assert meter.spend("Анна", FEW, 1.0) == 0
    assert [meter.spend("Анна", FEW, 3600.0) for _ in range(4)] == [0, 0, 0, 1]


def test_looking_takes_nothing() -> None:
    meter = Meter()
    assert [meter.wait_s("Анна", FEW, 0.0) for _ in range(9)] == [0] * 9
    assert len(meter) == 0


def test_who_has_not_asked_for_longest_is_forgotten_first() -> None:
    meter = Meter(kept_max=2)
    for who in ("первый", "второй", "первый", "третий"):
        meter.spend(who, FEW, 0.0)
    assert len(meter) == 2
    assert meter.wait_s("второй", FEW, 0.0) == 0
    assert [meter.spend("первый", FEW, 0.0) for _ in range(2)] == [0, 1]


def test_flood_of_askers_keeps_the_memory_small() -> None:
    meter = Meter(kept_max=100)
    for n in range(1000):
        meter.spend(f"address {n}", FEW, 0.0)
    assert len(meter) == 100


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("::ffff:127.0.0.1", ""),
        ("unix:", ""),
        ("", ""),
    ],
)
def test_whose_an_address_is(told: str, counted: str) -> None:
    assert neighbourhood(told) == counted


def answers(browser: Client, url: str, times: int, method: str = "GET", **more: Any) -> list[HttpResponseBase]:
    return [browser.generic(method, url, **more) for _ in range(times)]


def test_person_who_sends_forms_without_end_waits(cast: Cast, meagre: dict[Act, Rate]) -> None:
    meagre[Act.FORM] = FEW
    browser = cast.browser(Visitor.OWNER)
    told = answers(browser, "/me/theme", 4, "POST")
    assert [one.status_code for one in told] == [400, 400, 400, 429]
    assert int(told[-1]["Retry-After"]) >= 1
    assert "подождите" in told[-1].content.decode().lower()  # type: ignore[attr-defined]
    assert browser.get("/me").status_code == 200, "reading goes on"
    assert cast.browser(Visitor.MANAGER).post("/me/theme").status_code == 400, "others go on"


def test_other_session_of_the_same_person_is_the_same_person(cast: Cast, meagre: dict[Act, Rate]) -> None:
    """Signing in anew opens no new attempts, but the meter is that of one process: here, of one handler."""
    meagre[Act.FORM] = FEW
    browser = cast.browser(Visitor.OWNER)
    answers(browser, "/me/theme", 3, "POST")
    browser.force_login(cast.people[Visitor.OWNER], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.post("/me/theme").status_code == 429


@pytest.mark.parametrize(
    ("act", "path"),
    [(Act.SEARCH, "dialogues?q=маникюр"), (Act.EXPORT, "months?form=csv"), (Act.EXPORT, "catalogue/export?as=csv")],
)
def test_dear_pages_have_rates_of_their_own(cast: Cast, meagre: dict[Act, Rate], act: Act, path: str) -> None:
    meagre[act] = FEW
    browser = cast.browser(Visitor.OWNER)
    assert [one.status_code for one in answers(browser, f"/b/{cast.business}/{path}", 4)] == [200, 200, 200, 429]
    assert browser.get(f"/b/{cast.business}/months").status_code == 200


def test_every_file_is_counted_as_an_export(cast: Cast, meagre: dict[Act, Rate]) -> None:
    """Each page is asked for a file; what comes back as one must have been counted so before it was made."""
    meagre[Act.EXPORT] = Rate(burst=1000, a_minute=1000)
    browser = cast.browser(Visitor.OWNER)
    files = set()
    for route in ruled():
        if "GET" not in route.methods or route.name == "account_logout":
            continue
        for asking in ("", "?form=csv", "?form=xlsx"):
            answer = browser.get(address(route, cast.business) + asking)
            if "attachment" in answer.get("Content-Disposition", ""):
                assert Act.EXPORT in limits.acts(answer.wsgi_request), route.path
                files.add(route.name)
    assert len(files) >= 10


def test_stranger_waits_by_the_address(database: None, meagre: dict[Act, Rate], far: str) -> None:
    meagre[Act.STRANGER] = FEW
    browser = Client(SERVER_NAME=HOST, REMOTE_ADDR=far)
    assert [one.status_code for one in answers(browser, "/me", 4)] == [302, 302, 302, 429]
    assert browser.get("/me", REMOTE_ADDR="127.0.0.1").status_code == 302, "loopback is nobody's address"


def test_read_key_has_a_rate(business: UUID, stranger_business: UUID, meagre: dict[Act, Rate]) -> None:
    meagre[Act.API] = FEW
    browser = Client(SERVER_NAME=HOST)
    ours, others = (
        {"authorization": f"Bearer {create_key(of, 'bi', Scope.READ)[1]}"} for of in (business, stranger_business)
    )
    told = [browser.get("/api/v1/businesses", headers=ours) for _ in range(4)]
    assert [one.status_code for one in told] == [200, 200, 200, 429]
    assert told[-1]["Content-Type"] == "application/problem+json"
    assert told[-1].json()["status"] == 429
    assert int(told[-1]["Retry-After"]) >= 1
    assert browser.get("/api/v1/businesses", headers=others).status_code == 200


def test_wrong_keys_of_the_read_api_wait_by_the_address(database: None, meagre: dict[Act, Rate], far: str) -> None:
    """A new key for each request is no way around."""
    meagre[Act.STRANGER] = FEW
    browser = Client(SERVER_NAME=HOST, REMOTE_ADDR=far)
    told = [
        browser.get("/api/v1/businesses", headers={"authorization": f"Bearer lt_{n:08}_x"}).status_code
        for n in range(4)
    ]
    assert told == [401, 401, 401, 429]


def test_guessing_at_the_doors_of_the_intake_is_bounded(
    business: UUID, monkeypatch: pytest.MonkeyPatch, far: str
) -> None:
    monkeypatch.setattr(keyring, "WRONG_KEYS", FEW)
    _, good = create_key(business, "бот", Scope.SEND)
    _, late = create_key(business, "касса", Scope.SEND)

    async def sent() -> list[int]:
        intake = Intake()
        await intake.startup()
        try:
            guessed = [f"lt_{n:08}_x" for n in range(5)]
            return [await post(intake, key, far) for key in (good, *guessed, good, late)] + [
                await post(intake, late, "127.0.0.1")
            ]
        finally:
            await intake.shutdown()

    # Who was known goes on; who comes new from there waits; from elsewhere he is let in.
    assert asyncio.run(sent()) == [202, 401, 401, 401, 429, 429, 202, 429, 202]


async def post(intake: Intake, key: str, client: str) -> int:
    """One event at the door, as if it came from `client`; the status of the answer."""
    body = b'{"event": "message_in", "source": "telegram", "client_id": "tg_1", "message": "?"}'
    told: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        told.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/v1/events", "client": (client, 1), "query_string": b"",
        "headers": [(b"authorization", f"Bearer {key}".encode())],
    }  # fmt: skip
    await intake(scope, receive, send)
    return int(told[0]["status"])
