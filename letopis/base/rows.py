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

    added: list[S]
    changed: list[tuple[K, S, S]]
    """Key, stored row, wanted row."""
    dropped: list[tuple[K, S]]

    @property
    def stale(self) -> list[K]:
        """The keys of all stored rows that do not stay as they are."""
        return [key for key, _, _ in self.changed] + [key for key, _ in self.dropped]

    @property
    def fresh(self) -> list[S]:
        """All rows that are not stored as they are."""
        return self.added + self.renewed

    @property
    def renewed(self) -> list[S]:
        return [wanted for _, _, wanted in self.changed]


def difference(stored: Mapping[K, S], wanted: Mapping[K, S]) -> Difference[S, K]:
    """Rows that are equal on both sides are left alone."""
    return Difference(
        added=[row for key, row in wanted.items() if key not in stored],
        changed=[(key, stored[key], row) for key, row in wanted.items() if key in stored and stored[key] != row],
        dropped=[(key, row) for key, row in stored.items() if key not in wanted],
    )


def by_key(rows: Iterable[S], *fields: str) -> dict[Any, S]:
    """Rows under one field, or under a tuple of several."""
    if len(fields) == 1:
        return {getattr(row, fields[0]): row for row in rows}
    return {tuple(getattr(row, field) for field in fields): row for row in rows}


@cache
def _decoder(kind: type[S]) -> msgspec.json.Decoder[list[S]]:
    return msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]
