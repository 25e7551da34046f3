"""Clients with one verified phone become one person by themselves, once, and never against what a person said."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.clients.phones import HOLDERS_MAX, is_verified
from letopis.clients.twins import Twin, apart, businesses_with_twins, tell_twins
from letopis.journal.entries import Entry, read_after
from letopis.metrics import pipeline
from tests.metrics.journal import Event, after, at_work, derived, read_all, rows, write
from tests.sdk.standin import wait_for

Conn = psycopg.Connection[Any]
TOLD_S_MAX = 20.0
PHONE = "+79201231408"
HIS = after(0, "message_in", message="Здравствуйте", name="Марина", phone="8 (920) 123-14-08")
HERS = after(10, "message_in", client_id="wa_1", source="whatsapp", message="Это снова я", phone=PHONE)
THIRD = after(20, "call", client_id="tel_79201231408", source="phone", phone=PHONE, result="answered")
UNLINK = after(30, "identity_unlink", client_id="wa_1", other_client_id="tg_1")


def live(conn: Conn, business: UUID, events: Sequence[Event] = (), *, batch: int = 2000) -> int:
    """What the worker does: read all, tell, read what was told; how much was told."""
    write(business, [{**event, "dedup_key": event["timestamp"]} for event in events])
    told = 0
    while True:
        read_all(conn, business, batch=batch)
        now = tell_twins(conn, business, pipeline.READER)
        told += now
        if not now:
            return told


def links_in_journal(conn: Conn, business: UUID) -> list[Entry]:
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        pipeline.enter(cur, business)
        return [entry for entry in read_after(cur, business, -1, 1000) if entry.type == "identity_link"]


def persons(conn: Conn, business: UUID) -> int:
    return len({row["person_id"] for row in rows(conn, business, "clients_identity")})


@pytest.mark.parametrize(
    ("phone", "verified"),
    [
        (PHONE, True),
        ("+375291234567", True),
        ("8 (920) 123-14-08", False),
        ("+70000000000", False),
        ("+7920123140", False),
        ("позвоните мне", False),
        ("", False),
    ],
)
def test_number_is_verified_when_it_can_be_called(phone: str, verified: bool) -> None:
    assert is_verified(phone) is verified


def test_same_phone_in_two_channels_is_one_person(app_connection: Conn, business: UUID) -> None:
    assert live(app_connection, business, [HIS, HERS]) == 1
    [link] = links_in_journal(app_connection, business)
    assert (link.source, link.meta["by"], link.who["reason"]) == ("letopis", "letopis", "same_phone")
    assert {link.who["client_id"], link.who["other_client_id"]} == {"tg_1", "wa_1"}
    assert persons(app_connection, business) == 1
    assert live(app_connection, business) == 0


def test_three_clients_are_tied_by_two_links(app_connection: Conn, business: UUID) -> None:
    assert live(app_connection, business, [HIS, HERS, THIRD]) == 2
    assert persons(app_connection, business) == 1


def test_other_names_are_linked_all_the_same(app_connection: Conn, business: UUID) -> None:
    assert live(app_connection, business, [HIS, {**HERS, "name": "Пётр"}]) == 1
    assert persons(app_connection, business) == 1


def test_test_traffic_links_nobody(app_connection: Conn, business: UUID) -> None:
    assert live(app_connection, business, [HIS, {**HERS, "test": True}]) == 0
    assert persons(app_connection, business) == 2


def test_number_that_cannot_be_called_links_nobody(app_connection: Conn, business: UUID) -> None:
    assert live(app_connection, business, [{**one, "phone": "нет телефона"} for one in (HIS, HERS)]) == 0


def test_undone_link_is_not_told_again(app_connection: Conn, business: UUID) -> None:
    live(app_connection, business, [HIS, HERS])
    again = after(40, "message_in", client_id="wa_1", source="whatsapp", message="Снова", phone=PHONE)
    assert live(app_connection, business, [UNLINK, again]) == 0
    assert persons(app_connection, business) == 2


def test_parted_before_they_were_linked_stay_apart(app_connection: Conn, business: UUID) -> None:
    assert live(app_connection, business, [HIS, UNLINK, HERS]) == 0
    assert persons(app_connection, business) == 2


def test_second_number_does_not_join_the_parted(app_connection: Conn, business: UUID) -> None:
    """Mother and daughter were parted; a third client that shares a number with each must not bring them together."""
    live(app_connection, business, [HIS, HERS])
    live(app_connection, business, [UNLINK])
    shared = "+79201231409"
    third = [
        after(50, "message_in", client_id="vk_1", source="vk", message="Это я", phone=PHONE),
        after(60, "message_in", client_id="vk_1", source="vk", message="И это", phone=shared),
        after(70, "message_in", client_id="wa_1", source="whatsapp", message="И мой", phone=shared),
    ]
    assert live(app_connection, business, third) == 1
    assert persons(app_connection, business) == 2


def test_linked_already_by_somebody_needs_no_word(app_connection: Conn, business: UUID) -> None:
    link = after(20, "identity_link", client_id="tg_1", other_client_id="wa_1")
    assert live(app_connection, business, [HIS, HERS, link]) == 0


def test_number_of_many_ties_only_its_first_holders(app_connection: Conn, business: UUID) -> None:
    crowd = [
        after(n, "message_in", client_id=f"tg_{n}", message="Здравствуйте", phone=PHONE) for n in range(HOLDERS_MAX + 4)
    ]
    assert live(app_connection, business, crowd) == HOLDERS_MAX - 1


def test_nothing_is_told_while_entries_wait(app_connection: Conn, business: UUID) -> None:
    write(business, [HIS, HERS, UNLINK])
    pipeline.advance(app_connection, business, 3)
    assert tell_twins(app_connection, business, pipeline.READER) == 0


def test_step_by_step_equals_rebuilt(app_connection: Conn, business: UUID) -> None:
    told = live(app_connection, business, [HIS, HERS, THIRD], batch=1)
    live(app_connection, business, [UNLINK], batch=1)
    before = derived(app_connection, business)
    pipeline.rebuild(app_connection, business, lambda done, total: None)
    assert derived(app_connection, business) == before
    assert tell_twins(app_connection, business, pipeline.READER) == 0
    assert len(links_in_journal(app_connection, business)) == told


def test_told_twice_is_stored_once(
    app_connection: Conn, business: UUID, stranger_business: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that dies before the link is read tells it again; until then the business is found as left half-way."""
    write(business, [HIS, HERS])
    read_all(app_connection, business)
    assert businesses_with_twins(app_connection, [business, stranger_business]) == [business]
    assert tell_twins(app_connection, business, pipeline.READER) == 1
    monkeypatch.setattr("letopis.clients.twins.position_of", lambda *_: 1_000_000)
    assert tell_twins(app_connection, business, pipeline.READER) == 1
    assert len(links_in_journal(app_connection, business)) == 1
    read_all(app_connection, business)
    assert businesses_with_twins(app_connection, [business, stranger_business]) == []


def test_worker_tells_by_itself(app_connection: Conn, business: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("letopis.worker.seal.seal_what_grew", list)
    write(business, [HIS, HERS])
    with at_work():
        wait_for(lambda: persons(app_connection, business) == 1, TOLD_S_MAX)
    assert persons(app_connection, business) == 1
    assert len(links_in_journal(app_connection, business)) == 1


def test_one_person_is_told_of_once_a_round() -> None:
    at = datetime(2026, 10, 5, tzinfo=UTC)
    first, second, third = (Twin(f"c{n}", "c0", at, n, 0) for n in (1, 2, 3))
    apart_from_them = Twin("c5", "c4", at, 5, 4)
    assert list(apart([first, second, third, apart_from_them])) == [first, apart_from_them]
