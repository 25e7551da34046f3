"""What a table is: a title, columns of a kind each, and rows of plain values; every form of it is made from this."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from letopis.base import format
from letopis.base.errors import SenderError
from letopis.base.text import Text

ROWS_MAX = 100_000


class Kind(StrEnum):
    """What a column holds, and in which unit: a share from 0 to 1, money in kopecks, lengths in seconds."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    MONEY = "money"
    SECONDS = "seconds"
    DATE = "date"
    DATETIME = "datetime"

    @property
    def is_number(self) -> bool:
        return self in (Kind.NUMBER, Kind.SHARE, Kind.MONEY, Kind.SECONDS)


# A `datetime` is a `date`; one of DATETIME is aware and shown in the current time zone. None is an empty cell.
Value = str | int | float | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Column:
    label: Text
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Door:
    """A value that leads somewhere on a page; files hold the value alone."""

    value: Value
    url: str


Cell = Value | Door
Row = Sequence[Cell]


class TooManyRowsError(SenderError):
    """The table has more rows than one file may hold."""

    def __init__(self, rows: int) -> None:
        shown = {"n": format.integer(rows), "most": format.integer(ROWS_MAX)}
        super().__init__(
            _("The table has {n} rows, a file holds up to {most}.").format(**shown),
            hint=_("Choose a shorter period or narrow the filters."),
        )


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are at hand when the table is made: a file is written after the page's transaction has closed.

    Raises:
        TooManyRowsError: more than ROWS_MAX.
    """

    title: Text
    columns: Sequence[Column]
    rows: Sequence[Row]

    def __post_init__(self) -> None:
        if len(self.rows) > ROWS_MAX:
            raise TooManyRowsError(len(self.rows))

    def lines(self) -> Iterator[list[tuple[Column, Value]]]:
        """The rows as files hold them: every value with its column, doors without their addresses."""
        for row in self.rows:
            assert len(row) == len(self.columns), "every row fills every column"
            yield [
                (column, cell.value if isinstance(cell, Door) else cell)
                for column, cell in zip(self.columns, row, strict=True)
            ]
