"""A table as CSV, by RFC 4180 and as the spreadsheets of the language expect it.

Russian: semicolons, decimal comma, 22.11.2026; English: commas, decimal point, 2026-11-22. UTF-8 with its mark, or
Excel would read it as Windows-1251.
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import islice

from django.utils import timezone

from letopis.base import format
from letopis.base.tables.formulas import defused
from letopis.base.tables.table import Column, Kind, Table, Value
from letopis.base.text import Text

CONTENT_TYPE = "text/csv; charset=utf-8"
ROWS_A_PIECE = 500
UTF8_MARK = "\ufeff"

_UNITS = {Kind.MONEY: Text(ru="₽", en="₽"), Kind.SECONDS: Text(ru="с", en="s")}


@dataclass(frozen=True, slots=True)
class _Dialect:
    delimiter: str
    decimal_sign: str
    day: str
    moment: str


_RU = _Dialect(";", ",", "%d.%m.%Y", "%d.%m.%Y %H:%M:%S")
_EN = _Dialect(",", ".", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S")


def pieces(table: Table) -> Iterator[bytes]:
    """The file in the active language, some hundred rows at a time."""
    dialect = _EN if format.language() == "en" else _RU
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, delimiter=dialect.delimiter, lineterminator="\r\n")
    buffer.write(UTF8_MARK)
    writer.writerow([defused(_heading(column)) for column in table.columns])
    lines = table.lines()
    while True:
        some = list(islice(lines, ROWS_A_PIECE))
        writer.writerows([[_written(column.kind, value, dialect) for column, value in line] for line in some])
        if piece := buffer.getvalue():
            yield piece.encode()
        if len(some) < ROWS_A_PIECE:
            return
        buffer.seek(0)
        buffer.truncate()


def _heading(column: Column) -> str:
    """The label, with the unit that no cell names."""
    unit = _UNITS.get(column.kind)
    return f"{column.label}, {unit}" if unit else str(column.label)


def _written(kind: Kind, value: Value, dialect: _Dialect) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime(dialect.moment)
    if isinstance(value, date):
        return value.strftime(dialect.day)
    if isinstance(value, str):
        return defused(value)
    if kind is Kind.MONEY:
        return _number(Decimal(value) / 100, dialect, digits=2)
    return _number(value, dialect)


def _number(value: int | float | Decimal, dialect: _Dialect, digits: int | None = None) -> str:
    if not math.isfinite(value):
        return ""
    # By its shortest text, never in the form 1e-07.
    exact = Decimal(str(value))
    shown = f"{exact:f}" if digits is None else f"{exact:.{digits}f}"
    return shown.replace(".", dialect.decimal_sign)
