"""The access ledger: every look stands in it once, in order, whatever is killed; bursts are noticed once."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis import worker
from letopis.access.wall import enter
from letopis.base import clock, database
from letopis.journal.entries import read_after
from letopis.journal.held import Held, hold
from letopis.journal.origin import ACCESS
from letopis.journal.verify import verify
from letopis.privacy.looks import bursts, ledger
from letopis.privacy.looks.bursts import HOUR, OPENED_AN_HOUR_MAX, REFUSED_IN_A_ROW_MAX, Sign, day_bound
from tests.privacy.conftest import write_note as note

ANNA, OLGA = 1, 2
Connection = psycopg.Connection[Any]


@pytest.fixture
def conn(app_connection: Connection) -> Connection:
    return app_connection


def notes(conn: Connection, business: UUID) -> int:
    return int(_all(conn, business, "SELECT count(*) FROM access_look WHERE business_id = %s")[0][0])


def entries(conn: Connection, business: UUID) -> list[Any]:
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        return [one for one in read_after(cur, business, -1, 1000, ACCESS) if one.type.startswith("look.")]


def found_bursts(conn: Connection, business: UUID) -> list[tuple[str, int]]:
    return _all(conn, business, "SELECT sign, person_id FROM privacy_burst WHERE business_id = %s ORDER BY 1, 2")


def _all(conn: Connection, business: UUID, query: Any) -> list[Any]:
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        return cur.execute(query, (business,)).fetchall()


def settle(conn: Connection, business: UUID) -> None:
    while ledger.work(conn, business):
        pass


def test_nothing_noted_makes_no_entry(conn: Connection, business: UUID) -> None:
    settle(conn, business)
    assert entries(conn, business) == []
    assert business not in ledger.waiting(conn)


def test_notes_become_entries_in_order_and_are_gone(conn: Connection, business: UUID) -> None:
    began = clock.now() - timedelta(minutes=5)
    for number in (3, 1, 2):
        note(conn, business, number, at=began + timedelta(seconds=number))
    assert business in ledger.waiting(conn)
    settle(conn, business)
    assert [one.meta["id"] for one in entries(conn, business)] == ["1", "2", "3"]
    assert notes(conn, business) == 0
    assert business not in ledger.waiting(conn)


def test_entry_holds_numbers_and_the_reason_apart(conn: Connection, business: UUID) -> None:
    note(conn, business, 5, act="unmasked", reason="клиент спорит о цене")
    settle(conn, business)
    (entry,) = entries(conn, business)
    assert entry.meta == {"kind": "dialogue", "id": "5", "role": "manager", "person": ANNA}
    assert entry.text == "клиент спорит о цене"


def test_ledger_is_verified_and_tells_of_a_change(
    conn: Connection, business: UUID, owner_connection: Connection
) -> None:
    for number in range(3):
        note(conn, business, number)
    settle(conn, business)
    assert verify(business, log=ACCESS).problems == []
    owner_connection.execute(
        "UPDATE journal_content SET meta = %s WHERE business_id = %s AND log = %s AND seq = 2",
        (b'{"id":"9"}', business, ACCESS),
    )
    assert [one.seq for one in verify(business, log=ACCESS).problems] == [2]


def test_pages_cannot_take_a_note_back(conn: Connection, business: UUID) -> None:
    note(conn, business, 1)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _all(conn, business, "DELETE FROM access_look WHERE business_id = %s RETURNING 1")
    assert notes(conn, business) == 1


def test_move_that_breaks_loses_and_repeats_nothing(
    conn: Connection, business: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection dies after the entries are written and before COMMIT."""
    for number in range(4):
        note(conn, business, number)

    class Dead(Exception):
        pass

    append = Held.append

    def dies(held: Any, drafts: Any) -> Any:
        append(held, drafts)
        raise Dead

    with monkeypatch.context() as patch:
        patch.setattr(Held, "append", dies)
        with pytest.raises(Dead):
            ledger.move(conn, business)
    assert (notes(conn, business), entries(conn, business)) == (4, [])
    settle(conn, business)
    settle(conn, business)
    assert sorted(one.meta["id"] for one in entries(conn, business)) == ["0", "1", "2", "3"]
    assert verify(business, log=ACCESS).problems == []


def test_worker_killed_by_the_server_repeats_nothing(
    conn: Connection, business: UUID, owner_connection: Connection
) -> None:
    for number in range(4):
        note(conn, business, number)
    with database.connect() as other:
        other.autocommit = False
        cur = other.cursor()
        hold(cur, business, ACCESS, database.SCRIBE).append([])
        assert len(ledger.QUERIES.rows(cur, "take_notes", business=business, limit=10)) == 4
        owner_connection.execute("SELECT pg_terminate_backend(%s)", (other.info.backend_pid,))
        with pytest.raises(psycopg.OperationalError):
            other.commit()
    settle(conn, business)
    assert len(entries(conn, business)) == 4


def test_note_of_a_slow_page_is_not_passed_over(conn: Connection, business: UUID) -> None:
    """Its transaction began first and ends last: by then later notes are in the ledger."""
    early = clock.now() - timedelta(minutes=1)
    note(conn, business, "later")
    settle(conn, business)
    note(conn, business, "early", at=early)
    settle(conn, business)
    assert [one.meta["id"] for one in entries(conn, business)] == ["later", "early"]


