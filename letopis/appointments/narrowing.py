"""The filters of the list of visits in words: the chips that take one away, and what the form offers to choose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from letopis.access.models import Branch
from letopis.appointments import listing
from letopis.appointments.listing import NAMED, UNTOLD, Filters, Tab
from letopis.base import channels, format
from letopis.base.parts import STATES
from letopis.privacy.views import Eyes

# How a filter by a word reads, and how one by its absence.
WORDS = {
    "master": (gettext_lazy("Master: {word}"), gettext_lazy("Master not told")),
    "service": (gettext_lazy("Service: {word}"), gettext_lazy("Service not told")),
    "branch": (gettext_lazy("Branch: {word}"), gettext_lazy("Branch not told")),
    "channel": (gettext_lazy("Channel: {word}"), gettext_lazy("Channel not told")),
    "campaign": (gettext_lazy("Campaign: {word}"), gettext_lazy("Campaign not told")),
}
LABELS = {
    "master": gettext_lazy("Master"),
    "service": gettext_lazy("Service"),
    "branch": gettext_lazy("Branch"),
    "channel": gettext_lazy("Channel"),
}
# How a question reads that is answered yes, and how one answered no.
FLAGS = {
    "counted": (pgettext_lazy("visits", "without test visits and spam"), pgettext_lazy("visits", "test and spam")),
    "started": (pgettext_lazy("visits", "the time has come"), pgettext_lazy("visits", "still to come")),
    "booked": (
        pgettext_lazy("visits", "the time has come, not cancelled by us"),
        pgettext_lazy("visits", "still to come or cancelled by us"),
    ),
    "due": (pgettext_lazy("visits", "a reminder was due"), pgettext_lazy("visits", "no reminder was due")),
    "reminded": (
        pgettext_lazy("visits", "reminded 2 hours before or earlier"),
        pgettext_lazy("visits", "not reminded in time"),
    ),
    "asked": (pgettext_lazy("visits", "asked whether they come"), pgettext_lazy("visits", "not asked")),
    "confirmed": (pgettext_lazy("visits", "confirmed before the start"), pgettext_lazy("visits", "not confirmed")),
    "freed": (
        pgettext_lazy("visits", "freed 2 hours before or earlier"),
        pgettext_lazy("visits", "not freed in time"),
    ),
    "refilled": (pgettext_lazy("visits", "taken again"), pgettext_lazy("visits", "not taken again")),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on; its address is the list without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the form: its options, and what is chosen."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str


def chips_of(filters: Filters, business: UUID) -> list[Chip]:
    """What narrows the list, each with a way to take it away; a tab needs none."""
    return [] if filters.tab is not Tab.ALL else list(_chips(filters, business))


def choices_of(filters: Filters, business: UUID, eyes: Eyes) -> list[Choice]:
    """The fields of words; a field that nothing could be chosen in is left out."""
    offered = listing.choices_of(business)
    choices = []
    for name, label in LABELS.items():
        if name == "master" and not eyes.clear:
            continue
        chosen = getattr(filters, name)
        words = sorted({*offered[name], chosen} - {"", UNTOLD}, key=str.casefold)
        if words or chosen:
            untold = [(UNTOLD, _("not told"))] if chosen == UNTOLD else []
            options = [*untold, *((word, _name(name, word, business)) for word in words)]
            choices.append(Choice(name, str(label), options, chosen))
    return choices


def states_words(states: Sequence[str]) -> str:
    return ", ".join(str(STATES[state].label) for state in states)


def days_words(first: date, last: date) -> str:
    return format.day_short(first) if first == last else format.period(first, last)


def _chips(filters: Filters, business: UUID) -> Iterator[Chip]:
    if filters.first and filters.last:
        yield _chip(filters, days_words(filters.first, filters.last), "first", "last")
    if filters.states:
        yield _chip(filters, states_words(filters.states), "states")
    for name in NAMED:
        if word := getattr(filters, name):
            told, untold = WORDS[name]
            label = str(untold) if word == UNTOLD else told.format(word=_name(name, word, business))
            yield _chip(filters, label, name)
    for name, (yes, no) in FLAGS.items():
        if (asked := getattr(filters, name)) is not None:
            yield _chip(filters, str(yes if asked else no), name)


def _chip(filters: Filters, label: str, *names: str) -> Chip:
    return Chip(label, f"?{filters.without(*names).query}")


def _name(name: str, word: str, business: UUID) -> str:
    """How people call what an address names by its code."""
    if name == "channel":
        return channels.name(word)
    if name == "branch":
        named = Branch.objects.filter(business_id=business, code=word).values_list("name", flat=True).first()
        return str(named or word)
    return word
