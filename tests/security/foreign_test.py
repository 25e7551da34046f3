"""Nothing of another business is read or changed through one's own: by its numbers in an address, a form, or the API.

Every route and every form is found by looking. What must stay as it was is every row of the other business, in every
table that there is.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client
from psycopg import sql

from letopis.access.keys import create_key
from letopis.access.models import Membership, Scope
from letopis.access.rules import Visitor, ruled
from letopis.access.wall import enter
from letopis.app.api import api
from letopis.base import clock
from letopis.base.database import connect
from letopis.base.sql import Queries
from letopis.dialogues.models import Dialogue
from letopis.intake import faults, quarantine
from letopis.intake.faults import Fault
from letopis.intake.reading import read_event
from letopis.journal.entries import read_after
from letopis.journal.kinds import KINDS
from letopis.subjects.requests import request as requests
from letopis.subjects.requests.terms import Ask
from tests import cast as world
from tests.access.conftest import HOST, Cast
from tests.access.routes_test import SAMPLES
from tests.privacy.conftest import settle, write_note

QUERIES = Queries("tests.security")

CANARY = "Кенарь-418"
# Parts of addresses that name no object of a business.
COMMON = {"metric": "M2", "sign": "hour"}
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Foreign:
    """The other business, full of objects, each with the canary somewhere in its words."""

    business: UUID
    objects: dict[str, str]
    owner: Client


@pytest.fixture
def foreign(cast: Cast, stranger_business: UUID) -> Foreign:
    events = [{**kind.sample, "timestamp": world.at("12:00:00")} for kind in KINDS.values()]
    told = [_sung(event) for event in (*events, *world.marina(), *world.olya())]
    world.play(stranger_business, told)
    key, _ = create_key(stranger_business, CANARY, Scope.READ)
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, stranger_business)
        [piece] = quarantine.keep(
            cur, stranger_business, CANARY, [(f'"{CANARY}'.encode(), [Fault("", faults.not_json(1, 1))])]
        )
        dialogue = Dialogue.objects.filter(business_id=stranger_business).order_by("-dialogue_id").first()
        mark = next(one.seq for one in read_after(cur, stranger_business, -1, 500) if one.type == "change_mark")
    assert dialogue is not None
    person = Membership.objects.get(business_id=stranger_business).person_id
    with connect() as conn:
        for looker in ({"person": person}, {"person": None, "key": key.pk}):
            write_note(conn, stranger_business, dialogue.dialogue_id, **looker)
    settle(stranger_business)
    request, act = _asked_and_erased(stranger_business)
    objects = {
        "dialogue": str(dialogue.dialogue_id), "seq": str(mark), "key": str(key.pk), "piece": str(piece),
        "person": str(person), "request_id": str(request), "act_id": str(act), **COMMON,
    }  # fmt: skip
    return Foreign(stranger_business, objects, cast.browser(Visitor.STRANGER))


def _asked_and_erased(business: UUID) -> tuple[UUID, UUID]:
    """A request of Olya, who was erased for it, and the act of that."""
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        olya = Dialogue.objects.filter(business_id=business, client_id=world.OLYA).values_list("person_id", flat=True)
        today = clock.now().date()
        request = requests.open_request(cur, business, Ask.ERASURE, CANARY, "chat", today, [olya[0]], "Анна")
        written = requests.request_of(cur, business, request)
    assert written is not None
    assert requests.erase(written, CANARY, "Анна").entries
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        [act] = requests.acts_of(cur, business, request)
    return request, act.act_id


def _sung(event: dict[str, Any]) -> dict[str, Any]:
    words = {name: f"{event[name]} {CANARY}" for name in ("message", "name", "reason", "title") if event.get(name)}
    # As the doors read it: numbers keep their digits.
    return dict(read_event(json.dumps({**event, **words}).encode()).value)


@pytest.fixture
def rows(owner_connection: psycopg.Connection[Any], foreign: Foreign) -> Iterator[None]:
    """After the test every row of the other business is as it was."""
    before = prints(owner_connection, foreign.business)
    assert before["dialogues_dialogue"]
    assert before["access_apikey"]
    yield
    after = prints(owner_connection, foreign.business)
    assert [table for table in before if before[table] != after[table]] == []


def prints(conn: psycopg.Connection[Any], business: UUID) -> dict[str, str | None]:
    """A fingerprint of the rows of one business, by table."""
    with conn.cursor() as cur:
        found = {}
        for table in [row["name"] for row in QUERIES.rows(cur, "tables_of_businesses")]:
            asked = sql.SQL("SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t WHERE business_id = %s")
            row = cur.execute(asked.format(sql.Identifier(table)), [business]).fetchone()
            assert row is not None
            found[table] = row[0]
        people = QUERIES.row(cur, "print_of_people", business=business)
        assert people is not None
        return {**found, "access_person": people["print"]}


def addresses(business: UUID, objects: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Method, path and address of every page of a business that names an object."""
    for route in ruled():
        names = [name for name in PARAMETER.findall(route.path) if name != "business"]
        if not names:
            continue
        unknown = set(names) - set(objects)
        assert not unknown, f"{route.path} names {unknown}: tell this test how to make one"
        for method in route.methods:
            yield method, route.path, filled(route.path, {**objects, "business": str(business)})


def filled(path: str, told: dict[str, str]) -> str:
    return "/" + PARAMETER.sub(lambda part: told[part[1]], path)


