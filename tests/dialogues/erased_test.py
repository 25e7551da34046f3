"""A message whose text was erased: the trace and the read API say when and why."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client

from letopis.access.keys import create_key
from letopis.access.wall import enter
from letopis.base import clock, format
from letopis.dialogues.models import Dialogue, Fact
from letopis.journal import lj1
from letopis.journal.draft import CONTROL, Draft
from letopis.journal.scribe import append_now
from tests import cast
from tests.dialogues.conftest import Browser

Conn = psycopg.Connection[Any]
WORDS = "15:00 подойдёт"


@pytest.fixture
def gone(salon: UUID, owner_connection: Conn) -> int:
    """Марина's answer has lost its text; its entry."""
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, salon)
        said = Fact.objects.filter(business_id=salon, dialogue_id=marina(salon), type="message_in")
        seq = said.order_by("at")[1].seq
    erased = owner_connection.execute(
        "UPDATE journal_content SET text = NULL, text_salt = NULL WHERE seq = %s AND business_id = %s", [seq, salon]
    )
    assert erased.rowcount == 1
    return seq


def marina(business: UUID) -> int:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return Dialogue.objects.get(business_id=business, session_id=cast.MARINA_SESSION).dialogue_id


def record(business: UUID, kind: str, seq: int, **told: Any) -> None:
    meta = lj1.encode({"slots": [3], "entries": [seq], **told})
    append_now([Draft(business, kind, "letopis", ((1, meta),), meta, kind=CONTROL)])


def page(browser: Browser, business: UUID, role: str = "owner") -> str:
    answer = browser(role).get(f"/b/{business}/dialogues/{marina(business)}", headers={"accept-language": "ru"})
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def api(business: UUID, seq: int) -> dict[str, Any]:
    _row, key = create_key(business, "reports", "read")
    client = Client(SERVER_NAME="localhost", headers={"authorization": f"Bearer {key}"})
    told = client.get(f"/api/v1/dialogues/{marina(business)}").json()
    return next(message for message in told["messages"] if message["seq"] == seq)


@pytest.mark.parametrize(
    ("kind", "told", "words", "code"),
    [
        ("content.expired", {"reason": "retention"}, "по сроку хранения. Запись в журнале цела.", "expired"),
        ("content.erased", {"reason": "subject_request"}, "по просьбе клиента. Запись", "subject_request"),
        ("content.erased", {"reason": "wrong_person"}, ", причина: wrong_person. Запись", "wrong_person"),
        ("content.erased", {}, ". Запись в журнале цела.", "erased"),
    ],
)
def test_erased_text_shows_when_and_why(
    salon: UUID, gone: int, browser: Browser, kind: str, told: dict[str, str], words: str, code: str
) -> None:
    record(salon, kind, gone, **told)
    day = format.day(clock.now()).replace("\xa0", " ")
    for role in ("owner", "integrator"):
        assert f"Текст удалён {day}" in page(browser, salon, role)
        assert words in page(browser, salon, role)
    message = api(salon, gone)
    assert (message["text"], message["erased_for"]) == (None, code)
    assert message["erased_at"] is not None


def test_text_that_is_gone_without_a_record_is_an_alarm(salon: UUID, gone: int, browser: Browser) -> None:
    assert "ни одна запись журнала не говорит почему" in page(browser, salon)
    message = api(salon, gone)
    assert (message["erased_at"], message["erased_for"]) == (None, "unrecorded")


def test_text_that_is_there_is_not_erased(salon: UUID, browser: Browser) -> None:
    shown = page(browser, salon)
    assert WORDS in shown
    assert "Текст удалён" not in shown
