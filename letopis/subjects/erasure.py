"""Erasing persons: everything that the journal holds of them goes in one act, and the pipeline follows it.

An act is decided by whoever may (a request, a term that is over); here it is carried out, whole or not at all.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from letopis.access.wall import enter
from letopis.base import clock
from letopis.base.clock import now_us
from letopis.base.database import APP, ERASER, connect
from letopis.base.errors import Overloaded
from letopis.base.sql import Queries
from letopis.clients.identities import plain
from letopis.dialogues.remains import remains_of
from letopis.journal.draft import ATTACH, RAW, TEXT, WHO
from letopis.journal.erasing import Act, alias, erase, runs_of
from letopis.journal.erasures import ERASED
from letopis.journal.held import hold
from letopis.journal.positions import position_of
from letopis.metrics import pipeline
from letopis.subjects import acts_file
from letopis.subjects.acts_file import Line
from letopis.subjects.traces import Traces, traces_of

QUERIES = Queries("letopis.subjects")

EVERYTHING = (WHO, TEXT, RAW, ATTACH)
TRIES_MAX = 20
"""So often the journal may grow between our reading and our taking hold of it."""
PAUSE_S = 0.1
FOLLOWED_S_MAX = 10.0
NEEDLE_CHARS_MIN = 5
"""A shorter id is found in anything."""
REQUEST = "subject_request"


@dataclass(frozen=True, slots=True)
class Erased:
    """What an act took out: how many entries, of which kinds, in which months of receipt, and where it is told."""

    entries: int
    kinds: Mapping[str, int]
    months: Mapping[str, int]
    told_seqs: tuple[int, ...]


def erase_persons(
    business: UUID,
    persons: Collection[int],
    *,
    kind: str = ERASED,
    reason: str = REQUEST,
    told: Mapping[str, Any] | None = None,
    is_noted: bool = True,
    record: Callable[[Any, Erased], None] | None = None,
) -> Erased:
    """Take out whatever the journal holds of these persons (their `person_id`); who is not there leaves no trace.

    `told` goes into the control entry, so it names nobody. An erasure is noted in the list that outlives a restore,
    unless it comes from there; what expires needs none, since it expires again. `record` writes what is to be true
    together with the act, in its transaction. When this returns, nothing derived
    names them either, unless the pipeline is kept busy by another worker: then it follows within the next batches.

    Raises:
        Overloaded: the journal grew faster than it could be read; try again.
    """
    assert persons, "an act is of somebody"
    act = Act(kind, reason, EVERYTHING, told or {})
    with connect(ERASER) as conn, connect(APP) as reader:
        for _ in range(TRIES_MAX):
            _catch_up(reader, business)
            done = _erase(conn, business, persons, act, is_noted and kind == ERASED, record)
            if done is not None:
                _follow(reader, business, done)
                return done
            time.sleep(PAUSE_S)
    raise Overloaded("the journal grows faster than it is read", hint="try again in a minute")


def read_everything(business: UUID) -> None:
    """Let the pipeline read what it has not seen."""
    with connect(APP) as reader:
        _catch_up(reader, business)


def hold_acts(cur: Any) -> int:
    """How many acts of the file this database knows, kept from others to the end of the transaction."""
    row = QUERIES.row(cur, "hold_acts")
    assert row is not None, "the row was made with its table"
    return int(row["acts"])


def count_acts(cur: Any, acts: int) -> None:
    """This database knows the first `acts` of the file."""
    QUERIES.run(cur, "count_acts", acts=acts)


def _follow(conn: psycopg.Connection[Any], business: UUID, done: Erased) -> None:
    """Let the pipeline follow the act, here or in whoever holds its position just now."""
    until = time.monotonic() + FOLLOWED_S_MAX
    while True:
        _catch_up(conn, business)
        with conn.transaction(), conn.cursor() as cur:
            position = position_of(cur, business, pipeline.READER)
        if position >= max(done.told_seqs, default=-1) or time.monotonic() > until:
            return
        time.sleep(PAUSE_S)


def _catch_up(conn: psycopg.Connection[Any], business: UUID) -> None:
    while pipeline.advance(conn, business):
        continue


def _erase(
    conn: psycopg.Connection[Any],
    business: UUID,
    persons: Collection[int],
    act: Act,
    is_noted: bool,
    record: Callable[[Any, Erased], None] | None,
) -> Erased | None:
    """The act, unless entries have come that nobody has read yet: None, and nothing was done."""
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        if is_noted:
            hold_acts(cur)
        held = hold(cur, business)
        if position_of(cur, business, pipeline.READER) + 1 < held.size:
            return None
        traces = traces_of(cur, business, persons, held.size)
        if not traces.entries:
            return Erased(0, {}, {}, ())
        _empty_quarantine(cur, business, traces, act.reason)
        renamed = {one: alias(held, number) for number, one in enumerate(traces.own_ids(), start=1)}
        entries = traces.entries.values()
        remains = [remains_of(entry, renamed, traces.clients, act.slots) for entry in entries]
        told = erase(cur, business, held, act, traces.entries, remains, renamed)
        if is_noted:
            count_acts(cur, acts_file.append(Line(business, runs_of(traces.entries), now_us(), act.reason)))
        kinds = Counter(entry.type for entry in entries)
        months = Counter(f"{entry.received_at:%Y-%m}" for entry in entries)
        done = Erased(len(traces.entries), dict(kinds), dict(sorted(months.items())), tuple(told))
        if record is not None:
            record(cur, done)
        return done


def _empty_quarantine(cur: Any, business: UUID, traces: Traces, reason: str) -> None:
    """Pieces that name the person by an id or a phone, as far as they can be read as text."""
    phones = {plain(entry.who.get("phone")) for entry in traces.entries.values()} - {""}
    needles = [word.encode() for word in (*traces.clients, *phones) if len(word) >= NEEDLE_CHARS_MIN]
    if needles:
        asked = {"needles": needles, "reason": reason, "now": clock.now()}
        QUERIES.run(cur, "erase_quarantined", business=business, **asked)
