"""What the overview shows, as facts: the cells of the strip, the trend, the channels. No I/O."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from letopis.base import channels, format
from letopis.base.charts.spark import Spark, spark
from letopis.base.charts.trend import ChangeMark, Day, Trend, trend
from letopis.base.parts import Cell
from letopis.metrics import funnel, losses, words
from letopis.metrics.board import Board, read_board
from letopis.metrics.definitions import METRICS
from letopis.metrics.definitions.completeness import ENOUGH
from letopis.metrics.definitions.crm_completeness import DELIVERED
from letopis.metrics.doors import Doors
from letopis.metrics.metric import COUNT, SHARE, By, Side
from letopis.metrics.parts import WHOLE, Part
from letopis.metrics.period import Period
from letopis.metrics.statistics import Cohort, Word, judge, log_rank
from letopis.metrics.value import Value

MEAN_DAYS = 7
WEEK_DAYS = 7
DAYS_DRAWN_MAX = 62
# What is shown as a step of nothing is judged by no colour.
STEP_SHOWN_MIN = 0.0005
DEALS = f"M17{DELIVERED}"
STRIP = ("M1", "M2", "M17", "M4", "M13", "M14")
METRICS_READ = (*STRIP, "M8", "M12", "M23")
# Waits of so many cases are compared; beyond them the medians stand without a colour.
WAITS_COMPARED_MAX = 20_000
CHANCE_MAX = 0.05

Goals = Callable[[str, Value], tuple[str, bool | None]]
"""What is wanted of a metric, in words, and whether the value is there; nothing told is ("", None)."""
NO_GOALS: Goals = lambda metric, value: ("", None)  # noqa: E731  (a value of the type above)


def read(cur: Any, business: UUID, period: Period, branch: str) -> Board:
    """All cells of the page, the days before included; the wall must be open."""
    first = period.before.first if period.compared else period.first
    days = (cur, business, first, period.last)
    whole = read_board(*days, METRICS_READ, branch=branch, series=(*funnel.SERIES, DEALS))
    channels = read_board(*days, ("M1", "M2", "M12"), by=(By.CHANNEL,), branch=branch)
    return whole | channels | read_board(*days, (), by=(By.CAUSE,), branch=branch, series=(losses.SERIES,))


def shown(metric: str, value: Value) -> str:
    """A value as a person reads it; of a cohort that is still young the two bounds; a dash where nothing is known."""
    if METRICS[metric].unit == COUNT:
        return format.integer(value.n)
    if value.value is None:
        return _bounds(value) if metric == "M2" and value.pending else "—"
    if METRICS[metric].unit == SHARE:
        return format.percent(value.value * 100, value.n)
    return format.length_coarse(value.value)


def _bounds(value: Value) -> str:
    if value.floor is None or value.ceiling is None:
        return "—"
    low, high = format.integer(value.floor * 100), format.percent(value.ceiling * 100, 1)
    return f"{low}{format.DASH}{high}"


def difference(metric: str, now: Value, before: Value | None) -> str:
    """The change against the days before, with sign and unit; empty where one of them says nothing."""
    if before is None:
        return ""
    if METRICS[metric].unit == COUNT:
        return format.change(now.n, before.n)
    if now.value is None or before.value is None or is_few(metric, now) or is_few(metric, before):
        return ""
    step = now.value - before.value
    if METRICS[metric].unit == SHARE:
        return format.points(step * 100, min(now.n, before.n))
    if abs(step) < 1:
        return ""
    return f"{format.MINUS if step < 0 else '+'}{format.length_coarse(abs(step))}"


def is_better(metric: str, now: Value, before: Value | None) -> bool | None:
    """What the verdict says of a share, the log-rank test of a wait; None where chance alone may have done it.

    The colour of a cell and the sentence of a comparison are the same judgement.
    """
    side = METRICS[metric].good
    if side is Side.NONE or before is None or now.value is None or before.value is None:
        return None
    if is_few(metric, now) or is_few(metric, before):
        return None
    if METRICS[metric].length:
        return _is_shorter(now, before) if side is Side.LESS else None
    more_is_better = side is Side.MORE
    verdict = judge(
        Cohort(before.numerator, before.denominator),
        Cohort(now.numerator, now.denominator),
        more_is_better=more_is_better,
    )
    return {Word.BETTER: True, Word.WORSE: False}.get(verdict.word)


def _is_shorter(now: Value, before: Value) -> bool | None:
    """Waits that are not over are heeded; None where the difference may be chance."""
    if now.n + before.n > WAITS_COMPARED_MAX or now.lengths is None or before.lengths is None:
        return None
    tested = log_rank(*before.lengths, *now.lengths)
    if (
        tested is None
        or tested.p > CHANCE_MAX
        or now.value is None
        or before.value is None
        or now.value == before.value
    ):
        return None
    return now.value < before.value


def is_few(metric: str, value: Value) -> bool:
    return METRICS[metric].unit != COUNT and value.n < words.N_FLOOR


def strip(
    board: Board, period: Period, doors: Doors, goals: Goals = NO_GOALS, marks: Sequence[ChangeMark] = ()
) -> list[Cell]:
    """The six numbers; a colour stands only where enough of the data is known (M23)."""
    known = board.value("M23", period)
    enough = known.value is None or known.value >= ENOUGH
    mark = (marks[-1].day - period.first).days if marks else None
    return [_cell(board, metric, period, doors, enough=enough, goals=goals, mark=mark) for metric in STRIP]


def _cell(
    board: Board, metric: str, period: Period, doors: Doors, *, enough: bool, goals: Goals, mark: int | None
) -> Cell:
    now = board.value(metric, period)
    before = board.value(metric, period.before) if period.compared else None
    known = before is not None and before.n
    goal, met = goals(metric, now)
    deals = metric == "M17"
    return Cell(
        name=str(METRICS[metric].title),
        value=format.integer(board.total(DEALS, "n", period)) if deals and now.total else shown(metric, now),
        url=doors.behind(metric, period),
        spark=_line(course(board, metric, period), mark=mark),
        change=difference(metric, now, before),
        better=is_better(metric, now, before) if enough else None,
        former=_("was %(value)s") % {"value": shown(metric, before)} if before is not None and known else "",
        notes=words.notes(metric, now),
        few=is_few(metric, now) and not deals,
        goal=goal,
        goal_met=met,
    )


def course(board: Board, metric: str, period: Period, part: Part = WHOLE) -> list[float | None]:
    """A metric day by day for a small line: counts and lengths as they are, shares as the mean of seven days."""
    match METRICS[metric].unit:
        case unit if unit == COUNT:
            return [float(n) for n in board.column(metric, "n", period, part)]
        case unit if unit == SHARE:
            # Of a cohort all leads of a day are the cases: those still deciding count as not booked yet.
            hits, cases = ("hits", "total") if METRICS[metric].cohort else ("k", "n")
            return _means(*(board.column(metric, name, period, part) for name in (hits, cases)))
    return [value.value for _day, value in board.days(metric, period, part)]


def _means(hits: Sequence[int], cases: Sequence[int]) -> list[float | None]:
    """The share over each day and the days before it, in per cent."""
    hit, of = [0, *accumulate(hits)], [0, *accumulate(cases)]
    spans = [(max(0, end - MEAN_DAYS), end) for end in range(1, len(of))]
    return [
        100 * (hit[end] - hit[start]) / (of[end] - of[start]) if of[end] > of[start] else None for start, end in spans
    ]


def rate_trend(
    board: Board, period: Period, total: Value, *, incomplete: bool, marks: Sequence[ChangeMark] = ()
) -> SafeString:
    """The trend of M2: the share of each day's new leads that has booked by now, with the changes of these days.

    Of more than `DAYS_DRAWN_MAX` days it shows weeks.
    """
    finding = _("Of those who wrote, %(share)s booked") % {"share": shown("M2", total)}
    together = WEEK_DAYS if period.days > DAYS_DRAWN_MAX else 1
    former = _points(board, period.before, together) if period.compared else ()
    points = _points(board, period, together)
    return trend(Trend(finding, points, former, marks, unit="%", incomplete=incomplete, weekly=together > 1))


def _points(board: Board, period: Period, together: int) -> list[Day]:
    """So many days to a point; the last point is whole, so that the newest weeks are alike."""
    days = period.each_day()
    booked, leads, pending = (board.column("M2", name, period) for name in ("hits", "total", "pending"))
    starts = [0, *range(len(days) % together or together, len(days), together)]
    return [
        _point(days[start], sum(booked[start:end]), sum(leads[start:end]), sum(pending[start:end]))
        for start, end in pairwise([*starts, len(days)])
    ]


def _point(day: date, booked: int, leads: int, pending: int) -> Day:
    return Day(day, 100 * booked / leads if leads else None, leads, pending)


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel of the period beside the days before."""

    name: str
    url: str
    leads: str
    leads_url: str
    spark: SafeString | str
    rate: str
    rate_url: str
    few: bool
    change: str
    tone: str
    handed_over: str
    handed_over_url: str
    handed_over_few: bool


