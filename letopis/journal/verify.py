"""Verify: recompute every leaf, slot and root of a business from what is stored, and name the place of any change.

Streams entries, content and raw bodies side by side in one snapshot, in bounded memory. It cannot see what was never
recorded, nor a log that was rewritten from end to end together with all of its hashes: for that, checkpoints are kept
elsewhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from psycopg import Connection, IsolationLevel
from psycopg.rows import dict_row

from letopis.access.wall import enter
from letopis.base.database import APP, connect
from letopis.base.sql import Queries
from letopis.journal import leaf, slots
from letopis.journal.draft import ATTACH, META, RAW, TEXT, WHO
from letopis.journal.erasures import Erasures
from letopis.journal.origin import EVENTS, log_hash
from letopis.journal.rows import day_of
from letopis.journal.tree import EMPTY_ROOT, HASH_BYTES, Frontier

QUERIES = Queries("letopis.journal")
ROWS_AT_ONCE = 1000
PROBLEMS_MAX = 1000
BLOCK_LEVEL = 8

COLUMN_OF_SLOT = {META: "meta", WHO: "who", TEXT: "text", ATTACH: "attach"}
COLUMNS_IN_LEAF = ("seq", "received_us", "occurred_us", "kind", "level", "flags", "type", "source")
LOST_LEAF = bytes(HASH_BYTES)

Progress = Callable[[int, int], None]
Row = dict[str, Any]
Found = dict[int, tuple[bytes | None, bytes | None]]
"""Salt and data of each slot of an entry that is there."""


class What(StrEnum):
    """What is wrong at a place."""

    LOG_CHANGED = "log row changed"
    ENTRY_MISSING = "entry missing"
    ENTRY_REPEATED = "entry repeated"
    ENTRY_BEYOND = "entry beyond the end of the log"
    LEAF_CHANGED = "leaf changed"
    COLUMN_CHANGED = "column changed"
    TIME_BACK = "time of receipt goes back"
    SLOT_CHANGED = "slot changed"
    SLOT_MISSING = "slot missing, not recorded"
    SLOT_EXTRA = "slot that no leaf knows"
    HASH_CHANGED = "hashes differ"
    TOO_MANY = "more problems than are listed"


@dataclass(frozen=True, slots=True)
class Problem:
    seq: int
    """The entry, or the first of those that `detail` names; -1 where the log as a whole is meant."""
    what: What
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    entries: int
    root: bytes
    problems: list[Problem]


def verify(business: UUID, progress: Progress | None = None, log: str = EVENTS) -> Verdict:
    """Check one log of a business, reading as `letopis_app`; `progress` is told (done, total) every ROWS_AT_ONCE."""
    with connect(APP) as conn:
        conn.isolation_level = IsolationLevel.REPEATABLE_READ
        conn.read_only = True
        with conn.transaction(), conn.cursor(row_factory=dict_row) as cur:
            enter(cur, business)
            row = cur.execute(QUERIES["find_log"], {"business": business, "log": log}).fetchone()
            return _Run(_Stored(conn, business, log), progress or _quiet).check(row)


def _quiet(done: int, total: int) -> None:
    """Nobody asked for progress."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the database holds of one log, each table as a stream in order."""

    conn: Connection[Any]
    business: UUID
    log: str

    def stream(self, name: str) -> Iterator[Row]:
        with self.conn.cursor(name=name, row_factory=dict_row) as cur:
            cur.itersize = ROWS_AT_ONCE
            cur.execute(QUERIES[name], {"business": self.business, "log": self.log}, binary=True)
            yield from cur


