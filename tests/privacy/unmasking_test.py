"""Showing what is hidden: for a reason, for a while, one dialogue, one session, and never without a trace."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client

from letopis.access.models import Look
from letopis.access.people import give_role
from letopis.access.rules import Visitor
from letopis.access.wall import enter
from letopis.base import clock
from letopis.dialogues.models import Dialogue
from letopis.privacy import unmasking
from tests import cast as world
from tests.privacy.conftest import Cast, settle

REASON = "Клиентка Марина жалуется на цену"


@pytest.fixture
def salon(cast: Cast) -> Cast:
    world.play(cast.business, world.marina(), world.irina())
    return cast


@pytest.fixture
def asking(salon: Cast) -> Client:
    """A browser of somebody who sees nobody and whom the owner has let ask."""
    assert let_ask(salon, "1") == 302
    return salon.browser(Visitor.INTEGRATOR)


def let_ask(cast: Cast, allowed: str, who: Visitor = Visitor.OWNER) -> int:
    person = cast.people[Visitor.INTEGRATOR].pk
    url = f"/b/{cast.business}/access/people/{person}/asking"
    return int(cast.browser(who).post(url, {"allowed": allowed}).status_code)


def url_of(business: UUID, session: str) -> str:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return f"/b/{business}/dialogues/{Dialogue.objects.get(business_id=business, session_id=session).dialogue_id}"


def looks(business: UUID) -> list[tuple[str, str, bool]]:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return list(Look.objects.filter(business_id=business).order_by("at").values_list("act", "reason", "refused"))


def page(browser: Client, url: str) -> str:
    return str(browser.get(url).content.decode())


def test_without_the_right_it_is_refused_and_that_is_noted(salon: Cast) -> None:
    url = url_of(salon.business, world.MARINA_SESSION)
    browser = salon.browser(Visitor.INTEGRATOR)
    assert "Показать" not in page(browser, url)
    assert browser.post(f"{url}/unmask", {"written": REASON}).status_code == 403
    assert "Марина К." not in page(browser, url)
    assert ("unmasked", "", True) in looks(salon.business)


@pytest.mark.parametrize("reason", ["", "надо", "на до", "12 34 56 78", "   "])
def test_no_reason_shows_nothing(salon: Cast, asking: Client, reason: str) -> None:
    url = url_of(salon.business, world.MARINA_SESSION)
    answer = asking.post(f"{url}/unmask", {"written": reason})
    assert answer.status_code == 422
    assert "хотя бы несколько слов" in answer.content.decode()
    assert "Марина К." not in page(asking, url)
    assert "unmasked" not in [act for act, _, _ in looks(salon.business)]


def test_a_reason_shows_this_dialogue_to_this_session(salon: Cast, asking: Client) -> None:
    url, other = url_of(salon.business, world.MARINA_SESSION), url_of(salon.business, world.IRINA_SESSION)
    assert asking.post(f"{url}/unmask", {"written": REASON}).status_code == 302
    shown = page(asking, url)
    assert "Марина К." in shown
    assert "Вам открыто до" in shown
    assert "Ирина" not in page(asking, other)
    assert "Марина" not in page(asking, f"/b/{salon.business}/dialogues")
    assert "Марина К." not in page(salon.browser(Visitor.INTEGRATOR), url), "another device of the same person"


def test_the_reason_is_read_by_the_owner_without_the_client(salon: Cast, asking: Client) -> None:
    url = url_of(salon.business, world.MARINA_SESSION)
    asking.post(f"{url}/unmask", {"chosen": "Разбираю ошибку источника"})
    asking.post(f"{url}/unmask", {"written": REASON})
    settle(salon.business)
    owner = salon.browser(Visitor.OWNER)
    told = page(owner, f"/b/{salon.business}/access-log")
    assert "жалуется на цену" in told
    assert "Разбираю ошибку источника" in told
    assert "Марина жалуется" not in told
    assert "жалуется на цену" in page(owner, f"{url}/looks")


def test_it_ends_by_itself(salon: Cast, asking: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    url = url_of(salon.business, world.MARINA_SESSION)
    asking.post(f"{url}/unmask", {"written": REASON})
    later = clock.now() + unmasking.SHOWN_FOR + timedelta(seconds=1)
    monkeypatch.setattr("letopis.privacy.unmasking.clock.now", lambda: later)
    assert "Марина К." not in page(asking, url)


def test_it_ends_with_the_right(salon: Cast, asking: Client) -> None:
    url = url_of(salon.business, world.MARINA_SESSION)
    asking.post(f"{url}/unmask", {"written": REASON})
    assert let_ask(salon, "0") == 302
    assert "Марина К." not in page(asking, url)
    assert "Показать" not in page(asking, url)


def test_only_the_owner_lets_ask_and_it_is_noted(salon: Cast) -> None:
    for visitor in (Visitor.MANAGER, Visitor.INTEGRATOR):
        assert let_ask(salon, "1", visitor) == 403
    let_ask(salon, "1")
    assert "может просить показать скрытое" in page(salon.browser(Visitor.OWNER), f"/b/{salon.business}/access")
    assert [act for act, _, refused in looks(salon.business) if not refused] == ["asking_allowed"]


def test_a_role_given_anew_may_not_ask(salon: Cast, asking: Client) -> None:
    person = salon.people[Visitor.INTEGRATOR]
    give_role(person, salon.business, "integrator")
    assert "Показать" not in page(asking, url_of(salon.business, world.MARINA_SESSION))


def test_only_so_many_at_once(salon: Cast, asking: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("letopis.privacy.unmasking.SHOWN_AT_ONCE_MAX", 1)
    first, second = url_of(salon.business, world.MARINA_SESSION), url_of(salon.business, world.IRINA_SESSION)
    for url in (first, second):
        asking.post(f"{url}/unmask", {"written": REASON})
    assert "Марина К." not in page(asking, first)
    assert "Ирина В." in page(asking, second)


def test_another_business_is_not_shown(salon: Cast, asking: Client, stranger_business: UUID) -> None:
    url = url_of(salon.business, world.MARINA_SESSION).replace(str(salon.business), str(stranger_business))
    assert asking.post(f"{url}/unmask", {"written": REASON}).status_code == 404
