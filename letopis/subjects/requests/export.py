"""Everything that is kept of a person, to be given to him: one JSON and one page that anybody can read.

His own words, names and ids are whole. In what others said to him everybody else is hidden by the veil; staff are named
by their first name. The form is described in docs/reference/person-export.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from letopis.base import clock
from letopis.base.errors import SenderError
from letopis.base.sql import Queries
from letopis.clients.identities import client_of
from letopis.dialogues.remains import SORTS
from letopis.journal.entries import Entry
from letopis.journal.positions import size_of
from letopis.privacy.veil import ASSISTANT, STAFF, veil
from letopis.subjects.requests.finding import Found, people
from letopis.subjects.traces import Traces, traces_of

QUERIES = Queries("letopis.subjects.requests")
FORMAT = "letopis/person/v1"
ENTRIES_MAX = 20_000
VISITS_MAX = 5_000
INWARD = frozenset({"message_in", "reminder_replied"})


@dataclass(frozen=True, slots=True)
class Export:
    """What is given out; `told` is the JSON, `people` the cards for the page."""

    told: dict[str, Any]
    people: list[Found]


def export(cur: Any, business: UUID, name: str, persons: Sequence[int]) -> Export:
    """Collect it; the wall is open, and the pipeline has read the journal.

    Raises:
        SenderError: there is more of him than one file holds.
    """
    if not persons:
        raise SenderError("there is nobody to give out", field="persons", hint="look who the request is of")
    traces = traces_of(cur, business, persons, size_of(cur, business))
    if len(traces.entries) > ENTRIES_MAX:
        raise SenderError(f"more than {ENTRIES_MAX} entries", field="persons", hint="choose fewer persons at once")
    cards = people(cur, business, persons)
    visits = QUERIES.rows(cur, "visits_of", business=business, persons=list(persons), limit=VISITS_MAX)
    told = {
        "format": FORMAT,
        "made_at": clock.now().isoformat(),
        "business": name,
        "known_as": [
            {"channel": one.channel, "client_id": one.client_id, "name": one.name, "phone": one.phone}
            for card in cards
            for one in card.known
        ],
        "visits": [_visit(row) for row in visits],
        "events": list(_events(traces)),
    }
    return Export(told, cards)


def _events(traces: Traces) -> Iterator[dict[str, Any]]:
    for seq in sorted(traces.entries):
        entry = traces.entries[seq]
        if not entry.kind:
            yield _event(entry, traces)


def _event(entry: Entry, traces: Traces) -> dict[str, Any]:
    """One event; what it does not have is left out."""
    is_his = client_of(entry) in traces.clients
    person = str(entry.who.get("person", "")).split()
    told: dict[str, Any] = {
        "number": entry.seq,
        "at": entry.at.isoformat(),
        "event": entry.type,
        "channel": entry.source,
        "ids": {name: entry.who[name] for name in SORTS if is_his and entry.who.get(name)},
        "text": _text(entry),
        "staff": person[0] if person else "",
        "told": {name: value for name, value in entry.meta.items() if name in _TOLD},
    }
    return {name: value for name, value in told.items() if value not in ("", {}, None)}


_TOLD = frozenset(
    {"role", "intent", "scenario", "step", "state", "result", "by", "appointment", "amount_kop", "campaign"}
)


def _text(entry: Entry) -> str:
    """His own words are his; what was said to him may name others."""
    if not entry.text or entry.type in INWARD:
        return entry.text or ""
    return veil(entry.text, role=STAFF if entry.meta.get("role") == "human" else ASSISTANT)


def _visit(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: _plain(value) for name, value in row.items()}
    told["staff"] = str(told.pop("resource") or "").partition(" ")[0]
    return {name: value for name, value in told.items() if value not in ("", None)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
