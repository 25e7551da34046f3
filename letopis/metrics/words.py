"""Sentences of the first pages: one message a case, plurals by gettext, small counts of people in words."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import get_language, gettext, ngettext

from letopis.base import channels
from letopis.base.format import integer, length_coarse, money_range_whole, percent
from letopis.metrics.trust import Silence
from letopis.metrics.value import Value

# «Трое ждут» reads as a person says it; from five on digits do.
PEOPLE_RU = {1: "Один клиент ждёт", 2: "Двое ждут", 3: "Трое ждут", 4: "Четверо ждут"}
# Under this many cases a share is grey and judges nothing (metrics contract, floors).
N_FLOOR = 30


def day_so_far(leads: int, booked: int) -> str:
    """14 новых обращений, 6 записались."""
    if not leads and not booked:
        return gettext("No new leads yet.")
    return gettext("%(leads)s, %(booked)s.") % {
        "leads": ngettext("%(n)s new lead", "%(n)s new leads", leads) % {"n": integer(leads)},
        "booked": ngettext("%(n)s booked", "%(n)s have booked", booked) % {"n": integer(booked)},
    }


def waiting(count: int, minutes: int) -> str:
    """Трое ждут ответа дольше 15 минут."""
    if not count:
        return gettext("Nobody is waiting.")
    if (get_language() or "ru").startswith("ru") and count in PEOPLE_RU:
        return f"{PEOPLE_RU[count]} ответа дольше {minutes} минут."
    return ngettext(
        "%(n)s client has waited for over %(minutes)s minutes.",
        "%(n)s clients have waited for over %(minutes)s minutes.",
        count,
    ) % {"n": integer(count), "minutes": minutes}


def call(count: int) -> str:
    """3 клиента ждут"""
    return ngettext("%(n)s client is waiting", "%(n)s clients are waiting", count) % {"n": integer(count)}


def usual_on(day: date, count: int) -> str:
    """обычно по воскресеньям 11"""
    sentences = (
        gettext("usually %(n)s on Mondays"),
        gettext("usually %(n)s on Tuesdays"),
        gettext("usually %(n)s on Wednesdays"),
        gettext("usually %(n)s on Thursdays"),
        gettext("usually %(n)s on Fridays"),
        gettext("usually %(n)s on Saturdays"),
        gettext("usually %(n)s on Sundays"),
    )
    return sentences[day.weekday()] % {"n": integer(count)}


def missed(of: int, usual: int | None) -> str:
    """из 96, обычно 12"""
    if usual is None:
        return gettext("of %(n)s") % {"n": integer(of)}
    return gettext("of %(n)s, usually %(usual)s") % {"n": integer(of), "usual": integer(usual)}


def answered(now: Value, usual: Value) -> str:
    """из 16, обычно 74 %"""
    n = integer(now.n)
    if usual.value is None:
        return gettext("of %(n)s") % {"n": n}
    return gettext("of %(n)s, usually %(usual)s") % {"n": n, "usual": percent(usual.value * 100, usual.n)}


def cohort(leads: int, booked: int, pending: int) -> str:
    """Из 982 обратившихся записались 546. Ещё думают 34."""
    if not leads:
        return gettext("Nobody wrote in these days.")
    first = ngettext(
        "Of %(leads)s lead, %(booked)s booked.",
        "Of %(leads)s leads, %(booked)s booked.",
        leads,
    ) % {"leads": integer(leads), "booked": integer(booked)}
    return first if not pending else f"{first} {deciding(pending)}"


def deciding(pending: int) -> str:
    return ngettext("%(n)s is still deciding.", "%(n)s are still deciding.", pending) % {"n": integer(pending)}


def growing(pending: int) -> str:
    """Последние дни ещё подрастут: думают 34."""
    return ngettext(
        "The last days may still grow: %(n)s is deciding.", "The last days may still grow: %(n)s are deciding.", pending
    ) % {"n": integer(pending)}


def losses(count: int, kopecks: tuple[int, int] | None) -> str:
    """Ещё 71 потеря связана с нашими ошибками: от 124 000 до 218 000 ₽."""
    said = {"n": integer(count)}
    if kopecks is None:
        return (
            ngettext(
                "Another %(n)s loss is connected with our mistakes.",
                "Another %(n)s losses are connected with our mistakes.",
                count,
            )
            % said
        )
    return ngettext(
        "Another %(n)s loss is connected with our mistakes: %(money)s.",
        "Another %(n)s losses are connected with our mistakes: %(money)s.",
        count,
    ) % {**said, "money": money_range_whole(*kopecks)}


def still_open(count: int) -> str:
    """ещё думают 34"""
    return ngettext("%(n)s still open", "%(n)s still open", count) % {"n": integer(count)}


def left(count: int) -> str:
    """−80 ушли"""
    return ngettext("−%(n)s left", "−%(n)s left", count) % {"n": integer(count)}


def by_our_mistakes(count: int) -> str:
    """с нашими ошибками: 17"""
    return gettext("with our mistakes: %(n)s") % {"n": integer(count)}


def not_booked(count: int) -> str:
    """402 обращения"""
    return ngettext("%(n)s lead", "%(n)s leads", count) % {"n": integer(count)}


def withheld(value: Value) -> str:
    """Доля неявок скрыта: у 22 % визитов нет отметки."""
    share = percent(100 * value.unknown / (value.n + value.unknown), 1)
    return gettext("The share of no-shows is hidden: %(share)s of visits have no mark.") % {"share": share}


def silence(silent: Sequence[Silence], now: datetime) -> str:
    """Telegram молчит 3 часа"""
    length = length_coarse((now - silent[0].since).total_seconds())
    said = {"source": channels.name(silent[0].source), "length": length, "more": integer(len(silent) - 1)}
    if len(silent) == 1:
        return gettext("%(source)s has been silent for %(length)s") % said
    return gettext("%(source)s has been silent for %(length)s, and %(more)s more") % said


def notes(metric: str, value: Value) -> list[str]:
    """What stands under a number: how many cases it rests on, what is not decided, by which clock."""
    n, pending = integer(value.n), integer(value.pending)
    of = gettext("of %(n)s") % {"n": n}
    found: list[str] = []
    match metric:
        case "M1":
            found = [gettext("not counted: %(n)s") % {"n": integer(value.excluded)}] if value.excluded else []
        case "M2":
            # Those too young to enter the rate stand in the lede: the two counts must not seem to differ.
            found = [gettext("of %(n)s whose time is over") % {"n": n} if value.total > value.n else of]
            if value.pending:
                found.append(gettext("still deciding: %(n)s") % {"n": pending})
        case "M4":
            marks = gettext("of %(n)s, no mark: %(unknown)s") % {"n": n, "unknown": integer(value.unknown)}
            found = [marks if value.unknown else of]
            if value.pending:
                found.append(gettext("still to come: %(n)s") % {"n": pending})
        case "M8":
            late = integer(value.n - value.numerator)
            found = [gettext("of %(n)s, late: %(late)s") % {"n": n, "late": late} if value.n else of]
            if value.pending:
                found.append(gettext("time not over: %(n)s") % {"n": pending})
        case "M9" | "M13":
            found = [gettext("median of %(n)s") % {"n": n}]
            if value.p90 is not None:
                found.append(gettext("9 of 10 within %(length)s") % {"length": length_coarse(value.p90)})
        case "M17":
            found = [gettext("of %(n)s that must go there") % {"n": integer(value.total)}] if value.total else []
            if tardy := value.denominator - value.numerator:
                found.append(gettext("later than 5 min: %(n)s") % {"n": integer(tardy)})
            if value.pending:
                found.append(gettext("on the way: %(n)s") % {"n": pending})
        case "M14":
            found = [of, gettext("not over yet: %(n)s") % {"n": pending}] if value.pending else [of]
    if value.clock == "wall":
        found.append(gettext("by the wall clock: no working hours told"))
    return found
