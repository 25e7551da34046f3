"""Businesses: to found one, to list them."""

from zoneinfo import available_timezones

from django.db import transaction

from letopis.access.models import Business, Network, Vertical
from letopis.base.errors import SenderError

NAME_CHARS_MAX = 200


def create_business(name: str, timezone: str, vertical: str, network: str | None = None) -> Business:
    """A new business under a random id; `network` names the network it belongs to, which is made when new.

    Raises:
        SenderError: names the field that cannot be understood and what to write instead.
    """
    name = _checked_name(name, "name")
    if timezone not in available_timezones():
        raise SenderError(f"there is no time zone {timezone!r}", field="timezone", hint="write it like Europe/Moscow")
    if vertical not in Vertical.values:
        raise SenderError(f"unknown trade {vertical!r}", field="vertical", hint="salon, clinic or repair")
    with transaction.atomic():
        chain = Network.objects.get_or_create(name=_checked_name(network, "network"))[0] if network else None
        return Business.objects.create(name=name, timezone=timezone, vertical=vertical, network=chain)


def _checked_name(name: str, field: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_CHARS_MAX or not name.isprintable():
        raise SenderError(
            f"the {field} cannot be used", field=field, hint=f"1 to {NAME_CHARS_MAX} printable characters"
        )
    return name
