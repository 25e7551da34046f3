"""Taking content out: what goes, what stays, what the journal says of it, and that nothing brings it back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.access.wall import enter
from letopis.base.database import ERASER, connect
from letopis.journal import erasing, lj1
from letopis.journal.draft import ATTACH, RAW, TEXT, WHO, Draft, Outcome
from letopis.journal.entries import Entry, raw_of, read_after, read_some
from letopis.journal.erasing import Act, Remains, erase
from letopis.journal.erasures import ERASED, EXPIRED, erased_by
from letopis.journal.held import Held, hold
from letopis.journal.scribe import append_now
from letopis.journal.verify import verify
from tests.journal.made import message, messages

Conn = psycopg.Connection[Any]
EVERYTHING = Act(ERASED, "subject_request", (WHO, TEXT, RAW, ATTACH), {"act": "2026-1"})


@contextmanager
def holding(business: UUID) -> Iterator[tuple[Any, Held]]:
    with connect(ERASER) as conn, conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        yield cur, hold(cur, business)


def take(business: UUID, seqs: Sequence[int], act: Act = EVERYTHING, remains: Sequence[Remains] = ()) -> list[int]:
    with holding(business) as (cur, held):
        return erase(cur, business, held, act, seqs, remains)


def entries(conn: Conn, business: UUID) -> dict[int, Entry]:
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        return {entry.seq: entry for entry in read_after(cur, business, -1, 100)}


def test_content_goes_and_the_journal_says_so(business: UUID, app_connection: Conn) -> None:
    append_now(messages(business, 5, first=1))
    [told] = take(business, [2, 3, 5])
    found = entries(app_connection, business)
    assert [seq for seq, entry in found.items() if entry.text] == [1, 4]
    assert [seq for seq, entry in found.items() if entry.who] == [1, 4]
    assert found[2].meta == {"role": "client"}, "slot 1 stays"
    assert found[told].meta == {
        "slots": [2, 3, 4, 5],
        "reason": "subject_request",
        "act": "2026-1",
        "count": 3,
        "entries": [5],
        "ranges": [[2, 3]],
    }
    cur: Any
    with app_connection.transaction(), app_connection.cursor() as cur:
        enter(cur, business)
        assert raw_of(cur, business, 2) is None
        assert raw_of(cur, business, 4) is not None
    verdict = verify(business)
    assert (verdict.problems, verdict.entries) == ([], told + 1)


def test_only_the_named_slots_go(business: UUID, app_connection: Conn) -> None:
    append_now(messages(business, 1, first=1))
    take(business, [1], Act(EXPIRED, "retention", (TEXT,)))
    entry = entries(app_connection, business)[1]
    assert (entry.text, entry.who["client_id"]) == (None, "tg_12345678")
    assert verify(business).problems == []


def test_remains_stand_in_for_what_is_gone(business: UUID, app_connection: Conn) -> None:
    append_now(messages(business, 2, first=1))
    take(business, [1], Act(EXPIRED, "retention", (TEXT,)), [Remains(1, said={"said": "request", "asks": True})])
    kept = entries(app_connection, business)[1]
    assert (kept.said, kept.who["client_id"]) == ({"said": "request", "asks": True}, "tg_12345678")
    take(business, [1, 2], remains=[Remains(1, {"client_id": "~9.1"}), Remains(2, {"client_id": "~9.1"})])
    found = entries(app_connection, business)
    assert [found[seq].who for seq in (1, 2)] == [{"client_id": "~9.1"}] * 2
    assert found[1].said == {"said": "request", "asks": True}, "a later act does not lose what an earlier one kept"
    with app_connection.transaction(), app_connection.cursor() as cur:
        enter(cur, business)
        assert read_some(cur, business, [1])[1] == found[1], "by number as in order"


def test_resent_event_does_not_bring_it_back(business: UUID, app_connection: Conn) -> None:
    first = message(business, 7)
    append_now([first])
    take(business, [1], remains=[Remains(1, {"client_id": "~2.1"})])
    again, changed = append_now([first, message(business, 7, text="Это снова я, Мария")])
    assert (again.outcome, changed.outcome) == (Outcome.DUPLICATE, Outcome.CONFLICT)
    assert len(entries(app_connection, business)) == 3, "opening, event, erasure: nothing was stored"


def test_large_act_is_told_in_parts(business: UUID, app_connection: Conn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "ENTRIES_MAX", 2)
    append_now(messages(business, 5, first=1))
    told = take(business, [5, 3, 1, 2, 4])
    parts = [erased_by(entries(app_connection, business)[seq]) for seq in told]
    assert [(one.part, one.parts) for one in parts if one] == [(1, 3), (2, 3), (3, 3)]
    assert verify(business).problems == []


def test_appending_goes_on_behind_an_act(business: UUID) -> None:
    """The tree that the act left is the one that the scribe takes up, also over the edge of a full block."""
    append_now(messages(business, 254, first=1))
    take(business, [1])
    append_now(messages(business, 10, first=300))
    take(business, [2])
    append_now(messages(business, 300, first=400))
    verdict = verify(business)
    assert (verdict.problems, verdict.entries) == ([], 1 + 254 + 1 + 10 + 1 + 300)


def test_half_an_act_is_none(business: UUID, app_connection: Conn) -> None:
    append_now(messages(business, 2, first=1))
    with holding(business) as (cur, held):
        erase(cur, business, held, EVERYTHING, [1], [])
        raise psycopg.Rollback
    found = entries(app_connection, business)
    assert len(found) == 3
    assert found[1].text
    assert verify(business).problems == []


def test_nothing_of_another_business_goes(business: UUID, stranger_business: UUID, app_connection: Conn) -> None:
    append_now([*messages(business, 2, first=1), *messages(stranger_business, 2, first=1)])
    take(business, [1, 2])
    assert all(entry.text for entry in entries(app_connection, stranger_business).values() if not entry.kind)


@pytest.mark.parametrize("statement", [
    "UPDATE journal_content SET text = NULL",
    "DELETE FROM journal_raw",
    "INSERT INTO journal_remains (business_id, log, seq) VALUES (%(business)s, 'events/1', 1)",
])  # fmt: skip
def test_pages_and_readers_take_nothing_out(business: UUID, app_connection: Conn, statement: str) -> None:
    append_now(messages(business, 1))
    enter(app_connection.cursor(), business)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute(statement, {"business": business})


def test_eraser_changes_no_leaf(business: UUID) -> None:
    append_now(messages(business, 1))
    with pytest.raises(psycopg.errors.InsufficientPrivilege), holding(business) as (cur, _):
        cur.execute("UPDATE journal_entry SET level = 0")


def test_entry_too_large_for_a_log_of_ours_is_our_fault(business: UUID) -> None:
    with pytest.raises(Exception, match="cannot be stored"), holding(business) as (_, held):
        held.append([Draft(business, "x" * 300, "letopis", ((1, lj1.encode({})),), b"", kind=1)])
