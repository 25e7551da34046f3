"""Erasing persons: everything that the journal holds of them goes in one act, and the pipeline follows it.

An act is decided by whoever may (a request, a term that is over); here it is carried out, whole or not at all.
"""

import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from letopis.access.wall import enter
from letopis.base.database import APP, ERASER, connect
from letopis.base.errors import Overloaded
from letopis.dialogues.remains import remains_of
from letopis.journal.draft import ATTACH, RAW, TEXT, WHO
from letopis.journal.erasing import Act, alias, erase
from letopis.journal.erasures import ERASED
from letopis.journal.held import hold
from letopis.journal.positions import position_of
from letopis.metrics import pipeline
from letopis.subjects.traces import traces_of

EVERYTHING = (WHO, TEXT, RAW, ATTACH)
TRIES_MAX = 20
"""So often the journal may grow between our reading and our taking hold of it."""
PAUSE_S = 0.1
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
) -> Erased:
    """Take out whatever the journal holds of these persons (their `person_id`); who is not there leaves no trace.

    `told` goes into the control entry, so it names nobody. When this returns, nothing derived names them either, unless
    the pipeline is kept busy by another worker: then it follows within the next batches.

    Raises:
        Overloaded: the journal grew faster than it could be read; try again.
    """
    assert persons, "an act is of somebody"
    with connect(ERASER) as conn, connect(APP) as reader:
        for _ in range(TRIES_MAX):
            _catch_up(reader, business)
            done = _erase(conn, business, persons, Act(kind, reason, EVERYTHING, told or {}))
            if done is not None:
                _catch_up(reader, business)
                return done
            time.sleep(PAUSE_S)
    raise Overloaded("the journal grows faster than it is read", hint="try again in a minute")


def _catch_up(conn: psycopg.Connection[Any], business: UUID) -> None:
    while pipeline.advance(conn, business):
        continue


def _erase(conn: psycopg.Connection[Any], business: UUID, persons: Collection[int], act: Act) -> Erased | None:
    """The act, unless entries have come that nobody has read yet: None, and nothing was done."""
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        held = hold(cur, business)
        if position_of(cur, business, pipeline.READER) + 1 < held.size:
            return None
        traces = traces_of(cur, business, persons, held.size)
        if not traces.entries:
            return Erased(0, {}, {}, ())
        renamed = {one: alias(held, number) for number, one in enumerate(traces.own_ids(), start=1)}
        entries = traces.entries.values()
        remains = [remains_of(entry, renamed, traces.clients, act.slots) for entry in entries]
        told = erase(cur, business, held, act, traces.entries, remains, renamed)
        kinds = Counter(entry.type for entry in entries)
        months = Counter(f"{entry.received_at:%Y-%m}" for entry in entries)
        return Erased(len(traces.entries), dict(kinds), dict(sorted(months.items())), tuple(told))
