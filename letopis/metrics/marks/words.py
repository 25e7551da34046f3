"""A mark's verdict in sentences, for pages and the read API."""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.base import format
from letopis.metrics.marks.comparison import Comparison, Count, Share, Wait
from letopis.metrics.marks.weeks import Weeks
from letopis.metrics.statistics import Cohort, Verdict, Word, days_for
from letopis.metrics.statistics.verdict import MARGIN
from letopis.metrics.verdicts import Cases, Told, tell

OF_VISITS = frozenset({"M4", "M5", "M6", "M7", "M21"})
OF_TURNS = frozenset({"M8", "M9", "M10", "M11"})
PLANNED_DAYS_MAX = 400
"""A later day is no plan."""
OF_DIALOGUES = frozenset({"M12", "M13", "M14", "M15", "M16"})


def cases_of(metric: str) -> Cases:
    """What a metric counts, as verdicts name it."""
    if metric in OF_VISITS:
        return Cases.VISITS
    if metric in OF_TURNS:
        return Cases.QUESTIONS
    return Cases.DIALOGUES if metric in OF_DIALOGUES else Cases.LEADS


def told(found: Share | Wait, weeks: Weeks) -> Told:
    """The verdict as people read it."""
    if isinstance(found, Wait):
        return _wait(found)
    if not weeks.known and not weeks.neighbour:
        return Told(
            _("Nothing to compare yet: a whole week before and a whole week after are needed."),
            "",
            _("The week of the change is left out, and so are cases that are not decided yet."),
        )
    return tell(found.verdict, cases_of(found.metric))


def _wait(found: Wait) -> Told:
    median = found.median
    if found.reason is not None:
        sides = Cohort(0, found.cases_before), Cohort(0, found.cases_after)
        return tell(Verdict(Word.WITHHELD, *sides, MARGIN, found.reason), cases_of(found.metric))
    if median.before is None or median.after is None or median.difference is None:
        return Told(_("Cannot tell yet: too few answers to speak of a usual wait."), "")
    change = _("%(after)s instead of %(before)s, the difference is from %(low)s to %(high)s") % {
        "after": format.length_coarse(median.after),
        "before": format.length_coarse(median.before),
        "low": _signed(median.low),
        "high": _signed(median.high),
    }
    match found.word:
        case Word.BETTER:
            return Told(_("Better: usually %(change)s.") % {"change": change}, "ok")
        case Word.WORSE:
            return Told(_("Worse: usually %(change)s.") % {"change": change}, "loss")
        case Word.NO_DIFFERENCE:
            return Told(_("No difference over a minute: usually %(change)s.") % {"change": change}, "")
    return Told(_("Cannot tell yet: usually %(change)s; this may be chance.") % {"change": change}, "")


def _signed(seconds: int | None) -> str:
    if seconds is None:
        return _("beyond all that was seen")
    sign = format.MINUS if seconds < 0 else "+" if seconds else ""
    return f"{sign}{format.length_coarse(abs(seconds))}"


def weeks_words(weeks: Weeks) -> str:
    """Целые недели: 5 окт. – 1 нояб. и 9 нояб. – 6 дек."""
    if not weeks.known:
        return ""
    return _("whole weeks: %(before)s and %(after)s") % {
        "before": format.period(weeks.spans_before[0].first, weeks.spans_before[-1].last),
        "after": format.period(weeks.spans_after[0].first, weeks.spans_after[-1].last),
    }


def plan(found: Comparison, today: date) -> str:
    """What was promised, how many cases show it, and when they will be there: then is the time to look."""
    primary = found.primary
    if not isinstance(primary, Share) or primary.needed is None:
        return ""
    seen = min(primary.verdict.before.n, primary.verdict.after.n)
    told = {"needed": format.integer(primary.needed), "seen": format.integer(seen)}
    if seen >= primary.needed:
        return _("The promised effect needs %(needed)s cases on each side, and they are there.") % told
    missing = primary.needed - primary.verdict.after.n
    days = days_for(missing, primary.verdict.after.n / found.weeks.days_after) if missing > 0 else None
    needs = _("The promised effect needs %(needed)s cases on each side; there are %(seen)s.") % told
    if days is None or days > PLANNED_DAYS_MAX:
        return needs
    told["day"] = format.day(today + timedelta(days=days))
    again = _("Look again on %(day)s: before it only a much larger difference counts.") % told
    return f"{needs} {again}"


def holidays(before: int, after: int) -> str:
    """Официальные выходные в будни: до — 1, после — 3."""
    if not before and not after:
        return ""
    said = {"before": format.integer(before), "after": format.integer(after)}
    return _("Official days off on weekdays: %(before)s before, %(after)s after.") % said


def window(found: Share | Wait | None) -> str:
    """Чтобы было честно, обеим сторонам дано по 7 дней на запись."""
    if not isinstance(found, Share) or found.window_days is None:
        return ""
    return ngettext(
        "To be fair, leads of both sides were given %(n)s day to book.",
        "To be fair, leads of both sides were given %(n)s days to book.",
        found.window_days,
    ) % {"n": found.window_days}


def count_words(found: Count) -> str:
    """+22 %, от +9 % до +37 %"""
    if found.ratio is None:
        return "—"
    low, middle, high = (_percent(end) for end in (found.ratio.low, found.ratio.ratio, found.ratio.high))
    return _("%(change)s, from %(low)s to %(high)s") % {"change": middle, "low": low, "high": high}


def _percent(ratio: float) -> str:
    change = 100 * (ratio - 1)
    shown = format.percent(abs(change), 1)
    return f"{format.MINUS if change < 0 else '+'}{shown}"
