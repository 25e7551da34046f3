"""Whatever is changed in the store, `verify` names the place."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.journal import lj1
from letopis.journal import verify as verifying
from letopis.journal.draft import CONTROL, Draft
from letopis.journal.erasures import Erasures
from letopis.journal.scribe import append_now
from letopis.journal.tree import EMPTY_ROOT
from letopis.journal.verify import Problem, What, verify
from tests.journal.made import message, messages

Owner = psycopg.Connection[Any]
LAST = 20


@pytest.fixture
def kept(business: UUID) -> UUID:
    """A business with entries 0 to 20."""
    append_now(messages(business, LAST))
    return business


def change(owner: Owner, business: UUID, statement: str, *values: Any) -> None:
    done = owner.execute(statement, [*values, business])  # type: ignore[call-overload]
    assert done.rowcount, "the test changed nothing"


def found(business: UUID) -> set[tuple[int, What]]:
    return {(problem.seq, problem.what) for problem in verify(business).problems}


def test_sound_log(kept: UUID) -> None:
    told: list[tuple[int, int]] = []
    verdict = verify(kept, lambda done, total: told.append((done, total)))
    assert verdict.problems == []
    assert verdict.entries == LAST + 1
    assert told[-1] == (LAST + 1, LAST + 1)


def test_log_that_was_never_opened(business: UUID) -> None:
    assert verify(business) == verifying.Verdict(0, EMPTY_ROOT, [])


def test_every_byte_of_a_leaf(business: UUID, owner_connection: Owner) -> None:
    """One byte after the other is flipped and put back."""
    append_now(messages(business, 6))
    flip = (
        "UPDATE journal_entry SET leaf = set_byte(leaf, %s, get_byte(leaf, %s) # 1) WHERE seq = 5 AND business_id = %s"
    )
    [length] = owner_connection.execute(
        "SELECT length(leaf) FROM journal_entry WHERE seq = 5 AND business_id = %s", [business]
    ).fetchone() or [0]
    for at in range(length):
        change(owner_connection, business, flip, at, at)
        assert 5 in {problem.seq for problem in verify(business).problems}, f"byte {at}"
        change(owner_connection, business, flip, at, at)
    assert verify(business).problems == []


@pytest.mark.parametrize("column", ["meta", "meta_salt", "who", "who_salt", "text", "text_salt"])
def test_flipped_slot_or_salt(kept: UUID, owner_connection: Owner, column: str) -> None:
    change(
        owner_connection,
        kept,
        f"UPDATE journal_content SET {column} = set_byte({column}, 3, get_byte({column}, 3) # 128)"
        " WHERE seq = 7 AND business_id = %s",
    )
    assert found(kept) == {(7, What.SLOT_CHANGED)}


@pytest.mark.parametrize("column", ["data", "salt"])
def test_flipped_raw_body(kept: UUID, owner_connection: Owner, column: str) -> None:
    change(
        owner_connection,
        kept,
        f"UPDATE journal_raw SET {column} = set_byte({column}, 0, get_byte({column}, 0) # 1)"
        " WHERE seq = 7 AND business_id = %s",
    )
    assert found(kept) == {(7, What.SLOT_CHANGED)}


@pytest.mark.parametrize(
    ("statement", "places"),
    [
        ("UPDATE journal_entry SET level = 3 WHERE seq = 4 AND business_id = %s", {(4, What.COLUMN_CHANGED)}),
        ("UPDATE journal_entry SET type = 'refusal' WHERE seq = 4 AND business_id = %s", {(4, What.COLUMN_CHANGED)}),
        ("UPDATE journal_entry SET occurred_us = 5 WHERE seq = 4 AND business_id = %s", {(4, What.COLUMN_CHANGED)}),
        (
            "UPDATE journal_entry SET received_us = received_us - 1 WHERE seq = 4 AND business_id = %s",
            {(4, What.COLUMN_CHANGED), (4, What.TIME_BACK)},
        ),
        (
            "UPDATE journal_content SET text = NULL, text_salt = NULL WHERE seq = 4 AND business_id = %s",
            {(4, What.SLOT_MISSING)},
        ),
        ("UPDATE journal_content SET text = NULL WHERE seq = 4 AND business_id = %s", {(4, What.SLOT_CHANGED)}),
        (
            "UPDATE journal_content SET attach = '', attach_salt = '' WHERE seq = 4 AND business_id = %s",
            {(4, What.SLOT_EXTRA)},
        ),
        ("DELETE FROM journal_content WHERE seq = 4 AND business_id = %s", {(4, What.SLOT_MISSING)}),
        ("DELETE FROM journal_raw WHERE seq = 4 AND business_id = %s", {(4, What.SLOT_MISSING)}),
        (
            "UPDATE journal_content SET month = '2001-01-01' WHERE seq = 4 AND business_id = %s",
            {(4, What.COLUMN_CHANGED)},
        ),
        ("UPDATE journal_raw SET day = '2001-01-01' WHERE seq = 4 AND business_id = %s", {(4, What.COLUMN_CHANGED)}),
        (
            "INSERT INTO journal_raw SELECT business_id, seq, '2001-01-01', log, salt, data FROM journal_raw"
            " WHERE seq = 4 AND business_id = %s",
            {(4, What.COLUMN_CHANGED), (4, What.SLOT_EXTRA)},
        ),
        (
            "DELETE FROM journal_entry WHERE seq = 4 AND business_id = %s",
            {(4, What.ENTRY_MISSING), (4, What.SLOT_EXTRA)},
        ),
        (
            "DELETE FROM journal_entry WHERE seq = 20 AND business_id = %s",
            {(20, What.ENTRY_MISSING), (20, What.SLOT_EXTRA)},
        ),
        (
            "UPDATE journal_entry SET seq = 21 WHERE seq = 20 AND business_id = %s",
            {(20, What.ENTRY_MISSING), (20, What.SLOT_EXTRA), (21, What.ENTRY_BEYOND)},
        ),
        (
            "UPDATE journal_log SET origin = 'elsewhere' WHERE business_id = %s",
            {(n, What.LEAF_CHANGED) for n in range(21)},
        ),
        ("UPDATE journal_log SET last_us = last_us + 1 WHERE business_id = %s", {(-1, What.LOG_CHANGED)}),
        ("UPDATE journal_log SET size = 20 WHERE business_id = %s", {(20, What.ENTRY_BEYOND), (-1, What.LOG_CHANGED)}),
        ("DELETE FROM journal_log WHERE business_id = %s", {(-1, What.LOG_CHANGED)}),
        (
            "UPDATE journal_log SET frontier = set_byte(frontier, 40, get_byte(frontier, 40) # 1)"
            " WHERE business_id = %s",
            {(16, What.HASH_CHANGED)},
        ),
    ],
    ids=lambda value: value[:70] if isinstance(value, str) else "",
)
def test_named_place(kept: UUID, owner_connection: Owner, statement: str, places: set[tuple[int, What]]) -> None:
    change(owner_connection, kept, statement)
    assert places <= found(kept)
    assert {seq for seq, _ in found(kept)} == {seq for seq, _ in places}


def test_swapped_entries(kept: UUID, owner_connection: Owner) -> None:
    change(
        owner_connection,
        kept,
        "UPDATE journal_entry e SET leaf = o.leaf FROM journal_entry o WHERE o.business_id = e.business_id"
        " AND e.seq + o.seq = 11 AND e.seq IN (5, 6) AND e.business_id = %s",
    )
    assert {5, 6} == {seq for seq, _ in found(kept)}


def test_repeated_entry(kept: UUID, owner_connection: Owner) -> None:
    change(
        owner_connection,
        kept,
        "UPDATE journal_entry e SET leaf = o.leaf, received_us = o.received_us FROM journal_entry o"
        " WHERE o.business_id = e.business_id AND o.seq = 5 AND e.seq = 6 AND e.business_id = %s",
    )
    assert (6, What.COLUMN_CHANGED) in found(kept)


def test_entry_of_another_business(kept: UUID, stranger_business: UUID, owner_connection: Owner) -> None:
    append_now(messages(stranger_business, LAST))
    change(
        owner_connection,
        kept,
        "UPDATE journal_entry e SET leaf = o.leaf FROM journal_entry o"
        " WHERE o.business_id = %s AND o.seq = e.seq AND e.seq = 9 AND e.business_id = %s",
        stranger_business,
    )
    assert (9, What.LEAF_CHANGED) in found(kept)
    assert verify(stranger_business).problems == []


Forge = Callable[[Owner, UUID], None]


def forge_whole_entry(owner: Owner, business: UUID) -> None:
    """Change the text of entry 30 consistently: content, commitment and leaf; only the tree remembers."""
    from letopis.journal import slots

    [leaf, salt] = owner.execute(
        "SELECT leaf, text_salt FROM journal_entry JOIN journal_content USING (business_id, log, seq)"
        " WHERE seq = 30 AND business_id = %s",
        [business],
    ).fetchone() or [b"", b""]
    [text] = owner.execute(
        "SELECT text FROM journal_content WHERE seq = 30 AND business_id = %s", [business]
    ).fetchone() or [b""]
    forged = leaf.replace(slots.commitment(3, text, salt), slots.commitment(3, b"forged", salt))
    change(owner, business, "UPDATE journal_content SET text = 'forged' WHERE seq = 30 AND business_id = %s")
    change(owner, business, "UPDATE journal_entry SET leaf = %s WHERE seq = 30 AND business_id = %s", forged)


def test_consistent_forgery_is_narrowed_to_its_block(business: UUID, owner_connection: Owner) -> None:
    append_now(messages(business, 600))
    forge_whole_entry(owner_connection, business)
    [problem] = verify(business).problems
    assert problem.what is What.HASH_CHANGED
    assert "entries 0 to 255" in problem.detail


def test_changed_and_lost_nodes(business: UUID, owner_connection: Owner) -> None:
    append_now(messages(business, 600))
    change(owner_connection, business, "UPDATE journal_node SET hash = '\\x00' WHERE idx = 1 AND business_id = %s")
    assert found(business) == {(256, What.HASH_CHANGED)}
    change(owner_connection, business, "DELETE FROM journal_node WHERE idx = 1 AND business_id = %s")
    assert found(business) == {(-1, What.HASH_CHANGED)}


def test_problems_are_bounded(business: UUID, owner_connection: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "PROBLEMS_MAX", 5)
    append_now(messages(business, 20))
    change(owner_connection, business, "DELETE FROM journal_content WHERE business_id = %s")
    problems = verify(business).problems
    assert len(problems) == 6
    assert problems[0].what is What.TOO_MANY


def erasure(business: UUID, **told: Any) -> Draft:
    return Draft(business, "content.erased", "letopis", ((1, lj1.encode(told)),), b"", kind=CONTROL)


def test_recorded_erasure_is_no_problem(kept: UUID, owner_connection: Owner) -> None:
    append_now([erasure(kept, slots=[2, 3], entries=[4], reason="subject_request", count=2)])
    change(
        owner_connection,
        kept,
        "UPDATE journal_content SET text = NULL, text_salt = NULL, who = NULL, who_salt = NULL"
        " WHERE seq IN (4, 5) AND business_id = %s",
    )
    assert verify(kept).problems == [
        Problem(5, What.SLOT_MISSING, f"slot {slot} is gone and no entry records an erasure") for slot in (2, 3)
    ]


def test_erasure_of_ranges_is_read() -> None:
    erasures = Erasures.read(
        [
            {"seq": 100, "meta": lj1.encode({"slots": [3], "ranges": [[10, 19], [20, 30]], "entries": [5, 6]})},
            {"seq": 50, "meta": lj1.encode({"slots": [1, 4], "ranges": [[40, 70]]})},
            {"seq": 101, "meta": b"not json"},
            {"seq": 102, "meta": None},
        ]
    )
    assert [seq for seq in range(120) if erasures.explain(seq, 3)] == [5, 6, *range(10, 31)]
    assert [seq for seq in range(120) if erasures.explain(seq, 4)] == list(range(40, 50)), "only what stood before it"
    assert not any(erasures.explain(seq, 1) for seq in range(120)), "slot 1 is never erased"


def test_message_without_content_needs_none(business: UUID) -> None:
    append_now([message(business, 1, slots=()), message(business, 2, slots=((4, b"raw"),))])
    assert verify(business).problems == []
