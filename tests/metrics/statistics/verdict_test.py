"""Four words, and when none of them may be said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letopis.metrics.statistics import Cohort, Reason, Verdict, Word, judge, needed_each, word_of

UNHURRIED = settings(deadline=None, max_examples=40)
"""Other libraries take their time, and so do busy machines."""

SHARES = st.integers(30, 3000).flatmap(lambda n: st.builds(Cohort, st.integers(0, n), st.just(n)))


def test_contracts_example_is_better() -> None:
    found = judge(Cohort(90, 300), Cohort(114, 300))
    assert found.word is Word.BETTER
    assert (found.difference, found.more) == (pytest.approx(0.08), None)


def test_contracts_example_cannot_tell() -> None:
    found = judge(Cohort(18, 60), Cohort(24, 60), per_day=7)
    assert found.word is Word.CANNOT_TELL
    assert found.more == 356 - 60
    assert found.days == 43


def test_fewer_no_shows_are_better() -> None:
    before, after = Cohort(180, 1000), Cohort(120, 1000)
    assert judge(before, after, more_is_better=False).word is Word.BETTER
    assert judge(after, before, more_is_better=False).word is Word.WORSE


def test_interval_inside_the_margin_is_no_difference() -> None:
    before, after = Cohort(600, 2000), Cohort(610, 2000)
    assert judge(before, after).word is Word.NO_DIFFERENCE
    assert judge(before, after, margin=0.01).word is Word.CANNOT_TELL


@pytest.mark.parametrize(
    ("interval", "word"),
    [
        ((0.001, 0.02), Word.BETTER),
        ((-0.02, -0.001), Word.WORSE),
        ((0.0, 0.05), Word.NO_DIFFERENCE),
        ((-0.05, 0.05), Word.NO_DIFFERENCE),
        ((-0.051, 0.01), Word.CANNOT_TELL),
        ((-0.01, 0.051), Word.CANNOT_TELL),
    ],
)
def test_word_is_decided_by_the_interval(interval: tuple[float, float], word: Word) -> None:
    assert word_of(interval, 0.05, more_is_better=True) is word


@pytest.mark.parametrize(("before", "after"), [(29, 300), (300, 29), (0, 300)])
def test_under_thirty_a_side_nothing_is_compared(before: int, after: int) -> None:
    found = judge(Cohort(before // 3, before), Cohort(after // 2, after))
    assert (found.word, found.reason) == (Word.WITHHELD, Reason.TOO_FEW)
    assert (found.difference is None) == (before == 0)


def test_gravest_reason_is_told() -> None:
    def reason(**told: object) -> tuple[Word, Reason | None]:
        found = judge(Cohort(90, 300), Cohort(114, 300), **told)  # type: ignore[arg-type]
        return found.word, found.reason

    assert reason(completeness_change=-0.03) == (Word.WITHHELD, Reason.COMPLETENESS_FELL)
    assert reason(completeness_change=-0.01) == (Word.BETTER, None)
    assert reason(completeness_change=0.2) == (Word.BETTER, None)
    assert reason(exclusions_changed=True, completeness_change=-1) == (Word.WITHHELD, Reason.EXCLUSIONS_CHANGED)
    assert reason(marks_overlap=True, exclusions_changed=True) == (Word.WITHHELD, Reason.TWO_CHANGES)


def test_promised_effect_sets_the_sample() -> None:
    found = judge(Cohort(90, 300), Cohort(96, 300), expected=0.1)
    assert found.word is Word.CANNOT_TELL
    assert found.more == needed_each(0.3, 0.4) - 300


def test_planned_sample_that_left_it_open_asks_for_more() -> None:
    assert needed_each(0.3, 0.35) < 1400
    found = judge(Cohort(420, 1400), Cohort(455, 1400), per_day=50)
    assert found.word is Word.CANNOT_TELL
    assert found.more is not None
    assert found.days == -(-found.more // 50)


def test_earlier_looks_ask_for_more_certainty() -> None:
    assert judge(Cohort(90, 300), Cohort(114, 300), z=3.7103).word is Word.CANNOT_TELL


@UNHURRIED
@given(SHARES, SHARES, st.booleans())
def test_every_verdict_rests_on_its_interval(before: Cohort, after: Cohort, more_is_better: bool) -> None:
    found = judge(before, after, more_is_better=more_is_better, per_day=10)
    mirrored = judge(after, before, more_is_better=more_is_better)
    assert found.difference is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low - 1e-12 <= found.difference <= found.high + 1e-12
    assert (found.more is not None) == (found.days is not None) == (found.word is Word.CANNOT_TELL)
    assert found.more is None or found.more > 0
    opposite = {Word.BETTER: Word.WORSE, Word.WORSE: Word.BETTER}
    assert mirrored.word is opposite.get(found.word, found.word)


def test_verdict_is_plain_data() -> None:
    assert isinstance(judge(Cohort(0, 0), Cohort(0, 0)), Verdict)
