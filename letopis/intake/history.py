"""History: NDJSON of events that happened before Letopis, through the same mapping, flagged imported.

A repeat stores nothing twice: events without an id of their own are recognised by their content and time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

from letopis.access.wall import enter
from letopis.base.database import connect
from letopis.base.errors import SenderError
from letopis.base.sql import Queries
from letopis.intake import faults, quarantine
from letopis.intake.faults import Fault
from letopis.intake.mapping import map_event
from letopis.intake.quarantine import NotKept
from letopis.intake.reading import EVENT_BYTES_MAX, Piece, read_line
from letopis.intake.values import Context, source_name
from letopis.journal.draft import IMPORTED, Draft, Outcome
from letopis.journal.scribe import append_now

QUERIES = Queries("letopis.intake")

BATCH_LINES = 512
FAULTS_TOLD_MAX = 100

_UTF8_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong with one line; `kept` is False when quarantine could not take it."""

    line: int
    fault: Fault
    kept: bool

    def __str__(self) -> str:
        place = f"{self.fault.field}: " if self.fault.field else ""
        lost = "" if self.kept else " [not kept]"
        return f"line {self.line}: {place}{self.fault.why.message} ({self.fault.why.remedy}){lost}"


@dataclass(slots=True)
class Summary:
    """What became of the lines of an import."""

    accepted: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejected: int = 0
    faults: list[LineFault] = field(default_factory=list)
    """The first ones."""


def import_lines(
    business: UUID, source: str, stream: BinaryIO, progress: Callable[[int], object] = lambda lines: None
) -> Summary:
    """Read NDJSON to its end; `progress` hears the number of lines done after every batch.

    Raises:
        SenderError: there is no such business, or the source has no usable name.
        OuterError: the journal could not be written; run the import again, repeats are recognised.
    """
    if source_name(source) is None:
        raise SenderError("the source has no usable name", field="source", hint="a-z, 0-9, _ . - such as telegram")
    summary = Summary()
    with connect() as conn:
        context = _context(conn, business, source)
        lines = _lines(stream)
        done = 0
        while batch := list(islice(lines, BATCH_LINES)):
            _take(conn, context, batch, summary)
            done = batch[-1][0]
            progress(done)
    return summary


def _context(conn: psycopg.Connection[Any], business: UUID, source: str) -> Context:
    with conn.transaction():
        cur: Any = conn.cursor()
        zone = QUERIES.row(cur, "zone_of_business", business=business)
    if zone is None:
        raise SenderError(f"there is no business {business}", field="business", hint="see: letopis business list")
    return Context(business, source, ZoneInfo(zone["timezone"]))


def _lines(stream: BinaryIO) -> Iterator[tuple[int, Piece]]:
    """Every filled line with its number; a line longer than an event may be is read over, not into memory."""
    number = 0
    while line := stream.readline(EVENT_BYTES_MAX + 2):
        number += 1
        whole = line.endswith(b"\n") or len(line) < EVENT_BYTES_MAX + 2
        rest = line
        while not whole and rest and not rest.endswith(b"\n"):
            rest = stream.readline(EVENT_BYTES_MAX)
        line = (line.removeprefix(_UTF8_MARK) if number == 1 else line).strip()
        if not whole:
            yield number, Piece(line, fault=Fault("", faults.too_large(EVENT_BYTES_MAX)))
        elif line:
            yield number, read_line(line, number)


def _take(conn: psycopg.Connection[Any], context: Context, batch: list[tuple[int, Piece]], summary: Summary) -> None:
    drafts: list[Draft] = []
    sent: list[tuple[int, Piece]] = []
    rejected: list[tuple[int, Piece, list[Fault]]] = []
    for number, piece in batch:
        mapped = (
            [piece.fault] if piece.fault else map_event(piece.value, context, piece.raw, flags=piece.flags | IMPORTED)
        )
        if isinstance(mapped, Draft):
            drafts.append(mapped)
            sent.append((number, piece))
        else:
            rejected.append((number, piece, mapped))
    for (number, piece), receipt in zip(sent, append_now(drafts) if drafts else [], strict=True):
        if receipt.outcome is Outcome.ACCEPTED:
            summary.accepted += 1
        elif receipt.outcome is Outcome.DUPLICATE:
            summary.duplicates += 1
        elif receipt.outcome is Outcome.CONFLICT:
            summary.conflicts += 1
        else:
            rejected.append((number, piece, [Fault("", faults.not_storable(receipt.problem))]))
    if rejected:
        _keep(conn, context, rejected, summary)


def _keep(
    conn: psycopg.Connection[Any],
    context: Context,
    rejected: list[tuple[int, Piece, list[Fault]]],
    summary: Summary,
) -> None:
    with conn.transaction():
        cur: Any = conn.cursor()
        enter(cur, context.business)
        kept = quarantine.keep(
            cur, context.business, context.source, [(piece.raw, found) for _, piece, found in rejected]
        )
    summary.rejected += len(rejected)
    for (number, _, found), where in zip(rejected, kept, strict=True):
        if len(summary.faults) < FAULTS_TOLD_MAX:
            summary.faults.append(LineFault(number, found[0], not isinstance(where, NotKept)))
