"""Quarantine: what reached us and could not be understood, as received, until a person mends or drops it.

Callers have entered the business. Bounds are told to the sender: what cannot be kept is never kept silent.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy
from msgspec.structs import replace
from psycopg.types.json import Json

from letopis.base import clock, ids
from letopis.base.errors import SenderError
from letopis.base.sql import Cursor, Queries
from letopis.base.text import Text
from letopis.intake import faults as known_faults
from letopis.intake.faults import Fault, Why
from letopis.intake.mapping import derived_key, map_event
from letopis.intake.models import State
from letopis.intake.reading import EVENT_BYTES_MAX, NotJsonError, Piece, TooLargeError, read_body
from letopis.intake.values import Context
from letopis.journal.draft import Draft, Outcome, Receipt
from letopis.journal.scribe import append_now
from letopis.privacy.storing import storable_raw

QUERIES = Queries("letopis.intake")

OPEN_PIECES_MAX = 10_000
RAW_BYTES_MAX = 256 * 1024
FAULTS_KEPT_MAX = 20
PAGE_SIZE_MAX = 100
REASON_CHARS_MAX = 500

_NEWEST = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))


class NotKept(Enum):
    """Why a piece could not be put into quarantine."""

    FULL = Text(
        ru="Карантин полон, поэтому присланное не сохранено: разберите его и пришлите снова",
        en="Quarantine is full, so what you sent was not kept: clear it and send again",
    )
    UNREACHABLE = Text(
        ru="Карантин сейчас недоступен, поэтому присланное не сохранено: пришлите снова",
        en="Quarantine cannot be reached now, so what you sent was not kept: send again",
    )
    TOO_LARGE = Text(
        ru="Присланное слишком велико для карантина и не сохранено: исправьте и пришлите снова",
        en="What you sent is too large for quarantine and was not kept: mend it and send again",
    )


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One piece of quarantine."""

    id: UUID
    received_at: datetime
    source: str
    reason: str
    field: str
    faults: tuple[Fault, ...]
    raw: bytes
    state: State
    replayed_seq: int | None
    edited_by: int | None
    dropped_reason: str
    settled_at: datetime | None

    @property
    def why_dropped(self) -> str:
        """What a person wrote, or the words for what took it out."""
        return str(_TAKEN_OUT.get(self.dropped_reason, self.dropped_reason))

    @property
    def text(self) -> str:
        """The piece for reading and mending; letters that are none are replaced."""
        return self.raw.decode(errors="replace")


_TAKEN_OUT = {
    "retention": gettext_lazy("Its term of storage was over."),
    "subject_request": gettext_lazy("Erased at a client's request."),
}


class NotMendedError(SenderError):
    """The mended text still cannot be taken."""

    def __init__(self, found: Sequence[Fault]) -> None:
        first = found[0]
        super().__init__(str(first.why.message), field=first.field, hint=str(first.why.remedy))
        self.faults = tuple(found)


class SettledError(SenderError):
    """This piece of quarantine was replayed or dropped before, or never was."""


def keep(
    cur: Cursor, business: UUID, source: str, pieces: Sequence[tuple[bytes, Sequence[Fault]]]
) -> list[UUID | NotKept]:
    """Put pieces into quarantine; for each its id, or why it could not be kept."""
    found = QUERIES.row(cur, "count_open", business=business, open_max=OPEN_PIECES_MAX)
    assert found is not None, "a count always answers"
    room = OPEN_PIECES_MAX - found["open"]
    kept: list[UUID | NotKept] = []
    for raw, wrong in pieces:
        if len(raw) > RAW_BYTES_MAX:
            kept.append(NotKept.TOO_LARGE)
        elif room <= 0:
            kept.append(NotKept.FULL)
        else:
            room -= 1
            kept.append(_keep(cur, business, source, raw, wrong))
    return kept


def _keep(cur: Cursor, business: UUID, source: str, raw: bytes, wrong: Sequence[Fault]) -> UUID:
    piece = ids.new_uuid()
    QUERIES.run(
        cur,
        "keep",
        business=business,
        id=piece,
        received_at=clock.now(),
        source=source,
        reason=wrong[0].why.code,
        field=wrong[0].field,
        faults=Json([_as_json(fault) for fault in wrong[:FAULTS_KEPT_MAX]]),
        raw=storable_raw(raw),
    )
    return piece


def pieces(
    cur: Cursor,
    business: UUID,
    state: State = State.OPEN,
    before: tuple[datetime, UUID] | None = None,
    limit: int = PAGE_SIZE_MAX,
) -> list[Quarantined]:
    """A page of quarantine, newest first; `before` is (received_at, id) of the last piece of the page before."""
    assert 0 < limit <= PAGE_SIZE_MAX, "an unbounded read"
    before_at, before_id = before or _NEWEST
    rows = QUERIES.rows(
        cur, "pieces", business=business, state=state.value, before_at=before_at, before_id=before_id, limit=limit
    )
    return [_piece(row) for row in rows]


