"""The room's own pages: what they say, what they change, and that the policy of the site holds on each."""

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from letopis.access.menu import items_for
from letopis.access.models import Membership, Person, Role
from letopis.access.people import give_role
from letopis.access.rules import Visitor, ruled
from letopis.base import clock, ids
from tests.access.conftest import HOST, Cast
from tests.access.routes_test import address


def test_no_page_carries_what_the_policy_forbids(cast: Cast) -> None:
    forbidden = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|(?:src|href)=\"data:", re.IGNORECASE)
    wrong = []
    for route in ruled():
        answer = cast.browser(Visitor.OWNER).get(address(route, cast.business))
        policy = answer.get("Content-Security-Policy", "")
        if "default-src 'none'" not in policy or "unsafe" in policy:
            wrong.append(f"{route.path}: policy {policy!r}")
        if answer["Content-Type"].startswith("text/html") and (found := forbidden.search(answer.content.decode())):
            wrong.append(f"{route.path}: {found[0]}")
    assert wrong == []


def test_one_business_is_opened_straight(cast: Cast) -> None:
    answer = cast.browser(Visitor.OWNER).get("/")
    assert answer["Location"].startswith(f"/b/{cast.business}")


def test_several_businesses_are_offered(cast: Cast, stranger_business: UUID) -> None:
    give_role(cast.people[Visitor.OWNER], stranger_business, "manager")
    page = cast.browser(Visitor.OWNER).get("/").content.decode()
    assert "Студия «Лада»" in page
    assert "Чужой салон" in page


def test_nobody_is_led_to_his_own_page(cast: Cast) -> None:
    assert cast.browser(Visitor.OPERATOR).get("/")["Location"] == "/me"


def test_stranger_is_led_to_sign_in_and_back(cast: Cast) -> None:
    answer = Client(SERVER_NAME=HOST).get(f"/b/{cast.business}/access?before=x")
    assert answer["Location"] == f"/login?next=/b/{cast.business}/access%3Fbefore%3Dx"


def test_profile_keeps_language_theme_and_keys(cast: Cast) -> None:
    browser = cast.browser(Visitor.MANAGER)
    assert "Язык" in browser.get("/me").content.decode()
    browser.post("/me", {"name": "Marina", "language": "en", "theme": "dark"})
    page = browser.get("/me").content.decode()
    assert 'lang="en"' in page
    assert 'data-theme="dark"' in page
    assert "Language" in page
    assert not Person.objects.get(pk=cast.people[Visitor.MANAGER].pk).keys_on


@pytest.mark.parametrize(("theme", "status"), [("dark", 204), ("light", 204), ("auto", 204), ("pink", 400)])
def test_theme_button_stores_the_choice(cast: Cast, theme: str, status: int) -> None:
    assert cast.browser(Visitor.MANAGER).post("/me/theme", {"theme": theme}).status_code == status
    stored = Person.objects.get(pk=cast.people[Visitor.MANAGER].pk).theme
    assert stored == (theme if status == 204 else "auto")


def test_language_is_chosen_before_signing_in(database: None) -> None:
    browser = Client(SERVER_NAME=HOST)
    assert "Войти" in browser.get("/login").content.decode()
    browser.post("/language", {"language": "en", "next": "/login"})
    assert "Sign in" in browser.get("/login").content.decode()


def test_owner_lets_a_new_person_in(cast: Cast) -> None:
    email = f"new.{ids.new_uuid().hex}@lada.example"
    page = cast.browser(Visitor.OWNER).post(
        f"/b/{cast.business}/access/people", {"email": email.upper(), "name": "Ольга", "role": "manager"}
    )
    first = re.search(r"<code>([\w-]{12,})</code>", page.content.decode())
    assert first
    person = Person.objects.get(email=email)
    assert person.check_password(first[1])
    assert Membership.objects.get(person=person).role == "manager"
    again = cast.browser(Visitor.OWNER).get(f"/b/{cast.business}/access").content.decode()
    assert "Ольга" in again
    assert first[1] not in again


def test_known_person_keeps_the_password(cast: Cast) -> None:
    stranger = cast.people[Visitor.STRANGER]
    page = cast.browser(Visitor.OWNER).post(
        f"/b/{cast.business}/access/people", {"email": stranger.email, "role": "integrator"}
    )
    assert "<code>" not in page.content.decode()
    assert Membership.objects.get(person=stranger, business_id=cast.business).role == "integrator"


def test_role_is_not_changed_by_letting_in_again(cast: Cast) -> None:
    """An owner who types his own address must not lose his business."""
    owner = cast.people[Visitor.OWNER]
    page = cast.browser(Visitor.OWNER).post(
        f"/b/{cast.business}/access/people", {"email": owner.email, "role": "integrator"}
    )
    assert page.status_code == 422
    assert Membership.objects.get(person=owner, business_id=cast.business).role == "owner"


def test_owner_ends_access(cast: Cast) -> None:
    manager = cast.people[Visitor.MANAGER]
    browser = cast.browser(Visitor.OWNER)
    assert browser.post(f"/b/{cast.business}/access/people/{manager.pk}/end").status_code == 302
    ended = Membership.objects.get(person=manager).ended_at
    assert ended
    assert ended <= clock.now()
    assert browser.post(f"/b/{cast.business}/access/people/0/end").status_code == 404


def test_last_owner_is_told_why_he_stays(cast: Cast) -> None:
    owner = cast.people[Visitor.OWNER]
    answer = cast.browser(Visitor.OWNER).post(f"/b/{cast.business}/access/people/{owner.pk}/end")
    assert answer.status_code == 409
    assert "последний владелец" in answer.content.decode()


def test_person_of_another_business_cannot_be_ended(cast: Cast) -> None:
    stranger = cast.people[Visitor.STRANGER]
    answer = cast.browser(Visitor.OWNER).post(f"/b/{cast.business}/access/people/{stranger.pk}/end")
    assert answer.status_code == 404
    assert Membership.objects.get(person=stranger).ended_at is None


@pytest.mark.parametrize("visitor", [Visitor.OWNER, Visitor.MANAGER, Visitor.INTEGRATOR])
def test_menu_offers_only_what_opens(cast: Cast, visitor: Visitor) -> None:
    browser = cast.browser(visitor)
    for item in items_for(Role(visitor.value)):
        url = reverse(item.route, kwargs={"business": cast.business})
        answer = browser.get(url, follow=True)
        assert answer.status_code == 200, item.key
        # A business without a single event is led to its first run.
        at_home = answer.request["PATH_INFO"] == url
        assert not at_home or f'href="{url}" aria-current="page"' in answer.content.decode(), item.key
