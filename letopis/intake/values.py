"""Readers of single values: from what senders write to what the journal keeps.

A reader takes one JSON value and the context of the request and returns the kept form, None for an absent value, or
raises `RefusedError` or `UnresolvedError`. A number with a fraction comes as `Decimals`, the text that was sent:
nothing passes through a binary float.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from uuid import UUID

from letopis.base.calendars import CALENDARS
from letopis.base.days import within_reach
from letopis.base.text import fold
from letopis.intake import faults
from letopis.intake.faults import RefusedError
from letopis.journal.draft import DEBUG, ERROR, INFO, WARN
from letopis.journal.kinds import KINDS
from letopis.journal.lj1 import INT_MAX

WORD_CHARS_MAX = 512
TEXT_CHARS_MAX = 100_000
CODE_CHARS_MAX = 64
NUMBER_CHARS_MAX = 32
DAY_RANGES_MAX = 8
DATES_MAX = 366
"""So many dates may be named in one version of working hours."""

PPM = 1_000_000
KOPECKS = 100
MILLIKOPECKS = 100_000

EMPTY_WORDS = frozenset({"", "null", "undefined", "none", "nan"})
_EMPTY_CHARS_MAX = max(map(len, EMPTY_WORDS))
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}|[#$]\{[^{}]*\}|%[A-Za-z_][\w.]*%|\[object [A-Za-z]+\]")


class Decimals(str):
    """The text of a JSON number with a fraction or an exponent."""

    __slots__ = ()


class UnresolvedError(Exception):
    """The value is a placeholder that the sender's template did not fill in."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A value that was understood in a way worth telling; None: it was dropped."""

    note: str
    value: int | None


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about a request before its events are read."""

    business: UUID
    source: str
    """The source of the key; stands in where an event names none."""
    zone: tzinfo
    """Where the business lives; stands in where a time names no zone."""


Reader = Callable[[Any, Context], Any]


# Words.


def word(value: Any, _: Context) -> str | None:
    """An id or a name: trimmed; numbers are taken by their digits."""
    if type(value) is not str:
        value = _digits(value)
    value = value.strip()
    if len(value) <= _EMPTY_CHARS_MAX and value.lower() in EMPTY_WORDS:
        return None
    if len(value) > WORD_CHARS_MAX:
        raise RefusedError(faults.too_long(WORD_CHARS_MAX))
    if ("{" in value or "%" in value or "[" in value) and _PLACEHOLDER.search(value):
        raise UnresolvedError
    return str(value)


def remark(value: Any, _: Context) -> str | None:
    """Free words of a person or a program."""
    if type(value) is not str:
        value = _digits(value)
    value = value.strip()
    if len(value) <= _EMPTY_CHARS_MAX and value.lower() in EMPTY_WORDS:
        return None
    return _free(value)


def said(value: Any, _: Context) -> str | None:
    """What was said, exactly: not trimmed, and "null" is something a person may write."""
    if type(value) is not str:
        value = _digits(value)
    return _free(value) if value else None


def _free(value: str) -> str:
    """Within free words a placeholder is part of what was said; alone it stands for words that never came."""
    if len(value) > TEXT_CHARS_MAX:
        raise RefusedError(faults.too_long(TEXT_CHARS_MAX))
    if value[0] in "{#$%[" and _PLACEHOLDER.fullmatch(value):
        raise UnresolvedError
    return value


def _digits(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (str, int)) and type(value) is not bool:
        return str(value)
    raise RefusedError(faults.NOT_WORD)


# Words of closed and half-closed sets.

_ROLES = {
    **{name: name for name in ("client", "assistant", "human", "system", "mailing")},
    **dict.fromkeys(("user", "customer", "lead", "клиент"), "client"),
    **dict.fromkeys(("bot", "ai", "llm", "бот", "ассистент", "помощник"), "assistant"),
    **dict.fromkeys(("operator", "manager", "agent", "admin", "staff", "оператор", "администратор"), "human"),
}
_LEVELS = {
    **dict.fromkeys(("debug", "trace"), DEBUG),
    **dict.fromkeys(("info", "information", "notice"), INFO),
    **dict.fromkeys(("warn", "warning"), WARN),
    **dict.fromkeys(("error", "err", "critical", "fatal"), ERROR),
}
_SOURCES = {
    **dict.fromkeys(("tg", "телеграм"), "telegram"),
    **dict.fromkeys(("wa", "ватсап"), "whatsapp"),
    **dict.fromkeys(("вк", "вконтакте"), "vk"),
    "ig": "instagram",
    "авито": "avito",
    "телефон": "phone",
}
_CONTENT = {"image": "photo", "picture": "photo", "audio": "voice", "document": "file", "message": "text"}
_TRUE = frozenset({"true", "1", "yes", "да"})
_FALSE = frozenset({"false", "0", "no", "нет"})
_TYPE = re.compile(r"[a-z0-9_.]{1,64}")
_SOURCE = re.compile(r"[a-z0-9_.-]{1,64}")
_SOURCE_GAPS = re.compile(r"[\s/:]+")
_NAME_GAPS = re.compile(r"[\s-]+")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
NAMES_REMEMBERED_MAX = 4096
NAME_CHARS_MAX = 128


def snake(name: str) -> str:
    """`clientId`, `Client ID` and `client-id` are one name: `client_id`; what is too long for a name stays as it is."""
    return _snake(name) if len(name) <= NAME_CHARS_MAX else name


@lru_cache(maxsize=NAMES_REMEMBERED_MAX)
def _snake(name: str) -> str:
    return _NAME_GAPS.sub("_", _HUMP.sub("_", name.strip())).lower()


def kind(value: Any, context: Context) -> str | None:
    """The type of an event, folded as names of fields are."""
    if type(value) is str and value in KINDS:
        return value
    given = word(value, context)
    if given is None or _TYPE.fullmatch(given):
        return given
    folded = snake(given)
    if not _TYPE.fullmatch(folded):
        raise RefusedError(faults.NOT_KIND)
    return folded


def source(value: Any, context: Context) -> str | None:
    """The channel: lower case, known by one name however it is spelled."""
    given = word(value, context)
    if given is None:
        return None
    folded = source_name(given)
    if folded is None:
        raise RefusedError(faults.NOT_SOURCE)
    return folded


@lru_cache(maxsize=NAMES_REMEMBERED_MAX)
def source_name(text: str) -> str | None:
    """The journal's name of a source, or None when its letters have no place there."""
    folded = _SOURCE_GAPS.sub("_", text.strip().lower())
    folded = _SOURCES.get(folded, folded)
    return folded if _SOURCE.fullmatch(folded) else None


