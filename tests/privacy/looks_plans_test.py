"""The owner's pages of a large ledger are read by index: no page reads the whole table."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.access.wall import enter
from letopis.base import clock
from letopis.privacy.looks.ledger import QUERIES
from letopis.privacy.looks.reading import NEWEST

ROWS = 20_000
TODAY = clock.now().date()
READS: dict[str, dict[str, Any]] = {
    "lookers": {"first": TODAY - timedelta(days=7), "until": TODAY, "reasons": 3, "limit": 200},
    "looks_of": {"person": 3, "key": None, "before": NEWEST, "limit": 51},
    "looks_at": {"kind": "dialogue", "subject": "77", "before": NEWEST, "limit": 51},
    "rows_after": {"position": ROWS - 100, "limit": 500},
    "rows_of_persons": {"persons": [3], "last": NEWEST, "since": clock.now() - timedelta(hours=1), "limit": 20_000},
    "days_of_persons": {"persons": [3], "last": NEWEST, "first": TODAY - timedelta(days=30), "until": TODAY},
    "open_bursts": {"limit": 20},
}


@pytest.fixture(scope="module")
def large(database: None) -> UUID:
    """A year of looks of a salon with a dozen people."""
    from letopis.access.businesses import create_business
    from letopis.base.database import connect

    business: UUID = create_business(name="Большой салон", timezone="Europe/Moscow", vertical="salon").id
    with connect(None) as conn, conn.cursor() as cur:
        enter(cur, business)
        cur.execute(
            "INSERT INTO privacy_look SELECT %s, n, now() - (%s - n) * interval '26 minutes',"
            " (now() - (%s - n) * interval '26 minutes')::date, n %% 12 + 1, NULL, 'manager', 'opened', 'dialogue',"
            " (n %% 5000)::text, false, '' FROM generate_series(1, %s) n",
            (business, ROWS, ROWS, ROWS),
        )
        conn.commit()
        cur.execute("ANALYZE privacy_look")
    return business


@pytest.mark.parametrize("name", READS)
def test_page_reads_by_index(large: UUID, app_connection: psycopg.Connection[Any], name: str) -> None:
    with app_connection.transaction(), app_connection.cursor() as cur:
        enter(cur, large)
        plan = cur.execute(f"EXPLAIN {QUERIES[name]}", {"business": large, **READS[name]}).fetchall()  # type: ignore[arg-type]
    told = "\n".join(row[0] for row in plan)
    assert "Seq Scan on privacy_look" not in told, told
