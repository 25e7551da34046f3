"""What is never stored, whatever a business has chosen: secrets and whole card numbers (duty P1).

A secret is found by its own form (a known prefix), by its place (`user:password@`) or by the word before it; codes of
products, errors, coupons, bookings and towns are none. A card number has a known range and the right check digit, or
the word "card" near it. Texts without a sign of any of these leave at the first look.
"""

import re
from collections.abc import Iterator

from letopis.privacy.detection.finding import Category, Finding

CARD_DIGITS_MIN, CARD_DIGITS_MAX = 15, 19
CARD_DIGITS_PLAIN_MIN = 16
"""Fifteen digits alone are a card only beside the word."""
WINDOW = 45
"""So many signs before a number tell what it is."""
SECRET_MARK = "[секрет]"  # noqa: S105  (what stands in its place)
CARD_MARK = "••••"

# One sign for one, so that places stay: other digits, spaces and dashes as people and phones write them.
_PLAIN = str.maketrans(
    "０１２３４５６７８９\u00a0\u2007\u2009\u202f‐‑‒–—−",
    "0123456789    ------",
)
# A look for each of these costs less than one expression that knows them all.
_WORDS = (
    "парол", "пасс", "pass", "pwd", "token", "токен", "secret", "секрет", "key", "ключ", "bearer", "://", "sk-",
    "k_live_", "k_test_", "akia", "glpat", "ghp_", "gho_", "ghs_", "github_", "whsec_", "aqvn", "xox", "ya29", "y0_",
    "aiza", "eyj",
)  # fmt: skip
_DIGITS = re.compile(r"\d(?:[ \-\u00a0\u2007\u2009\u202f‐‑‒–—−]?\d){2}")
SIGNS_MIN = 7
"""The shortest text with a secret is «cvv 123»."""
_KNOWN = re.compile(
    r"(?<![\w-])(?:sk-[\w-]{16,}|[spr]k_(?:live|test)_\w{16,}|AKIA[0-9A-Z]{16}|glpat-[\w-]{16,}|gh[pousr]_\w{30,}"
    r"|github_pat_\w{20,}|whsec_[\w+/=]{16,}|AQVN[\w-]{20,}|xox[abprs]-[\w-]{10,}|ya29\.[\w-]{20,}|y0_[\w-]{20,}"
    r"|AIza[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{4,}|\d{8,10}:[\w-]{35}(?![\w-]))",
    re.ASCII,
)
_BEARER = re.compile(r"\bbearer\s{1,3}([\w.~+/=-]{12,})", re.ASCII | re.IGNORECASE)
_IN_LINK = re.compile(r"\b[a-z][a-z0-9+.-]{0,30}://[^\s:/@]{1,100}:([^\s@/]{1,200})@", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:api[_ -]?key|(?:access|auth|refresh|bot)[_ -]?token|client[_ -]?secret|secret(?:[_ -]?key)?"
    r"|private[_ -]?key|token|токен(?: бота)?|секрет(?:ный ключ)?|(?:api|апи)[- ]?ключ|ключ (?:api|апи))"
    r"[\"']?\s{0,3}(?:[:=]|это|is)\s{0,3}[\"']?([^\s\"',;<>\[]{6,300})",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    r"\b(?:парол(?:ь|я|ю|ем|е)|password|passwd|pwd)(?: [а-яё-]{2,15}){0,2}(?: is)?[\"']?"
    r"(\s{0,3}[:=]\s{0,3}|\s{0,3}-\s{0,3}|\s{1,3}(?:такой\s|вот\s)?)[\"'«]?([^\s\"'»,;<>\[]{4,64})",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?<![\w-])(?:(?:sms|смс|push|пуш)?[- ]?(?:код|code|otp)|one[- ]time (?:password|code)|парол(?:ь|я))"
    r"(?: (?:из|в|от|для|по|подтверждения|подтверждение|входа|доступа|безопасности|авторизации|смс|sms|банка|is|was"
    r"|пришел|пришёл|такой|вот|это|твой|ваш|your)){0,4}"
    r"\s{0,2}[:-]?\s{0,2}((?:\d[ -]?){3,7}\d)(?![\d.,:]\d|\d|\s?(?:руб|₽|р\b))",
    re.IGNORECASE,
)
_CVV = re.compile(
    r"(?<!\w)(?:cvv2?|cvc2?|цвв|свв|цвс|(?:три|3) цифры(?: (?:на|с) обор\w{2,4}| сзади)?|код (?:на|с) обор\w{2,4})"
    r"[^\d\n]{0,15}(\d{3,4})(?!\d)",
    re.IGNORECASE,
)
_PIN = re.compile(r"(?<!\w)(?:пин(?:-?\s?код)?|pin(?:-?\s?code)?)[^\w\n]{1,4}(\d{4,6})(?!\d)", re.IGNORECASE)
_CARD = re.compile(r"(?<![\d.,])(?:\d[ -]?){14,18}\d(?![\d])")
_CARD_WORD = re.compile(r"карт|card|visa|mastercard|мир\b|реквизит", re.IGNORECASE)
_NO_CARD = re.compile(
    r"заказ|трек|track|order|накладн|сертификат|бонус|лояльн|скидоч|договор|чек\w?\b|квитанц|imei|штрих|артикул"
    r"|полис|омс\b|енп|счет|счёт|\bid\b",
    re.IGNORECASE,
)
_RANGE = re.compile(r"220[0-4]|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720|3[47]|4|5[1-5]|6")


