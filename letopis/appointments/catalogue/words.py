"""Services and masters in words: prices and lengths as people write them, and one of them in one line."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from letopis.appointments.catalogue.offer import Catalogue, MasterVersion, Price, ServiceVersion, work_of
from letopis.base import format

PRICE_ROUBLES_MAX = 10_000_000
MINUTES_MAX = 24 * 60

# Thousands may be parted by blanks, kopecks by a comma or a point.
_AMOUNT = r"(\d{1,3}(?:\s\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?)"
_UNIT = r"(?:\s*(?:₽|рублей|руб\.?|р\.?|rub))?"
_EXACT = re.compile(rf"{_AMOUNT}{_UNIT}")
_FROM = re.compile(rf"(?:от|from)\s*{_AMOUNT}{_UNIT}")
_UP_TO = re.compile(rf"(?:до|up to|to)\s*{_AMOUNT}{_UNIT}")
_RANGE = re.compile(rf"(?:от\s*|from\s*)?{_AMOUNT}{_UNIT}\s*(?:-|–|—|до|to|\.\.\.?|…)\s*{_AMOUNT}{_UNIT}")
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::00)?")
_HOURS = re.compile(
    r"(?:(\d{1,2}(?:[.,]\d)?)\s*(?:ч(?:ас(?:а|ов)?)?|h|hours?)\.?)?\s*(?:(\d{1,4})\s*(?:м(?:ин(?:ут[аы]?)?)?|m|min(?:utes?)?)\.?)?"
)


class NotUnderstoodError(ValueError):
    """The words mean no price or no length."""


def read_price(text: str) -> Price | None:
    """2400; 2 400 ₽; от 2400; до 3000; 2400–2800. None for nothing.

    Raises:
        NotUnderstoodError: it is none of these.
    """
    told = " ".join(text.lower().split())
    if not told:
        return None
    if found := _EXACT.fullmatch(told):
        exact = _kopecks(found[1])
        return Price(exact, exact)
    if found := _FROM.fullmatch(told):
        return Price(_kopecks(found[1]), None)
    if found := _UP_TO.fullmatch(told):
        return Price(None, _kopecks(found[1]))
    if found := _RANGE.fullmatch(told):
        low, high = _kopecks(found[1]), _kopecks(found[2])
        if low <= high:
            return Price(low, high)
    raise NotUnderstoodError


def price_words(price: Price | None) -> str:
    """2 400 ₽; от 2 400 ₽; от 2 400 до 2 800 ₽; nothing for no price."""
    if price is None:
        return ""
    if price.to_kop is None:
        assert price.from_kop is not None, "a price has one end at least"
        return _("from {price}").format(price=format.money(price.from_kop))
    if price.from_kop is None:
        return _("up to {price}").format(price=format.money(price.to_kop))
    if price.is_exact:
        return format.money(price.to_kop)
    return _("{low} to {high}").format(low=format.money(price.from_kop), high=format.money(price.to_kop))


def price_field(price: Price | None) -> str:
    """The price as `read_price` takes it, for a field."""
    if price is None:
        return ""
    low, high = (None if end is None else _roubles(end) for end in (price.from_kop, price.to_kop))
    if high is None:
        return _("from {price}").format(price=low)
    if low is None:
        return _("up to {price}").format(price=high)
    return high if price.is_exact else f"{low}{format.DASH}{high}"


def read_minutes(text: str) -> int | None:
    """90; 90 мин; 1 ч 30 мин; 1,5 часа; 1:30. None for nothing.

    Raises:
        NotUnderstoodError: it is none of these, nothing at all or more than a day.
    """
    told = " ".join(text.lower().split())
    if not told:
        return None
    minutes: Decimal | None = None
    if told.isdecimal():
        minutes = Decimal(told)
    elif found := _CLOCK.fullmatch(told):
        minutes = Decimal(int(found[1]) * 60 + int(found[2]))
    elif (found := _HOURS.fullmatch(told)) and (found[1] or found[2]):
        minutes = Decimal((found[1] or "0").replace(",", ".")) * 60 + int(found[2] or 0)
    if minutes is None or not 0 < minutes <= MINUTES_MAX:
        raise NotUnderstoodError
    return int(minutes)


def service_words(version: ServiceVersion) -> str:
    """2 400 ₽ · 1 ч 30 мин · Ногти · гель-лак, шеллак"""
    return joined(service_parts(version))


def master_words(catalogue: Catalogue, version: MasterVersion) -> str:
    """Рождественская, 14 · маникюр, педикюр"""
    return joined(master_parts(catalogue, version))


def service_parts(version: ServiceVersion) -> Sequence[str]:
    """What there is to say of a service beside its name."""
    if version.ended:
        return (_("not offered"),)
    length = format.length_coarse(version.minutes * 60) if version.minutes else ""
    price = price_words(version.price) or pgettext("catalogue", "no price")
    return (price, length, version.category, ", ".join(version.aliases))


def master_parts(catalogue: Catalogue, version: MasterVersion) -> Sequence[str]:
    """What there is to say of a master beside the name."""
    if version.ended:
        return (_("does not work"),)
    return (version.branch, work_words(catalogue, version.services) or _("all services"))


def joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


def work_words(catalogue: Catalogue, services: Sequence[str]) -> str:
    """The names of what a master does; nothing where all services are meant."""
    return ", ".join(line.name for line in work_of(catalogue, services)) if services else ""


def _kopecks(amount: str) -> int:
    roubles = Decimal(re.sub(r"\s", "", amount).replace(",", "."))
    if roubles > PRICE_ROUBLES_MAX:
        raise NotUnderstoodError
    return int(roubles * 100)


def _roubles(kopecks: int) -> str:
    whole, rest = divmod(kopecks, 100)
    return f"{whole},{rest:02d}" if rest else str(whole)
