"""Readers of a catalogue's two lists: services with their prices, and masters; what is kept is plain and bounded."""

from collections.abc import Callable, Mapping
from typing import Any

from letopis.base.text import fold
from letopis.intake import faults, values
from letopis.intake.faults import RefusedError, Why
from letopis.intake.values import Context, UnresolvedError

ITEMS_MAX = 1000
WORDS_MAX = 100
NAME_CHARS_MAX = 200
MINUTES_MAX = 24 * 60

_Item = dict[str, Any]
_Readers = Mapping[str, tuple[str, Callable[[Any, Context], Any]]]


def services(value: Any, context: Context) -> list[_Item] | None:
    """Each with an id of its own; prices in kopecks."""
    found = _items(value, context, _SERVICE, faults.NOT_SERVICES)
    for item in found or ():
        low, high = item.get("price_from_kop"), item.get("price_to_kop")
        if item.get("minutes", 0) > MINUTES_MAX or (low is not None and high is not None and high < low):
            raise RefusedError(faults.NOT_SERVICES)
    return found


def masters(value: Any, context: Context) -> list[_Item] | None:
    """Each with an id of its own; their services as they were told."""
    return _items(value, context, _MASTER, faults.NOT_MASTERS)


def _items(value: Any, context: Context, readers: _Readers, why: Why) -> list[_Item] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > ITEMS_MAX:
        raise RefusedError(why)
    found = [_item(one, context, readers, why) for one in value]
    if len({item["id"] for item in found}) < len(found):
        raise RefusedError(why)
    return found


def _item(value: Any, context: Context, readers: _Readers, why: Why) -> _Item:
    if not isinstance(value, dict) or not value.keys() <= readers.keys():
        raise RefusedError(why)
    found: _Item = {}
    for name, given in value.items():
        key, read = readers[name]
        try:
            kept = read(given, context)
        except UnresolvedError:
            # One unfilled placeholder must not cost the whole list without a word.
            raise RefusedError(why) from None
        if kept is not None:
            found[key] = kept
    identity = found.get("id") or fold(found.get("name", ""))
    if not identity or not ("name" in found or found.get("ended")):
        raise RefusedError(why)
    return {**found, "id": identity}


def _name(value: Any, _context: Context) -> str | None:
    """As people name things: «None» is a name, and so is what looks like a placeholder."""
    if value is None:
        return None
    if type(value) not in (str, int):
        raise RefusedError(faults.NOT_WORD)
    found = str(value).strip()
    if len(found) > NAME_CHARS_MAX:
        raise RefusedError(faults.too_long(NAME_CHARS_MAX))
    return found or None


def _names(value: Any, context: Context) -> list[str] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > WORDS_MAX:
        raise RefusedError(faults.NOT_NAMES)
    found = [_name(one, context) for one in value]
    return list(dict.fromkeys(one for one in found if one is not None))


_SERVICE: _Readers = {
    "id": ("id", _name),
    "name": ("name", _name),
    "aliases": ("aliases", _names),
    "category": ("category", _name),
    "minutes": ("minutes", values.count),
    "price_from": ("price_from_kop", values.kopecks),
    "price_to": ("price_to_kop", values.kopecks),
    "ended": ("ended", values.yes_or_no),
}
_MASTER: _Readers = {
    "id": ("id", _name),
    "name": ("name", _name),
    "services": ("services", _names),
    "branch": ("branch", _name),
    "ended": ("ended", values.yes_or_no),
}