class _Beside:
    """Rows of another table, read along with the entries."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def before(self, seq: int) -> list[Row]:
        """The rows below `seq` that nobody took: their entry is not there."""
        return self._while(lambda row: bool(row["seq"] < seq))

    def at(self, seq: int) -> list[Row]:
        return self._while(lambda row: bool(row["seq"] == seq))

    def rest(self) -> Iterator[Row]:
        if self._next is not None:
            yield self._next
        yield from self._rows

    def _while(self, fits: Callable[[Row], bool]) -> list[Row]:
        found = []
        while self._next is not None and fits(self._next):
            found.append(self._next)
            self._next = next(self._rows, None)
        return found


@dataclass(slots=True)
class _Run:
    """One run over one log."""

    stored: _Stored
    progress: Progress
    problems: list[Problem] = field(default_factory=list)
    tree: Frontier = field(default_factory=Frontier)
    entries: int = 0
    spoilt: set[int] = field(default_factory=set)
    """Blocks of 256 leaves in which a problem was named already: that their hashes differ tells nothing more."""

    def check(self, row: Row | None) -> Verdict:
        if row is None:
            if next(self.stored.stream("all_entries"), None) is not None:
                self._note(-1, What.LOG_CHANGED, "there are entries, but the row of their log is gone")
            return Verdict(0, EMPTY_ROOT, self.problems)
        last_us = self._check_entries(row)
        self._lose_up_to(row["size"])
        self.progress(self.entries, row["size"])
        self._check_nodes()
        self._check_log_row(row, last_us)
        return Verdict(self.entries, self.tree.root(), sorted(self.problems, key=lambda problem: problem.seq))

    def _check_entries(self, row: Row) -> int:
        """All entries with their slots; gives the last time of receipt."""
        own_hash = log_hash(row["origin"])
        erasures = Erasures.read(self.stored.stream("all_erasures"))
        content, raw = _Beside(self.stored.stream("all_content")), _Beside(self.stored.stream("all_raw"))
        last_us = 0
        for entry in self.stored.stream("all_entries"):
            seq = entry["seq"]
            if not self._is_next(seq, row["size"]):
                continue
            self._note_orphans([*content.before(seq), *raw.before(seq)])
            if entry["received_us"] < last_us:
                self._note(seq, What.TIME_BACK, f"{last_us - entry['received_us']} µs before the entry before it")
            last_us = entry["received_us"]
            commitments = self._check_leaf(entry, own_hash)
            found = self._found_slots(entry, content.at(seq), raw.at(seq))
            if commitments is not None:
                self._check_slots(seq, commitments, found, erasures)
            self.tree.append(leaf.leaf_hash(entry["leaf"]))
            self.entries += 1
            if not self.entries % ROWS_AT_ONCE:
                self.progress(self.entries, row["size"])
        for beside in (content, raw):
            self._note_orphans(beside.rest())
        return last_us

    def _is_next(self, seq: int, size: int) -> bool:
        """Whether to check this entry in its place; fills the places of missing ones before it."""
        if seq < self.tree.size:
            self._note(seq, What.ENTRY_REPEATED, "its number was there before")
            return False
        if seq >= size:
            self._note(seq, What.ENTRY_BEYOND, f"the log row knows {size} entries")
            return False
        self._lose_up_to(seq)
        return True

    def _lose_up_to(self, seq: int) -> None:
        """A leaf of zeros stands for a lost one, so that all later ones keep their place in the tree."""
        while self.tree.size < seq:
            self._note(self.tree.size, What.ENTRY_MISSING, "no entry has this number")
            self.tree.append(LOST_LEAF)

    def _note_orphans(self, rows: Iterator[Row] | list[Row]) -> None:
        for row in rows:
            self._note(row["seq"], What.SLOT_EXTRA, "content of an entry that is not there")

    def _check_leaf(self, entry: Row, own_hash: bytes) -> dict[int, bytes] | None:
        """The leaf against the columns beside it; gives its commitments, None where it cannot be read."""
        seq = entry["seq"]
        try:
            parsed = leaf.parse(entry["leaf"])
        except leaf.LeafError as error:
            self._note(seq, What.LEAF_CHANGED, f"not a leaf any more: {error}")
            return None
        if parsed.log_hash != own_hash:
            self._note(seq, What.LEAF_CHANGED, "it belongs to another log")
        for column in COLUMNS_IN_LEAF:
            if (told := getattr(parsed, column)) != entry[column]:
                self._note(seq, What.COLUMN_CHANGED, f"{column} is {entry[column]}, the leaf says {told}")
        return dict(parsed.commitments)

    def _found_slots(self, entry: Row, content: list[Row], raw: list[Row]) -> Found:
        seq, day = entry["seq"], day_of(entry["received_us"])
        found: Found = {}
        for row in content:
            self._check_place(seq, "month", row["month"], day.replace(day=1))
            for number, column in COLUMN_OF_SLOT.items():
                if row[column] is not None or row[f"{column}_salt"] is not None:
                    self._take(found, seq, number, row[f"{column}_salt"], row[column])
        for row in raw:
            self._check_place(seq, "day", row["day"], day)
            self._take(found, seq, RAW, row["salt"], row["data"])
        return found

    def _check_place(self, seq: int, column: str, told: date, right: date) -> None:
        if told != right:
            self._note(seq, What.COLUMN_CHANGED, f"its content is filed under {column} {told} instead of {right}")

    def _take(
        self,
        found: Found,
        seq: int,
        number: int,
        salt: bytes | None,
        data: bytes | None,
    ) -> None:
        if number in found:
            self._note(seq, What.SLOT_EXTRA, f"slot {number} is there twice")
        found[number] = (salt, data)

    def _check_slots(
        self,
        seq: int,
        commitments: dict[int, bytes],
        found: Found,
        erasures: Erasures,
    ) -> None:
        for number, commitment in commitments.items():
            salt, data = found.pop(number, (None, None))
            if salt is None and data is None:
                if not erasures.explain(seq, number):
                    self._note(seq, What.SLOT_MISSING, f"slot {number} is gone and no entry records an erasure")
            elif salt is None or data is None or len(salt) != slots.SALT_BYTES:
                self._note(seq, What.SLOT_CHANGED, f"slot {number}: salt and content do not belong together")
            elif slots.commitment(number, data, salt) != commitment:
                self._note(seq, What.SLOT_CHANGED, f"slot {number}: the leaf was made over other content")
        for number in found:
            self._note(seq, What.SLOT_EXTRA, f"slot {number}: the leaf does not know it")

    def _check_log_row(self, row: Row, last_us: int) -> None:
        size, frontier = row["size"], row["frontier"]
        if row["last_us"] != last_us and self.entries == size:
            self._note(-1, What.LOG_CHANGED, "last time of receipt is not that of the last entry")
        if len(frontier) != HASH_BYTES * size.bit_count():
            self._note(-1, What.LOG_CHANGED, "the frontier does not belong to the size")
            return
        start = 0
        for number, told in enumerate(Frontier.load(size, frontier).hashes):
            level = _levels(size)[number]
            self._compare(start, level, told, self.tree.hashes[number])
            start += 1 << level

    def _check_nodes(self) -> None:
        told = {(row["level"], row["idx"]): row["hash"] for row in self.stored.stream("all_nodes")}
        for node in self.tree.full:
            start = node.idx << node.level
            kept = told.pop((node.level, node.idx), None)
            if kept is None:
                self._note(-1, What.HASH_CHANGED, f"the hash of entries {_span(start, node.level)} is gone")
            else:
                self._compare(start, node.level, kept, node.hash)
        for level, idx in told:
            self._note(-1, What.HASH_CHANGED, f"a hash is kept of entries that are not there: level {level}, {idx}")

    def _compare(self, start: int, level: int, told: bytes, made: bytes) -> None:
        """Compare a kept hash with ours; where entries below are named already it must differ, and says nothing new."""
        if told == made:
            return
        first, last = start >> BLOCK_LEVEL, (start + (1 << level) - 1) >> BLOCK_LEVEL
        if self.spoilt.isdisjoint(range(first, last + 1)):
            self._note(start, What.HASH_CHANGED, f"entries {_span(start, level)} no longer give the hash kept of them")

    def _note(self, seq: int, what: What, detail: str) -> None:
        if seq >= 0:
            self.spoilt.add(seq >> BLOCK_LEVEL)
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(Problem(seq, what, detail))
        elif len(self.problems) == PROBLEMS_MAX:
            self.problems.append(Problem(-1, What.TOO_MANY, f"only the first {PROBLEMS_MAX} are listed"))


def _levels(size: int) -> list[int]:
    """The levels of the perfect subtrees of a tree of this size, largest first."""
    return [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]


def _span(start: int, level: int) -> str:
    return f"{start} to {start + (1 << level) - 1}"
