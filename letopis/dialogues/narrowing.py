"""The filters of the list of dialogues that have no field of their own: in words, each with a way to take it away."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from letopis.dialogues import listing
from letopis.dialogues.listing import NONE_TOLD, OF_LEADS, OF_STEPS, WAY, Filters

# How a filter by a word reads, and how one by its absence.
WORDS = {
    "campaign": (gettext_lazy("Campaign: {word}"), gettext_lazy("Without a campaign")),
    "service": (gettext_lazy("Service: {word}"), gettext_lazy("Service not told")),
    "master": (gettext_lazy("Master: {word}"), gettext_lazy("No master")),
    "refused_for": (gettext_lazy("Declined because of: {word}"), gettext_lazy("Declined without a reason")),
    "scenario": (gettext_lazy("Scenario: {word}"), gettext_lazy("Without a scenario")),
    "version": (gettext_lazy("Version: {word}"), gettext_lazy("Without a version")),
    "step": (gettext_lazy("Step: {word}"), gettext_lazy("Without a step")),
    # Its word is a key that says nothing to people.
    "way": (gettext_lazy("The same steps in the same order"), gettext_lazy("The same steps in the same order")),
}
# How the known words of a filter read.
KNOWN: dict[str, dict[str, str | Promise]] = {
    "cause": {
        "we_silent": gettext_lazy("we did not answer"),
        "client_silent": gettext_lazy("fell silent after our answer"),
        "error": gettext_lazy("something of ours failed"),
        "elsewhere": gettext_lazy("went on in another dialogue"),
        "closed": gettext_lazy("got an answer and said thanks"),
    },
    "stage": {
        "lead": gettext_lazy("turned to us"),
        "answered": gettext_lazy("were answered"),
        "offered": gettext_lazy("were offered a time"),
        "booked": gettext_lazy("booked"),
        "confirmed": gettext_lazy("confirmed"),
        "came": gettext_lazy("came"),
        "paid": gettext_lazy("paid"),
    },
    "stopped": {
        "pending": gettext_lazy("may still go on"),
        "left": gettext_lazy("left by themselves"),
        "ours": gettext_lazy("with our mistakes"),
    },
    "known": {"new": gettext_lazy("new clients"), "known": gettext_lazy("known clients")},
    "crm": {
        "in_time": gettext_lazy("in the CRM in time"),
        "late": gettext_lazy("in the CRM late"),
        "delivered": gettext_lazy("in the CRM"),
        "delayed": gettext_lazy("on the way to the CRM for too long"),
        "missing": gettext_lazy("missing in the CRM"),
        "pending": gettext_lazy("on the way to the CRM"),
    },
    "visit": {
        "came": gettext_lazy("have come"),
        "pending": gettext_lazy("the visit is still to come"),
        "not_come": gettext_lazy("have not come"),
    },
    "ended": {
        "passed": gettext_lazy("passed the step"),
        "goal": gettext_lazy("reached the goal"),
        "pending": gettext_lazy("still on the step"),
        "human": gettext_lazy("a person took over"),
        "elsewhere": gettext_lazy("went on in another dialogue"),
        "refused": gettext_lazy("declined on the step"),
        "client_silent": gettext_lazy("fell silent on the step"),
        "we_silent": gettext_lazy("we fell silent on the step"),
        "error": gettext_lazy("broke off on the step"),
    },
}
# Why a lead stopped: the causes of its last talk, a refusal with its code, or what became of its visit.
REASONS = KNOWN["cause"] | {
    "refused": gettext_lazy("declined"),
    "refused:price": gettext_lazy("found it too expensive"),
    "refused:time": gettext_lazy("the time did not suit"),
    "refused:elsewhere": gettext_lazy("booked elsewhere"),
    "refused:changed_mind": gettext_lazy("changed their mind"),
    "no_show": gettext_lazy("booked and did not come"),
    "cancelled_early": gettext_lazy("cancelled in good time"),
    "cancelled_late": gettext_lazy("cancelled late"),
    "cancelled_business": gettext_lazy("we cancelled the visit"),
    "unknown": gettext_lazy("the visit was not marked"),
}
FLAGS = {
    "lead": pgettext_lazy("dialogues", "first talks of new leads"),
    "late": pgettext_lazy("dialogues", "answered late"),
    "called": pgettext_lazy("dialogues", "the assistant called a person"),
    "handed": pgettext_lazy("dialogues", "handed to a person in these days"),
    "alone": pgettext_lazy("dialogues", "reached the goal without a person"),
}
# The channel, the branch and the outcome have fields, the words their own box.
WITHOUT_FIELD = ("campaign", "cause", "service", "refused_for", "stage", *OF_LEADS, *OF_STEPS, WAY)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A filter that is on; its address is the list without it."""

    label: str
    url: str


def kept(filters: Filters) -> list[tuple[str, str]]:
    """What the form must carry along: everything that has no field in it."""
    flags = [(name, "1") for name in listing.FLAGS if getattr(filters, name)]
    return flags + [(name, value) for name in WITHOUT_FIELD if (value := getattr(filters, name))]


def chips_of(filters: Filters) -> list[Narrowed]:
    """What narrows the list and is seen nowhere else on the page."""
    return list(_chips(filters))


def _chips(filters: Filters) -> Iterator[Narrowed]:
    for name, label in FLAGS.items():
        if getattr(filters, name):
            yield Narrowed(str(label), f"?{filters.without(name).query}")
    for name in WITHOUT_FIELD:
        if word := getattr(filters, name):
            yield Narrowed(_label(name, word), f"?{filters.without(name).query}")


def _label(name: str, word: str) -> str:
    if name == "reason":
        return _("Reason: {word}").format(word=REASONS.get(word, word))
    if name in KNOWN:
        return ", ".join(str(KNOWN[name].get(one, one)) for one in word.split(","))
    told, untold = WORDS[name]
    return str(untold) if word == NONE_TOLD else str(told).format(word=word)
