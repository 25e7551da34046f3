"""The page of terms: what is kept is counted, other terms are tried on it, and only the owner approves."""

import html
import re
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.test import Client

from letopis.access.wall import enter
from letopis.journal.entries import Entry
from letopis.privacy.retention.policy import Kept
from letopis.subjects.retention import pages
from letopis.subjects.retention.expiry import expire
from letopis.subjects.retention.preview import over_of, preview
from tests.metrics.journal import read_all
from tests.subjects.conftest import Browser
from tests.subjects.erasure_test import entries
from tests.subjects.expiry_test import GROUND, approve, in_days, told

__all__ = ["told"]

Conn = psycopg.Connection[Any]
HALF_A_YEAR = {"who": "365", "text": "180", "attach": "180", "trace": "90", "raw": "30", "ground": ""}


def words_of(page: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).replace("\xa0", " ").split())


def look(client: Client, business: UUID) -> str:
    page = client.get(f"/b/{business}/retention")
    assert page.status_code == 200
    return words_of(page)


def send(client: Client, business: UUID, button: str, **changed: str) -> Any:
    return client.post(f"/b/{business}/retention/terms", HALF_A_YEAR | changed | {button: "1"})


def policies(conn: Conn, business: UUID) -> list[Entry]:
    return [entry for entry in entries(conn, business) if entry.type == "retention.set"]


def test_nothing_approved_is_said_first(told: UUID, browser: Browser) -> None:
    assert "Сроки ещё не утверждены, поэтому ничего не удаляется" in look(browser("owner"), told)


def test_owner_tries_and_approves(told: UUID, browser: Browser, app_connection: Conn) -> None:
    owner = browser("owner")
    tried = words_of(send(owner, told, "try"))
    assert "этой ночью ничего не уйдёт" in tried
    assert policies(app_connection, told) == [], "to try is not to approve"
    answer = send(owner, told, "approve")
    assert answer.status_code == 302
    read_all(app_connection, told)
    [entry] = policies(app_connection, told)
    assert {kept: entry.meta[f"{kept}_days"] for kept in Kept} == {
        Kept.WHO: 365,
        Kept.TEXT: 180,
        Kept.ATTACH: 180,
        Kept.TRACE: 90,
        Kept.RAW: 30,
    }
    assert entry.who == {"person": "Анна Ладова"}
    shown = look(owner, told)
    assert "Слова переписки храним 6 месяцев, имена и телефоны — 12 месяцев после последнего обращения" in shown
    assert "Как решали" in shown


def test_dry_run_counts_what_would_go(told: UUID, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    later = in_days(200)
    monkeypatch.setattr(pages.clock, "now", lambda: later)
    tried = words_of(send(browser("owner"), told, "try"))
    assert (
        "этой ночью навсегда уйдут: слова 4 сообщений, 1 вложение, 1 технический след, 5 запросов, как пришли" in tried
    )


def test_dry_run_agrees_with_the_night(told: UUID, browser: Browser, app_connection: Conn) -> None:
    """What the page says would go is what goes."""
    approve(told, app_connection)
    cur: Any
    with app_connection.transaction(), app_connection.cursor() as cur:
        enter(cur, told)
        expected = over_of(preview(cur, told, dict.fromkeys(Kept, 90), in_days(91)))
    gone = expire(told, in_days(91))
    assert {kept: expected[kept] for kept in (Kept.RAW, Kept.TRACE, Kept.ATTACH, Kept.TEXT)} == {
        kept: gone[kept] for kept in (Kept.RAW, Kept.TRACE, Kept.ATTACH, Kept.TEXT)
    }
    assert expected[Kept.WHO] == 2, "who has no id is counted by nobody"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"text": "548", "who": "548"}, "нужно письменное основание"),
        ({"text": "365", "who": "180"}, "Ничто не хранится дольше"),
        ({"text": "17"}, "17"),
        ({"raw": ""}, ""),
    ],
)
def test_wrong_terms_are_refused_with_the_remedy(
    told: UUID, browser: Browser, app_connection: Conn, changed: dict[str, str], words: str
) -> None:
    answer = send(browser("owner"), told, "approve", **changed)
    assert answer.status_code == 400
    assert words in words_of(answer)
    assert policies(app_connection, told) == []


def test_longer_with_a_ground(told: UUID, browser: Browser, app_connection: Conn) -> None:
    assert send(browser("owner"), told, "approve", text="548", who="730", ground=GROUND).status_code == 302
    assert policies(app_connection, told)[0].meta["ground"] == GROUND


def test_manager_sees_and_does_not_decide(told: UUID, browser: Browser, app_connection: Conn) -> None:
    manager = browser("manager")
    assert "Показать, что уйдёт" not in look(manager, told)
    assert send(manager, told, "approve").status_code == 403
    assert browser("integrator").get(f"/b/{told}/retention").status_code == 403
    assert policies(app_connection, told) == []


def test_owner_of_another_salon_finds_nothing(told: UUID, stranger_business: UUID, browser: Browser) -> None:
    stranger = browser("owner", stranger_business)
    assert stranger.get(f"/b/{told}/retention").status_code == 404
    assert send(stranger, told, "approve").status_code == 404