def role(value: Any, context: Context) -> str | None:
    if type(value) is str and value in _ROLES:
        return _ROLES[value]
    given = word(value, context)
    if given is None:
        return None
    known = _ROLES.get(fold(given))
    if known is None:
        raise RefusedError(faults.NOT_ROLE)
    return known


def level(value: Any, context: Context) -> int | None:
    given = word(value, context)
    if given is None:
        return None
    known = _LEVELS.get(given.lower())
    if known is None:
        raise RefusedError(faults.NOT_LEVEL)
    return known


def code(value: Any, context: Context) -> str | None:
    """A short word of a set that may grow: `ok`, `timeout`, `delivered`."""
    given = word(value, context)
    if given is None:
        return None
    if len(given) > CODE_CHARS_MAX:
        raise RefusedError(faults.too_long(CODE_CHARS_MAX))
    return given.lower()


def content_type(value: Any, context: Context) -> str | None:
    given = code(value, context)
    return None if given is None else _CONTENT.get(given, given)


def yes_or_no(value: Any, context: Context) -> bool | None:
    if type(value) is bool:
        return value
    given = word(value, context)
    if given is None:
        return None
    folded = given.lower()
    if folded not in _TRUE and folded not in _FALSE:
        raise RefusedError(faults.NOT_YES_OR_NO)
    return folded in _TRUE


