"""Did a change help: each metric over the weeks before against the weeks after, in one of four words. Pure.

Shares are compared by Newcombe's interval, raw and as if both sides had one mix; waits by quantiles bootstrapped over
clients; counts a day by a quasi-Poisson model with weekdays. One metric is primary, the others are exploratory.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from letopis.metrics.board import Board
from letopis.metrics.definitions import METRICS
from letopis.metrics.definitions.lost_leads import EVERY_LEAD
from letopis.metrics.marks.weeks import Weeks
from letopis.metrics.metric import By, Side
from letopis.metrics.parts import WHOLE, Part
from letopis.metrics.period import Period
from letopis.metrics.statistics import (
    ClientWaits,
    Cohort,
    Look,
    QuantileDifference,
    RateRatio,
    Reason,
    Standardised,
    Strata,
    Verdict,
    Word,
    bound,
    compare_waits,
    discoveries,
    judge,
    look_at,
    needed_each,
    rate_ratio,
    reason_of,
    standardise,
    word_of,
)
from letopis.metrics.statistics.distributions import Z95
from letopis.metrics.statistics.verdict import MARGIN

EXCLUDED_MOVE_MAX = 0.05
"""When the share of what is left out moves by more than this, the two sides do not count by the same rules."""
SHARES = ("M2", "M3", "M4", "M5", "M6", "M7", "M8", "M11", "M14", "M16", "M17", "M21")
WAITS = ("M9", "M13")
COUNTS = ("M1", "M2")
"""Counted a day: new leads, and leads that booked."""
OF_MIX = "M2"
"""The metric whose mix is known whole: channel, wish, part of the day, new or known."""
MIX_SERIES = tuple(f"M22{series}" for series in EVERY_LEAD)
Spans = Sequence[Period]
REMEMBERED_MAX = 64
WAIT_MARGIN_S = 60
"""A difference of waits under this is the same to a client."""


@dataclass(frozen=True, slots=True)
class Around:
    """What makes a comparison fair or not, known beside the cases themselves."""

    completeness_change: float = 0.0
    margin: float = MARGIN
    expected: float | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """Leads by channel, both sides given the same `days` to book; only where their months had different windows."""

    days: int
    before: Strata
    after: Strata


@dataclass(frozen=True, slots=True)
class Share:
    """A share before and after, and as if both sides had the same mix."""

    metric: str
    verdict: Verdict
    standardised: Standardised | None = None
    look: Look | None = None
    needed: int | None = None
    """Cases that each side needs to show the promised effect."""
    window_days: int | None = None
    """The window both sides were given, where it is not that of their months."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The usual and the long wait before and after, in seconds."""

    metric: str
    median: QuantileDifference
    p90: QuantileDifference
    cases_before: int
    cases_after: int
    word: Word
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Cases a day before and after."""

    metric: str
    before: float
    after: float
    ratio: RateRatio | None


@dataclass(slots=True)
class Comparison:
    """Everything that is known of one change."""

    weeks: Weeks
    primary: Share | Wait | None = None
    others: list[Share] = field(default_factory=list)
    found: frozenset[str] = frozenset()
    """Exploratory metrics that chance alone explains badly (Benjamini-Hochberg, one in ten may be named by chance)."""
    counts: list[Count] = field(default_factory=list)


def share_of(
    board: Board, metric: str, weeks: Weeks, around: Around, *, strata: bool = False, seen: Seen | None = None
) -> Share:
    """One share over the weeks before and after, by one clock and one window on both sides."""
    sides = weeks.spans_before, weeks.spans_after
    series = _series_of(board, metric, weeks)
    if seen is None:
        before, after = (_cohort(board, series, spans) for spans in sides)
    else:
        before, after = _together(seen.before), _together(seen.after)
    look, needed = _look(before, after, around)
    verdict = judge(
        before,
        after,
        more_is_better=METRICS[metric].good is not Side.LESS,
        margin=around.margin,
        expected=around.expected,
        per_day=after.n / max(weeks.days_after, 1),
        completeness_change=around.completeness_change,
        exclusions_changed=_exclusions_moved(board, metric, weeks),
        unmarked=any(board.value_over(metric, spans).withheld for spans in sides),
        z=Z95 if look is None else bound(look),
    )
    mixed = None
    if strata:
        mixes = (mix_of(board, series, spans) for spans in sides) if seen is None else (seen.before, seen.after)
        mixed = standardise(*mixes)
    return Share(metric, verdict, mixed, look, needed, None if seen is None else seen.days)


def _look(before: Cohort, after: Cohort, around: Around) -> tuple[Look | None, int | None]:
    """Which planned look this is: a promise made beforehand sets how many cases are needed, and three looks at them."""
    if not around.expected or not before.n:
        return None, None
    aimed = min(1.0, max(0.0, before.share + around.expected))
    if aimed == before.share:
        return None, None
    needed = needed_each(before.share, aimed)
    return look_at(min(before.n, after.n), needed) or Look.FIRST, needed


def _series_of(board: Board, metric: str, weeks: Weeks) -> str:
    """The working clock where both sides have it, else the wall clock for both: never one against the other."""
    wall = METRICS[metric].wall
    by_working = all(board.total_over(metric, "n", spans) for spans in (weeks.spans_before, weeks.spans_after))
    return metric if by_working or not wall else metric + wall


def _cohort(board: Board, series: str, spans: Spans, part: Part = WHOLE) -> Cohort:
    return Cohort(board.total_over(series, "k", spans, part), board.total_over(series, "n", spans, part))


def _together(strata: Strata) -> Cohort:
    return Cohort(sum(k for k, _ in strata.values()), sum(n for _, n in strata.values()))


def _exclusions_moved(board: Board, metric: str, weeks: Weeks) -> bool:
    before, after = (board.value_over(metric, spans) for spans in (weeks.spans_before, weeks.spans_after))
    return exclusions_moved((before.excluded, before.n), (after.excluded, after.n))


def exclusions_moved(before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Whether another share is left out than before; each side says how many were left out, and how many counted."""
    shares = [left_out / (left_out + counted) for left_out, counted in (before, after) if left_out + counted]
    return len(shares) == 2 and abs(shares[1] - shares[0]) > EXCLUDED_MOVE_MAX


