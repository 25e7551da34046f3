"""Numbers, dates, money and names of things as people read them, in the active language (Russian first).

Templates use the filters of the same names and never format by hand. Times must be aware; they are shown in Django's
current time zone, which a page sets to the zone of its business.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

import phonenumbers
from babel import dates, numbers, units
from django.utils import timezone
from django.utils.translation import get_language

from letopis.base import clock

NBSP = "\u00a0"
MINUS = "\u2212"
DASH = "–"

SHARE_PRECISE_FROM = 200
CHANGE_BASE_MIN = 30
KOPECKS_SHOWN_UNDER = 100_00
THOUSAND = 1000_00
DAYS_KEPT_MAX = 8192
"""So many names of days are kept ready: ten years in both languages."""

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class _Words:
    percent: str
    points: str
    second: str
    minute: str
    hour: str
    now: str
    ago: str
    until: str
    span: str
    thousands: str
    rouble: str


_RU = _Words(
    percent=f"{{}}{NBSP}%",
    points=f"{{}}{NBSP}п.{NBSP}п.",
    second=f"{{}}{NBSP}с",
    minute=f"{{}}{NBSP}мин",
    hour=f"{{}}{NBSP}ч",
    now="только что",
    ago="{} назад",
    until="через {}",
    span="от {} до {}",
    thousands=f"{{}}{NBSP}тыс.{NBSP}₽",
    rouble=f"{{}}{NBSP}₽",
)
_EN = _Words(
    percent="{}%",
    points=f"{{}}{NBSP}pp",
    second=f"{{}}{NBSP}s",
    minute=f"{{}}{NBSP}min",
    hour=f"{{}}{NBSP}h",
    now="just now",
    ago="{} ago",
    until="in {}",
    span="{} to {}",
    thousands="₽{},000",
    rouble="₽{}",
)


def language() -> str:
    """`ru` or `en`, by the active language."""
    return "en" if (get_language() or "ru").startswith("en") else "ru"


def _words() -> _Words:
    return _EN if language() == "en" else _RU


def integer(value: Number) -> str:
    """1 284"""
    return _decimal(value, 0)


def decimal(value: Number, digits: int = 2) -> str:
    """0,41: always that many digits after the sign; 0.5 is rounded away from zero."""
    return _decimal(value, digits)


def share(k: int, n: int) -> str:
    """42,5 %: one decimal when n is 200 or more, else whole; a dash when there is nothing to divide by."""
    if n <= 0:
        return "—"
    return percent(Decimal(100 * k) / n, n)


def percent(value: Number, n: int = SHARE_PRECISE_FROM) -> str:
    """A share that was reckoned elsewhere, in per cent, over n cases."""
    return _words().percent.format(_decimal(value, 1 if n >= SHARE_PRECISE_FROM else 0))


def points(difference: Number, n: int = SHARE_PRECISE_FROM) -> str:
    """+5,4 п. п.: the difference of two shares, always with its sign."""
    return _words().points.format(_signed(difference, 1 if n >= SHARE_PRECISE_FROM else 0))


def change(count: int, former: int) -> str:
    """+7,3 %: change of a count; empty when the former count is under 30."""
    if former < CHANGE_BASE_MIN:
        return ""
    return _words().percent.format(_signed(Decimal(100 * (count - former)) / former, 1))


def money(kopecks: int) -> str:
    """170 400 ₽; 1,31 ₽ under a hundred roubles."""
    precise = 0 < abs(kopecks) < KOPECKS_SHOWN_UNDER and kopecks % 100
    amount = _decimal(Decimal(abs(kopecks)) / 100, 2 if precise else 0)
    shown = _words().rouble.format(amount)
    return MINUS + shown if kopecks < 0 and shown != _words().rouble.format("0") else shown


def money_range(low: int, high: int) -> str:
    """от 67 до 118 тыс. ₽: one unit for both ends."""
    if low < THOUSAND:
        return _span(low, high)
    if language() == "en":
        return money_range_whole(low, high)
    return _words().span.format(_thousands(low), _words().thousands.format(_thousands(high)))


def money_range_whole(low: int, high: int) -> str:
    """от 124 000 до 218 000 ₽: for ledes, both ends in whole thousands."""
    if low < THOUSAND:
        return _span(low, high)
    return _span(*(int(Decimal(end) / THOUSAND + Decimal("0.5")) * THOUSAND for end in (low, high)))


def _thousands(kopecks: int) -> str:
    return _decimal(Decimal(kopecks) / THOUSAND, 0)


def _span(low: int, high: int) -> str:
    if language() == "en":
        return _words().span.format(money(low), money(high))
    return _words().span.format(
        _decimal(Decimal(low) / 100, 0), _words().rouble.format(_decimal(Decimal(high) / 100, 0))
    )


def day(value: date) -> str:
    """18 ноября; in another year 18 нояб. 2025."""
    return _day_words(_local_day(value))


def day_of_year(value: date) -> str:
    """18 ноября, where the year is told beside it."""
    return _day(_local_day(value), "d MMMM", language())


def day_short(value: date) -> str:
    """18 нояб., for tables; in another year 18 нояб. 2025."""
    return _day_words_short(_local_day(value))


def period(first: date, last: date) -> str:
    """24 окт. – 22 нояб.; both ends included."""
    return f"{day_short(first)} {DASH} {day_short(last)}"


def month(value: date) -> str:
    """ноябрь 2026, by any day of it."""
    return _day(_local_day(value), "LLLL y", language())


def weekday(value: date) -> str:
    """пн, вт: the short name of the day."""
    return _day(_local_day(value), "ccc", language())


def time(moment: datetime) -> str:
    """19:42"""
    return f"{timezone.localtime(moment):%H:%M}"


def time_exact(moment: datetime) -> str:
    """19:42:08, in the journal and the dialogue only."""
    return f"{timezone.localtime(moment):%H:%M:%S}"


def moment(value: datetime) -> str:
    """18 нояб., 19:42"""
    local = timezone.localtime(value)
    return f"{_day_words_short(local.date())}, {local:%H:%M}"


def moment_exact(value: datetime) -> str:
    """18 ноября, 19:42:08: what stands in the title of a time."""
    local = timezone.localtime(value)
    return f"{_day_words(local.date())}, {local:%H:%M:%S}"


def ago(value: datetime, now: datetime | None = None) -> str:
    """4 мин назад; under a minute «только что»; after a day the date. Times to come read «через 12 мин»."""
    away = (now or clock.now()) - value
    if abs(away) >= timedelta(days=1):
        return day_short(value)
    if abs(away) < timedelta(minutes=1):
        # A minute to come is told in seconds, a minute gone by is just now.
        return _words().now if away >= timedelta(0) else _words().until.format(length(-away.total_seconds()))
    sentence = _words().ago if away > timedelta(0) else _words().until
    seconds = int(abs(away).total_seconds())
    return sentence.format(_hours(seconds // 3600) if seconds >= 3600 else _minutes(seconds // 60))


def length(seconds: Number) -> str:
    """0,5 с; 11 мин; 1 ч 20 мин: two units at most, seconds only under ten minutes."""
    assert seconds >= 0, seconds
    tenths = Decimal(str(seconds)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if tenths < 10:
        return _words().second.format(_decimal(tenths, 0 if tenths == int(tenths) else 1))
    whole = int(Decimal(str(seconds)).quantize(Decimal(1), ROUND_HALF_UP))
    if whole < 60:
        return _words().second.format(whole)
    if whole < 600:
        return _two(_minutes(whole // 60), _words().second.format(whole % 60) if whole % 60 else "")
    return length_coarse(whole)


def length_coarse(seconds: Number) -> str:
    """5 мин: for pauses and waits, where seconds would be noise."""
    whole = int(seconds)
    if whole < 60:
        return _words().second.format(whole)
    if whole < 3600:
        return _minutes(whole // 60)
    if whole < 24 * 3600:
        return _two(_hours(whole // 3600), _minutes(whole % 3600 // 60) if whole % 3600 >= 60 else "")
    hours = whole // 3600
    return _two(_days(hours // 24), _hours(hours % 24) if hours % 24 else "")


def phone(number: str) -> str:
    """+7 920 123-14-08; what is no number is shown as it was given."""
    parsed = _parsed_phone(number)
    if parsed is None:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL).replace(" ", NBSP)


def phone_masked(number: str) -> str:
    """+7 920 •••-14-08: the code and the last four digits stay."""
    parsed = _parsed_phone(number)
    if parsed is None:
        return _veil(number, 0, 2)
    code = len(str(parsed.country_code))
    return _veil(phone(number), code + 3, 4)


def id_masked(identifier: str) -> str:
    """tg_••••5678: the channel and the last four signs stay; a telephone is masked as one."""
    channel, line, rest = identifier.rpartition("_")
    if not line and _parsed_phone(rest):
        return phone_masked(rest)
    return f"{channel}{line}••••{rest[-4:] if len(rest) > 4 else ''}"


def hash_short(digest: str) -> str:
    """9f2c71d0…e71a04"""
    return digest if len(digest) <= 14 else f"{digest[:8]}…{digest[-6:]}"


def _decimal(value: Number, digits: int) -> str:
    whole = digits == 0 and isinstance(value, int)
    # Rounded here: formatting alone would round half to even.
    exact = value if whole else Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    shown = f"{abs(exact):,.{digits}f}" if not whole else f"{abs(exact):,}"
    return f"{MINUS if exact < 0 else ''}{shown.translate(_number_signs(language()))}"


@cache
def _number_signs(language: str) -> dict[int, str]:
    """What stands between thousands and before decimals."""
    return str.maketrans({",": numbers.get_group_symbol(language), ".": numbers.get_decimal_symbol(language)})


def _signed(value: Number, digits: int) -> str:
    shown = _decimal(value, digits)
    return f"+{shown}" if value > 0 and shown.strip("0.,") else shown


def _two(first: str, second: str) -> str:
    return f"{first}{NBSP}{second}" if second else first


def _minutes(count: int) -> str:
    return _words().minute.format(count)


def _hours(count: int) -> str:
    return _words().hour.format(count)


def _days(count: int) -> str:
    return units.format_unit(count, "duration-day", locale=language()).replace(" ", NBSP)


def _day_words(local: date) -> str:
    return _day(local, "d MMMM" if local.year == _today().year else "d MMM y", language())


def _day_words_short(local: date) -> str:
    return _day(local, "d MMM" if local.year == _today().year else "d MMM y", language())


@lru_cache(DAYS_KEPT_MAX)
def _day(value: date, pattern: str, language: str) -> str:
    return dates.format_date(value, pattern, locale=language).replace(" ", NBSP)


def _local_day(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def _today() -> date:
    return timezone.localtime(clock.now()).date()


def _parsed_phone(number: str) -> phonenumbers.PhoneNumber | None:
    try:
        parsed = phonenumbers.parse(number, "RU")
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_possible_number(parsed) else None


def _veil(text: str, head: int, tail: int) -> str:
    """Hides all digits but the first `head` and the last `tail`."""
    total = sum(sign.isdigit() for sign in text)
    seen = 0
    veiled = []
    for sign in text:
        seen += sign.isdigit()
        hidden = sign.isdigit() and head < seen <= total - tail
        veiled.append("•" if hidden else sign)
    return "".join(veiled)
