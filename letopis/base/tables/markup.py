"""A table as a part of a page: numbers at the right, rows that stack on a phone, words of strangers out of htmx."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from letopis.base import format
from letopis.base.tables.table import Cell, Column, Door, Kind, Row, Table, Value

NOTHING = "—"


def markup(table: Table) -> SafeString:
    """The first column names the row. Roles are told, since stacking takes them from the elements."""
    return format_html(
        '<table class="stacked" role="table" aria-label="{}"><thead role="rowgroup"><tr role="row">{}</tr></thead>'
        '<tbody role="rowgroup">{}</tbody></table>',
        table.title,
        _joined(_head(column) for column in table.columns),
        _joined(_line(table, row) for row in table.rows),
    )


def shown(kind: Kind, value: Value) -> str:
    """A value as people read it on a page."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return format.moment(value)
    if isinstance(value, date):
        return format.day_short(value)
    if kind is Kind.SHARE:
        return format.percent(100 * value)
    if kind is Kind.MONEY:
        return format.money(int(value))
    if kind is Kind.SECONDS:
        return format.length(value)
    return format.integer(value) if value == int(value) else format.decimal(value)


def _head(column: Column) -> SafeString:
    aligned = SafeString(' class="n"') if column.kind.is_number else ""
    return format_html('<th scope="col" role="columnheader"{}>{}</th>', aligned, column.label)


def _line(table: Table, row: Row) -> SafeString:
    (first, name), *rest = zip(table.columns, row, strict=True)
    head = format_html('<th scope="row" role="rowheader"{}>{}</th>', _marked(first), _inner(first, name))
    cells = _joined(
        format_html('<td role="cell"{}>{}</td>', _marked(column), _inner(column, cell)) for column, cell in rest
    )
    return format_html('<tr role="row">{}{}</tr>', head, cells)


def _inner(column: Column, cell: Cell) -> SafeString | str:
    if isinstance(cell, Door):
        return format_html('<a href="{}">{}</a>', cell.url, shown(column.kind, cell.value))
    return shown(column.kind, cell)


def _marked(column: Column) -> SafeString:
    return SafeString(' class="n"') if column.kind.is_number else SafeString(" hx-ignore")


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