def phone(value: Any, context: Context) -> str | None:
    """E.164 where the digits leave no doubt, else as given."""
    given = word(value, context)
    if given is None:
        return None
    digits = _NOT_DIGITS.sub("", given)
    if given.startswith("+") and 8 <= len(digits) <= 15:
        return f"+{digits}"
    # Russia and Kazakhstan: area codes begin with 3 to 9, which tells 8 (495) from the Belarusian 80 (29).
    if len(digits) == 11 and digits[0] in "78" and digits[1] in "3456789":
        return f"+7{digits[1:]}"
    if len(digits) == 10 and digits[0] == "9":
        return f"+7{digits}"
    return given


# Numbers.

_MONEY_NOISE = re.compile(r"\s|₽|руб(?:лей|ля|ль|\.)?|р\.?$|rub", re.IGNORECASE)


def count(value: Any, context: Context) -> int | None:
    """A whole number from zero up; fractions of a millisecond or a token are rounded away."""
    if type(value) is int and 0 <= value <= INT_MAX:
        return value
    number = _decimal(value, context)
    return None if number is None else _whole(number)


def kopecks(value: Any, context: Context) -> int | None:
    """Roubles as whole kopecks: "2 400,50 ₽" is 240050."""
    return _roubles(value, context, KOPECKS)


def millikopecks(value: Any, context: Context) -> int | None:
    """Roubles as thousandths of a kopeck: what one call of a model costs."""
    return _roubles(value, context, MILLIKOPECKS)


def confidence(value: Any, context: Context) -> int | Noted | None:
    """A share in parts per million: 0.92, "0,92", "92%"; a bare number above 1 and up to 100 is a percentage."""
    if type(value) is bool:
        raise RefusedError(faults.NOT_NUMBER)
    given = word(value, context)
    return None if given is None else _share(given)


@lru_cache(maxsize=NAMES_REMEMBERED_MAX)
def _share(text: str) -> int | Noted:
    percent = text.endswith("%")
    number = _decimal_of(text[:-1].rstrip() if percent else text)
    if percent:
        number /= 100
    if 0 <= number <= 1:
        return int((number * PPM).to_integral_value())
    if not percent and 1 < number <= 100:
        return Noted("percent", int((number * PPM / 100).to_integral_value()))
    return Noted("dropped", None)


def millionths(value: Any, context: Context) -> int | None:
    """A number in millionths: a share of one ("0,4", "40%"), seconds, cases; it may be negative."""
    if type(value) is bool:
        raise RefusedError(faults.NOT_NUMBER)
    given = word(value, context)
    if given is None:
        return None
    percent = given.endswith("%")
    number = _decimal_of(given[:-1].rstrip() if percent else given)
    kept = int((number * PPM / (100 if percent else 1)).to_integral_value())
    if abs(kept) > INT_MAX:
        raise RefusedError(faults.NOT_NUMBER)
    return kept


def _roubles(value: Any, context: Context, unit: int) -> int | None:
    number = _decimal(_MONEY_NOISE.sub("", value) if type(value) is str else value, context)
    return None if number is None else _whole(number * unit)


def _whole(number: Decimal) -> int:
    rounded = int(number.to_integral_value())
    if not 0 <= rounded <= INT_MAX:
        raise RefusedError(faults.NUMBER_RANGE)
    return rounded


def _decimal(value: Any, context: Context) -> Decimal | None:
    if type(value) is bool:
        raise RefusedError(faults.NOT_NUMBER)
    given = word(value, context)
    return None if given is None else _decimal_of(given)


def _decimal_of(text: str) -> Decimal:
    if len(text) > NUMBER_CHARS_MAX:
        raise RefusedError(faults.NOT_NUMBER)
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise RefusedError(faults.NOT_NUMBER) from None
    # 1e999999 is a short text and a very long number.
    if not number.is_finite() or abs(number.adjusted()) > NUMBER_CHARS_MAX:
        raise RefusedError(faults.NOT_NUMBER)
    return number


# Times.

_ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}")
_RUSSIAN_TIME = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})[ ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?")
_RUSSIAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
_DAYS = frozenset({"mon", "tue", "wed", "thu", "fri", "sat", "sun"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OLDEST_US = 946_684_800_000_000  # 2000-01-01
_NEWEST_US = 4_102_444_800_000_000  # 2100-01-01

# A count since 1970 tells its unit by its size: (below this, microseconds in one).
_EPOCH_UNITS = ((10**11, Decimal(1_000_000)), (10**14, Decimal(1000)), (10**17, Decimal(1)), (10**20, Decimal("0.001")))


def moment(value: Any, context: Context) -> int | None:
    """A time as microseconds since 1970: RFC 3339, the same without a zone, "22.11.2026 15:00", or an epoch."""
    if type(value) is str and len(value) >= 16 and value[4] == "-" and value[13] == ":":
        found: int | None = _iso(value, context)
    else:
        given = word(value, context)
        found = None if given is None else _other_time(given, context)
    if found is not None and not _OLDEST_US <= found < _NEWEST_US:
        raise RefusedError(faults.TIME_RANGE)
    return found


def _iso(text: str, context: Context) -> int:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        try:
            # A lower-case z or t.
            at = datetime.fromisoformat(text.upper())
        except ValueError:
            raise RefusedError(faults.NOT_TIME) from None
    return _us(at, context)


def _other_time(text: str, context: Context) -> int:
    if _ISO_TIME.match(text):
        # Blanks stood before it.
        return _iso(text, context)
    if parts := _RUSSIAN_TIME.fullmatch(text):
        day, month, year, hour, minute, second = (int(part or 0) for part in parts.groups())
        try:
            return _us(datetime(year, month, day, hour, minute, second, tzinfo=context.zone), context)
        except ValueError:
            raise RefusedError(faults.NOT_TIME) from None
    try:
        number = _decimal_of(text)
    except RefusedError:
        raise RefusedError(faults.NOT_TIME) from None
    for below, unit in _EPOCH_UNITS:
        if 0 <= number < below:
            return int(number * unit)
    raise RefusedError(faults.TIME_RANGE)


def _us(at: datetime, context: Context) -> int:
    if at.tzinfo is None:
        at = at.replace(tzinfo=context.zone)
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def day(value: Any, context: Context) -> str | None:
    """A calendar day as YYYY-MM-DD, from that or from "22.11.2026"."""
    given = word(value, context)
    if given is None:
        return None
    try:
        if parts := _RUSSIAN_DAY.fullmatch(given):
            found = date(int(parts[3]), int(parts[2]), int(parts[1]))
        else:
            found = date.fromisoformat(given)
    except ValueError:
        raise RefusedError(faults.NOT_DAY) from None
    if not within_reach(found):
        raise RefusedError(faults.DAY_RANGE)
    return found.isoformat()


def weekly(value: Any, _: Context) -> dict[str, list[list[str]]] | None:
    """Working hours by weekday: {"mon": [["10:00", "20:00"]], ...}; a day left out is a day off.

    A date beside them ({"2026-12-31": []}) goes before its weekday; the journal's keys have no hyphen, so it is kept
    as `2026_12_31`.
    """
    if value is None:
        return None
    if not isinstance(value, dict) or not all(_is_day(name) and _is_hours(ranges) for name, ranges in value.items()):
        raise RefusedError(faults.NOT_WEEKLY)
    if len(value) > len(_DAYS) + DATES_MAX:
        raise RefusedError(faults.too_many_dates(DATES_MAX))
    return {name.replace("-", "_"): ranges for name, ranges in value.items()}


def calendar(value: Any, context: Context) -> str | None:
    """The name of an official calendar that is known here."""
    given = code(value, context)
    if given is not None and given not in CALENDARS:
        raise RefusedError(faults.no_calendar(", ".join(CALENDARS)))
    return given


def _is_day(name: str) -> bool:
    if name in _DAYS:
        return True
    try:
        day = date.fromisoformat(name)
        return day.isoformat() == name and within_reach(day)
    except ValueError:
        return False


def _is_hours(ranges: Any) -> bool:
    return (
        isinstance(ranges, list)
        and len(ranges) <= DAY_RANGES_MAX
        and all(
            isinstance(pair, list)
            and len(pair) == 2
            and all(isinstance(end, str) and _CLOCK.fullmatch(end) for end in pair)
            and pair[0] < pair[1]
            for pair in ranges
        )
    )
