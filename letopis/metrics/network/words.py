"""Sentences of the network's page: one message a case."""

from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.base import channels
from letopis.base.format import integer, length_coarse, money, percent
from letopis.metrics import words
from letopis.metrics.marks.mark import version_words
from letopis.metrics.network.costs import Cost
from letopis.metrics.network.troubles import Trouble, What
from letopis.metrics.read import WAITING_OVER

WAIT_MINUTES = int(WAITING_OVER.total_seconds()) // 60
EM, END = SafeString("<em>"), SafeString("</em>")


def lede(businesses: int, losing: int) -> SafeString:
    """Из 214 бизнесов у 5 сейчас теряются лиды."""
    said = {"all": integer(businesses), "n": integer(losing), "em": EM, "end": END}
    if businesses == 1:
        alone = (
            _("Your business {em}is losing leads now.{end}") if losing else _("Your business is losing no leads now.")
        )
        return format_html(alone, **said)
    if not losing:
        return format_html(
            ngettext(
                "Of {all} businesses none is losing leads now.",
                "Of {all} businesses none is losing leads now.",
                businesses,
            ),
            **said,
        )
    return format_html(
        ngettext(
            "Of {all} businesses {em}{n} is losing leads now.{end}",
            "Of {all} businesses {em}{n} are losing leads now.{end}",
            businesses,
        ),
        **said,
    )


def lost(costs: list[Cost]) -> str:
    """За эти дни потеряно 648 записей — 1 512 300 ₽; «не меньше», где чья-то цена неизвестна."""
    count = round(sum(cost.leads for cost in costs))
    if not count:
        return ""
    kopecks = round(sum(cost.kopecks or 0 for cost in costs), -4)
    said = {"n": integer(count), "money": money(kopecks)}
    if not kopecks:
        return (
            ngettext(
                "In these days %(n)s booking was lost by mistakes of ours.",
                "In these days %(n)s bookings were lost by mistakes of ours.",
                count,
            )
            % said
        )
    if any(cost.kopecks is None for cost in costs):
        return (
            ngettext(
                "In these days %(n)s booking was lost by mistakes of ours, at least %(money)s.",
                "In these days %(n)s bookings were lost by mistakes of ours, at least %(money)s.",
                count,
            )
            % said
        )
    return (
        ngettext(
            "In these days %(n)s booking was lost by mistakes of ours, %(money)s.",
            "In these days %(n)s bookings were lost by mistakes of ours, %(money)s.",
            count,
        )
        % said
    )


def branches(names: list[str]) -> str:
    """The only branch by its name; more of them by their number."""
    if len(names) == 1:
        return names[0]
    count = len(names)
    return ngettext("%(n)s branch", "%(n)s branches", count) % {"n": integer(count)} if count else ""


def trouble(one: Trouble, now: datetime) -> str:
    """Молчит 5 ч, обычно 12 мин"""
    length = length_coarse(max((now - one.since).total_seconds(), 0)) if one.since else ""
    said = {"n": integer(one.count), "length": length}
    match one.what:
        case What.SILENT:
            return _("Silent for %(length)s, usually %(usual)s") % {**said, "usual": length_coarse(one.usual_s)}
        case What.REFUSED:
            return _("The CRM has taken no leads for %(length)s") % said
        case What.UNDELIVERED | What.DELAYED:
            return (
                ngettext("%(n)s lead has not reached the CRM", "%(n)s leads have not reached the CRM", one.count) % said
            )
        case What.LATE:
            waits = ngettext(
                "%(n)s has waited for over %(minutes)s min", "%(n)s have waited for over %(minutes)s min", one.count
            )
            return waits % {**said, "minutes": WAIT_MINUTES}
        case What.BROKEN:
            return _("The journal was changed from outside")
        case What.WAITING:
            return words.call(one.count)
        case What.FAILURES:
            return (
                ngettext(
                    "%(n)s lead of this week stopped at a failure of ours",
                    "%(n)s leads of this week stopped at a failure of ours",
                    one.count,
                )
                % said
            )
        case What.SOURCE:
            return _("%(source)s has been silent for %(length)s") % {**said, "source": channels.name(one.name)}
        case What.QUARANTINED:
            return ngettext("%(n)s message was not understood", "%(n)s messages were not understood", one.count) % said
        case What.UNKNOWN:
            return _("Only %(share)s of the data is known") % {"share": percent(100 * one.share, 1)}
        case What.BEHIND:
            return ngettext("%(n)s event is not counted yet", "%(n)s events are not counted yet", one.count) % said
        case What.TEST:
            return _("Test mode: trial messages only")
        case What.EMPTY:
            return _("No events yet")
        case What.OLD:
            assert one.old is not None, "an old version has a name"
            return _("%(scenario)s, while v%(newest)s is out") % {
                "scenario": version_words(one.old.scenario, one.old.version),
                "newest": one.old.newest.removeprefix("v"),
            }


def shrunken(share: float, k: int, n: int) -> str:
    """Как есть 37,9 % (232 из 612); показано с поправкой на малые числа."""
    return _("As it is: %(share)s (%(k)s of %(n)s). Shown is what may be compared between businesses.") % {
        "share": percent(100 * share, n),
        "k": integer(k),
        "n": integer(n),
    }


def shown(first: int, last: int, all_of: int) -> str:
    """Показаны 1–50 из 214, сначала те, кто теряет лиды сейчас"""
    return _("Shown %(first)s–%(last)s of %(all)s, those losing leads now first") % {
        "first": integer(first),
        "last": integer(last),
        "all": integer(all_of),
    }
