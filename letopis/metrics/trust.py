"""Whether the numbers can be trusted now: how far they are behind the journal, and which sources have fallen silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from letopis.intake.sources import News, sources_of
from letopis.journal.entries import read_after
from letopis.journal.positions import position_of, size_of
from letopis.metrics.pipeline import READER

# A lag under this is how the product breathes; above it the page says so.
LAG_TOLD_S = 60
# What is usual for a source is judged by the auditor; a day without a word is pointed out by itself.
SILENT_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Lag:
    """How far the numbers are behind the journal: all that came before `seen_at` is in them."""

    seen_at: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class Silence:
    """A source that has not sent for longer than `SILENT_AFTER`."""

    source: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Hearing:
    """Which sources are heard; `known` is False when none has ever sent."""

    known: bool
    silent: Sequence[Silence]


def lag_of(cur: Any, business: UUID, now: datetime) -> Lag | None:
    """None when the numbers are fresh."""
    position = position_of(cur, business, READER)
    if position + 1 >= size_of(cur, business):
        return None
    waiting = read_after(cur, business, position, 1)
    if not waiting:
        return None
    seconds = (now - waiting[0].received_at).total_seconds()
    return Lag(waiting[0].received_at, seconds) if seconds > LAG_TOLD_S else None


def hearing_of(cur: Any, business: UUID, now: datetime) -> Hearing:
    return heard(sources_of(cur, business), now)


def heard(news: Sequence[News], now: datetime) -> Hearing:
    """A source with several connections is heard when one of them is; the longest silence comes first."""
    last: dict[str, datetime] = {}
    for one in news:
        if one.source and one.last_event_at is not None:
            last[one.source] = max(last.get(one.source, one.last_event_at), one.last_event_at)
    silent = [Silence(source, at) for source, at in last.items() if now - at > SILENT_AFTER]
    return Hearing(bool(last), sorted(silent, key=lambda one: one.since))
