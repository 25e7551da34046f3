"""Reads an uploaded workbook (XLSX, XLS, ODS) in a process of its own: `python -m letopis.base.tables.unpacking`.

A small file can ask for any amount of memory: a sheet of two far cells, a packed stream of zeros. So it is opened in a
process that may take only so much, and dies alone. The file comes by standard input, the answer goes out as JSON.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError

SECONDS_MAX = 20
MEMORY_BYTES_MAX = 1024 * 1024 * 1024
SHEETS_MAX = 20
ROWS_MAX = 20_000
COLUMNS_MAX = 100
CELL_CHARS_MAX = 4000
CHARS_MAX = 8 * 1024 * 1024
"""Of all cells together: a workbook may name one long text a million times."""


def unpack(data: bytes) -> dict[str, Any]:
    """`{"sheets": [[name, [[number, [cell, ...]], ...]], ...]}`, or `{"problem": code}` with the place where known."""
    try:
        book = CalamineWorkbook.from_object(BytesIO(data))
        names = book.sheet_names[:SHEETS_MAX]
        return _sheets(book, names)
    except PasswordError:
        return {"problem": "locked"}
    except BaseException:
        # The reader is compiled: what it does not foresee it tells as a panic, which is no `Exception`.
        return {"problem": "broken"}


def _sheets(book: CalamineWorkbook, names: list[str]) -> dict[str, Any]:
    sheets = []
    chars = 0
    for name in names:
        rows: list[list[Any]] = []
        for number, cells in _rows(book, name):
            if len(rows) == ROWS_MAX:
                return {"problem": "rows", "row": number}
            if len(cells) > COLUMNS_MAX:
                return {"problem": "columns", "row": number}
            long = next((index for index, cell in enumerate(cells) if len(cell) > CELL_CHARS_MAX), None)
            if long is not None:
                return {"problem": "cell", "row": number, "column": long + 1}
            chars += sum(map(len, cells))
            if chars > CHARS_MAX:
                return {"problem": "chars", "row": number}
            rows.append([number, cells])
        sheets.append([name, rows])
    return {"sheets": sheets}


def _rows(book: CalamineWorkbook, name: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers as the program of tables shows them; empty ones are left out."""
    sheet = book.get_sheet_by_name(name)
    top, left = sheet.start or (0, 0)
    for number, row in enumerate(sheet.to_python(), start=top + 1):
        cells = [""] * left + [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def _text(value: Any) -> str:
    """A cell as a person would have typed it; whole numbers without a fraction."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip()


def _bound() -> None:
    # Only Unix knows these bounds; elsewhere the time that the parent waits is the one there is.
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _bound()
    json.dump(unpack(sys.stdin.buffer.read()), sys.stdout)
