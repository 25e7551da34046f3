"""Where a person is signed in: a browser and an address range in words, and ending it there or everywhere else."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from letopis.access.models import Person

SHOWN_MAX = 50
# The first that fits: browsers call themselves by the names of older ones too.
_BROWSERS = (("YaBrowser", "Яндекс Браузер"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"),
             ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One session: `id` names it in a form; `network` is its address without the last part."""

    id: int
    device: str
    network: str
    since: datetime
    here: bool


def places_of(person: Person, session_key: str | None) -> list[Place]:
    """All living sessions, this one first; those that are over are forgotten on the way."""
    living = UserSession.objects.purge_and_list(person)
    places = [
        Place(one.pk, device_of(one.user_agent), network_of(one.ip), one.created_at, one.session_key == session_key)
        for one in living
    ]
    return sorted(places, key=lambda place: (not place.here, -place.since.timestamp()))[:SHOWN_MAX]


def end(person: Person, session_key: str | None, wanted: int | None = None) -> int:
    """End one session of the person, or all but this one; how many there were. Its next request is signed out."""
    ended = 0
    for one in _others(person, session_key):
        if wanted is None or one.pk == wanted:
            one.end()
            ended += 1
    return ended


def device_of(agent: str) -> str:
    """Chrome, Windows"""
    named = [next((name for sign, name in known if sign in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, named)) or _("an unknown program")


def network_of(address: str) -> str:
    """203.0.113.x: enough to know one's own from a stranger's."""
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        return address.rpartition(".")[0] + ".x"
    return ":".join(parsed.exploded.split(":")[:3]) + "::x"


def _others(person: Person, session_key: str | None) -> Iterator[UserSession]:
    yield from UserSession.objects.filter(user=person).exclude(session_key=session_key)
