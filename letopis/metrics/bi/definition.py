"""What the views say of every metric: rows of `bi.definition`, told by a migration and again with each grant.

A changed definition changes `digest`, and a test asks for a migration that tells the rows anew.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from letopis.base.sql import Cursor, Queries
from letopis.metrics.definitions import METRICS
from letopis.metrics.metric import Metric

QUERIES = Queries("letopis.metrics.bi")
DIGEST_CHARS = 16
# Reckoned from more than their own cells: no sum over days gives them. The read API tells them.
NOT_SUMMABLE = frozenset({"M19", "M20", "M22"})


def tell(cur: Cursor) -> None:
    """Write the rows of all metrics in place of those that were there."""
    QUERIES.run(cur, "clear_definitions")
    QUERIES.run(cur, "tell_definitions", rows=_as_json())


def digest() -> str:
    """A fingerprint of everything that `tell` writes."""
    return hashlib.sha256(_as_json().encode()).hexdigest()[:DIGEST_CHARS]


def _as_json() -> str:
    return json.dumps([row for metric in METRICS.values() for row in _rows(metric)], ensure_ascii=False)


def _rows(metric: Metric) -> Iterator[dict[str, Any]]:
    """One row for each clock by which a metric is counted."""
    yield _row(metric, metric.id, "working")
    if metric.wall:
        yield _row(metric, metric.id + metric.wall, "wall")


def _row(metric: Metric, series: str, clock: str) -> dict[str, Any]:
    return {
        "metric": series,
        "of": metric.id,
        "clock": clock,
        "title_ru": metric.title.ru,
        "title_en": metric.title.en,
        "formula_ru": metric.formula.ru,
        "formula_en": metric.formula.en,
        "unit": metric.unit,
        "good": metric.good.value,
        "version": metric.version,
        "summable": metric.id not in NOT_SUMMABLE,
        "unknown_share_max": metric.unknown_share_max,
    }
