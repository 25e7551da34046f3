"""«По месяцам»: a year of months, those that are closed as they were closed, with a note where they differ now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letopis.access.menu import MenuItem
from letopis.access.roles import BusinessRequest, Role, page
from letopis.base import clock, format
from letopis.base.tables.answers import asked_form, file_of
from letopis.base.tables.table import Column, Kind, Table
from letopis.base.text import Text
from letopis.metrics.board import Board, read_board
from letopis.metrics.definitions import METRICS
from letopis.metrics.frozen.figure import FROZEN, Figure, by_month, days_until_frozen, value_of
from letopis.metrics.frozen.reader import frozen_since
from letopis.metrics.goals.history import months_until
from letopis.metrics.metric import SHARE
from letopis.metrics.overview import is_few, shown
from letopis.metrics.period import Period
from letopis.metrics.value import Value
from letopis.metrics.windows import windows_of

WHO_SEES = (Role.OWNER, Role.MANAGER)
MAIN = ("M1", "M2", "M3", "M4", "M8", "M13", "M14", "M17")

MENU = [MenuItem("months", gettext_lazy("By month"), icon="calendar-stats", route="months", order=530)]

Frozen = dict[tuple[date, str], Figure]


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a month; `note` says where a closed one is reckoned otherwise today."""

    name: Text
    value: str
    few: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One month: its numbers, and when it was closed."""

    period: Period
    cells: Sequence[Cell]
    closed: Figure | None
    running: bool


@page(roles=WHO_SEES)
def months(request: BusinessRequest, business: UUID) -> HttpResponseBase:
    """How did it go month by month, and what do I sign?"""
    today = timezone.localtime(clock.now()).date()
    periods = months_until(today)
    cur: Any
    with connection.cursor() as cur:
        board = read_board(cur, business, periods[0].first, today, FROZEN)
        frozen = by_month(frozen_since(cur, business, periods[0].first))
        days = days_until_frozen(today, windows_of(cur, business))
    since = board.since
    periods = [one for one in periods if since is not None and one.last >= since]
    if form := asked_form(request.GET.dict()):
        return file_of("months", form, _table(board, periods, frozen))
    context = {
        "names": [METRICS[metric].title for metric in MAIN],
        "rows": [_row(board, period, frozen, today) for period in reversed(periods)],
        "days": days,
        "lede": _lede(periods, frozen),
    }
    return render(request, "metrics/months.html", context)


def _lede(periods: Sequence[Period], frozen: Frozen) -> str:
    closed = [period for period in periods if (period.first, "M1") in frozen]
    if not periods:
        return _("Nothing was counted yet.")
    if not closed:
        return _("No month is closed yet.")
    last = closed[-1]
    return _("The last closed month is %(month)s: its figures do not change any more.") % {
        "month": format.month(last.first)
    }


def _row(board: Board, period: Period, frozen: Frozen, today: date) -> Row:
    cells = [_cell(metric, board.value(metric, period), frozen.get((period.first, metric))) for metric in MAIN]
    return Row(period, cells, frozen.get((period.first, "M1")), running=period.last == today)


def _cell(metric: str, now: Value, figure: Figure | None) -> Cell:
    if figure is None:
        return Cell(METRICS[metric].title, shown(metric, now), is_few(metric, now))
    then = value_of(figure)
    note = _("now reckoned as %(value)s") % {"value": shown(metric, now)} if figure.differs(now) else ""
    return Cell(METRICS[metric].title, shown(metric, then), is_few(metric, then), note)


def _table(board: Board, periods: Sequence[Period], frozen: Frozen) -> Table:
    columns = (
        Column(Text(ru="Месяц", en="Month"), Kind.DATE),
        Column(Text(ru="Показатель", en="Metric")),
        Column(Text(ru="Доля", en="Share"), Kind.SHARE),
        Column(Text(ru="Медиана", en="Median"), Kind.SECONDS),
        Column(Text(ru="Числитель", en="Numerator"), Kind.NUMBER),
        Column(Text(ru="Знаменатель", en="Denominator"), Kind.NUMBER),
        Column(Text(ru="Закрыт", en="Closed"), Kind.DATETIME),
        Column(Text(ru="Запись журнала", en="Entry of the journal"), Kind.NUMBER),
        Column(Text(ru="Числитель сейчас", en="Numerator now"), Kind.NUMBER),
        Column(Text(ru="Знаменатель сейчас", en="Denominator now"), Kind.NUMBER),
    )
    rows = []
    for period in periods:
        for metric in FROZEN:
            figure, now = frozen.get((period.first, metric)), board.value(metric, period)
            then = now if figure is None else value_of(figure)
            share = then.value if METRICS[metric].unit == SHARE else None
            median = then.value if METRICS[metric].length else None
            closed = (None, None) if figure is None else (figure.at, figure.seq)
            name = f"{metric} {METRICS[metric].title}"
            counts = (then.numerator, then.denominator, *closed, now.numerator, now.denominator)
            rows.append((period.first, name, share, median, *counts))
    return Table(Text(ru="По месяцам", en="By month"), columns, rows)
