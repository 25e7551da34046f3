"""The quiet hours: what is over its term goes, once a day for each business, and then out of the files.

Two workers may do one business at once: the second finds nothing left. What a night did is kept for the page.
"""

from datetime import date, datetime, timedelta
from threading import Event
from typing import Any
from uuid import UUID

import psycopg
import structlog
from django.conf import settings
from psycopg.types.json import Json

from letopis.access.wall import enter
from letopis.base import clock
from letopis.base.database import ERASER, connect
from letopis.base.postgres import SUPERUSER, EmbeddedServer
from letopis.base.sql import Queries
from letopis.journal import partitions
from letopis.journal.positions import standings
from letopis.metrics.pipeline import zone_of
from letopis.subjects.requests.request import drop_old
from letopis.subjects.retention.expiry import expire
from letopis.subjects.rewriting import rewrite

QUERIES = Queries("letopis.subjects.retention")
FROM_HOUR, TO_HOUR = 3, 6
"""By the clock of the business; a business whose night was missed is served at the next look."""
NIGHTS_KEPT_DAYS = 400

log = structlog.get_logger()


def clean(stopping: Event) -> int:
    """Serve every business whose night was not done yet; how many there were.

    Files are made anew behind it, if it is night there now: tables are shut for seconds meanwhile.
    """
    hours = [hour for business in _businesses() if (hour := _guarded(business, clock.now(), stopping)) is not None]
    if any(FROM_HOUR <= hour < TO_HOUR for hour in hours) and not stopping.is_set():
        with connect(role=None, autocommit=True) as owner:
            partitions.drop_empty(owner, clock.now().date())
            rewrite_files(owner, _businesses())
    return len(hours)


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


def _guarded(business: UUID, now: datetime, stopping: Event) -> int | None:
    """One business that cannot be served must not keep the others from it; the next look tries again."""
    if stopping.is_set():
        return None
    try:
        return _serve(business, now)
    except Exception as error:
        log.error("night_failed", business=str(business), kind=type(error).__name__, exc_info=True)
        return None


def _serve(business: UUID, now: datetime) -> int | None:
    """The hour of the day at which a business was served; None when its night was done before."""
    cur: Any
    with connect() as conn, conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        local = now.astimezone(zone_of(cur, business))
        day = _night(local)
        done = QUERIES.row(cur, "find_night", business=business, day=day)
    if done is not None:
        return None
    gone = expire(business, now)
    with connect(ERASER) as conn, conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        drop_old(cur, business, local.date())
    with connect() as conn, conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        told = {kept.value: count for kept, count in gone.items()}
        QUERIES.run(cur, "tell_night", business=business, day=day, at=now, gone=Json(told))
        QUERIES.run(cur, "drop_nights", business=business, before=day - timedelta(days=NIGHTS_KEPT_DAYS))
    if gone:
        log.info("expired", business=str(business), **told)
    return local.hour


def _night(local: datetime) -> date:
    """The night that is to be done: today's from FROM_HOUR on, before it still yesterday's."""
    return (local - timedelta(hours=FROM_HOUR)).date()