def test_objects_of_another_business_are_not_there(cast: Cast, foreign: Foreign, rows: None) -> None:
    """Their numbers below one's own business: 404, as if they had never been made."""
    wrong = []
    browser = cast.browser(Visitor.OWNER)
    for method, path, url in addresses(cast.business, foreign.objects):
        answer = browser.generic(method, url)
        names = set(PARAMETER.findall(path)) - {"business", *COMMON}
        if (names and answer.status_code != 404) or CANARY in answer.content.decode():
            wrong.append(f"{method} {path} {answer.status_code}")
    assert wrong == []


def test_the_same_objects_are_there_for_their_owner(foreign: Foreign) -> None:
    """Else the test above would look at nothing."""
    missing = []
    for method, path, url in addresses(foreign.business, foreign.objects):
        if method == "GET" and foreign.owner.get(url).status_code != 200:
            missing.append(path)
    assert missing == []


@pytest.mark.parametrize("visitor", [Visitor.OWNER, Visitor.MANAGER, Visitor.INTEGRATOR, Visitor.OPERATOR])
def test_pages_of_another_business_are_not_there(cast: Cast, foreign: Foreign, rows: None, visitor: Visitor) -> None:
    wrong = []
    browser = cast.browser(visitor)
    for method, path, url in every_address(foreign):
        answer = browser.generic(method, url)
        if answer.status_code != 404 or CANARY in answer.content.decode():
            wrong.append(f"{method} {path} {answer.status_code}")
    assert wrong == []


def every_address(foreign: Foreign) -> Iterator[tuple[str, str, str]]:
    told = {**SAMPLES, **foreign.objects, "business": str(foreign.business)}
    for route in ruled():
        if route.path.startswith("b/<uuid:business>"):
            for method in route.methods:
                yield method, route.path, filled(route.path, told)


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: where to, and what they hold."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = told.get("method", "").lower() == "post"
            if self._open:
                self.found.append((told.get("action", ""), {}))
        elif self._open and told.get("name"):
            self.found[-1][1].setdefault(told["name"], told.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"


def forms_of(foreign: Foreign) -> Iterator[tuple[str, dict[str, str]]]:
    """Every form of every page of the other business, as its owner would send it."""
    for method, _, url in every_address(foreign):
        if method == "GET":
            page = Forms()
            page.feed(foreign.owner.get(url).content.decode("utf-8", "replace"))
            for action, fields in page.found:
                to = action if action.startswith("/") else url + (action if action.startswith("?") else "")
                if to.startswith("/b/"):
                    yield to, fields


@pytest.fixture
def forms(foreign: Foreign) -> list[tuple[str, dict[str, str]]]:
    """Read before the rows are looked at: their owner's reading is noted among them."""
    return list(forms_of(foreign))


def test_forms_of_another_business_change_nothing_from_ours(
    cast: Cast, forms: list[tuple[str, dict[str, str]]], foreign: Foreign, rows: None
) -> None:
    """Sent below our own business with all the numbers that stand in them, and sent to theirs by our session."""
    sent = 0
    browser = cast.browser(Visitor.OWNER)
    for to, fields in forms:
        ours = to.replace(str(foreign.business), str(cast.business))
        answer = browser.post(ours, urlencode(fields), content_type="application/x-www-form-urlencoded")
        assert answer.status_code < 500, to
        given = any(CANARY in value for value in fields.values())
        assert given or CANARY not in answer.content.decode(), to
        theirs = browser.post(to, urlencode(fields), content_type="application/x-www-form-urlencoded")
        assert theirs.status_code == 404, to
        sent += 1
    assert sent >= 10


def test_read_key_opens_its_own_business_alone(cast: Cast, foreign: Foreign, rows: None) -> None:
    """Every address of the API, with the numbers and the names of the other business in every parameter."""
    text = create_key(cast.business, "bi", Scope.READ)[1]
    headers = {"authorization": f"Bearer {text}"}
    browser = Client(SERVER_NAME=HOST)
    ids = {"dialogue_id": foreign.objects["dialogue"], "change_id": foreign.objects["seq"]}
    for path, methods in api.get_openapi_schema()["paths"].items():
        names = re.findall(r"\{(\w+)\}", path)
        assert set(names) <= set(ids), f"{path}: tell this test how to name one of another business"
        url = re.sub(r"\{(\w+)\}", lambda part: ids[part[1]], path)
        asked = [one["name"] for one in methods["get"].get("parameters", []) if one["in"] == "query"]
        for value in ("", str(foreign.business), world.MARINA_SESSION, foreign.objects["dialogue"]):
            query = {"metric": "M2"} if "metric" in asked else {}
            query |= {name: value for name in asked if value and name not in ("metric", "from", "to", "limit")}
            answer = browser.get(url, query, headers=headers)
            assert answer.status_code in ((404,) if names else (200, 400, 404)), f"{url} {query}"
            assert CANARY not in answer.content.decode()
            assert world.MARINA_SESSION not in answer.content.decode().replace(value or "\0", "")


def test_key_of_the_intake_reads_nothing(cast: Cast, foreign: Foreign) -> None:
    text = create_key(foreign.business, "бот", Scope.SEND)[1]
    for path in ("/api/v1/dialogues", "/api/v1/businesses", "/api/v1/metrics?metric=M2"):
        answer = Client(SERVER_NAME=HOST).get(path, headers={"authorization": f"Bearer {text}"})
        assert answer.status_code == 403


def test_session_opens_no_address_of_the_api(cast: Cast) -> None:
    assert cast.browser(Visitor.OWNER).get("/api/v1/dialogues").status_code == 401


def test_wall_of_the_database_stands_by_itself(foreign: Foreign) -> None:
    """Where nobody has entered, and where another business was, the words of this one are not there."""
    with connect() as conn, conn.cursor() as cur:
        for entered in (None, UUID(int=7)):
            if entered:
                enter(cur, entered)
            assert list(read_after(cur, foreign.business, -1, 10)) == []
