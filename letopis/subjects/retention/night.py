"""The quiet hours: what is over its term goes, once a day for each business, and then out of the files.

Two workers may do one business at once: the second finds nothing left. What a night did is kept for the page.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Event
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import structlog
from django.conf import settings
from psycopg.types.json import Json

from letopis.access.wall import enter, enter_many
from letopis.base import clock
from letopis.base.database import ERASER, connect
from letopis.base.postgres import SUPERUSER, EmbeddedServer
from letopis.base.sql import Queries
from letopis.journal import partitions
from letopis.journal.positions import standings
from letopis.subjects.requests.request import drop_old
from letopis.subjects.retention.expiry import expire
from letopis.subjects.rewriting import rewrite

QUERIES = Queries("letopis.subjects.retention")
FROM_HOUR, TO_HOUR = 3, 6
"""By the clock of the business; a business whose night was missed is served at the next look."""
NIGHTS_KEPT_DAYS = 400

ASKED_AT_ONCE = 500

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Due:
    """A business whose night is to be done, and its own time now."""

    business: UUID
    local: datetime


def clean(stopping: Event) -> int:
    """Serve every business whose night was not done yet; how many there were.

    Files are made anew behind it, if it is night there now: tables are shut for seconds meanwhile.
    """
    now = clock.now()
    served = [due for due in _due(now) if not stopping.is_set() and _guarded(due, now)]
    if any(FROM_HOUR <= due.local.hour < TO_HOUR for due in served) and not stopping.is_set():
        with connect(role=None, autocommit=True) as owner:
            partitions.drop_empty(owner, now.date())
            rewrite_files(owner, _businesses())
    return len(served)


def rewrite_files(owner: psycopg.Connection[Any], businesses: list[UUID]) -> bool:
    """`rewrite` with the superuser that the embedded server gives us."""
    if not settings.LETOPIS_EMBEDDED:
        return rewrite(owner, None, businesses)
    url = EmbeddedServer(settings.LETOPIS_DATA).url(user=SUPERUSER)
    with psycopg.connect(url, autocommit=True) as superuser:
        return rewrite(owner, superuser, businesses)


def last_nights(cur: Any, business: UUID, limit: int) -> list[dict[str, Any]]:
    """What the last nights took out, the newest first: `day`, `at`, `gone` by class. The wall is open."""
    return QUERIES.rows(cur, "last_nights", business=business, limit=limit)


def _businesses() -> list[UUID]:
    with connect() as conn, conn.cursor() as cur:
        return sorted({standing.business for standing in standings(cur)})


def _due(now: datetime) -> list["_Due"]:
    """Businesses whose night was not done; most have been, so they are asked for many at once."""
    businesses = _businesses()
    found: list[_Due] = []
    cur: Any
    with connect() as conn:
        for first in range(0, len(businesses), ASKED_AT_ONCE):
            some = businesses[first : first + ASKED_AT_ONCE]
            with conn.transaction(), conn.cursor() as cur:
                enter_many(cur, some)
                for row in QUERIES.rows(cur, "last_night_of", businesses=some):
                    local = now.astimezone(ZoneInfo(row["timezone"]))
                    if row["day"] is None or row["day"] < _night(local):
                        found.append(_Due(row["business_id"], local))
    return found


def _guarded(due: "_Due", now: datetime) -> bool:
    """One business that cannot be served must not keep the others from it; the next look tries again."""
    try:
        _serve(due.business, _night(due.local), now)
    except Exception as error:
        log.error("night_failed", business=str(due.business), kind=type(error).__name__, exc_info=True)
        return False
    return True


def _serve(business: UUID, day: date, now: datetime) -> None:
    gone = {kept.value: count for kept, count in expire(business, now).items()}
    cur: Any
    with connect(ERASER) as conn, conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        drop_old(cur, business, day)
        QUERIES.run(cur, "tell_night", business=business, day=day, at=now, gone=Json(gone))
        QUERIES.run(cur, "drop_nights", business=business, before=day - timedelta(days=NIGHTS_KEPT_DAYS))
    if gone:
        log.info("expired", business=str(business), **gone)


def _night(local: datetime) -> date:
    """The night that is to be done: today's from FROM_HOUR on, before it still yesterday's."""
    return (local - timedelta(hours=FROM_HOUR)).date()
