"""Every address of the project, asked by every kind of visitor, answers exactly what the matrix says."""

import re
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from letopis.access.roles import matrix
from letopis.access.rules import OTHER_DOORS, Route, Verdict, Visitor, routes, ruled
from tests.access.conftest import HOST, Cast

STATUS = {Verdict.SIGN_IN: 302, Verdict.FORBIDDEN: 403, Verdict.NOT_FOUND: 404}
SAMPLES = {"int": "0", "str": "x", "slug": "x", "path": "x", "uuid": "00000000-0000-4000-8000-000000000000"}


def address(route: Route, business: UUID) -> str:
    path = route.path.replace("<uuid:business>", str(business))
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda part: SAMPLES[part[1] or "str"], path)


def test_every_address_carries_a_rule() -> None:
    without = [route.path for route in routes() if not route.rule and not route.path.startswith(tuple(OTHER_DOORS))]
    assert without == []


def test_public_pages_say_why() -> None:
    assert [
        route.path for route in ruled() if route.rule and route.rule.audience == "public" and not route.rule.reason
    ] == []


def test_business_pages_stand_below_their_business() -> None:
    loose = [
        route.path
        for route in ruled()
        if route.rule and (route.rule.audience == "business") != route.path.startswith("b/<uuid:business>")
    ]
    assert loose == []


@pytest.mark.parametrize("visitor", Visitor)
def test_each_page_answers_as_the_matrix_says(cast: Cast, visitor: Visitor) -> None:
    wrong = []
    for route in ruled():
        for method in route.methods:
            wanted = route.answers()[visitor]
            # A browser for each: one of the pages signs out.
            response = cast.browser(visitor).generic(method, address(route, cast.business))
            if not as_wanted(response, wanted):
                wrong.append(f"{method} {route.path}: {wanted}, was {response.status_code} {verdict_of(response)}")
    assert wrong == []


def as_wanted(response: HttpResponse, wanted: Verdict) -> bool:
    if verdict_of(response) is not wanted:
        return False
    if wanted is Verdict.ALLOWED:
        # A missing thing is 404 inside an open page; a refusal is never given after the door.
        return response.status_code not in (401, 403) and response.status_code < 500
    return response.status_code == STATUS[wanted]


def verdict_of(response: HttpResponse) -> Verdict | None:
    return getattr(response.wsgi_request, "verdict", None)  # type: ignore[attr-defined]


def test_unknown_business_looks_like_anothers(cast: Cast) -> None:
    browser = cast.browser(Visitor.OWNER)
    unknown = browser.get(f"/b/{SAMPLES['uuid']}/access")
    foreign = cast.browser(Visitor.STRANGER).get(f"/b/{cast.business}/access")
    assert unknown.status_code == foreign.status_code == 404
    assert verdict_of(unknown) is verdict_of(foreign) is Verdict.NOT_FOUND


def test_refusal_says_who_can(cast: Cast) -> None:
    page = cast.browser(Visitor.MANAGER).get(f"/b/{cast.business}/access").content.decode()
    assert "владелец" in page


def test_part_of_a_page_reloads_when_the_door_closed(cast: Cast) -> None:
    url = f"/b/{cast.business}/access"
    for visitor, status in ((Visitor.ANONYMOUS, 401), (Visitor.MANAGER, 403), (Visitor.STRANGER, 404)):
        answer = cast.browser(visitor).get(url, headers={"hx-request": "true"})
        assert (answer.status_code, answer.content, answer["HX-Refresh"]) == (status, b"", "true")


def test_wrong_method_is_refused_after_the_door(cast: Cast) -> None:
    url = f"/b/{cast.business}/access/people"
    assert cast.browser(Visitor.OWNER).get(url).status_code == 405
    assert cast.browser(Visitor.STRANGER).get(url).status_code == 404


def test_form_without_token_changes_nothing(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True, SERVER_NAME=HOST)
    browser.cookies = cast.browser(Visitor.OWNER).cookies
    owner = cast.people[Visitor.OWNER]
    answer = browser.post("/me", {"name": "Подмена", "language": "en", "theme": "dark"})
    owner.refresh_from_db()
    assert (answer.status_code, owner.name) == (403, "Анна Лада")


def test_pages_of_people_are_not_stored(cast: Cast) -> None:
    answer = cast.browser(Visitor.OWNER).get(f"/b/{cast.business}/access")
    assert "no-store" in answer["Cache-Control"]


def test_reference_shows_the_same_answers() -> None:
    rows = list(matrix())
    assert "| `/b/<uuid:business>/access` | GET | – | + | 403 | 403 | 404 | 404 |" in rows
    assert "| `/me` | GET, POST | – | + | + | + | + | + |" in rows
    assert len(rows) == len(ruled()) + len(OTHER_DOORS)
