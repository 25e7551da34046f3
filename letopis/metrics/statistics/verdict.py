"""Did it help: two cohorts of whole weeks in, one of four words out, or the reason why no word may be said.

The words are decided by the interval of the difference alone (metrics.md 2.5, clarification 22). The caller compares
whole calendar weeks, equally observed; the sentences are in `letopis.metrics.verdicts`.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from letopis.metrics.statistics.distributions import Z95
from letopis.metrics.statistics.rates import Interval, Tested, newcombe, rates_test
from letopis.metrics.statistics.samples import days_for, needed_each

MARGIN = 0.05
"""Differences under this are the same to a business, unless its goal says otherwise."""
CASES_MIN = 30
"""Fewer on either side are not compared (contract, floors)."""
COMPLETENESS_FALL_MAX = 0.02
"""Completeness wanders by chance; a fall by more than this makes the periods differ in what they know."""


class Word(StrEnum):
    """The only four things a comparison may say, and that it says none."""

    BETTER = "better"
    WORSE = "worse"
    NO_DIFFERENCE = "no_difference"
    CANNOT_TELL = "cannot_tell"
    WITHHELD = "withheld"


class Reason(StrEnum):
    """Why a verdict is withheld, the gravest first."""

    TWO_CHANGES = "two_changes"
    EXCLUSIONS_CHANGED = "exclusions_changed"
    UNMARKED = "unmarked"
    COMPLETENESS_FELL = "completeness_fell"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Cohort:
    """k of n cases of one period."""

    k: int
    n: int

    @property
    def share(self) -> float:
        """Asked only of a cohort that holds somebody."""
        return self.k / self.n


@dataclass(frozen=True, slots=True)
class Verdict:
    """A word with what it rests on.

    Difference and interval are fractions of one, after minus before, and are known whenever both sides hold somebody,
    also when the word is withheld. `more` cases and `days` at the flow at hand are told with `CANNOT_TELL` only.
    """

    word: Word
    before: Cohort
    after: Cohort
    margin: float
    reason: Reason | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    tested: Tested | None = None
    more: int | None = None
    days: int | None = None


def judge(
    before: Cohort,
    after: Cohort,
    *,
    more_is_better: bool = True,
    margin: float = MARGIN,
    expected: float | None = None,
    per_day: float | None = None,
    completeness_change: float = 0.0,
    exclusions_changed: bool = False,
    unmarked: bool = False,
    marks_overlap: bool = False,
    z: float = Z95,
) -> Verdict:
    """The verdict on a share after a change against the share before it.

    `expected` is the size of the effect that the change mark promised, `per_day` the flow of cases,
    `completeness_change` the difference of M23 as a fraction, `unmarked` that too many cases of a side have no outcome,
    `z` the bound of a spending plan when this is not the only look.
    """
    interval = newcombe(before.k, before.n, after.k, after.n, z)
    reason = reason_of(
        before.n,
        after.n,
        completeness_change=completeness_change,
        exclusions_changed=exclusions_changed,
        unmarked=unmarked,
        marks_overlap=marks_overlap,
    )
    if interval is None:
        return Verdict(Word.WITHHELD, before, after, margin, reason)
    word = Word.WITHHELD if reason else word_of(interval, margin, more_is_better=more_is_better)
    difference = after.share - before.share
    more = None
    if word is Word.CANNOT_TELL:
        wanted = abs(expected) if expected else max(margin, abs(difference))
        more = _more(before, after, interval, margin, wanted)
    return Verdict(
        word,
        before,
        after,
        margin,
        reason,
        difference=difference,
        low=interval[0],
        high=interval[1],
        tested=rates_test(before.k, before.n, after.k, after.n),
        more=more,
        days=None if more is None or per_day is None else days_for(more, per_day),
    )


def word_of(interval: Interval, margin: float, *, more_is_better: bool) -> Word:
    """What the interval of a difference says, whichever way it was reckoned."""
    low, high = interval
    if low > 0 or high < 0:
        return Word.BETTER if (low > 0) == more_is_better else Word.WORSE
    return Word.NO_DIFFERENCE if max(-low, high) <= margin else Word.CANNOT_TELL


def reason_of(
    before: int,
    after: int,
    *,
    completeness_change: float,
    exclusions_changed: bool,
    unmarked: bool = False,
    marks_overlap: bool = False,
) -> Reason | None:
    """Why so many cases on each side may not be judged, whatever is compared; None where they may."""
    if marks_overlap:
        return Reason.TWO_CHANGES
    if exclusions_changed:
        return Reason.EXCLUSIONS_CHANGED
    if unmarked:
        return Reason.UNMARKED
    if completeness_change < -COMPLETENESS_FALL_MAX:
        return Reason.COMPLETENESS_FELL
    return Reason.TOO_FEW if min(before, after) < CASES_MIN else None


def _more(before: Cohort, after: Cohort, interval: Interval, margin: float, wanted: float) -> int:
    """About how many more cases after the change would settle it.

    First the planned sample: what a difference of the wanted size needs on each side. Where that is already there and
    chance still left the answer open, what the interval needs to shrink to, if the difference stays as it is.
    """
    difference = after.share - before.share
    upward = difference > 0 if difference else before.share <= 0.5
    aimed = before.share + wanted if upward else before.share - wanted
    missing = needed_each(before.share, min(1.0, max(0.0, aimed))) - after.n
    return missing if missing > 0 else _until_narrow(after.n, difference, interval, margin)


def _until_narrow(n: int, difference: float, interval: Interval, margin: float) -> int:
    """The width of an interval goes with the root of the cases: until it leaves nought or fits into the margin."""
    half = (interval[1] - interval[0]) / 2
    enough = max(abs(difference), margin - abs(difference))
    return max(1, ceil(n * ((half / enough) ** 2 - 1)))
