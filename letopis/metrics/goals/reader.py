"""The rows of goals, what goal_set events tell, and how the owner tells one."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from letopis.base import clock
from letopis.base.rows import as_json, load
from letopis.base.sql import Queries
from letopis.clients.identities import plain
from letopis.intake.own import own_draft
from letopis.journal import draft as journal
from letopis.journal.draft import Receipt
from letopis.journal.entries import Entry
from letopis.journal.kinds import GoalSet
from letopis.journal.scribe import append_now
from letopis.metrics.goals.goal import Goal

QUERIES = Queries("letopis.metrics.goals")


def learn(cur: Any, business: UUID, entries: Iterable[Entry], zone: ZoneInfo) -> None:
    """Keep what a batch tells about goals."""
    told: dict[tuple[str, date], Goal] = {}
    for entry in entries:
        if entry.type == GoalSet.kind and entry.meta.get("metric") and not entry.flags & journal.TEST:
            goal = _goal(business, entry, zone)
            told[goal.metric, goal.valid_from] = goal
    if told:
        QUERIES.run(cur, "tell_goals", rows=as_json(list(told.values())))


def clear(cur: Any, business: UUID) -> None:
    """Drop all rows of a business, before they are derived anew."""
    QUERIES.run(cur, "clear_goals", business=business)


def goals_of(cur: Any, business: UUID) -> list[Goal]:
    """All goals that were ever set, the earliest first; the wall must be open."""
    rows = load(QUERIES, cur, "goals", Goal, business=business)
    return sorted(rows, key=lambda goal: (goal.metric, goal.valid_from))


def tell(
    business: UUID, metric: str, target: Decimal | None, *, valid_from: date, margin: Decimal | None, person: str
) -> Receipt:
    """Write to the journal what the owner wants from a day on; no target takes the goal away."""
    told = GoalSet(
        timestamp=clock.now(),
        metric=metric,
        goal_target=target,
        goal_margin=margin,
        valid_from=valid_from,
        person=person,
        withdrawn=True if target is None else None,
    )
    return append_now([own_draft(business, told.public())])[0]


def _goal(business: UUID, entry: Entry, zone: ZoneInfo) -> Goal:
    meta = entry.meta
    given = meta.get("valid_from")
    return Goal(
        business_id=business,
        metric=plain(meta["metric"]),
        valid_from=date.fromisoformat(given) if given else entry.at.astimezone(zone).date(),
        seq=entry.seq,
        at=entry.at,
        target_ppm=meta.get("goal_ppm"),
        margin_ppm=meta.get("margin_ppm"),
        person=plain(entry.who.get("person")),
        ended=bool(meta.get("withdrawn")),
    )
