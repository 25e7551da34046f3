"""Terms that are over: nothing goes a day early, nothing stays a day late, figures stand, and rebuilt is the same."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.access.wall import enter
from letopis.base import clock
from letopis.base.errors import SenderError
from letopis.intake import faults, quarantine
from letopis.intake.faults import Fault
from letopis.intake.mapping import map_event
from letopis.intake.models import State
from letopis.intake.values import Context
from letopis.journal.draft import RAW
from letopis.journal.entries import raw_of
from letopis.journal.verify import verify
from letopis.privacy.retention import reader as retention
from letopis.privacy.retention.policy import Kept
from letopis.subjects.retention import expiry
from letopis.subjects.retention.expiry import expire
from tests.metrics.equality_test import same_when_rebuilt
from tests.metrics.journal import MOSCOW, after, at, derived, read_all, write
from tests.subjects.conftest import Browser
from tests.subjects.erasure_test import NAME, PHONE, WORDS, entries, text_of

Conn = psycopg.Connection[Any]
ALL_90: dict[Kept, int] = dict.fromkeys(Kept, 90)
GROUND = "Иск клиента, дело 2-1234/2026"


def approve(business: UUID, conn: Conn, days: Mapping[Kept, int] | None = None, ground: str = "") -> None:
    retention.approve(business, days or ALL_90, ground, "Анна Ладова")
    read_all(conn, business)


@pytest.fixture
def told(business: UUID, app_connection: Conn) -> UUID:
    """What a salon hears in a day, as of now: the terms run from its receipt and from the last contact."""
    now = clock.now() - timedelta(hours=1)
    photo = [{"name": "канарейка.jpg", "url": "https://files.example/1"}]
    write(
        business,
        [
            at(now, "message_in", message=WORDS, session_id="s1", name=NAME, phone=PHONE, files=photo),
            at(
                now,
                "tool_call",
                session_id="s1",
                name="Мария К.",
                tool="find_slots",
                attributes={"service": "Аквагрим", "phone": PHONE},
            ),
            at(now, "message_out", message="Записать вас на 15:30?", session_id="s1", role="assistant"),
            at(now, "message_in", message="Спасибо", session_id="s2", client_id="tg_2", name="Олег"),
            at(now, "message_in", message="Кто это?", session_id="s3", client_id=None),
        ],
    )
    read_all(app_connection, business)
    return business


def in_days(days: float) -> datetime:
    return clock.now() + timedelta(days=days)


def test_nothing_goes_without_an_approved_policy(told: UUID, app_connection: Conn) -> None:
    before = derived(app_connection, told)
    assert expire(told, in_days(4000)) == {}
    assert derived(app_connection, told) == before


def test_all_classes_go_on_their_day_and_none_before(told: UUID, app_connection: Conn) -> None:
    approve(told, app_connection)
    before = derived(app_connection, told)
    assert expire(told, in_days(89.9)) == {}
    gone = expire(told, in_days(91))
    assert gone == {Kept.RAW: 5, Kept.TRACE: 1, Kept.ATTACH: 1, Kept.TEXT: 4, Kept.WHO: 3}
    read_all(app_connection, told)
    shown = text_of(derived(app_connection, told))
    for word in (NAME, "Канарейкин", PHONE, "9201234567", "tg_1", "tg_2", '"s1"', '"s3"', "аквагрим"):
        assert word not in shown, word
    found = entries(app_connection, told)
    assert not any(entry.text for entry in found)
    assert not any({"name", "phone"} & entry.who.keys() for entry in found)
    cur: Any
    with app_connection.transaction(), app_connection.cursor() as cur:
        enter(cur, told)
        assert [raw_of(cur, told, entry.seq) for entry in found] == [None] * len(found)
    now = same_when_rebuilt(app_connection, told)
    assert now["metrics_cell"] == before["metrics_cell"]
    assert verify(told).problems == []


def test_second_run_finds_nothing(told: UUID, app_connection: Conn) -> None:
    approve(told, app_connection)
    expire(told, in_days(91))
    read_all(app_connection, told)
    size = len(entries(app_connection, told))
    assert expire(told, in_days(92)) == {}
    assert len(entries(app_connection, told)) == size


def test_each_class_has_its_own_term(told: UUID, app_connection: Conn) -> None:
    days = {Kept.RAW: 30, Kept.TRACE: 90, Kept.ATTACH: 120, Kept.TEXT: 180, Kept.WHO: 365}
    approve(told, app_connection, days)
    steps = [(31, Kept.RAW), (91, Kept.TRACE), (121, Kept.ATTACH), (181, Kept.TEXT), (366, Kept.WHO)]
    for day, kept in steps:
        assert list(expire(told, in_days(day))) == [kept], day
        read_all(app_connection, told)
        same_when_rebuilt(app_connection, told)
    assert verify(told).problems == []


def test_words_go_from_the_search_while_the_client_stays(told: UUID, app_connection: Conn) -> None:
    approve(told, app_connection, {**ALL_90, Kept.WHO: 365})
    expire(told, in_days(91))
    read_all(app_connection, told)
    rows = derived(app_connection, told)
    assert [row["first_line"] for row in rows["dialogues_dialogue"]] == ["", "", ""]
    words = {row["word"] for row in rows["dialogues_word"]}
    assert "name:мария" in words
    assert not any(word.startswith("аквагрим") for word in words)


def test_term_of_a_client_runs_from_the_last_contact(business: UUID, app_connection: Conn) -> None:
    long_ago, lately = in_days(-100), in_days(-1)
    write(
        business,
        [
            at(long_ago, "message_in", message="Здравствуйте", session_id="s1"),
            at(long_ago, "message_in", message="Здравствуйте", session_id="s2", client_id="tg_2"),
            at(lately, "message_in", message="Это снова я", session_id="s3"),
        ],
    )
    read_all(app_connection, business)
    approve(business, app_connection)
    assert expire(business, clock.now()) == {Kept.WHO: 1}
    read_all(app_connection, business)
    clients = {row["client_id"] for row in derived(app_connection, business)["clients_identity"]}
    assert "tg_1" in clients
    assert "tg_2" not in clients


def test_many_acts_go_on_where_they_were(told: UUID, app_connection: Conn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiry, "ENTRIES_MAX", 2)
    monkeypatch.setattr(expiry, "PERSONS_AT_ONCE_MAX", 1)
    approve(told, app_connection)
    assert expire(told, in_days(91))[Kept.RAW] == 5
    read_all(app_connection, told)
    same_when_rebuilt(app_connection, told)
    assert verify(told).problems == []


def test_later_policy_stands(told: UUID, app_connection: Conn) -> None:
    approve(told, app_connection)
    approve(told, app_connection, {**ALL_90, Kept.TEXT: 400, Kept.WHO: 400}, GROUND)
    assert Kept.TEXT not in expire(told, in_days(91))


@pytest.mark.parametrize(
    ("days", "ground", "field"),
    [
        ({Kept.TEXT: 89}, "", "text"),
        ({Kept.RAW: 6}, "", "raw"),
        ({Kept.WHO: 4000}, GROUND, "who"),
        ({Kept.TEXT: 180}, "", "text"),
        ({Kept.WHO: 400}, "", "ground"),
        ({Kept.WHO: 400}, "надо", "ground"),
    ],
)
def test_wrong_terms_name_the_class(business: UUID, days: dict[Kept, int], ground: str, field: str) -> None:
    with pytest.raises(SenderError) as told:
        retention.approve(business, ALL_90 | days, ground, "Анна Ладова")
    assert told.value.field == field


def test_no_sender_sets_terms(business: UUID) -> None:
    event = {"event": retention.KIND, "source": "letopis", "timestamp": "2026-11-01T09:00:00+03:00", "text_days": 90}
    faults = map_event(event, Context(business, "letopis", MOSCOW), b"{}")
    assert isinstance(faults, list)
    assert [fault.field for fault in faults] == ["event"]


def test_raw_alone_changes_nothing_derived(told: UUID, app_connection: Conn) -> None:
    approve(told, app_connection, {**dict.fromkeys(Kept, 365), Kept.RAW: 7})
    before = derived(app_connection, told)
    assert expiry.SLOTS[Kept.RAW] == (RAW,)
    assert list(expire(told, in_days(8))) == [Kept.RAW]
    read_all(app_connection, told)
    assert {table: rows for table, rows in derived(app_connection, told).items() if table != "privacy_expired"} == {
        table: rows for table, rows in before.items() if table != "privacy_expired"
    }


def test_neighbour_keeps_what_is_his(told: UUID, stranger_business: UUID, app_connection: Conn) -> None:
    write(stranger_business, [after(0, "message_in", message=WORDS, name=NAME, session_id="s1")])
    read_all(app_connection, stranger_business)
    before = derived(app_connection, stranger_business)
    approve(told, app_connection)
    expire(told, in_days(91))
    assert derived(app_connection, stranger_business) == before
    assert expire(stranger_business, in_days(91)) == {}


def test_quarantine_goes_with_the_bodies(told: UUID, app_connection: Conn, browser: Browser) -> None:
    def raws() -> list[bytes]:
        with app_connection.transaction(), app_connection.cursor() as cur:
            enter(cur, told)
            found = quarantine.pieces(cur, told) + quarantine.pieces(cur, told, State.DROPPED)
            return [piece.raw for piece in found]

    approve(told, app_connection, {**dict.fromkeys(Kept, 365), Kept.RAW: 30})
    with app_connection.transaction(), app_connection.cursor() as cur:
        enter(cur, told)
        quarantine.keep(cur, told, "telegram", [(NAME.encode(), [Fault("event", faults.NO_EVENT)])])
    expire(told, in_days(29.9))
    assert raws() == [NAME.encode()]
    expire(told, in_days(31))
    assert raws() == [b""]
    assert "Срок хранения вышел" in browser("owner").get(f"/b/{told}/quarantine?state=dropped").content.decode()