def test_two_workers_move_every_note_once(conn: Connection, business: UUID) -> None:
    for number in range(40):
        note(conn, business, number)

    def work() -> None:
        with database.connect() as other:
            while ledger.work(other, business):
                pass

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    settle(conn, business)
    assert sorted(int(one.meta["id"]) for one in entries(conn, business)) == list(range(40))
    assert len(_all(conn, business, "SELECT seq FROM privacy_look WHERE business_id = %s")) == 40


def test_the_worker_moves_notes_in_its_rounds(conn: Connection, business: UUID) -> None:
    note(conn, business, 7)
    with database.connect() as other:
        while worker.Worker()._round(other):
            pass
    assert [one.meta["id"] for one in entries(conn, business)] == ["7"]


def test_older_rows_are_derived_anew(conn: Connection, business: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    note(conn, business, 7)
    settle(conn, business)
    monkeypatch.setattr(ledger, "VERSION", ledger.VERSION + 1)
    assert business in ledger.waiting(conn)
    settle(conn, business)
    assert len(_all(conn, business, "SELECT seq FROM privacy_look WHERE business_id = %s")) == 1


def test_rows_derived_anew_are_the_same(conn: Connection, business: UUID) -> None:
    for number in range(5):
        note(conn, business, number, person=None if number == 4 else OLGA, reason="спор" if number == 2 else "")
    settle(conn, business)
    query = "SELECT * FROM privacy_look WHERE business_id = %s ORDER BY seq"
    before = _all(conn, business, query)
    assert len(before) == 5
    ledger.rebuild(conn, business)
    assert _all(conn, business, query) == before


def read_in_an_hour(
    conn: Connection, business: UUID, count: int, *, person: int, since: datetime, first: int = 0
) -> None:
    for number in range(count):
        note(conn, business, first + number, person=person, at=since + timedelta(seconds=number))


def test_busy_hour_within_the_bound_is_silent(conn: Connection, business: UUID) -> None:
    since = clock.now() - timedelta(hours=2)
    read_in_an_hour(conn, business, OPENED_AN_HOUR_MAX, person=ANNA, since=since)
    read_in_an_hour(conn, business, 30, person=ANNA, since=since + timedelta(minutes=20))
    settle(conn, business)
    assert found_bursts(conn, business) == []


def test_two_bursts_at_once_are_two_and_each_is_told_once(conn: Connection, business: UUID) -> None:
    since = clock.now() - 3 * HOUR
    for person in (ANNA, OLGA):
        read_in_an_hour(conn, business, OPENED_AN_HOUR_MAX + 30, person=person, since=since)
    settle(conn, business)
    # The same burst goes on.
    read_in_an_hour(conn, business, 20, person=ANNA, since=since + timedelta(minutes=40), first=500)
    settle(conn, business)
    assert found_bursts(conn, business) == [(Sign.HOUR, ANNA), (Sign.HOUR, OLGA)]
    told = [one for one in entries(conn, business) if one.type == "look.burst"]
    assert sorted(one.meta["person"] for one in told) == [ANNA, OLGA]


def test_another_burst_later_is_told_again(conn: Connection, business: UUID) -> None:
    for hours in (9, 3):
        read_in_an_hour(conn, business, OPENED_AN_HOUR_MAX + 1, person=ANNA, since=clock.now() - hours * HOUR)
        settle(conn, business)
    assert found_bursts(conn, business) == [(Sign.HOUR, ANNA)] * 2


def test_program_that_reads_all_is_no_burst(conn: Connection, business: UUID) -> None:
    for number in range(OPENED_AN_HOUR_MAX + 20):
        note(conn, business, number, person=None)
    settle(conn, business)
    assert found_bursts(conn, business) == []


@pytest.mark.parametrize(("count", "expected"), [(REFUSED_IN_A_ROW_MAX, 0), (REFUSED_IN_A_ROW_MAX + 1, 1)])
def test_refusals_in_a_row(conn: Connection, business: UUID, count: int, expected: int) -> None:
    for number in range(count):
        note(conn, business, number, refused=True)
    settle(conn, business)
    assert found_bursts(conn, business) == [(Sign.REFUSED, ANNA)] * expected


def test_answered_look_ends_the_row_of_refusals(conn: Connection, business: UUID) -> None:
    for number in range(REFUSED_IN_A_ROW_MAX * 2):
        note(conn, business, number, refused=number != REFUSED_IN_A_ROW_MAX)
    settle(conn, business)
    assert found_bursts(conn, business) == []


def quiet_days(conn: Connection, business: UUID, a_day: int) -> Iterator[datetime]:
    for days in range(8, 0, -1):
        morning = clock.now().replace(hour=9) - timedelta(days=days)
        for number in range(a_day):
            note(conn, business, number, at=morning + timedelta(minutes=number))
        yield morning


def test_day_far_over_the_usual_is_noticed(conn: Connection, business: UUID) -> None:
    morning = list(quiet_days(conn, business, 5))[-1] - timedelta(hours=6)
    settle(conn, business)
    assert found_bursts(conn, business) == []
    # Never more than forty an hour, but a hundred and fifty a day.
    for number in range(150):
        note(conn, business, 1000 + number, at=morning + timedelta(seconds=90 * number))
    settle(conn, business)
    assert found_bursts(conn, business) == [(Sign.DAY, ANNA)]


def test_bound_of_a_day_needs_days_to_compare() -> None:
    assert day_bound([5, 5, 5, 5]) is None
    assert day_bound([5] * 5) == bursts.OPENED_A_DAY_MIN
    assert day_bound([50] * 5) == 200