def channel_rows(board: Board, period: Period, doors: Doors) -> list[ChannelRow]:
    """The channels of a period, on one scale."""
    found = board.members(By.CHANNEL, period)
    courses = {channel: course(board, "M2", period, Part(By.CHANNEL, channel)) for channel in found}
    known = [value for values in courses.values() for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    return [
        _channel_row(board, period, doors, channel, _line(values, low, high)) for channel, values in courses.items()
    ]


def _line(
    values: Sequence[float | None], low: float | None = None, high: float | None = None, mark: int | None = None
) -> SafeString | str:
    return spark(Spark(values, low, high, mark)) if sum(value is not None for value in values) > 1 else ""


def _channel_row(board: Board, period: Period, doors: Doors, channel: str, line: SafeString | str) -> ChannelRow:
    part = Part(By.CHANNEL, channel)
    rate, handed_over = board.value("M2", period, part), board.value("M12", period, part)
    before = board.value("M2", period.before, part) if period.compared else None
    better = is_better("M2", rate, before)
    return ChannelRow(
        name=channels.name(channel) or _("without a channel"),
        url=doors.dialogues(period, channel=channel),
        leads=shown("M1", board.value("M1", period, part)),
        leads_url=doors.behind("M1", period, channel=channel),
        spark=line,
        rate=shown("M2", rate),
        rate_url=doors.behind("M2", period, channel=channel),
        few=is_few("M2", rate),
        change=difference("M2", rate, before),
        tone="" if better is None else "ok" if better else "loss",
        handed_over=shown("M12", handed_over),
        handed_over_url=doors.behind("M12", period, channel=channel),
        handed_over_few=is_few("M12", handed_over),
    )
