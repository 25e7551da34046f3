"""What could not be understood waits, is mended, is replayed once, or is dropped with a reason."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from letopis.access.wall import enter
from letopis.base.database import connect
from letopis.base.errors import SenderError
from letopis.intake import quarantine
from letopis.intake.models import State
from letopis.intake.quarantine import NotKept, NotMendedError, SettledError
from letopis.journal.draft import Outcome
from tests.intake.conftest import Door

PERSON = 7
BROKEN = '{"event": "message_in", "client_id": "tg_1", "message": "сказала "да""}'.encode()
MENDED = '{"event": "message_in", "client_id": "tg_1", "message": "сказала «да»"}'


@pytest.fixture
def cur(door: Door) -> Iterator[Any]:
    with connect() as conn, conn.cursor() as cur:
        enter(cur, door.business)
        yield cur


def quarantined(door: Door, body: bytes = BROKEN) -> UUID:
    answer = door.post(body)
    assert answer.status_code == 400
    return UUID(answer.json()["quarantine"])


def test_piece_is_kept_as_received_with_its_reason(door: Door, cur: Any) -> None:
    piece = quarantine.piece(cur, door.business, quarantined(door))
    assert piece is not None
    assert piece.raw == BROKEN
    assert (piece.source, piece.reason, piece.field, piece.state) == ("telegram-bot", "not_json", "", State.OPEN)
    assert "строке 1" in piece.faults[0].why.message.ru
    assert "line 1" in piece.faults[0].why.message.en


def test_pages_go_from_the_newest_by_key(door: Door, cur: Any) -> None:
    made = [quarantined(door) for _ in range(5)]
    first = quarantine.pieces(cur, door.business, limit=3)
    second = quarantine.pieces(cur, door.business, before=(first[-1].received_at, first[-1].id), limit=3)
    assert [piece.id for piece in first + second] == made[::-1]
    assert quarantine.count_open(cur, door.business) == 5


def test_mended_piece_goes_to_the_journal_once(door: Door, cur: Any) -> None:
    id = quarantined(door)
    [receipt] = quarantine.mend_and_replay(cur, door.business, id, MENDED, PERSON)
    assert receipt.outcome is Outcome.ACCEPTED
    [entry] = door.entries()
    assert (entry.seq, entry.text, entry.source) == (receipt.seq, "сказала «да»", "telegram-bot")
    piece = quarantine.piece(cur, door.business, id)
    assert piece is not None
    assert (piece.state, piece.replayed_seq, piece.edited_by) == (State.REPLAYED, receipt.seq, PERSON)
    with pytest.raises(SettledError):
        quarantine.mend_and_replay(cur, door.business, id, MENDED, PERSON)


def test_replay_that_was_cut_short_stores_nothing_twice(door: Door, cur: Any) -> None:
    id = quarantined(door)
    first = quarantine.mend_and_replay(cur, door.business, id, MENDED, PERSON)
    cur.connection.rollback()
    enter(cur, door.business)
    again = quarantine.mend_and_replay(cur, door.business, id, MENDED, PERSON)
    assert [receipt.outcome for receipt in again] == [Outcome.DUPLICATE]
    assert again[0].seq == first[0].seq
    assert len(door.entries()) == 1


def test_broken_list_is_mended_as_a_list(door: Door, cur: Any) -> None:
    id = quarantined(door, b'[{"event": "heartbeat"}, {"event": "heart"beat"}]')
    receipts = quarantine.mend_and_replay(
        cur, door.business, id, '[{"event": "heartbeat"}, {"event": "heartbeat"}]', PERSON
    )
    assert [receipt.outcome for receipt in receipts] == [Outcome.ACCEPTED] * 2


@pytest.mark.parametrize(
    "text", ["still {", "{}", '[{"event": "heartbeat"}, {"event": "x", "role": "kot"}]', "[]", "5"]
)
def test_piece_that_is_still_wrong_stays_open(door: Door, cur: Any, text: str) -> None:
    id = quarantined(door)
    with pytest.raises(NotMendedError) as caught:
        quarantine.mend_and_replay(cur, door.business, id, text, PERSON)
    assert caught.value.hint
    assert door.entries() == []
    assert quarantine.count_open(cur, door.business) == 1


def test_dropped_piece_names_its_reason(door: Door, cur: Any) -> None:
    id = quarantined(door)
    with pytest.raises(SenderError):
        quarantine.drop(cur, door.business, id, " ", PERSON)
    quarantine.drop(cur, door.business, id, "проба", PERSON)
    assert quarantine.count_open(cur, door.business) == 0
    [piece] = quarantine.pieces(cur, door.business, State.DROPPED)
    assert (piece.id, piece.dropped_reason, piece.edited_by) == (id, "проба", PERSON)


def test_another_business_sees_nothing_of_it(door: Door, stranger_business: UUID, cur: Any) -> None:
    id = quarantined(door)
    enter(cur, stranger_business)
    assert quarantine.piece(cur, door.business, id) is None
    with pytest.raises(SettledError):
        quarantine.drop(cur, door.business, id, "чужое", PERSON)


def test_full_quarantine_says_so(door: Door, cur: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "OPEN_PIECES_MAX", 2)
    quarantined(door)
    fault = quarantine.pieces(cur, door.business)[0].faults
    kept = quarantine.keep(cur, door.business, "bot", [(b"{", fault), (b"{", fault)])
    assert isinstance(kept[0], UUID)
    assert kept[1] is NotKept.FULL
    cur.connection.commit()
    answer = door.post(BROKEN)
    assert answer.status_code == 429
    assert answer.headers["retry-after"]
    assert "не сохранено" in answer.json()["not_kept"]
