"""Marks with what came of them: the cells and waits of the weeks around each, read in few queries, and compared."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from letopis.base.sql import Queries
from letopis.metrics.board import Board, read_board
from letopis.metrics.definitions import METRICS
from letopis.metrics.goals.goal import Goal, on_day
from letopis.metrics.goals.reader import goals_of
from letopis.metrics.leads import Windows
from letopis.metrics.marks.comparison import (
    COUNTS,
    MIX_SERIES,
    OF_MIX,
    SHARES,
    WAITS,
    Around,
    Comparison,
    Seen,
    Share,
    Wait,
    count_of,
    exclusions_moved,
    found_of,
    share_of,
    wait_of,
    withheld,
)
from letopis.metrics.marks.mark import Mark
from letopis.metrics.marks.weeks import WEEK, WEEKS_MAX, Weeks, weeks_around, without_bad_week
from letopis.metrics.metric import By, Side
from letopis.metrics.statistics import ClientWaits, Reason, Strata
from letopis.metrics.statistics.verdict import MARGIN
from letopis.metrics.windows import windows_of

QUERIES = Queries("letopis.metrics.marks")
WAITS_MAX = 5_000
"""Of more waits on one side those of some persons stand for all."""
DAYS_READ_MAX = 800
LEADS = frozenset({"M1", "M2", "M3", "M18", "M22"})
VISIT_DAYS = 45
# After how many days a case of a metric is decided; leads take W, and visits of leads so much longer.
MATURE_DAYS = {"M14": 7, "M15": 7, "M16": 1, "M8": 1, "M9": 4, "M10": 4, "M11": 4, "M13": 4}
MATURE_DAYS_USUAL = 2


@dataclass(frozen=True, slots=True)
class Bench:
    """What all comparisons of a business stand on; `board` holds the whole, parts only where they were asked for."""

    business: UUID
    zone: ZoneInfo
    today: date
    board: Board
    marks: Sequence[Mark]
    """All that stand, the latest first."""
    windows: Windows
    goals: Sequence[Goal]

    def margin_of(self, metric: str, day: date) -> float:
        """The difference that matters: what the owner said with a goal, else the usual one."""
        goal = on_day(self.goals, metric, day)
        return (goal.margin if goal is not None else None) or MARGIN


def bench_for(
    cur: Any,
    business: UUID,
    zone: ZoneInfo,
    now: datetime,
    marks: Sequence[Mark],
    chosen: Sequence[Mark],
    *,
    parts: bool = False,
) -> Bench:
    """Read what the chosen marks are compared by; the wall must be open."""
    today = now.astimezone(zone).date()
    reach = (WEEKS_MAX + 2) * WEEK
    first = max(min((mark.day for mark in chosen), default=today) - reach, today - timedelta(days=DAYS_READ_MAX))
    board = read_board(cur, business, first, today, (*SHARES, "M1", "M23"))
    if parts:
        # Lengths are many, and only the trend of a single mark shows them.
        board |= read_board(cur, business, first, today, WAITS)
        board |= read_board(cur, business, first, today, SHARES, by=(By.CHANNEL,))
        board |= read_board(cur, business, first, today, (), by=(By.MIX,), series=MIX_SERIES)
    return Bench(business, zone, today, board, marks, windows_of(cur, business), goals_of(cur, business))


def weeks_of(bench: Bench, mark: Mark, metric: str) -> Weeks:
    """The weeks of one mark for one metric, without an unusually bad one before it."""
    since = bench.board.since
    if since is None:
        return Weeks()
    earlier = [one for one in bench.marks if (one.at, one.seq) < (mark.at, mark.seq)]
    later = [one for one in bench.marks if (one.at, one.seq) > (mark.at, mark.seq)]
    weeks = weeks_around(
        mark.at,
        bench.zone,
        since=since,
        mature=bench.today - timedelta(days=_mature_days(bench, metric)),
        before=earlier[0].at if earlier else None,
        after=later[-1].at if later else None,
    )
    if not weeks.known or METRICS[metric].length or METRICS[metric].count:
        return weeks
    values = [bench.board.value(metric, span) for span in weeks.spans_before]
    counts = [(value.numerator, value.denominator) for value in values]
    return without_bad_week(weeks, mark.day, counts, more_is_better=METRICS[metric].good is not Side.LESS)


def _mature_days(bench: Bench, metric: str) -> int:
    if metric in LEADS:
        return bench.windows.of(bench.today).days + 1 + (VISIT_DAYS if metric == "M3" else 0)
    return MATURE_DAYS.get(metric, MATURE_DAYS_USUAL)


def primary_of(cur: Any, bench: Bench, mark: Mark, *, strata: bool = False) -> tuple[Weeks, Share | Wait]:
    """What came of a mark by the metric it is judged by; one that cannot be compared falls back on the usual."""
    metric = mark.primary if mark.primary in (*SHARES, *WAITS) else OF_MIX
    weeks = weeks_of(bench, mark, metric)
    if not weeks.known:
        return weeks, withheld(metric, Reason.TWO_CHANGES if weeks.neighbour else Reason.TOO_FEW)
    around = _around(bench, mark, metric, weeks)
    if metric in WAITS:
        return weeks, _wait_of(cur, bench, metric, weeks, around)
    seen = _seen(cur, bench, metric, weeks)
    return weeks, share_of(bench.board, metric, weeks, around, strata=strata, seen=seen)


def compared(cur: Any, bench: Bench, mark: Mark) -> Comparison:
    """Everything about one mark; the bench holds the parts."""
    weeks, primary = primary_of(cur, bench, mark, strata=True)
    told = Comparison(weeks, primary)
    for metric in SHARES:
        others = weeks_of(bench, mark, metric)
        if metric != primary.metric and others.known:
            around = _around(bench, mark, metric, others, promised=False)
            share = share_of(bench.board, metric, others, around, seen=_seen(cur, bench, metric, others))
            if share.verdict.before.n and share.verdict.after.n:
                told.others.append(share)
    told.found = found_of(told.others)
    for metric in COUNTS:
        days = weeks_of(bench, mark, metric)
        if days.known:
            told.counts.append(count_of(bench.board, metric, days))
    return told


def _around(bench: Bench, mark: Mark, metric: str, weeks: Weeks, *, promised: bool = True) -> Around:
    before, after = (bench.board.value_over("M23", spans).value for spans in (weeks.spans_before, weeks.spans_after))
    fell = 0.0 if before is None or after is None else after - before
    expected = mark.expected if promised else None
    return Around(completeness_change=fell, margin=bench.margin_of(metric, mark.day), expected=expected)


def _seen(cur: Any, bench: Bench, metric: str, weeks: Weeks) -> Seen | None:
    """Leads of both sides by the shortest window of their months; None where all had the same, or it is no M2."""
    spans = (*weeks.spans_before, *weeks.spans_after)
    windows = {bench.windows.of(day).days for span in spans for day in (span.first, span.last)}
    if metric != OF_MIX or len(windows) < 2:
        return None
    days = min(windows)
    before, after = (_booked_within(cur, bench.business, mondays, days) for mondays in (weeks.before, weeks.after))
    return Seen(days, before, after)


def _booked_within(cur: Any, business: UUID, mondays: Sequence[date], days: int) -> Strata:
    rows = QUERIES.rows(cur, "booked_within", business=business, days=days, **_bounds(mondays))
    return {row["channel"]: (row["k"], row["n"]) for row in rows}


def _wait_of(cur: Any, bench: Bench, metric: str, weeks: Weeks, around: Around) -> Wait:
    before, after = (_lived(cur, bench.business, metric, mondays) for mondays in (weeks.before, weeks.after))
    # One clock for both sides: the wall clock where any of them has waits without working hours.
    working = before.is_working and after.is_working
    return wait_of(
        metric,
        before.clients(working=working),
        after.clients(working=working),
        around,
        exclusions_changed=exclusions_moved((before.excluded, before.cases), (after.excluded, after.cases)),
    )


@dataclass(slots=True)
class _Lived:
    """The waits of one side: (ended, working seconds, wall seconds) by person."""

    waits: dict[int, list[tuple[bool, int | None, int]]] = field(default_factory=dict)
    excluded: int = 0

    @property
    def cases(self) -> int:
        return sum(map(len, self.waits.values()))

    @property
    def is_working(self) -> bool:
        return all(working is not None for waits in self.waits.values() for _, working, _ in waits)

    def clients(self, *, working: bool) -> list[ClientWaits]:
        return [_client(waits, working=working) for waits in self.waits.values()]


def _lived(cur: Any, business: UUID, metric: str, mondays: Sequence[date]) -> _Lived:
    name = "pickups_between" if metric == "M13" else "waits_between"
    lived = _Lived()
    for row in QUERIES.rows(cur, name, business=business, limit=WAITS_MAX, **_bounds(mondays)):
        if row["excluded"]:
            lived.excluded += 1
        else:
            lived.waits.setdefault(row["person_id"], []).append((row["ended"], row["working_s"], row["wall_s"]))
    return lived


def _client(waits: Sequence[tuple[bool, int | None, int]], *, working: bool) -> ClientWaits:
    ended: list[int] = []
    censored: list[int] = []
    for is_ended, working_s, wall_s in waits:
        length = working_s if working and working_s is not None else wall_s
        (ended if is_ended else censored).append(length)
    return ClientWaits(tuple(ended), tuple(censored))


def _bounds(mondays: Sequence[date]) -> dict[str, Any]:
    return {"first": mondays[0], "last": mondays[-1] + WEEK - timedelta(days=1), "mondays": list(mondays)}
