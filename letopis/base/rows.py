"""Rows as structs: a struct's fields are its table's columns, and whole batches travel as one JSON text each way.

One round trip moves any number of rows without listing their columns in SQL: a load ends in `json_agg`, a write begins
with `json_populate_recordset`. Times keep their microseconds on both ways.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

import msgspec

from letopis.base.sql import Cursor, Queries

S = TypeVar("S", bound=msgspec.Struct)
K = TypeVar("K", bound=Hashable)

_encode = msgspec.json.Encoder().encode


def load(queries: Queries, cur: Cursor, name: str, kind: type[S], **params: Any) -> list[S]:
    """The rows of a statement that gives one JSON array, or NULL for none."""
    cur.execute(queries[name], params)
    found = cur.fetchone()
    assert found is not None, "an aggregate always answers"
    return [] if found[0] is None else _decoder(kind).decode(found[0])


def as_json(rows: Sequence[Any]) -> str:
    """The text that `json_populate_recordset` reads."""
    return _encode(rows).decode()


@dataclass(frozen=True, slots=True)
class Difference(Generic[S, K]):
    """What must be written so that the stored rows become the wanted ones."""

    gone: list[tuple[K, S]]
    """Stored rows that are deleted: those without a successor and those about to be written anew."""
    new: list[S]

    @property
    def keys(self) -> list[K]:
        return [key for key, _ in self.gone]


def difference(stored: Mapping[K, S], wanted: Mapping[K, S]) -> Difference[S, K]:
    """Rows that are equal on both sides are left alone."""
    gone = [(key, row) for key, row in stored.items() if wanted.get(key) != row]
    new = [row for key, row in wanted.items() if stored.get(key) != row]
    return Difference(gone, new)


def by_key(rows: Iterable[S], *fields: str) -> dict[Any, S]:
    """Rows under one field, or under a tuple of several."""
    if len(fields) == 1:
        return {getattr(row, fields[0]): row for row in rows}
    return {tuple(getattr(row, field) for field in fields): row for row in rows}


@cache
def _decoder(kind: type[S]) -> msgspec.json.Decoder[list[S]]:
    return msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]
