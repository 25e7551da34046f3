"""What somebody must see to now: each thing in words, the weightiest first, each with its door."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.base import channels, format
from letopis.dialogues import listing
from letopis.dialogues.models import Dialogue
from letopis.intake import quarantine
from letopis.journal.seal import seal_of
from letopis.metrics import trust
from letopis.metrics.doors import Doors
from letopis.privacy.views import Eyes

ROWS_MAX = 6
LOSS, WARN = "loss", "warn"


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing that somebody must see to; without an address for those who may not open its page."""

    icon: str
    tone: str
    title: str
    detail: str
    url: str


def attention_of(cur: Any, business: UUID, now: datetime, doors: Doors, eyes: Eyes) -> list[Attention]:
    """At most `ROWS_MAX` things; each costs one bounded reading."""
    found = [
        *_broken_seal(cur, business, doors),
        *_waiting(business, now, doors, eyes),
        *_escalations(business, doors),
        *_quarantine(cur, business, doors),
        *_silences(trust.hearing_of(cur, business, now).silent, now, doors),
    ]
    return found[:ROWS_MAX]


def _broken_seal(cur: Any, business: UUID, doors: Doors) -> Iterator[Attention]:
    last = seal_of(cur, business)
    if last is not None and not last.whole:
        title = _("The journal was changed from outside")
        yield Attention(
            icon="fingerprint", tone=LOSS, title=title, detail=last.first_problem, url=doors.page("journal")
        )


def _waiting(business: UUID, now: datetime, doors: Doors, eyes: Eyes) -> Iterator[Attention]:
    count = listing.count(business, listing.Filters(waiting=True), sees_text=eyes.clear)
    waiting = Dialogue.objects.filter(business_id=business, waiting_since__lte=now, quiet_at__gt=now, excluded="")
    longest = waiting.exclude(person_id__in=listing.frozen(business)).order_by("waiting_since").first()
    if not count or longest is None or longest.waiting_since is None:
        return
    title = ngettext("%(n)s client waits for an answer", "%(n)s clients wait for an answer", count)
    named = listing.names_of(business, [longest])
    detail = _("Longest of all: %(name)s, %(channel)s, %(length)s") % {
        "name": eyes.name(named.get(longest.client_id, "")) or eyes.id(longest.client_id),
        "channel": channels.name(longest.channel),
        "length": format.length_coarse(max((now - longest.waiting_since).total_seconds(), 0)),
    }
    words = title % {"n": format.integer(count)}
    yield Attention(icon="clock-pause", tone=LOSS, title=words, detail=detail, url=doors.dialogues(waiting=True))


def _escalations(business: UUID, doors: Doors) -> Iterator[Attention]:
    """Handed over, and the client still waits: nobody has taken it."""
    count = listing.count(business, listing.Filters(waiting=True, escalated=True), sees_text=False)
    if not count:
        return
    title = ngettext(
        "%(n)s dialogue was handed over and not taken", "%(n)s dialogues were handed over and not taken", count
    )
    yield Attention(
        icon="user",
        tone=LOSS,
        title=title % {"n": format.integer(count)},
        detail=_("The assistant asked for a person, nobody has answered"),
        url=doors.dialogues(waiting=True, escalated=True),
    )


def _quarantine(cur: Any, business: UUID, doors: Doors) -> Iterator[Attention]:
    count = quarantine.count_open(cur, business)
    if not count:
        return
    title = ngettext("%(n)s message was not understood", "%(n)s messages were not understood", count)
    words = title % {"n": format.integer(count)}
    detail = _("They wait in quarantine and are in no number")
    yield Attention(icon="alert-triangle", tone=WARN, title=words, detail=detail, url=doors.page("quarantine"))


def _silences(silent: Sequence[trust.Silence], now: datetime, doors: Doors) -> Iterator[Attention]:
    for one in silent:
        length = format.length_coarse((now - one.since).total_seconds())
        title = _("%(source)s has been silent for %(length)s") % {"source": channels.name(one.source), "length": length}
        detail = _("Last event: %(moment)s") % {"moment": format.moment(one.since)}
        yield Attention(icon="plug", tone=LOSS, title=title, detail=detail, url=doors.page("sources"))
