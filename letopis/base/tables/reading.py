"""An uploaded table as sheets of rows of strings: CSV in the spellings that people have, XLSX, XLS and ODS.

Which of them it is, the file itself tells; its name tells nothing. Every error names the row, and the column where it
is known, as the program of tables shows them.
"""

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl.utils import get_column_letter

from letopis.base import format
from letopis.base.errors import SenderError
from letopis.base.tables import unpacking
from letopis.base.tables.formulas import restored
from letopis.base.tables.unpacking import CELL_CHARS_MAX, COLUMNS_MAX, ROWS_MAX, SECONDS_MAX

FILE_BYTES_MAX = 5 * 1024 * 1024
DELIMITERS = ";\t,"
"""In this order where a file does not tell: a comma stands in Russian numbers."""
LINES_TRIED_MAX = 20

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_STARTED_S_MAX = 10
_PROBLEMS = {
    "locked": gettext_lazy("The file is locked with a password."),
    "rows": gettext_lazy("More rows than one file may hold."),
    "columns": gettext_lazy("More columns than a table may hold."),
    "chars": gettext_lazy("More text than one file may hold."),
    "cell": gettext_lazy("The text of the cell is too long."),
}


class UnreadableError(SenderError):
    """The file cannot be read as a table."""

    def __init__(self, message: str, *, row: int = 0, column: int = 0, hint: str = "") -> None:
        super().__init__(message, place=place_of(row, column), hint=hint)
        self.row = row
        self.column = column


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number in the file, and its cells without the empty ones at the end."""

    number: int
    cells: Sequence[str]

    def cell(self, column: int) -> str:
        """The cell of a column, from 0; empty beyond the last."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; that of a CSV has no name. Empty rows are left out."""

    name: str
    lines: Sequence[Line]


def read(data: bytes) -> list[Sheet]:
    """The sheets of a file in their order.

    Raises:
        UnreadableError: this is no table, or more than one may bring.
    """
    if len(data) > FILE_BYTES_MAX:
        most = format.integer(FILE_BYTES_MAX // (1024 * 1024))
        raise UnreadableError(_("The file is larger than {most} MB.").format(most=most))
    if data.startswith((_ZIP, _OLE)):
        return _workbook(data)
    return [Sheet("", list(_delimited(_text(data))))]


def place_of(row: int, column: int = 0) -> str:
    """«строка 5, столбец C»; columns count from 1, 0 is not known."""
    if not row:
        return ""
    if not column:
        return _("row {row}").format(row=row)
    return _("row {row}, column {column}").format(row=row, column=get_column_letter(column))


def _workbook(data: bytes) -> list[Sheet]:
    try:
        answer = subprocess.run(
            [sys.executable, "-P", "-m", unpacking.__name__],
            input=data,
            capture_output=True,
            timeout=SECONDS_MAX + _STARTED_S_MAX,
            check=True,
        )
    except subprocess.SubprocessError:
        # It died of its bounds; what it said to itself while dying helps nobody.
        raise _broken() from None
    told = json.loads(answer.stdout)
    if "sheets" in told:
        return [Sheet(name, [Line(number, cells) for number, cells in rows]) for name, rows in told["sheets"]]
    message = _PROBLEMS.get(told["problem"])
    if message is None:
        raise _broken()
    raise UnreadableError(str(message), row=told.get("row", 0), column=told.get("column", 0))


def _broken() -> UnreadableError:
    return UnreadableError(
        _("The workbook is broken or too large."), hint=_("Open it in your program and save it anew as XLSX or CSV.")
    )


def _text(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark (Excel's «text in Unicode»), or else Windows-1251."""
    encodings = ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "cp1251")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableError(
        _("This is neither a workbook nor a text with columns."), hint=_("Save the table as XLSX or CSV.")
    )


def _delimited(text: str) -> Iterator[Line]:
    named, body = _named_delimiter(text)
    reader = csv.reader(StringIO(body, newline=""), delimiter=named or _delimiter(body), strict=True)
    kept = 0
    first = 2 if named else 1
    for number, row in enumerate(_records(reader, first), start=first):
        cells = [restored(cell.strip()) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        kept += 1
        _check(cells, number, kept)
        yield Line(number, cells)


def _records(reader: Iterator[list[str]], first: int) -> Iterator[list[str]]:
    number = first
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            hint = _("Most often it is a quote inside a text: write it twice.")
            raise UnreadableError(_("The row cannot be understood."), row=number, hint=hint) from None
        if row is None:
            return
        yield row
        number += 1


def _check(cells: Sequence[str], number: int, kept: int) -> None:
    if kept > ROWS_MAX:
        raise UnreadableError(str(_PROBLEMS["rows"]), row=number)
    if len(cells) > COLUMNS_MAX:
        raise UnreadableError(str(_PROBLEMS["columns"]), row=number)
    for column, cell in enumerate(cells, start=1):
        if len(cell) > CELL_CHARS_MAX:
            raise UnreadableError(str(_PROBLEMS["cell"]), row=number, column=column)


def _named_delimiter(text: str) -> tuple[str, str]:
    """What a first line `sep=;` says, as Excel writes it, and the text after it."""
    head, _end, rest = text.partition("\n")
    head = head.strip()
    if len(head) == 5 and head.lower().startswith("sep=") and head[4] in DELIMITERS:
        return head[4], rest
    return "", text


def _delimiter(text: str) -> str:
    """The sign that parts most of the first lines into the same number of columns, two at least."""
    best, most = DELIMITERS[0], 0
    for sign in DELIMITERS:
        reader = csv.reader(StringIO(text, newline=""), delimiter=sign)
        try:
            widths = Counter(len(row) for row in islice(reader, LINES_TRIED_MAX) if row)
        except csv.Error:
            continue
        same = max((count for width, count in widths.items() if width > 1), default=0)
        if same > most:
            best, most = sign, same
    return best
