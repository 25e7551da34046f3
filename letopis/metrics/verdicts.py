"""Sentences of verdicts, shared by pages and the read API: what is said of a change, how sure, what would settle it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext, ngettext

from letopis.base.format import decimal, integer, points
from letopis.metrics.statistics.verdict import CASES_MIN, Reason, Verdict, Word

ROUNDED_FROM = 100
"""From so many cases on "about" is said in tens."""
DAYS_COUNTED_MAX = 365
"""Beyond a year a count of days would promise what nobody can know."""


class Cases(StrEnum):
    """What a metric counts, so that people hear what is still to come."""

    LEADS = "leads"
    VISITS = "visits"
    DIALOGUES = "dialogues"
    QUESTIONS = "questions"


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict as people read it; `tone` is its colour: ok, loss, warn or none."""

    lede: str
    tone: str
    hint: str = ""


def tell(verdict: Verdict, cases: Cases = Cases.LEADS) -> Told:
    """Стало лучше: +8,0 п. п., от +0,4 до +15,5."""
    match verdict.word:
        case Word.BETTER:
            return Told(gettext("Better: %(change)s.") % {"change": change(verdict)}, "ok")
        case Word.WORSE:
            return Told(gettext("Worse: %(change)s.") % {"change": change(verdict)}, "loss")
        case Word.NO_DIFFERENCE:
            said = {"bound": _bound(verdict.margin), "change": change(verdict)}
            return Told(gettext("No difference over %(bound)s: %(change)s.") % said, "")
        case Word.CANNOT_TELL:
            return Told(_cannot_tell(verdict, cases), "", _seen_so_far(verdict))
        case Word.WITHHELD:
            return _withheld(verdict, cases)


def change(verdict: Verdict) -> str:
    """+8,0 п. п., от +0,4 до +15,5; a dash when one side holds nobody."""
    if verdict.difference is None or verdict.low is None or verdict.high is None:
        return "—"
    return spanned(verdict.difference, verdict.low, verdict.high)


def spanned(difference: float, low: float, high: float) -> str:
    """+8,0 п. п., от +0,4 до +15,5: a difference of two shares with its interval, all as fractions."""
    return gettext("%(step)s, from %(low)s to %(high)s") % {
        "step": points(100 * difference),
        "low": _signed(100 * low),
        "high": _signed(100 * high),
    }


def _cannot_tell(verdict: Verdict, cases: Cases) -> str:
    assert verdict.more is not None, "who cannot tell says what is missing"
    more = _still_needed(_about(verdict.more), cases)
    if verdict.days is None:
        return gettext("Cannot tell yet: %(more)s.") % {"more": more}
    return gettext("Cannot tell yet: %(more)s, at your flow %(days)s.") % {"more": more, "days": _days(verdict.days)}


def _seen_so_far(verdict: Verdict) -> str:
    return gettext("So far %(change)s: this may be chance.") % {"change": change(verdict)}


def _withheld(verdict: Verdict, cases: Cases) -> Told:
    match verdict.reason:
        case Reason.TWO_CHANGES:
            return Told(
                gettext("Two changes together: which of them did it cannot be told."),
                "warn",
                gettext("Next time make changes apart, two weeks from each other."),
            )
        case Reason.EXCLUSIONS_CHANGED:
            return Told(
                gettext("No verdict: what is left out of the count has changed between the periods."),
                "warn",
                gettext("Compare periods that are counted by the same rules."),
            )
        case Reason.UNMARKED:
            return Told(
                gettext("No verdict: of too many visits nobody said how they ended."),
                "warn",
                gettext("First mark who came and who did not."),
            )
        case Reason.COMPLETENESS_FELL:
            return Told(
                gettext("No verdict: since the change more data is missing than before."),
                "warn",
                gettext("First bring back what is missing: marks of visits, channels, the CRM."),
            )
        case _:
            fewest = min(verdict.before.n, verdict.after.n)
            return Told(_too_few(fewest, cases), "", gettext("Both periods need at least that many."))


def _too_few(fewest: int, cases: Cases) -> str:
    """Пока мало: 12 из 30 обращений для вывода."""
    sentences: dict[Cases, str] = {
        Cases.LEADS: gettext("Too few so far: %(n)s of the %(wanted)s leads a verdict needs."),
        Cases.VISITS: gettext("Too few so far: %(n)s of the %(wanted)s visits a verdict needs."),
        Cases.DIALOGUES: gettext("Too few so far: %(n)s of the %(wanted)s dialogues a verdict needs."),
        Cases.QUESTIONS: gettext("Too few so far: %(n)s of the %(wanted)s questions a verdict needs."),
    }
    return sentences[cases] % {"n": integer(fewest), "wanted": integer(CASES_MIN)}


def _still_needed(count: int, cases: Cases) -> str:
    """нужно ещё около 240 обращений"""
    sentences: dict[Cases, Callable[[], str]] = {
        Cases.LEADS: lambda: ngettext("about %(n)s more lead is needed", "about %(n)s more leads are needed", count),
        Cases.VISITS: lambda: ngettext("about %(n)s more visit is needed", "about %(n)s more visits are needed", count),
        Cases.DIALOGUES: lambda: ngettext(
            "about %(n)s more dialogue is needed", "about %(n)s more dialogues are needed", count
        ),
        Cases.QUESTIONS: lambda: ngettext(
            "about %(n)s more question is needed", "about %(n)s more questions are needed", count
        ),
    }
    return sentences[cases]() % {"n": integer(count)}


def _days(count: int) -> str:
    """это 6 дней"""
    if count > DAYS_COUNTED_MAX:
        return gettext("that is over a year")
    return ngettext("that is %(n)s day", "that is %(n)s days", count) % {"n": integer(count)}


def _about(count: int) -> int:
    """In tens, upwards: an exact number would promise more than is known."""
    return count if count < ROUNDED_FROM else -(-count // 10) * 10


def _bound(margin: float) -> str:
    """5 п. п.; 2,5 п. п. where the margin is no whole number."""
    percent = round(100 * margin, 1)
    whole = percent == int(percent)
    return (points(percent, 1) if whole else points(percent)).lstrip("+")


def _signed(value: float) -> str:
    shown = decimal(value, 1)
    return f"+{shown}" if value > 0 and shown.strip("0.,") else shown