def mix_of(board: Board, series: str, spans: Spans) -> Strata:
    """k of n by stratum: the whole mix of leads for M2, the channel for the others."""
    if series == OF_MIX:
        found: dict[Hashable, tuple[int, int]] = {}
        for part_of_leads in MIX_SERIES:
            for member in board.series.get((part_of_leads, By.MIX), {}):
                k, n = found.get(member, (0, 0))
                more = _cohort(board, part_of_leads, spans, Part(By.MIX, member))
                found[member] = k + more.k, n + more.n
        return found
    members = board.series.get((series, By.CHANNEL), {})
    cohorts = {member: _cohort(board, series, spans, Part(By.CHANNEL, member)) for member in members}
    return {member: (cohort.k, cohort.n) for member, cohort in cohorts.items() if cohort.n}


def wait_of(
    metric: str,
    before: Sequence[ClientWaits],
    after: Sequence[ClientWaits],
    around: Around,
    *,
    exclusions_changed: bool = False,
) -> Wait:
    """Waits before and after; the word is told by the interval of the median."""
    median, p90 = _quantiles(tuple(before), tuple(after))
    cases = _cases(before), _cases(after)
    reason = reason_of(*cases, completeness_change=around.completeness_change, exclusions_changed=exclusions_changed)
    return Wait(metric, median, p90, *cases, Word.WITHHELD if reason else _word(median), reason)


@lru_cache(maxsize=REMEMBERED_MAX)
def _quantiles(
    before: tuple[ClientWaits, ...], after: tuple[ClientWaits, ...]
) -> tuple[QuantileDifference, QuantileDifference]:
    """The bootstrap costs far more than all else on a page, and the same waits give the same answer."""
    median, p90 = compare_waits(before, after)
    return median, p90


def _cases(clients: Sequence[ClientWaits]) -> int:
    return sum(len(one.ended) + len(one.censored) for one in clients)


def _word(median: QuantileDifference) -> Word:
    if median.difference is None or median.low is None or median.high is None:
        return Word.CANNOT_TELL
    return word_of((median.low, median.high), WAIT_MARGIN_S, more_is_better=False)


def count_of(board: Board, metric: str, weeks: Weeks) -> Count:
    """New leads a day, or leads that booked."""
    name = "n" if metric == "M1" else "hits"
    before, after = (
        [
            (day.weekday(), count)
            for span in spans
            for day, count in zip(span.each_day(), board.column(metric, name, span), strict=True)
        ]
        for spans in (weeks.spans_before, weeks.spans_after)
    )
    return Count(metric, _mean(before), _mean(after), rate_ratio(before, after))


def _mean(days: Sequence[tuple[int, int]]) -> float:
    return sum(count for _, count in days) / max(len(days), 1)


def found_of(others: Sequence[Share]) -> frozenset[str]:
    """Which of the exploratory metrics are named."""
    tested = [(one.metric, one.verdict.tested.p) for one in others if one.verdict.tested and not one.verdict.reason]
    named = discoveries([p for _, p in tested])
    return frozenset(metric for (metric, _), is_named in zip(tested, named, strict=True) if is_named)


def withheld(metric: str, reason: Reason) -> Share:
    """No comparison at all."""
    nobody = Cohort(0, 0)
    return Share(metric, Verdict(Word.WITHHELD, nobody, nobody, MARGIN, reason))
