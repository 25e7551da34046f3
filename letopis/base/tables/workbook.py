"""Tables as one XLSX workbook: a sheet each, numbers and days as such, texts as text whatever they begin with."""

import math
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from letopis.base import clock, format
from letopis.base.tables.formulas import is_formula
from letopis.base.tables.table import Column, Kind, Table, Value

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLE_CHARS_MAX = 31
CELL_CHARS_MAX = 32_767
WIDTH_MIN, WIDTH_MAX = 9, 60
ROWS_MEASURED_MAX = 200

_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
_RU = {
    Kind.SHARE: "0.0%",
    Kind.MONEY: '#,##0.00\\ "₽"',
    Kind.SECONDS: "[h]:mm:ss",
    Kind.DATE: "dd.mm.yyyy",
    Kind.DATETIME: "dd.mm.yyyy hh:mm:ss",
}
_EN = {**_RU, Kind.MONEY: '"₽"#,##0.00', Kind.DATE: "yyyy-mm-dd", Kind.DATETIME: "yyyy-mm-dd hh:mm:ss"}
# How many signs a value of these needs, whatever it is.
_WIDTHS = {Kind.SHARE: 9, Kind.MONEY: 14, Kind.SECONDS: 11, Kind.DATE: 12, Kind.DATETIME: 20}


def workbook(*tables: Table) -> bytes:
    """The file in the active language; its sheets stand in the order of the tables."""
    assert tables, "a workbook has a sheet at least"
    formats = _EN if format.language() == "en" else _RU
    book = Workbook(write_only=True)
    book.properties.creator = "Letopis"
    book.properties.created = book.properties.modified = clock.now().replace(tzinfo=None)
    for table, title in zip(tables, _titles(tables), strict=True):
        _fill(book.create_sheet(title), table, formats)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(sheet: Any, table: Table, formats: dict[Kind, str]) -> None:
    # A sheet that is written in one go wants to know its look before its first row.
    sheet.freeze_panes = "A2"
    for number, width in enumerate(_widths(table), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_head(sheet, column) for column in table.columns])
    for line in table.lines():
        sheet.append([_cell(sheet, column.kind, value, formats) for column, value in line])


def _head(sheet: Any, column: Column) -> Any:
    cell = _text(sheet, str(column.label))
    cell.font = Font(bold=True)
    cell.alignment = Alignment(horizontal="right" if column.kind.is_number else None, vertical="top", wrap_text=True)
    return cell


def _cell(sheet: Any, kind: Kind, value: Value, formats: dict[Kind, str]) -> Any:
    if value is None or (isinstance(value, float | Decimal) and not math.isfinite(value)):
        return None
    if isinstance(value, str):
        return _text(sheet, value)
    cell = WriteOnlyCell(sheet, _kept(kind, value))
    if kind in formats:
        cell.number_format = formats[kind]
    return cell


def _text(sheet: Any, text: str) -> Any:
    """A text that stays one: neither what it begins with nor its words make it a formula or an error."""
    plain = ILLEGAL_CHARACTERS_RE.sub("", text)[:CELL_CHARS_MAX]
    cell = WriteOnlyCell(sheet, plain)
    cell.data_type = "s"
    # Without it the text would become a formula when somebody edits the cell.
    cell.quotePrefix = is_formula(plain)
    return cell


def _kept(kind: Kind, value: int | float | Decimal | date) -> Any:
    """The value as a workbook has it: days without a zone, money in roubles, lengths as parts of a day."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, date):
        return value
    if kind is Kind.MONEY:
        return Decimal(value) / 100
    return timedelta(seconds=float(value)) if kind is Kind.SECONDS else value


def _widths(table: Table) -> Iterator[float]:
    measured = list(islice(table.lines(), ROWS_MEASURED_MAX))
    for number, column in enumerate(table.columns):
        longest_word = max(map(len, str(column.label).split()), default=0)
        widest = _WIDTHS.get(column.kind) or max((len(str(line[number][1] or "")) for line in measured), default=0)
        yield min(max(widest, longest_word, WIDTH_MIN), WIDTH_MAX) + 2


def _titles(tables: Sequence[Table]) -> Iterator[str]:
    """Names that a workbook takes: short, without its own signs, each once."""
    given: set[str] = set()
    for table in tables:
        plain = _NOT_IN_TITLES.sub(" ", str(table.title)).strip(" '")[:TITLE_CHARS_MAX] or "1"
        name, number = plain, 1
        while name.lower() in given:
            number += 1
            name = f"{plain[: TITLE_CHARS_MAX - 1 - len(str(number))]} {number}"
        given.add(name.lower())
        yield name
