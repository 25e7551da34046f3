"""The rollup: cells are moved by exactly what changed rows weigh, so a batch costs what it changes and no more."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from letopis.base.errors import OwnFault
from letopis.base.rows import Difference, as_json, difference, load
from letopis.base.sql import Queries
from letopis.metrics.definitions import METRICS
from letopis.metrics.metric import Metric, Weight
from letopis.metrics.records import Cell

QUERIES = Queries("letopis.metrics")
Where = tuple[str, date, str]
_COUNTS = ("n", "k", "pending", "excluded", "unknown", "total", "hits")

_METRICS_OF: dict[type, list[Metric]] = {}
for _metric in METRICS.values():
    _METRICS_OF.setdefault(_metric.source, []).append(_metric)


class Tally:
    """What the changed rows of a batch add to and take from each cell."""

    def __init__(self) -> None:
        self._moves: dict[Where, list[tuple[int, Weight]]] = {}

    def note(self, change: Difference[Any, Any]) -> None:
        """Take what the old rows weighed, add what the new ones weigh."""
        for _, row in change.dropped:
            self._weigh(row, -1)
        for row in change.added:
            self._weigh(row, 1)
        for _, before, after in change.changed:
            self._weigh(before, -1)
            self._weigh(after, 1)

    def store(self, cur: Any, business: UUID) -> None:
        """Move the cells."""
        wheres = [where for where, moves in self._moves.items() if not _is_nothing(moves)]
        if not wheres:
            return
        stored = _cells(cur, business, wheres)
        wanted = {where: _moved(business, where, stored.get(where), self._moves[where]) for where in wheres}
        change = difference(stored, {where: cell for where, cell in wanted.items() if _holds(cell)})
        if stale := change.stale:
            metrics, days, channels = zip(*stale, strict=True)
            QUERIES.run(
                cur, "drop_cells", business=business, metrics=list(metrics), days=list(days), channels=list(channels)
            )
        if fresh := change.fresh:
            QUERIES.run(cur, "add_cells", rows=as_json(fresh))

    def _weigh(self, row: Any, sign: int) -> None:
        if row.day is None:
            return
        for metric in _METRICS_OF.get(type(row), ()):
            for series, weight in metric.weigh(row):
                where = (metric.id + series, row.day, row.channel)
                self._moves.setdefault(where, []).append((sign, weight))


def _is_nothing(moves: Iterable[tuple[int, Weight]]) -> bool:
    """Most changed rows weigh the same as before."""
    balance: dict[Weight, int] = {}
    for sign, weight in moves:
        balance[weight] = balance.get(weight, 0) + sign
    return not any(balance.values())


def _cells(cur: Any, business: UUID, wheres: Iterable[Where]) -> dict[Where, Cell]:
    metrics, days, channels = zip(*wheres, strict=True)
    rows = load(
        QUERIES,
        cur,
        "find_cells",
        Cell,
        business=business,
        metrics=list(metrics),
        days=list(days),
        channels=list(channels),
    )
    return {(row.metric, row.day, row.channel): row for row in rows}


def _moved(business: UUID, where: Where, stored: Cell | None, moves: Iterable[tuple[int, Weight]]) -> Cell:
    metric, day, channel = where
    if stored is None:
        cell = Cell(business_id=business, metric=metric, day=day, channel=channel)
    else:
        cell = msgspec.structs.replace(stored, seconds=list(stored.seconds), censored=list(stored.censored))
    for sign, weight in sorted(moves, key=lambda move: -move[0]):
        for name in _COUNTS:
            setattr(cell, name, getattr(cell, name) + sign * getattr(weight, name))
        _put(cell.seconds, weight.seconds, sign)
        _put(cell.censored, weight.censored, sign)
    if min(getattr(cell, name) for name in _COUNTS) < 0:
        raise OwnFault("a cell of the rollup would fall below nothing", place=f"{metric} {day}", hint="letopis rebuild")
    return cell


def _put(lengths: list[int], length: int | None, sign: int) -> None:
    if length is None:
        return
    if sign > 0:
        insort(lengths, length)
        return
    index = bisect_left(lengths, length)
    if index == len(lengths) or lengths[index] != length:
        raise OwnFault("a length is not in its cell of the rollup", hint="letopis rebuild")
    del lengths[index]


def _holds(cell: Cell) -> bool:
    return any(getattr(cell, name) for name in _COUNTS) or bool(cell.seconds or cell.censored)
