"""The rows of marks: what change_mark events tell, and versions of scenarios that appear by themselves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from letopis.base import clock
from letopis.base.rows import as_json
from letopis.base.sql import Queries
from letopis.clients.identities import plain
from letopis.intake.own import own_draft
from letopis.journal import draft as journal
from letopis.journal.batch import OWN_SOURCE
from letopis.journal.draft import Receipt
from letopis.journal.entries import Entry
from letopis.journal.kinds import ChangeMark
from letopis.journal.scribe import append_now
from letopis.metrics.marks.mark import MadeBy, Mark, What

QUERIES = Queries("letopis.metrics.marks")

_KNOWN = frozenset(one.value for one in What)


def learn(cur: Any, business: UUID, entries: Iterable[Entry], zone: ZoneInfo) -> None:
    """Keep what a batch tells: marks, marks taken back, and first appearances of versions."""
    told: list[Mark] = []
    ended: list[int] = []
    first: dict[tuple[str, str], Mark] = {}
    for entry in entries:
        if entry.kind or entry.flags & journal.TEST:
            continue
        if entry.type == ChangeMark.kind:
            if entry.meta.get("withdrawn"):
                of_mark = entry.meta.get("of_mark")
                # Only what was told before can be taken back: else it would matter in which batches one reads.
                if isinstance(of_mark, int) and of_mark < entry.seq:
                    ended.append(of_mark)
            else:
                told.append(_told(business, entry, zone))
        elif entry.meta.get("scenario") and entry.meta.get("version"):
            mark = _appeared(business, entry, zone)
            known = first.get((mark.scenario, mark.version))
            if known is None or (mark.at, mark.seq) < (known.at, known.seq):
                first[mark.scenario, mark.version] = mark
    if told:
        QUERIES.run(cur, "add_marks", rows=as_json(told))
    if ended:
        QUERIES.run(cur, "end_marks", business=business, seqs=ended)
    if first:
        QUERIES.run(cur, "note_versions", business=business, rows=as_json(list(first.values())))


def clear(cur: Any, business: UUID) -> None:
    """Drop all rows of a business, before they are derived anew."""
    QUERIES.run(cur, "clear_marks", business=business)


def tell(
    business: UUID,
    at: datetime,
    kind: What,
    what: str,
    *,
    effect: str = "",
    effect_size: str | None = None,
    metric: str = "",
    person: str,
) -> Receipt:
    """Write a change to the journal; the readers take it from there."""
    event = {
        "event": ChangeMark.kind,
        "timestamp": at.isoformat(),
        "what": what,
        "change_kind": kind.value,
        "effect": effect or None,
        "effect_size": effect_size,
        "metric": metric or None,
        "by": "business",
        "person": person,
    }
    return append_now([own_draft(business, {name: value for name, value in event.items() if value is not None})])[0]


def take_back(business: UUID, seq: int, person: str) -> Receipt:
    """Write that a change was never made; on repeat nothing changes."""
    event = {
        "event": ChangeMark.kind,
        "timestamp": clock.now().isoformat(),
        "of_mark": seq,
        "withdrawn": True,
        "by": "business",
        "person": person,
    }
    return append_now([own_draft(business, event)])[0]


def _told(business: UUID, entry: Entry, zone: ZoneInfo) -> Mark:
    meta = entry.meta
    scenario = plain(meta.get("scenario"))
    given = meta.get("change_kind", "")
    kind = given if given in _KNOWN else (What.SCENARIO if scenario else What.OTHER).value
    return Mark(
        business_id=business,
        seq=entry.seq,
        at=entry.at,
        day=entry.at.astimezone(zone).date(),
        kind=kind,
        what=plain(meta.get("what")),
        effect=plain(meta.get("effect")),
        metric=plain(meta.get("metric")),
        expected_ppm=meta.get("effect_ppm"),
        scenario=scenario,
        version=plain(meta.get("version")),
        person=plain(entry.who.get("person")),
        made_by=(MadeBy.PAGE if entry.source == OWN_SOURCE else MadeBy.SENDER).value,
    )


def _appeared(business: UUID, entry: Entry, zone: ZoneInfo) -> Mark:
    return Mark(
        business_id=business,
        seq=entry.seq,
        at=entry.at,
        day=entry.at.astimezone(zone).date(),
        kind=What.SCENARIO.value,
        scenario=plain(entry.meta["scenario"]),
        version=plain(entry.meta["version"]),
        made_by=MadeBy.ITSELF.value,
    )
