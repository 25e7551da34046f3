"""What became of a text that is gone: when it was erased and why, or that nobody recorded it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.access.wall import enter
from letopis.journal import lj1
from letopis.journal.draft import CONTROL, RAW, TEXT, Draft
from letopis.journal.erasures import Erasure, erasures_of
from letopis.journal.scribe import append_now
from tests.journal.made import message, messages

Conn = psycopg.Connection[Any]


def record(business: UUID, kind: str, **told: Any) -> Draft:
    meta = lj1.encode(told)
    return Draft(business, kind, "letopis", ((1, meta),), meta, kind=CONTROL)


@pytest.fixture
def kept(business: UUID, owner_connection: Conn) -> UUID:
    """Entries 1 to 6; the texts of 2, 3 and 5 are gone, and 6 never had one."""
    append_now([*messages(business, 5, first=1), message(business, 6, slots=((RAW, b"{}"),))])
    owner_connection.execute(
        "UPDATE journal_content SET text = NULL, text_salt = NULL WHERE seq IN (2, 3, 5) AND business_id = %s",
        [business],
    )
    return business


def asked(conn: Conn, business: UUID, seqs: Sequence[int]) -> dict[int, Erasure | None]:
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        return erasures_of(cur, business, seqs, TEXT)


def test_erasure_tells_when_and_why(app_connection: Conn, kept: UUID) -> None:
    append_now([record(kept, "content.erased", slots=[2, 3], entries=[2], reason="subject_request")])
    append_now([record(kept, "content.expired", slots=[3], ranges=[[3, 5]], reason="retention")])
    found = asked(app_connection, kept, [2, 3, 6])
    assert [(seq, one.reason, one.is_expired) for seq, one in found.items() if one] == [
        (2, "subject_request", False),
        (3, "retention", True),
    ]
    assert 6 not in found, "what never had a text has lost none"


def test_first_record_stands(app_connection: Conn, kept: UUID) -> None:
    append_now([record(kept, "content.erased", slots=[3], entries=[2], reason="subject_request")])
    append_now([record(kept, "content.expired", slots=[3], ranges=[[0, 6]])])
    [found] = asked(app_connection, kept, [2]).values()
    assert found is not None
    assert (found.reason, found.is_expired) == ("subject_request", False)


def test_absence_without_a_record_is_told_apart(app_connection: Conn, kept: UUID) -> None:
    append_now([record(kept, "content.erased", slots=[2], entries=[2])])
    append_now([record(kept, "content.erased", slots=[3], entries=[99])])
    assert asked(app_connection, kept, [2, 5]) == {2: None, 5: None}


def test_nothing_asked_is_nothing_read(app_connection: Conn, kept: UUID) -> None:
    assert asked(app_connection, kept, []) == {}
