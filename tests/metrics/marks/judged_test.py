"""Marks judged by what the readers made of a told journal."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.utils import translation

from letopis.access.wall import enter
from letopis.metrics.goals.goal import Goal
from letopis.metrics.leads import Windows
from letopis.metrics.marks import judged, words
from letopis.metrics.marks.comparison import Share, Wait
from letopis.metrics.marks.judged import Bench
from letopis.metrics.marks.mark import Mark
from letopis.metrics.marks.told import marks_of
from letopis.metrics.statistics import Cohort, Reason, Word
from tests.metrics.conftest import Salon
from tests.metrics.marks.changed import NOW

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture
def ground(salon: Salon) -> Any:
    """A cursor behind the wall, the bench with its parts, and the one mark."""
    cur: Any
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, salon.business)
        marks = marks_of(cur, salon.business)
        yield cur, judged.bench_for(cur, salon.business, MOSCOW, NOW, marks, marks, parts=True), marks[0]


def primary(ground: tuple[Any, Bench, Mark], metric: str, **bench: Any) -> Share | Wait:
    cur, found, mark = ground
    weeks, told = judged.primary_of(cur, replace(found, **bench), _by(mark, metric), strata=True)
    assert [len(weeks.before), len(weeks.after)] == [4, 4]
    return told


def _by(mark: Mark, metric: str) -> Mark:
    told = {name: getattr(mark, name) for name in mark.__struct_fields__}
    return Mark(**told | {"metric": metric})


def test_more_book_and_the_mix_has_not_done_it(ground: Any) -> None:
    share = primary(ground, "M2")
    assert isinstance(share, Share)
    assert (share.verdict.before, share.verdict.after) == (Cohort(24, 80), Cohort(48, 80))
    assert share.verdict.word is Word.BETTER
    assert share.standardised is not None
    assert share.standardised.difference == pytest.approx(0.3)


def test_sides_with_other_windows_are_given_the_same_days(ground: Any) -> None:
    """September's leads had nine days, October's seven: both are counted within seven, which here changes nothing."""
    windows = Windows({date(2026, 9, 1): 9, date(2026, 10, 1): 7, date(2026, 11, 1): 7})
    share = primary(ground, "M2", windows=windows)
    assert isinstance(share, Share)
    assert (share.window_days, share.verdict.before, share.verdict.after) == (7, Cohort(24, 80), Cohort(48, 80))
    assert share.standardised is not None
    with translation.override("en"):
        assert words.window(share) == "To be fair, leads of both sides were given 7 days to book."


def test_unmarked_visits_withhold_the_verdict_on_no_shows(ground: Any) -> None:
    share = primary(ground, "M4")
    assert isinstance(share, Share)
    assert (share.verdict.word, share.verdict.reason) == (Word.WITHHELD, Reason.UNMARKED)


def test_answers_came_sooner(ground: Any) -> None:
    wait = primary(ground, "M9")
    assert isinstance(wait, Wait)
    assert (wait.median.before, wait.median.after, wait.word) == (600, 120, Word.BETTER)
    assert (wait.cases_before, wait.cases_after) == (80, 80)


def test_waits_of_few_are_not_compared(ground: Any) -> None:
    wait = primary(ground, "M13")
    assert isinstance(wait, Wait)
    assert (wait.word, wait.reason) == (Word.WITHHELD, Reason.TOO_FEW)


def test_margin_is_that_of_the_goal_on_the_day(ground: Any, salon: Salon) -> None:
    goal = Goal(
        business_id=salon.business,
        metric="M2",
        valid_from=date(2026, 9, 1),
        seq=1,
        at=NOW,
        target_ppm=1,
        margin_ppm=20_000,
    )
    share = primary(ground, "M2", goals=[goal])
    assert isinstance(share, Share)
    assert share.verdict.margin == 0.02
    later = primary(ground, "M2", goals=[_since(goal, date(2026, 10, 1))])
    assert isinstance(later, Share)
    assert later.verdict.margin == 0.05


def _since(goal: Goal, day: date) -> Goal:
    return Goal(**{name: getattr(goal, name) for name in goal.__struct_fields__} | {"valid_from": day})


def test_other_numbers_are_exploratory(ground: Any) -> None:
    cur, bench, mark = ground
    found = judged.compared(cur, bench, mark)
    assert {one.metric for one in found.others} >= {"M8", "M14", "M4"}
    assert "M8" in found.found
    assert "M4" not in found.found
    assert [(count.metric, count.before, count.after) for count in found.counts] == [
        ("M1", pytest.approx(80 / 28), pytest.approx(80 / 28)),
        ("M2", pytest.approx(24 / 28), pytest.approx(48 / 28)),
    ]


def test_young_change_waits_for_its_weeks(ground: Any) -> None:
    cur, bench, mark = ground
    young = replace(bench, today=date(2026, 10, 16))
    weeks, share = judged.primary_of(cur, young, mark)
    assert not weeks.known
    with translation.override("en"):
        assert words.told(share, weeks).lede.startswith("Nothing to compare yet")


def test_strangers_rows_are_out_of_reach(ground: Any, stranger_business: UUID) -> None:
    cur, _bench, mark = ground
    enter(cur, stranger_business)
    assert marks_of(cur, stranger_business) == []
    assert judged.bench_for(cur, stranger_business, MOSCOW, NOW, [mark], [mark]).board.since is None