def piece(cur: Cursor, business: UUID, id: UUID) -> Quarantined | None:
    row = QUERIES.row(cur, "piece", business=business, id=id)
    return None if row is None else _piece(row)


def count_open(cur: Cursor, business: UUID) -> int:
    """How many pieces wait, up to the bound."""
    found = QUERIES.row(cur, "count_open", business=business, open_max=OPEN_PIECES_MAX)
    assert found is not None, "a count always answers"
    return int(found["open"])


def mend_and_replay(cur: Cursor, business: UUID, id: UUID, edited_text: str, person: int) -> list[Receipt]:
    """Send the piece again in its mended form, as its source would have.

    Nothing is written where one event of it still cannot be taken. A replay that was cut short and is repeated stores
    nothing twice.

    Raises:
        SettledError: it is no open piece.
        NotMendedError: names what is still wrong.
        OuterError: the journal could not be written; the piece stays open.
    """
    held = _hold(cur, business, id)
    zone = QUERIES.row(cur, "zone_of_business", business=business)
    assert zone is not None, "a piece without its business"
    drafts = _drafts(edited_text, Context(business, held.source, ZoneInfo(zone["timezone"])))
    receipts = append_now(
        [
            replace(draft, dedup_key=draft.dedup_key or derived_key("quarantine", str(id), str(index)))
            for index, draft in enumerate(drafts)
        ]
    )
    for receipt in receipts:
        if receipt.outcome is Outcome.REFUSED:
            raise NotMendedError([Fault("", known_faults.not_storable(receipt.problem))])
    _settle(cur, business, id, State.REPLAYED, replayed_seq=receipts[0].seq, edited_by=person)
    return receipts


def drop(cur: Cursor, business: UUID, id: UUID, reason: str, person: int) -> None:
    """Leave the piece out for good, with a reason.

    Raises:
        SettledError: it is no open piece.
        SenderError: no reason is given.
    """
    reason = reason.strip()
    if not reason or len(reason) > REASON_CHARS_MAX:
        raise SenderError("a reason is needed", field="reason", hint=f"1 to {REASON_CHARS_MAX} characters")
    _hold(cur, business, id)
    _settle(cur, business, id, State.DROPPED, edited_by=person, dropped_reason=reason)


def _hold(cur: Cursor, business: UUID, id: UUID) -> Quarantined:
    row = QUERIES.row(cur, "hold_piece", business=business, id=id)
    if row is None or row["state"] != State.OPEN:
        raise SettledError
    return _piece(row)


def _settle(
    cur: Cursor,
    business: UUID,
    id: UUID,
    state: State,
    *,
    edited_by: int,
    replayed_seq: int | None = None,
    dropped_reason: str = "",
) -> None:
    QUERIES.run(
        cur,
        "settle",
        business=business,
        id=id,
        state=state.value,
        replayed_seq=replayed_seq,
        edited_by=edited_by,
        dropped_reason=dropped_reason,
        settled_at=clock.now(),
    )


def _drafts(text: str, context: Context) -> list[Draft]:
    body = text.encode(errors="replace")
    try:
        reading = read_body(body, lines=False)
    except NotJsonError as error:
        raise NotMendedError([Fault("", known_faults.not_json(error.line, error.column))]) from None
    except TooLargeError:
        raise NotMendedError([Fault("", known_faults.too_large(EVENT_BYTES_MAX))]) from None
    if not reading.pieces:
        raise NotMendedError([Fault("", known_faults.NOT_OBJECT)])
    return [_draft(one, context) for one in reading.pieces]


def _draft(one: Piece, context: Context) -> Draft:
    mapped = [one.fault] if one.fault else map_event(one.value, context, one.raw, flags=one.flags)
    if isinstance(mapped, list):
        raise NotMendedError(mapped)
    return mapped


def _as_json(fault: Fault) -> dict[str, Any]:
    why = fault.why
    return {
        "field": fault.field,
        "code": why.code,
        "message": {"ru": why.message.ru, "en": why.message.en},
        "remedy": {"ru": why.remedy.ru, "en": why.remedy.en},
    }


def _as_fault(stored: dict[str, Any]) -> Fault:
    return Fault(stored["field"], Why(stored["code"], Text(**stored["message"]), Text(**stored["remedy"])))


def _piece(row: dict[str, Any]) -> Quarantined:
    stored = row["faults"]
    # Django's cursors leave jsonb as text, psycopg's own do not.
    wrong = tuple(_as_fault(one) for one in (json.loads(stored) if isinstance(stored, str) else stored))
    return Quarantined(**{**row, "faults": wrong, "raw": bytes(row["raw"]), "state": State(row["state"])})
