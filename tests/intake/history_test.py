"""History from NDJSON: flagged imported, repeatable, and nothing that is wrong gets lost."""

import io
import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from letopis.access.wall import enter
from letopis.base.database import connect
from letopis.base.errors import SenderError
from letopis.intake import quarantine
from letopis.intake.history import BATCH_LINES, import_lines
from letopis.intake.reading import EVENT_BYTES_MAX
from letopis.journal.draft import IMPORTED, LATE
from letopis.journal.entries import Entry, read_after

LINE = {"event": "message_in", "client_id": "tg_1", "timestamp": "2026-01-22T10:00:00", "message": "да"}


def ndjson(*lines: Any) -> io.BytesIO:
    return io.BytesIO(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines))


def entries(business: UUID) -> list[Entry]:
    with connect() as conn, conn.cursor() as cur:
        enter(cur, business)
        return [entry for entry in read_after(cur, business, -1, 5000) if entry.kind == 0]


def test_lines_are_events_in_their_order(business: UUID) -> None:
    told: list[int] = []
    lines = [{**LINE, "message_id": n} for n in range(BATCH_LINES + 10)]
    summary = import_lines(business, "telegram", ndjson(*lines), told.append)
    assert (summary.accepted, summary.rejected) == (BATCH_LINES + 10, 0)
    assert told == [BATCH_LINES, BATCH_LINES + 10]
    stored = entries(business)
    assert [entry.who["message_id"] for entry in stored] == [str(n) for n in range(BATCH_LINES + 10)]
    assert {entry.flags for entry in stored} == {IMPORTED | LATE}
    assert {entry.source for entry in stored} == {"telegram"}


def test_second_import_stores_nothing_twice(business: UUID) -> None:
    lines = [LINE, {**LINE, "message": "нет"}, {**LINE, "message_id": 1}]
    import_lines(business, "telegram", ndjson(*lines))
    summary = import_lines(business, "telegram", ndjson(*lines, {**LINE, "message_id": 1, "message": "иначе"}))
    assert (summary.accepted, summary.duplicates, summary.conflicts) == (0, 3, 1)
    assert len(entries(business)) == 3


def test_wrong_lines_go_to_quarantine_by_their_number(business: UUID) -> None:
    stream = ndjson(b"\xef\xbb\xbf" + json.dumps(LINE).encode(), b"", b"nonsense", {"event": "x", "role": "kot"})
    summary = import_lines(business, "telegram", stream)
    assert (summary.accepted, summary.rejected) == (1, 2)
    assert [str(fault).split(":")[0] for fault in summary.faults] == ["line 3", "line 4"]
    with connect() as conn, conn.cursor() as cur:
        enter(cur, business)
        assert sorted(piece.reason for piece in quarantine.pieces(cur, business)) == ["not_json", "not_role"]


def test_endless_line_is_read_over(business: UUID) -> None:
    endless = b'{"event": "x", "a": "' + b"a" * (3 * EVENT_BYTES_MAX) + b'"}'
    summary = import_lines(business, "telegram", ndjson(endless, LINE))
    assert (summary.accepted, summary.rejected) == (1, 1)
    assert not summary.faults[0].kept


def test_unknown_business_and_source_are_refused(business: UUID) -> None:
    with pytest.raises(SenderError):
        import_lines(uuid4(), "telegram", ndjson(LINE))
    with pytest.raises(SenderError):
        import_lines(business, "Телега!", ndjson(LINE))
