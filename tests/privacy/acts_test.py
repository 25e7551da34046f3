"""Every act that the owner wants to know of is noted by the page that does it, with numbers and codes alone."""

import re

from django.db import connection, transaction

from letopis.access.log import Act
from letopis.access.models import ApiKey, Look, Membership
from letopis.access.rules import Visitor
from letopis.access.wall import enter
from letopis.base import ids
from tests import cast as world
from tests.privacy.conftest import Cast

NAME = "Марина"


def noted(cast: Cast) -> list[tuple[str, str, str]]:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, cast.business)
        rows = Look.objects.filter(business_id=cast.business).order_by("at")
        return list(rows.values_list("act", "subject_kind", "subject_id"))


def test_opening_pages_that_show_nobody_is_not_noted(cast: Cast) -> None:
    world.play(cast.business, world.marina())
    owner = cast.browser(Visitor.OWNER)
    for page in ("", "overview", "dialogues", "access", "sources", "journal", "access-log"):
        assert owner.get(f"/b/{cast.business}/{page}").status_code == 200
    assert noted(cast) == []


def test_a_search_is_noted_without_its_words(cast: Cast) -> None:
    cast.browser(Visitor.MANAGER).get(f"/b/{cast.business}/dialogues", {"q": NAME})
    assert noted(cast) == [(Act.SEARCHED, "dialogues", "")]


def test_the_list_of_visits_is_noted(cast: Cast) -> None:
    cast.browser(Visitor.MANAGER).get(f"/b/{cast.business}/visits")
    assert noted(cast) == [(Act.LISTED, "visits", "")]


def test_a_file_is_noted_by_its_page(cast: Cast) -> None:
    world.play(cast.business, world.marina())
    for page in ("visits?tab=all&form=csv", "changes?form=xlsx"):
        assert cast.browser(Visitor.MANAGER).get(f"/b/{cast.business}/{page}").status_code == 200
    assert noted(cast) == [(Act.EXPORTED, "file", "visits"), (Act.EXPORTED, "file", "changes")]


def test_keys_are_noted(cast: Cast) -> None:
    browser = cast.browser(Visitor.OWNER)
    browser.post(f"/b/{cast.business}/sources", {"source": "bot", "scope": "send"})
    key = str(ApiKey.objects.get(business_id=cast.business).pk)
    browser.post(f"/b/{cast.business}/sources/keys/{key}/revoke")
    assert noted(cast) == [(Act.KEY_MADE, "key", key), (Act.KEY_REVOKED, "key", key)]


def test_rights_are_noted(cast: Cast) -> None:
    browser = cast.browser(Visitor.OWNER)
    email = f"new.{ids.new_uuid().hex}@lada.example"
    browser.post(f"/b/{cast.business}/access/people", {"email": email, "name": NAME, "role": "manager"})
    person = str(Membership.objects.get(business_id=cast.business, person__email=email).person_id)
    browser.post(f"/b/{cast.business}/access/people/{person}/end")
    assert noted(cast) == [(Act.GRANTED, "person", person), (Act.ENDED, "person", person)]


def test_a_refusal_is_noted_by_its_page(cast: Cast) -> None:
    assert cast.browser(Visitor.INTEGRATOR).get(f"/b/{cast.business}/visits").status_code == 403
    assert noted(cast) == [(Act.OPENED, "page", "visits")]
    assert cast.browser(Visitor.STRANGER).get(f"/b/{cast.business}/visits").status_code == 404
    assert len(noted(cast)) == 1


def test_no_note_holds_a_name(cast: Cast) -> None:
    world.play(cast.business, world.marina())
    manager = cast.browser(Visitor.MANAGER)
    manager.get(f"/b/{cast.business}/dialogues", {"q": f"{NAME} 8 920 123-14-08"})
    page = manager.get(f"/b/{cast.business}/dialogues").content.decode()
    for url in re.findall(r'data-row href="([^"?]+)', page):
        manager.get(url)
    rows = noted(cast)
    assert len(rows) > 1
    assert not re.search(r"[а-яА-Я]|\d{7}", str(rows).replace("Act.", ""))
