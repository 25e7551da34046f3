"""The claims that a business makes of a change, told as cells of the rollup: said where they hold, and only there."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from letopis.metrics.board import Board, Series
from letopis.metrics.marks.comparison import Around, count_of, share_of
from letopis.metrics.marks.weeks import Weeks, weeks_around
from letopis.metrics.metric import By
from letopis.metrics.statistics import Look, Reason, Word, newcombe

MOSCOW = ZoneInfo("Europe/Moscow")
FIRST = date(2026, 1, 5)
"""A Monday."""
MADE_AT = datetime(2026, 4, 1, 9, tzinfo=UTC)
"""A Wednesday, after twelve whole weeks."""

Sides = tuple[tuple[int, int], tuple[int, int]]


def weeks(count: int) -> Weeks:
    """So many weeks on each side of the change, the week that holds it cut."""
    found = weeks_around(
        MADE_AT,
        MOSCOW,
        since=date(2026, 3, 30) - timedelta(weeks=count),
        mature=date(2026, 4, 5) + timedelta(weeks=count),
        before=None,
        after=None,
    )
    assert len(found.before) == len(found.after) == count
    return found


def spread(total: int, days: int) -> list[int]:
    """A total over days, as evenly as whole numbers can."""
    return [total * (day + 1) // days - total * day // days for day in range(days)]


def told(metric: str, at: Weeks, sides: Sides, parts: Mapping[str, Sides] | None = None, *, left_out: int = 0) -> Board:
    """A board whose weeks before and after say k of n; of the second side `left_out` more were no cases."""
    series = {(metric, By.ALL.value): {"": _series(metric, "", at, sides, left_out)}}
    if parts:
        by = By.CHANNEL.value
        series[metric, by] = {name: _series(metric, name, at, one, 0) for name, one in parts.items()}
    return Board(FIRST, series)


def _series(metric: str, member: str, at: Weeks, sides: Sides, left_out: int) -> Series:
    spans: Sequence[Sequence[date]] = [
        [day for span in some for day in span.each_day()] for some in (at.spans_before, at.spans_after)
    ]
    days = [(day - FIRST).days for side in spans for day in side]
    k = [count for side, (hits, _) in zip(spans, sides, strict=True) for count in spread(hits, len(side))]
    n = [count for side, (_, cases) in zip(spans, sides, strict=True) for count in spread(cases, len(side))]
    excluded = [0] * len(spans[0]) + spread(left_out, len(spans[1]))
    nothing = [0] * len(days)
    return Series(
        metric=metric, by="all", member=member, days=days, n=n, k=k, pending=nothing, excluded=excluded,
        unknown=list(nothing), total=list(n), hits=list(k), seconds=None, censored=None,
    )  # fmt: skip


def test_no_shows_fell_from_18_to_12_per_cent_over_three_months() -> None:
    at = weeks(12)
    share = share_of(told("M4", at, ((108, 600), (72, 600))), "M4", at, Around())
    assert share.verdict.word is Word.BETTER
    assert share.verdict.difference == pytest.approx(-0.06)
    assert (share.verdict.low, share.verdict.high) == newcombe(108, 600, 72, 600)


def test_the_same_fall_in_a_small_salon_cannot_be_told_and_says_what_is_missing() -> None:
    at = weeks(12)
    verdict = share_of(told("M4", at, ((26, 144), (17, 144))), "M4", at, Around(expected=-0.06)).verdict
    assert verdict.word is Word.CANNOT_TELL
    assert verdict.more is not None
    assert verdict.more > 144
    assert verdict.days is not None
    assert verdict.days == pytest.approx(verdict.more / (144 / 84), abs=1)


def test_promised_fall_of_no_shows_is_planned_downwards() -> None:
    """18 to 12 per cent needs fewer visits than 18 to 24 would."""
    at = weeks(12)
    share = share_of(told("M4", at, ((108, 600), (72, 600))), "M4", at, Around(expected=-0.06))
    assert share.needed == 555


def test_bookings_grew_by_22_per_cent_over_two_months() -> None:
    at = weeks(8)
    count = count_of(told("M2", at, ((448, 1400), (547, 1400))), "M2", at)
    assert count.ratio is not None
    assert count.ratio.ratio == pytest.approx(1.22, abs=0.005)
    assert 1 < count.ratio.low < 1.22 < count.ratio.high


def test_few_bookings_growing_as_much_may_be_chance() -> None:
    """18 and then 22 bookings are 22 per cent more as well."""
    at = weeks(8)
    count = count_of(told("M2", at, ((18, 60), (22, 60))), "M2", at)
    assert count.ratio is not None
    assert count.ratio.ratio == pytest.approx(1.22, abs=0.005)
    assert count.ratio.low < 1


def test_the_assistant_took_work_off_the_manager() -> None:
    at = weeks(8)
    share = share_of(told("M14", at, ((240, 600), (312, 600))), "M14", at, Around())
    assert share.verdict.word is Word.BETTER
    assert share.verdict.difference == pytest.approx(0.12)


@pytest.mark.parametrize(
    ("sides", "word", "low", "high"),
    [
        (((90, 300), (114, 300)), Word.BETTER, 0.004, 0.155),
        (((18, 60), (24, 60)), Word.CANNOT_TELL, -0.069, 0.262),
    ],
)
def test_examples_of_the_contract(sides: Sides, word: Word, low: float, high: float) -> None:
    at = weeks(4)
    verdict = share_of(told("M2", at, sides), "M2", at, Around()).verdict
    assert verdict.word is word
    assert verdict.low == pytest.approx(low, abs=0.0006)
    assert verdict.high == pytest.approx(high, abs=0.0006)


def test_a_share_that_grew_with_its_mix_alone_is_shown_beside() -> None:
    """Nothing changed in either channel; only more of the good one came."""
    at = weeks(4)
    parts: dict[str, Sides] = {"telegram": ((60, 100), (180, 300)), "avito": ((60, 300), (20, 100))}
    share = share_of(told("M8", at, ((120, 400), (200, 400)), parts), "M8", at, Around(), strata=True)
    assert share.verdict.word is Word.BETTER
    assert share.standardised is not None
    assert share.standardised.difference == pytest.approx(0)
    assert share.standardised.low < 0 < share.standardised.high


def test_counting_by_other_rules_withholds_the_verdict() -> None:
    at = weeks(4)
    board = told("M2", at, ((90, 300), (114, 300)), left_out=60)
    verdict = share_of(board, "M2", at, Around()).verdict
    assert (verdict.word, verdict.reason) == (Word.WITHHELD, Reason.EXCLUSIONS_CHANGED)


def test_missing_data_withholds_the_verdict() -> None:
    at = weeks(4)
    verdict = share_of(told("M2", at, ((90, 300), (114, 300))), "M2", at, Around(completeness_change=-0.1)).verdict
    assert (verdict.word, verdict.reason) == (Word.WITHHELD, Reason.COMPLETENESS_FELL)


def test_who_looks_before_the_planned_day_needs_a_wider_gap() -> None:
    """At a third of the needed leads the same difference is no verdict yet that at the end would be one."""
    at = weeks(4)
    board = told("M2", at, ((45, 150), (63, 150)))
    assert share_of(board, "M2", at, Around()).verdict.word is Word.BETTER
    early = share_of(board, "M2", at, Around(expected=0.10))
    assert early.needed == 356
    assert early.look is Look.FIRST
    assert early.verdict.word is Word.CANNOT_TELL
