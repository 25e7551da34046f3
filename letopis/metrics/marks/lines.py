"""One change as a page shows it: its numbers before and after line by line, its days as a trend, and a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from letopis.base import channels, clock, format
from letopis.base.charts.trend import ChangeMark, Day, Trend, trend
from letopis.base.tables.table import Column, Kind, Row, Table
from letopis.base.text import Text
from letopis.metrics import verdicts
from letopis.metrics.board import Board
from letopis.metrics.definitions import METRICS
from letopis.metrics.marks import words
from letopis.metrics.marks.comparison import Comparison, Count, Share, Wait
from letopis.metrics.marks.mark import Mark
from letopis.metrics.marks.weeks import Weeks
from letopis.metrics.metric import SHARE, By
from letopis.metrics.parts import Part
from letopis.metrics.period import Period
from letopis.metrics.statistics import Word
from letopis.metrics.statistics.verdict import CASES_MIN
from letopis.metrics.value import Value

DRAWN_BEFORE, DRAWN_AFTER = timedelta(days=42), timedelta(days=84)
TREND_DAYS_MAX = 200
SECONDS_A_MINUTE = 60
TONES = {Word.BETTER: "ok", Word.WORSE: "loss"}


@dataclass(frozen=True, slots=True)
class Line:
    """One number before and after, as the page tells it."""

    name: str
    before: str
    after: str
    n: str
    change: str
    tone: str
    named: bool = False


def of_primary(board: Board, found: Comparison) -> list[Line]:
    """The metric itself, as if the mix were the same, and channel by channel."""
    primary = found.primary
    if not isinstance(primary, Share) or not found.weeks.known:
        return []
    lines = [of_share(primary)]
    if (mixed := primary.standardised) is not None:
        lines.append(
            Line(
                _("as if the mix were the same"),
                format.percent(100 * mixed.before),
                format.percent(100 * mixed.after),
                "",
                verdicts.spanned(mixed.difference, mixed.low, mixed.high),
                "",
            )
        )
    return [*lines, *_channel_lines(board, primary.metric, found.weeks)]


def _channel_lines(board: Board, metric: str, weeks: Weeks) -> Iterator[Line]:
    for channel in board.members(By.CHANNEL, weeks.whole, metric):
        part = Part(By.CHANNEL, channel)
        before, after = (board.value_over(metric, spans, part) for spans in (weeks.spans_before, weeks.spans_after))
        if before.n or after.n:
            yield Line(
                channels.name(channel) or _("without a channel"),
                format.share(before.numerator, before.denominator),
                format.share(after.numerator, after.denominator),
                _cases(before.n, after.n),
                _step(before, after),
                "few" if min(before.n, after.n) < CASES_MIN else "",
            )


def _step(before: Value, after: Value) -> str:
    if not before.n or not after.n:
        return "—"
    return format.points(100 * (after.numerator / after.n - before.numerator / before.n))


def of_share(share: Share, *, named: bool = False) -> Line:
    verdict = share.verdict
    return Line(
        str(METRICS[share.metric].title),
        format.share(verdict.before.k, verdict.before.n),
        format.share(verdict.after.k, verdict.after.n),
        _cases(verdict.before.n, verdict.after.n),
        verdicts.change(verdict),
        TONES.get(verdict.word, ""),
        named,
    )


def _cases(before: int, after: int) -> str:
    return _("%(before)s and %(after)s") % {"before": format.integer(before), "after": format.integer(after)}


def of_count(found: Count) -> tuple[str, str, str, str]:
    """Cases a day: the name, before, after, and the change in words."""
    name = str(METRICS[found.metric].title)
    return name, format.decimal(found.before, 1), format.decimal(found.after, 1), words.count_words(found)


def drawing(board: Board, mark: Mark, found: Comparison, known: Sequence[Mark]) -> SafeString | str:
    """The metric day by day around the change, with all marks of these days."""
    assert found.primary is not None, "a comparison always has a primary metric"
    last = max(board.first, min(mark.day + DRAWN_AFTER, clock.now().date()))
    first = max(board.first, mark.day - DRAWN_BEFORE)
    if found.weeks.known:
        first, last = min(first, found.weeks.whole.first), max(last, found.weeks.whole.last)
    period = Period(max(first, last - timedelta(days=TREND_DAYS_MAX)), last)
    metric = found.primary.metric
    days = [_day(day, metric, value) for day, value in board.days(metric, period)]
    if sum(day.value is not None for day in days) < 2:
        return ""
    better = words.told(found.primary, found.weeks).tone
    drawn = [
        ChangeMark(one.day, one.name, better={"ok": True, "loss": False}.get(better) if one.seq == mark.seq else None)
        for one in reversed(known)
        if period.first < one.day <= period.last
    ]
    finding = f"{METRICS[metric].title}: {words.told(found.primary, found.weeks).lede}"
    return trend(Trend(finding, days, (), drawn, unit="%" if METRICS[metric].unit == SHARE else "", incomplete=False))


def _day(day: date, metric: str, value: Value) -> Day:
    if METRICS[metric].unit == SHARE:
        hits, cases = (value.hits, value.total) if METRICS[metric].cohort else (value.numerator, value.denominator)
        return Day(day, 100 * hits / cases if cases else None, cases, value.pending)
    return Day(day, None if value.value is None else value.value / SECONDS_A_MINUTE, value.n, value.pending)


def table(found: Comparison) -> Table:
    """Every number of one change, the one it is judged by first."""
    columns = (
        Column(Text(ru="Показатель", en="Metric")),
        Column(Text(ru="До", en="Before"), Kind.SHARE),
        Column(Text(ru="Случаев до", en="Cases before"), Kind.NUMBER),
        Column(Text(ru="После", en="After"), Kind.SHARE),
        Column(Text(ru="Случаев после", en="Cases after"), Kind.NUMBER),
        Column(Text(ru="Разница, п. п.", en="Difference, pp"), Kind.NUMBER),
        Column(Text(ru="Разница от", en="Difference from"), Kind.NUMBER),
        Column(Text(ru="Разница до", en="Difference to"), Kind.NUMBER),
        Column(Text(ru="Медиана до", en="Median before"), Kind.SECONDS),
        Column(Text(ru="Медиана после", en="Median after"), Kind.SECONDS),
    )
    rows = [_cells_of(one) for one in (found.primary, *found.others) if one is not None]
    return Table(Text(ru="До и после", en="Before and after"), columns, rows)


def _cells_of(one: Share | Wait) -> Row:
    name = f"{one.metric} {METRICS[one.metric].title}"
    if isinstance(one, Wait):
        cases = None, one.cases_before, None, one.cases_after
        return name, *cases, None, None, None, one.median.before, one.median.after
    verdict = one.verdict
    before, after = (side.share if side.n else None for side in (verdict.before, verdict.after))
    ends = (None if end is None else round(100 * end, 2) for end in (verdict.difference, verdict.low, verdict.high))
    return name, before, verdict.before.n, after, verdict.after.n, *ends, None, None
