"""What is wrong with a business, the worst first. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from letopis.metrics.definitions.completeness import ENOUGH
from letopis.metrics.network.facts import Facts, Old
from letopis.metrics.words import N_FLOOR

EXPECTED_MIN = 10.0
"""A silence is unusual when so many turns of clients are missing: by chance once in twenty thousand times."""
REFUSED_MIN = 3
"""So many leads in a row that the CRM has not got: it takes none."""
UNDELIVERED_MAX = 10
"""More leads than this outside of the CRM are losses, whether others pass or not."""
FAILURES_MIN = 5
FAILURES_SHARE_MIN = 0.05
"""So many leads of a week that stopped at a failure of ours, and such a part of all, are no chance."""
UNREAD_MAX = 5000
UNREAD_FOR_MAX = timedelta(minutes=10)
"""Numbers are behind when so many entries are unread, or the last one for so long."""


class Level(IntEnum):
    """How bad a business stands; in this order they are listed."""

    LOSING = 0
    ATTENTION = 1
    OLD = 2
    TEST = 3
    FINE = 4


class What(StrEnum):
    """One thing that may be wrong, the weightiest of a level first."""

    SILENT = "silent"
    REFUSED = "refused"
    UNDELIVERED = "undelivered"
    LATE = "late"
    BROKEN = "broken"
    WAITING = "waiting"
    DELAYED = "delayed"
    FAILURES = "failures"
    SOURCE = "source"
    QUARANTINED = "quarantined"
    UNKNOWN = "unknown"
    BEHIND = "behind"
    OLD = "old"
    TEST = "test"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong: how many, since when; `usual_s` is the usual pause between messages."""

    level: Level
    what: What
    count: int = 0
    since: datetime | None = None
    usual_s: float = 0.0
    name: str = ""
    share: float = 0.0
    old: Old | None = None


def troubles_of(facts: Facts, now: datetime) -> list[Trouble]:
    """Everything that is wrong, the worst first; nothing is the best answer."""
    if not facts.begun and facts.heard_at is None:
        return [Trouble(Level.TEST, What.EMPTY)]
    found = [*_losing(facts), *_attention(facts, now)]
    if facts.old is not None:
        found.append(Trouble(Level.OLD, What.OLD, old=facts.old))
    if facts.tested:
        found.append(Trouble(Level.TEST, What.TEST))
    return found


def level_of(troubles: list[Trouble]) -> Level:
    return troubles[0].level if troubles else Level.FINE


def _losing(facts: Facts) -> Iterator[Trouble]:
    if is_silent(facts):
        usual_s = facts.quiet_s / facts.expected
        yield Trouble(Level.LOSING, What.SILENT, since=facts.heard_at, usual_s=usual_s)
    if facts.refused >= REFUSED_MIN:
        yield Trouble(Level.LOSING, What.REFUSED, facts.refused, facts.refused_since)
    elif facts.undelivered > UNDELIVERED_MAX:
        yield Trouble(Level.LOSING, What.UNDELIVERED, facts.undelivered)
    if facts.late:
        yield Trouble(Level.LOSING, What.LATE, facts.late, facts.late_since)


def is_silent(facts: Facts) -> bool:
    """Longer than chance can tell."""
    return facts.expected >= EXPECTED_MIN


def _attention(facts: Facts, now: datetime) -> Iterator[Trouble]:
    if facts.broken:
        yield Trouble(Level.ATTENTION, What.BROKEN)
    if facts.waiting > facts.late:
        yield Trouble(Level.ATTENTION, What.WAITING, facts.waiting)
    if 0 < facts.undelivered <= UNDELIVERED_MAX and facts.refused < REFUSED_MIN:
        yield Trouble(Level.ATTENTION, What.DELAYED, facts.undelivered)
    if facts.failures >= max(FAILURES_MIN, FAILURES_SHARE_MIN * facts.leads_lately):
        yield Trouble(Level.ATTENTION, What.FAILURES, facts.failures)
    if facts.silent and not is_silent(facts):
        yield Trouble(Level.ATTENTION, What.SOURCE, since=facts.silent_since, name=facts.silent)
    if facts.quarantined:
        yield Trouble(Level.ATTENTION, What.QUARANTINED, facts.quarantined)
    if facts.asked >= N_FLOOR and facts.known < ENOUGH * facts.asked:
        yield Trouble(Level.ATTENTION, What.UNKNOWN, share=facts.known / facts.asked)
    if _is_behind(facts, now):
        yield Trouble(Level.ATTENTION, What.BEHIND, facts.unread)


def _is_behind(facts: Facts, now: datetime) -> bool:
    if facts.unread > UNREAD_MAX:
        return True
    return facts.unread > 0 and facts.grown_at is not None and now - facts.grown_at > UNREAD_FOR_MAX
