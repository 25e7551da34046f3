"""Building a batch: what is refused, what is a repeat, which flags follow."""

from uuid import UUID

import pytest

from letopis.journal import batch as batches
from letopis.journal import draft as d
from letopis.journal.batch import Batch, Log, Prepared, prepare
from letopis.journal.conflicts import RECORDED_PER_HOUR_MAX, Conflicts
from letopis.journal.draft import Draft, Outcome, Receipt
from letopis.journal.origin import origin_of
from letopis.journal.tree import Frontier
from tests.journal.made import message, messages

SALON = UUID(int=1)
NOW_US = 1_800_000_000_000_000


def fresh_log(business: UUID = SALON, *, is_open: bool = True) -> Log:
    return Log(business, origin_of(business), Frontier(), 0, is_open)


def stored(drafts: list[Draft], log: Log, now_us: int = NOW_US, conflicts: Conflicts | None = None) -> list[Receipt]:
    batch = Batch([log], now_us, (conflicts or Conflicts()).allows)
    receipts = []
    for item in prepare(drafts):
        receipt = batch.add(item) if isinstance(item, Prepared) else item
        assert receipt is not None
        receipts.append(receipt)
    return receipts


def test_first_event_opens_the_log() -> None:
    log = fresh_log()
    receipts = stored(messages(SALON, 3), log)
    assert [receipt.seq for receipt in receipts] == [1, 2, 3]
    assert {receipt.log for receipt in receipts} == {origin_of(SALON)}
    assert log.tree.size == 4


def test_receipts_show_the_hashes_of_the_tree() -> None:
    log = fresh_log()
    stored(messages(SALON, 1), log)
    before = Frontier(2, [log.tree.root()])
    for receipt in stored(messages(SALON, 2, first=5), log):
        assert receipt.leaf_hash is not None
        before.append(receipt.leaf_hash)
    assert before.root() == log.tree.root()


def test_repeat_inside_a_batch() -> None:
    first, again, other = stored([message(SALON, 1), message(SALON, 1), message(SALON, 1, "Другой текст")], fresh_log())
    assert (first.outcome, again.outcome, other.outcome) == (Outcome.ACCEPTED, Outcome.DUPLICATE, Outcome.CONFLICT)
    assert first.seq == again.seq == other.seq
    assert again.received_us == first.received_us


def test_no_id_is_never_a_repeat() -> None:
    receipts = stored([message(SALON, 1, dedup_key=None)] * 3, fresh_log())
    assert [receipt.outcome for receipt in receipts] == [Outcome.ACCEPTED] * 3


def test_one_id_of_two_sources_is_no_repeat() -> None:
    receipts = stored([message(SALON, 1), message(SALON, 1, source="whatsapp")], fresh_log())
    assert [receipt.outcome for receipt in receipts] == [Outcome.ACCEPTED] * 2


def test_conflict_leaves_an_entry() -> None:
    log = fresh_log()
    stored([message(SALON, 1), message(SALON, 1, "Другой текст"), message(SALON, 2)], log)
    assert log.tree.size == len(["log.opened", "message_in", "event.conflict", "message_in"])


def test_conflicts_of_an_hour_are_bounded() -> None:
    log, conflicts = fresh_log(), Conflicts()
    quarrel = [message(SALON, 1, f"Текст {number}") for number in range(RECORDED_PER_HOUR_MAX + 21)]
    receipts = stored(quarrel, log, conflicts=conflicts)
    assert [receipt.outcome for receipt in receipts[1:]] == [Outcome.CONFLICT] * (RECORDED_PER_HOUR_MAX + 20)
    assert log.tree.size == 2 + RECORDED_PER_HOUR_MAX
    assert conflicts.unrecorded == 20
    stored([message(SALON, 1, "Следующий час")], log, NOW_US + 3_600_000_000, conflicts)
    assert log.tree.size == 3 + RECORDED_PER_HOUR_MAX


@pytest.mark.parametrize(
    ("fields", "flags"),
    [
        ({"occurred_us": NOW_US}, 0),
        ({"occurred_us": NOW_US, "dedup_key": None}, d.NO_ID),
        ({"occurred_us": NOW_US, "flags": d.CONTENT_DEDUPE}, d.NO_ID | d.CONTENT_DEDUPE),
        ({}, d.NO_TIME),
        ({"occurred_us": NOW_US - d.LATE_US_MIN}, 0),
        ({"occurred_us": NOW_US - d.LATE_US_MIN - 1}, d.LATE),
        ({"occurred_us": NOW_US + d.AHEAD_US_MIN}, 0),
        ({"occurred_us": NOW_US + d.AHEAD_US_MIN + 1}, d.AHEAD),
        ({"occurred_us": NOW_US, "flags": d.TEST | d.IMPORTED | d.LATE}, d.TEST | d.IMPORTED),
        ({"kind": d.CONTROL}, 0),
    ],
    ids=str,
)
def test_flags_follow_from_the_times(fields: dict[str, object], flags: int) -> None:
    assert batches._flags(message(SALON, 1, **fields), NOW_US) == flags


def test_clock_that_goes_back_is_not_followed() -> None:
    log = fresh_log()
    [first] = stored([message(SALON, 1)], log, NOW_US)
    [second] = stored([message(SALON, 2)], log, NOW_US - 5)
    assert second.received_us == first.received_us == NOW_US


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"type": "Message In"}, "type"),
        ({"source": ""}, "source"),
        ({"level": 9}, "level"),
        ({"flags": 256}, "flags"),
        ({"occurred_us": -7}, "occurred_us"),
        ({"slots": ((3, b""), (1, b"{}"))}, "out of order"),
        ({"slots": ((9, b""),)}, "no slot 9"),
        ({"slots": ((3, bytes(batches.DRAFT_BYTES_MAX)),)}, "larger"),
        ({"dedup_key": "я" * 5000}, "dedup_key"),
        ({"dedup_key": "\ud800"}, "surrogate"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_one_bad_draft_does_not_sink_the_others(fields: dict[str, object], problem: str) -> None:
    good, bad, last = stored([message(SALON, 1), message(SALON, 2, **fields), message(SALON, 3)], fresh_log())
    assert bad.outcome is Outcome.REFUSED
    assert problem in bad.problem
    assert (good.seq, last.seq) == (1, 2)


def test_closed_log_refuses() -> None:
    [receipt] = stored([message(SALON, 1)], fresh_log(is_open=False))
    assert receipt.outcome is Outcome.REFUSED
    assert "closed" in receipt.problem


def test_log_that_is_not_held_is_left_alone() -> None:
    batch = Batch([fresh_log(UUID(int=2))], NOW_US, Conflicts().allows)
    [item] = prepare([message(SALON, 1)])
    assert isinstance(item, Prepared)
    assert batch.add(item) is None
    assert batch.grown() == []
    assert batch.copies() == []
