"""The overview as tables: every chart of the page, each a sheet of a workbook."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from letopis.base import channels, format
from letopis.base.charts.heat import DAYS
from letopis.base.tables.table import Column, Kind, Table
from letopis.base.text import Text
from letopis.metrics.board import Board
from letopis.metrics.definitions import METRICS
from letopis.metrics.funnel import NAMES, floors_of
from letopis.metrics.hours import Counts
from letopis.metrics.losses import Losses
from letopis.metrics.metric import SHARE, By
from letopis.metrics.overview import STRIP
from letopis.metrics.parts import Part
from letopis.metrics.period import Period

_A_MONDAY = date(2024, 1, 1)
_DAY = Column(Text(ru="День", en="Day"), Kind.DATE)
_LEADS = Column(Text(ru="Обращения", en="Leads"), Kind.NUMBER)
_BOOKED = Column(Text(ru="Записались", en="Booked"), Kind.NUMBER)
_PENDING = Column(Text(ru="Ещё думают", en="Still deciding"), Kind.NUMBER)
_RATE = Column(Text(ru="Доля записавшихся", en="Share booked"), Kind.SHARE)


def tables(board: Board, period: Period, counts: Counts, lost: Losses) -> list[Table]:
    """The days come first: a CSV holds the first table alone."""
    return [
        _days(board, period),
        _numbers(board, period),
        _funnel(board, period),
        _causes(lost),
        _hours(counts),
        _channels(board, period),
    ]


def _days(board: Board, period: Period) -> Table:
    columns = (board.column("M2", name, period) for name in ("total", "hits", "pending"))
    rows = [
        (day, leads, booked, pending, booked / leads if leads else None)
        for day, leads, booked, pending in zip(period.each_day(), *columns, strict=True)
    ]
    return Table(Text(ru="По дням", en="By day"), (_DAY, _LEADS, _BOOKED, _PENDING, _RATE), rows)


def _numbers(board: Board, period: Period) -> Table:
    columns = (
        Column(Text(ru="Показатель", en="Metric")),
        Column(Text(ru="Доля", en="Share"), Kind.SHARE),
        Column(Text(ru="Медиана", en="Median"), Kind.SECONDS),
        Column(Text(ru="Числитель", en="Numerator"), Kind.NUMBER),
        Column(Text(ru="Знаменатель", en="Denominator"), Kind.NUMBER),
        Column(Text(ru="Не решено", en="Pending"), Kind.NUMBER),
        Column(Text(ru="Не в счёт", en="Excluded"), Kind.NUMBER),
    )
    return Table(Text(ru="Показатели", en="Metrics"), columns, list(_number_rows(board, period)))


def _number_rows(board: Board, period: Period) -> Iterator[tuple[str | float | int | None, ...]]:
    for metric in STRIP:
        told, value = METRICS[metric], board.value(metric, period)
        share = value.value if told.unit == SHARE else None
        median = value.value if told.length else None
        counts = (value.numerator, value.denominator, value.pending, value.excluded)
        yield (f"{metric} {told.title}", share, median, *counts)


def _funnel(board: Board, period: Period) -> Table:
    columns = (
        Column(Text(ru="Шаг", en="Step")),
        Column(Text(ru="Дошли", en="Reached"), Kind.NUMBER),
        Column(Text(ru="Остановились: ещё думают", en="Stopped: still open"), Kind.NUMBER),
        Column(Text(ru="Остановились: ушли сами", en="Stopped: left"), Kind.NUMBER),
        Column(Text(ru="Остановились: с нашими ошибками", en="Stopped: our mistakes"), Kind.NUMBER),
    )
    floors = floors_of(board, period)
    rows = [(str(NAMES[one.stage]), one.reached, one.pending, one.left, one.ours) for one in floors]
    return Table(Text(ru="Где теряются записи", en="Where bookings are lost"), columns, rows)


def _causes(lost: Losses) -> Table:
    columns = (
        Column(Text(ru="Причина", en="Cause")),
        _LEADS,
        Column(Text(ru="Наши ошибки", en="Our mistakes"), Kind.NUMBER),
    )
    rows = [(one.words, one.count, one.count if one.ours else 0) for one in lost.causes]
    return Table(Text(ru="Почему не записались", en="Why they did not book"), columns, rows)


def _hours(counts: Counts) -> Table:
    columns = (
        Column(Text(ru="День недели", en="Weekday")),
        Column(Text(ru="Час", en="Hour"), Kind.NUMBER),
        Column(Text(ru="Сообщения", en="Messages"), Kind.NUMBER),
        Column(Text(ru="Ждали больше 15 мин", en="Waited over 15 min"), Kind.NUMBER),
    )
    days: Sequence[str] = [format.weekday(_A_MONDAY + timedelta(days=day)) for day in range(DAYS)]
    rows = [(days[day], hour, turns, late) for (day, hour), (turns, late) in sorted(counts.items())]
    return Table(Text(ru="Когда пишут", en="When people write"), columns, rows)


def _channels(board: Board, period: Period) -> Table:
    columns = (Column(Text(ru="Канал", en="Channel")), _LEADS, _BOOKED, _PENDING, _RATE)
    rows = []
    for channel in board.members(By.CHANNEL, period):
        value = board.value("M2", period, Part(By.CHANNEL, channel))
        rows.append((channels.name(channel) or "", value.total, value.hits, value.pending, value.value))
    return Table(Text(ru="Каналы", en="Channels"), columns, rows)
