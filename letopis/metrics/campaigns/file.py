"""Costs from a file that people keep: columns found by their names, every wrong row named, nothing written half."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, DecimalException

from django.utils.translation import gettext as _

from letopis.base.errors import SenderError
from letopis.base.tables.reading import Line, place_of, read
from letopis.base.text import fold
from letopis.metrics.campaigns.costs import DAYS_MAX, is_label

ROWS_MAX = 5000

# The names of columns as people write them, folded.
NAMES = {
    "campaign": ("кампания", "метка", "campaign", "label", "utm_campaign"),
    "first": ("с", "начало", "from", "первый день", "дата", "date", "start"),
    "last": ("по", "конец", "to", "последний день", "end"),
    "kop": ("сумма", "расход", "расходы", "amount", "cost", "spend", "стоимость", "расход, ₽", "сумма, ₽"),
}
_DAYS = ("%d.%m.%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S")
_NOISE = re.compile(r"\s|₽|руб\.?$|р\.?$")
KOPECKS_MAX = 10**11
"""A thousand million roubles, as in the form."""


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a file: a campaign, its first and last day, and kopecks."""

    campaign: str
    first: date
    last: date
    kop: int


def costs_in(data: bytes) -> list[Told]:
    """The costs of the first sheet.

    Raises:
        SenderError: names the row, the column and the remedy.
    """
    sheets = read(data)
    lines = sheets[0].lines if sheets else ()
    if not lines:
        raise SenderError(_("The file is empty."), field="file", hint=_columns_wanted())
    columns = _columns(lines[0])
    if len(lines) == 1:
        raise SenderError(_("The file names its columns and nothing else."), field="file", hint=_columns_wanted())
    if len(lines) - 1 > ROWS_MAX:
        raise SenderError(_("The file has too many rows."), field="file", hint=_("At most 5,000 rows in one file."))
    told: dict[tuple[str, date], Told] = {}
    for line in lines[1:]:
        one = _told(line, columns)
        # The last told for a first day stands: of two such rows one would be lost without a word.
        if (one.campaign, one.first) in told:
            raise _wrong(line, columns["first"], _("This campaign has a row from this day already: add them up."))
        told[one.campaign, one.first] = one
    return list(told.values())


def _columns(head: Line) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, cell in enumerate(head.cells):
        for name, spellings in NAMES.items():
            if fold(cell.strip()) in spellings and name not in found:
                found[name] = number
    missing = {"campaign", "first", "kop"} - found.keys()
    if missing:
        raise SenderError(
            _("Some columns are missing."), field="file", place=place_of(head.number), hint=_columns_wanted()
        )
    return found


def _columns_wanted() -> str:
    return _("The first row names the columns: campaign, from, to, amount.")


def _told(line: Line, columns: dict[str, int]) -> Told:
    campaign = line.cell(columns["campaign"]).strip()
    if not campaign:
        raise _wrong(line, columns["campaign"], _("The campaign is not named."))
    if not is_label(campaign):
        raise _wrong(line, columns["campaign"], _("This is no label: write it as leads bring it."))
    first = _day(line, columns["first"])
    last = _day(line, columns["last"]) if "last" in columns and line.cell(columns["last"]).strip() else first
    if last < first:
        raise _wrong(line, columns.get("last", columns["first"]), _("The last day is before the first."))
    if (last - first).days >= DAYS_MAX:
        raise _wrong(line, columns["first"], _("One cost covers 400 days at most."))
    return Told(campaign, first, last, _kopecks(line, columns["kop"]))


def _day(line: Line, column: int) -> date:
    text = line.cell(column).strip()
    for pattern in _DAYS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  (a calendar day has no zone)
        except ValueError:
            continue
    raise _wrong(line, column, _("This is no day: write it as 22.11.2026."))


def _kopecks(line: Line, column: int) -> int:
    text = _NOISE.sub("", line.cell(column)).replace(",", ".")
    try:
        kopecks = Decimal(text) * 100
    except DecimalException:
        raise _wrong(line, column, _("This is no sum.")) from None
    if not kopecks.is_finite() or not 0 <= kopecks <= KOPECKS_MAX:
        raise _wrong(line, column, _("This is no sum."))
    return int(kopecks.to_integral_value())


def _wrong(line: Line, column: int, message: str) -> SenderError:
    return SenderError(message, field="file", place=place_of(line.number, column + 1))