def find_secrets(text: str) -> list[Finding]:
    """Where secrets and whole card numbers stand, in order, none over another; bounded work for each sign of a text."""
    if not _may_hold(text):
        return []
    plain = text.translate(_PLAIN)
    taken: list[Finding] = []
    for found in (*_secrets(plain), *_cards(plain)):
        if all(found.end <= other.start or found.start >= other.end for other in taken):
            taken.append(found)
    return sorted(taken, key=lambda found: found.start)


def without_secrets(text: str) -> str:
    """The text as it may be stored: a mark in place of every secret, of a card its last four digits."""
    found = find_secrets(text)
    if not found:
        return text
    pieces: list[str] = []
    at = 0
    for one in found:
        mark = SECRET_MARK
        if one.category is Category.BANK_CARD:
            digits = [sign for sign in text[one.start : one.end] if sign.isdecimal()]
            mark = f"{CARD_MARK} {''.join(digits[-4:])}"
        pieces += (text[at : one.start], mark)
        at = one.end
    return "".join((*pieces, text[at:]))


def _may_hold(text: str) -> bool:
    """Whether a text has any sign of a secret at all; most have none."""
    if len(text) < SIGNS_MIN:
        return False
    if _DIGITS.search(text) is not None:
        return True
    lowered = text.lower()
    for word in _WORDS:  # noqa: SIM110  (a generator would cost as much as the look itself)
        if word in lowered:
            return True
    return False


def _secrets(text: str) -> Iterator[Finding]:
    for rule, pattern in (("secret.known", _KNOWN), ("secret.bearer", _BEARER), ("secret.link", _IN_LINK)):
        for found in pattern.finditer(text):
            yield _secret(found.span(pattern.groups), rule)
    for found in _NAMED.finditer(text):
        if _looks_made(found[1]):
            yield _secret(found.span(1), "secret.named")
    for rule, pattern in (("secret.cvv", _CVV), ("secret.pin", _PIN), ("secret.code", _CODE)):
        for found in pattern.finditer(text):
            yield _secret(found.span(1), rule)
    for found in _PASSWORD.finditer(text):
        if _is_password(found[2].rstrip(".!?"), is_told=bool(found[1].strip())):
            start = found.start(2)
            yield _secret((start, start + len(found[2].rstrip(".!?"))), "secret.password")


def _secret(span: tuple[int, int], rule: str) -> Finding:
    return Finding(*span, category=Category.SECRET, score=0.9, rule=rule)


def _looks_made(value: str) -> bool:
    """Whether a value behind «token:» is one: some digit in it, or long and of one piece."""
    return any(sign.isdigit() for sign in value) or len(value) >= 20


def _is_password(value: str, *, is_told: bool) -> bool:
    """Behind a colon anything is a password; behind the bare word only what no language has."""
    if len(value) < 4:
        return False
    mixed = any(sign.isdigit() for sign in value) and (len(value) >= 6 or any(sign.isalpha() for sign in value))
    return mixed or (is_told and "://" not in value and (value.isascii() or any(not sign.isalpha() for sign in value)))


def _cards(text: str) -> Iterator[Finding]:
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if not CARD_DIGITS_MIN <= len(digits) <= CARD_DIGITS_MAX:
            continue
        before = text[max(found.start() - WINDOW, 0) : found.start()]
        named = _last(_CARD_WORD, before)
        if _last(_NO_CARD, before) > named:
            continue
        fits = _RANGE.match(digits) is not None and _luhn(digits)
        if (fits and len(digits) >= CARD_DIGITS_PLAIN_MIN) or named >= 0:
            yield Finding(
                found.start(),
                found.end(),
                Category.BANK_CARD,
                0.95 if fits else 0.8,
                "card.luhn" if fits else "card.word",
            )


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Where the last word of a sort begins; -1 for none."""
    return max((found.start() for found in pattern.finditer(text)), default=-1)


def _luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        number = int(sign) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0
