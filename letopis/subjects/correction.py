"""Correcting what a person is called: the right name and number are told, and the wrong ones are taken out (duty P4).

The right ones come as an event of the journal, so every reader has them; then slot 2 and the body of every entry that
says otherwise go, and of it stays what still holds: ids, and whichever of name and number was not wrong.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from letopis.access.wall import enter
from letopis.base import clock
from letopis.base.clock import now_us, to_us
from letopis.base.database import APP, ERASER, connect
from letopis.base.errors import Overloaded
from letopis.clients.identities import client_of, plain
from letopis.dialogues.remains import remains_of
from letopis.intake.own import own_draft
from letopis.journal.draft import RAW, WHO, Draft
from letopis.journal.entries import READ_MAX, Entry, read_some
from letopis.journal.erasing import NOBODY, Act, Remains, erase, runs_of
from letopis.journal.erasures import CORRECTION, ERASED
from letopis.journal.held import hold
from letopis.journal.kinds import ClientCorrected
from letopis.journal.positions import position_of
from letopis.journal.scribe import append_now
from letopis.metrics import pipeline
from letopis.subjects import acts_file
from letopis.subjects.acts_file import Line
from letopis.subjects.erasure import PAUSE_S, TRIES_MAX, count_acts, hold_acts, read_everything
from letopis.subjects.traces import Traces, traces_of

SLOTS = (WHO, RAW)


@dataclass(frozen=True, slots=True)
class Right:
    """What is right from now on; None leaves it as it is."""

    name: str | None = None
    phone: str | None = None

    def told(self) -> dict[str, str]:
        return {name: word for name, word in (("name", self.name), ("phone", self.phone)) if word is not None}


def correct(business: UUID, persons: Collection[int], right: Right, by: str) -> int:
    """Tell what is right and take out what says otherwise; how many entries were corrected.

    Raises:
        Overloaded: the journal grew faster than it could be read; try again.
    """
    told = right.told()
    assert told, "something is to be corrected"
    with connect(ERASER) as conn, connect(APP) as reader:
        clients = _clients(reader, business, persons)
        append_now([_event(business, client_id, told, by) for client_id in sorted(clients)])
        for _ in range(TRIES_MAX):
            read_everything(business)
            done = _take_out(conn, business, persons, told)
            if done is not None:
                read_everything(business)
                return done
            time.sleep(PAUSE_S)
    raise Overloaded("the journal grows faster than it is read", hint="try again in a minute")


def take_contacts(business: UUID, seqs: Collection[int], at_us: int) -> None:
    """After a restore: names and numbers of these entries go again; which were right, whoever knows tells anew."""
    with connect(ERASER) as conn, conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        held = hold(cur, business)
        wanted = sorted(seq for seq in seqs if seq < held.size)[:READ_MAX]
        entries = read_some(cur, business, wanted).values()
        wrong = [entry for entry in entries if to_us(entry.received_at) <= at_us]
        if wrong:
            rest = [_rest(entry, {"name": "", "phone": ""}) for entry in wrong]
            erase(cur, business, held, Act(ERASED, CORRECTION, SLOTS), [entry.seq for entry in wrong], rest)
    read_everything(business)


def _clients(conn: psycopg.Connection[Any], business: UUID, persons: Collection[int]) -> frozenset[str]:
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        return traces_of(cur, business, persons, position_of(cur, business, pipeline.READER)).clients


def _event(business: UUID, client_id: str, told: Mapping[str, str], by: str) -> Draft:
    event = ClientCorrected(timestamp=clock.now(), client_id=client_id, person=by)
    return own_draft(business, {**event.public(), **told})


def _take_out(
    conn: psycopg.Connection[Any], business: UUID, persons: Collection[int], told: Mapping[str, str]
) -> int | None:
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        hold_acts(cur)
        held = hold(cur, business)
        if position_of(cur, business, pipeline.READER) + 1 < held.size:
            return None
        traces = traces_of(cur, business, persons, held.size)
        wrong = [entry for entry in traces.entries.values() if _is_wrong(entry, traces, told)]
        if not wrong:
            return 0
        act = Act(ERASED, CORRECTION, SLOTS)
        seqs = [entry.seq for entry in wrong]
        erase(cur, business, held, act, seqs, [_rest(entry, told) for entry in wrong])
        count_acts(cur, acts_file.append(Line(business, runs_of(seqs), now_us(), CORRECTION)))
        return len(wrong)


def _is_wrong(entry: Entry, traces: Traces, told: Mapping[str, str]) -> bool:
    """Whether an entry of the person says another name or number than the right one."""
    if client_of(entry) not in traces.clients:
        return False
    return any(plain(entry.who.get(name)) not in ("", word) for name, word in told.items())


def _rest(entry: Entry, told: Mapping[str, str]) -> Remains:
    kept = remains_of(entry, NOBODY, (), SLOTS)
    return Remains(kept.seq, {name: word for name, word in kept.who.items() if name not in told})
