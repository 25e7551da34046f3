"""Named SQL: every room keeps its statements in `queries.sql` and calls them by name.

A block is `-- name: find_dialogue`, a comment line that says its purpose, then one statement with `%(named)s`
parameters. No SQL text stands inside Python.
"""

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any, LiteralString, Protocol

from letopis.base.errors import OwnFault

_HEAD = re.compile(r"^-- name: (?P<name>[a-z][a-z0-9_]*)\s*$", re.MULTILINE)


class Cursor(Protocol):
    """What a Django cursor and a psycopg cursor have in common."""

    @property
    def description(self) -> Any: ...
    def execute(self, query: Any, params: Any = None, /) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...


class Queries(Mapping[str, LiteralString]):
    """The named statements of one room, read once from its `queries.sql`."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._texts = dict(_blocks(files(package).joinpath("queries.sql").read_text("utf-8"), package))

    def __getitem__(self, name: str) -> LiteralString:
        try:
            return self._texts[name]
        except KeyError:
            raise OwnFault(f"no statement is named {name!r}", place=f"{self._package}/queries.sql") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def run(self, cur: Cursor, name: str, /, **params: Any) -> None:
        cur.execute(self[name], params)

    def row(self, cur: Cursor, name: str, /, **params: Any) -> dict[str, Any] | None:
        """The first row as a dictionary of its columns, or None."""
        cur.execute(self[name], params)
        found = cur.fetchone()
        return None if found is None else dict(zip(_columns(cur), found, strict=True))

    def rows(self, cur: Cursor, name: str, /, **params: Any) -> list[dict[str, Any]]:
        cur.execute(self[name], params)
        columns = _columns(cur)
        return [dict(zip(columns, row, strict=True)) for row in cur.fetchall()]


def _columns(cur: Cursor) -> list[str]:
    """Asked once a result: the driver makes the description anew at every look."""
    return [column[0] for column in cur.description]


def _blocks(text: str, package: str) -> Iterator[tuple[str, LiteralString]]:
    heads = list(_HEAD.finditer(text))
    names = [head["name"] for head in heads]
    if len(set(names)) != len(names):
        raise OwnFault("two statements have one name", place=f"{package}/queries.sql")
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        body = text[head.end() : following.start() if following else None]
        yield head["name"], body.strip().removesuffix(";")
