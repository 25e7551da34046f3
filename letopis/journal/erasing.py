"""Taking content out of the journal: slots and salts go, control entries say so, and what figures need remains.

One act is one transaction of the eraser's session (`letopis.base.database.ERASER`): the entries that tell of it and the
absence appear together or not at all. What stays of an entry is `Remains`: pseudonyms in place of ids, so that its
events still belong together, and what its words amounted to, so that a wait stays a wait; neither tells whose it was.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec

from letopis.base.clock import now_us
from letopis.base.rows import as_json
from letopis.base.sql import Cursor, Queries
from letopis.journal import draft as journal
from letopis.journal import lj1
from letopis.journal.batch import OWN_SOURCE
from letopis.journal.draft import Draft
from letopis.journal.erasures import ERASED, EXPIRED
from letopis.journal.held import DRAFTS_MAX, Held
from letopis.journal.origin import EVENTS
from letopis.journal.rows import day_of

QUERIES = Queries("letopis.journal")
ENTRIES_MAX = 10_000
"""So many entries at most are named by one control entry (contract on the ledger, 10.2); an act may have several."""
Renamed = Mapping[tuple[str, str], str]
"""What stands for an id from now on, by the sort of the id and the id: ids of two sorts may be the same word."""
_PSEUDONYM = re.compile(r"~\d+\.\d+", re.ASCII)
NOBODY: Renamed = MappingProxyType({})
ERASABLE = frozenset({journal.WHO, journal.TEXT, journal.RAW, journal.ATTACH})


class Remains(msgspec.Struct, frozen=True):
    """What stays of one entry; both are objects as LJ1 has them, empty for nothing."""

    seq: int
    who: dict[str, Any] = {}
    said: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Act:
    """What an erasure is told as: `type` is ERASED or EXPIRED, `reason` a code, `told` what else its entries say."""

    type: str
    reason: str
    slots: tuple[int, ...]
    told: Mapping[str, Any] = field(default_factory=dict)


def alias(held: Held, number: int) -> str:
    """A pseudonym for the ids of the next act: it tells in which act they went, and nothing of whose they were."""
    return f"~{held.size}.{number}"


def is_pseudonym(word: str) -> bool:
    """Whether an id is what `alias` gave in place of one."""
    return _PSEUDONYM.fullmatch(word) is not None


def erase(
    cur: Any,
    business: UUID,
    held: Held,
    act: Act,
    entries: Iterable[int],
    remains: Iterable[Remains],
    renamed: Renamed = NOBODY,
) -> list[int]:
    """Take the slots of these entries out and record it; the numbers of the control entries that say so.

    `cur` is in a transaction of the eraser that has entered the business and holds its log. `renamed` are the ids that
    `remains` have replaced, for the pipeline to replace them in what it has derived.
    """
    assert act.type in (ERASED, EXPIRED), "an erasure is told as one of these"
    assert set(act.slots) <= ERASABLE, "slot 1 is never erased"
    seqs = sorted(set(entries))
    parts = [seqs[first : first + ENTRIES_MAX] for first in range(0, len(seqs), ENTRIES_MAX)]
    assert 0 < len(parts) <= DRAFTS_MAX, "an unbounded erasure"
    # Before anything goes: they may be read from what is about to go.
    rows_kept = [_row(one) for one in remains]
    drafts = [_entry(business, act, part, (number, len(parts))) for number, part in enumerate(parts, start=1)]
    receipts = held.append(drafts)
    for part in parts:
        _take(cur, business, act, part)
    for rows in _in_parts(rows_kept):
        QUERIES.run(cur, "keep_remains", business=business, log=EVENTS, rows=as_json(rows))
    names_of = [{"sort": sort, "former": former, "alias": new} for (sort, former), new in renamed.items()]
    for names in _in_parts(names_of):
        key = {"business": business, "log": EVENTS, "seq": receipts[-1].seq}
        QUERIES.run(cur, "note_renaming", **key, names=as_json(names))
    return [receipt.seq for receipt in receipts]


def renamed_by(cur: Cursor, business: UUID, seq: int) -> dict[tuple[str, str], str]:
    """The ids that an act replaced; `seq` is that of its last control entry."""
    rows = QUERIES.rows(cur, "renaming_of", business=business, log=EVENTS, seq=seq)
    return {(row["sort"], row["former"]): row["alias"] for row in rows}


def forget_renaming(cur: Cursor, business: UUID, to_seq: int) -> None:
    """The last place that ties a pseudonym to an id goes, once the pipeline has read up to `to_seq`."""
    QUERIES.run(cur, "forget_renaming", business=business, log=EVENTS, to_seq=to_seq)


def runs_of(seqs: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as runs of neighbours, both ends inside."""
    runs: list[tuple[int, int]] = []
    for seq in sorted(seqs):
        first = runs.pop()[0] if runs and seq == runs[-1][1] + 1 else seq
        runs.append((first, seq))
    return runs


_COLUMNS = {"who": journal.WHO, "text": journal.TEXT, "attach": journal.ATTACH}


def _take(cur: Any, business: UUID, act: Act, seqs: list[int]) -> None:
    bounds = _months(cur, business, seqs)
    slots = {f"takes_{name}": number in act.slots for name, number in _COLUMNS.items()}
    QUERIES.run(cur, "take_content", business=business, log=EVENTS, seqs=seqs, **slots, **bounds)
    if journal.RAW in act.slots:
        QUERIES.run(cur, "take_raw", business=business, log=EVENTS, seqs=seqs, **bounds)


def _entry(business: UUID, act: Act, seqs: Sequence[int], part_of: tuple[int, int]) -> Draft:
    runs = runs_of(seqs)
    singles, ranges = [first for first, last in runs if first == last], [run for run in runs if run[0] != run[1]]
    part, parts = part_of
    meta = {"slots": sorted(act.slots), "reason": act.reason, "count": len(seqs), **act.told}
    meta |= ({"entries": singles} if singles else {}) | ({"ranges": ranges} if ranges else {})
    meta |= {"part": part, "parts": parts} if parts > 1 else {}
    return Draft(
        business=business,
        type=act.type,
        source=OWN_SOURCE,
        slots=((journal.META, lj1.encode(meta)),),
        body=b"",
        occurred_us=now_us(),
        kind=journal.CONTROL,
    )


def _months(cur: Any, business: UUID, seqs: Sequence[int]) -> dict[str, Any]:
    """Between which days the entries were received, so that only their partitions are looked into."""
    row = QUERIES.row(cur, "received_between", business=business, log=EVENTS, first=seqs[0], last=seqs[-1])
    assert row is not None, "an aggregate always answers"
    first, last = day_of(row["first_us"]), day_of(row["last_us"])
    return {"month_first": first.replace(day=1), "month_last": last, "day_first": first, "day_last": last}


def _in_parts(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for first in range(0, len(rows), ENTRIES_MAX):
        yield rows[first : first + ENTRIES_MAX]


def _row(one: Remains) -> dict[str, Any]:
    return {
        "seq": one.seq,
        "who": lj1.encode(one.who).decode() if one.who else None,
        "said": lj1.encode(one.said).decode() if one.said else None,
    }
