"""The rollup: cells are moved by exactly what changed rows weigh, so a batch costs what it changes and no more."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg.errors import CheckViolation

from letopis.base.errors import OwnFault
from letopis.base.rows import Difference, as_json, difference, load
from letopis.base.sql import Queries
from letopis.metrics.definitions import METRICS
from letopis.metrics.metric import By, Metric, Weight
from letopis.metrics.parts import MEMBERS, branches_of, day_of
from letopis.metrics.records import Cell

QUERIES = Queries("letopis.metrics")
COUNTS = ("n", "k", "pending", "excluded", "unknown", "total", "hits")


class Where(NamedTuple):
    """The key of a cell within its business."""

    metric: str
    by: str
    branch: str
    day: date
    member: str


class _Move(msgspec.Struct):
    """By how much a cell of counts is moved."""

    metric: str
    by: str
    branch: str
    day: date
    member: str
    n: int
    k: int
    pending: int
    excluded: int
    unknown: int
    total: int
    hits: int


_METRICS_OF: dict[type, list[Metric]] = {}
for _metric in METRICS.values():
    for _kind in _metric.weighs:
        _METRICS_OF.setdefault(_kind, []).append(_metric)

_Weights = tuple[tuple[str, Weight], ...]


class Tally:
    """What the changed rows of a batch add to and take from each cell."""

    def __init__(self) -> None:
        self._counts: dict[Where, list[int]] = {}
        self._lengths: dict[Where, list[tuple[int, Weight]]] = {}

    def note(self, change: Difference[Any, Any]) -> None:
        """Take what the old rows weighed, add what the new ones weigh."""
        for _, row in change.dropped:
            self._move(None, row)
        for row in change.added:
            self._move(row, None)
        for _, before, after in change.changed:
            self._move(after, before)

    def store(self, cur: Any, business: UUID) -> None:
        """Move the cells.

        Raises:
            OwnFault: a cell would fall below nothing, so the rollup and its rows have parted.
        """
        self._store_counts(cur, business)
        self._store_lengths(cur, business)

    def _move(self, after: Any, before: Any) -> None:
        """From what a row weighed to what it weighs; where it stays in its parts, only metrics that differ move."""
        placed_before, placed_after = _place(before), _place(after)
        stays = placed_before == placed_after
        for metric in _METRICS_OF.get(type(after if after is not None else before), ()):
            old = _weights(metric, before) if placed_before else ()
            new = _weights(metric, after) if placed_after else ()
            if stays and old == new:
                continue
            for sign, placed, weights in ((-1, placed_before, old), (1, placed_after, new)):
                if placed is not None:
                    self._add(metric, sign, placed, weights)

    def _add(self, metric: Metric, sign: int, placed: "_Placed", weights: _Weights) -> None:
        for series, weight in weights:
            name = metric.id + series
            for where in placed.wheres(name, metric.splits_of(series)):
                if weight.seconds is None and weight.censored is None:
                    counts = self._counts.setdefault(where, [0] * len(COUNTS))
                    for place, count in enumerate(COUNTS):
                        if moved := getattr(weight, count):
                            counts[place] += sign * moved
                else:
                    self._lengths.setdefault(where, []).append((sign, weight))

    def _store_counts(self, cur: Any, business: UUID) -> None:
        moves = [_Move(*where, *counts) for where, counts in self._counts.items() if any(counts)]
        if not moves:
            return
        try:
            QUERIES.run(cur, "move_cells", business=business, moves=as_json(moves))
        except CheckViolation as error:
            raise OwnFault("a cell of the rollup would fall below nothing", hint="letopis rebuild") from error
        emptied = [move for move in moves if min(getattr(move, name) for name in COUNTS) < 0]
        if emptied:
            QUERIES.run(cur, "drop_empty_cells", business=business, cells=as_json(emptied))

    def _store_lengths(self, cur: Any, business: UUID) -> None:
        wheres = [where for where, moves in self._lengths.items() if not _is_nothing(moves)]
        if not wheres:
            return
        stored = _cells(cur, business, wheres)
        wanted = {where: _moved(business, where, stored.get(where), self._lengths[where]) for where in wheres}
        change = difference(stored, {where: cell for where, cell in wanted.items() if _holds(cell)})
        if stale := change.stale:
            QUERIES.run(cur, "drop_cells", business=business, **_columns(stale))
        if fresh := change.fresh:
            QUERIES.run(cur, "add_cells", rows=as_json(fresh))


class _Placed(NamedTuple):
    """Where a row stands: its day, its branches, and its member of each way to part a day."""

    day: date
    branches: tuple[str, ...]
    members: Mapping[By, str]

    def wheres(self, name: str, splits: Iterable[By]) -> Iterator[Where]:
        members = [(By.ALL.value, "")]
        members += [(by.value, self.members[by]) for by in splits if by in self.members]
        for branch in self.branches:
            for by, member in members:
                yield Where(name, by, branch, self.day, member)


def _place(row: Any) -> _Placed | None:
    if row is None:
        return None
    day = day_of(row)
    if day is None:
        return None
    return _Placed(day, branches_of(row), {by: member(row) for by, member in MEMBERS[type(row)].items()})


def _weights(metric: Metric, row: Any) -> _Weights:
    return tuple(metric.weighs[type(row)](row))


def _is_nothing(moves: Iterable[tuple[int, Weight]]) -> bool:
    balance: dict[Weight, int] = {}
    for sign, weight in moves:
        balance[weight] = balance.get(weight, 0) + sign
    return not any(balance.values())


def _cells(cur: Any, business: UUID, wheres: Iterable[Where]) -> dict[Where, Cell]:
    rows = load(QUERIES, cur, "find_cells", Cell, business=business, **_columns(wheres))
    return {Where(row.metric, row.by, row.branch, row.day, row.member): row for row in rows}


def _columns(wheres: Iterable[Where]) -> dict[str, list[Any]]:
    columns = [list(column) for column in zip(*wheres, strict=True)]
    return dict(zip(("metrics", "bys", "branches", "days", "members"), columns, strict=True))


def _moved(business: UUID, where: Where, stored: Cell | None, moves: Iterable[tuple[int, Weight]]) -> Cell:
    if stored is None:
        cell = Cell(business_id=business, **where._asdict())
    else:
        cell = msgspec.structs.replace(stored, seconds=list(stored.seconds), censored=list(stored.censored))
    for sign, weight in sorted(moves, key=lambda move: -move[0]):
        for name in COUNTS:
            setattr(cell, name, getattr(cell, name) + sign * getattr(weight, name))
        _put(cell.seconds, weight.seconds, sign)
        _put(cell.censored, weight.censored, sign)
    if min(getattr(cell, name) for name in COUNTS) < 0:
        raise OwnFault("a cell of the rollup would fall below nothing", place=where.metric, hint="letopis rebuild")
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
    return any(getattr(cell, name) for name in COUNTS) or bool(cell.seconds or cell.censored)
