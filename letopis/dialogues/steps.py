"""One step behind the words: what was done, by whom, how long it took, and how it ended, as the page says it.

Pure: an entry becomes words. Secrets are masked for everybody; what people and machines said passes the reader's eyes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from letopis.base import format
from letopis.base.clock import from_us
from letopis.dialogues.facts import is_failure
from letopis.dialogues.intents import CONFIDENCE_MIN_PPM
from letopis.journal import draft as journal
from letopis.journal.entries import Entry
from letopis.journal.kinds import KINDS
from letopis.privacy.views import Eyes

LOSS, WARN, CALM = "loss", "warn", ""
ATTRIBUTE_CHARS_MAX = 2000
LINES_MAX = 24
MASK = "••••"

_SECRET = re.compile(r"token|secret|password|passwd|authorization|api_?key|cookie", re.IGNORECASE)
_PERSONAL = re.compile(
    r"name|phone|mail|client|contact|address|birth|message|text|comment|person|user|master|staff|resource",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Look:
    icon: str


_ICONS = {
    "model_call": _Look(icon="cpu"),
    "tool_call": _Look(icon="tool"),
    "intent_detected": _Look(icon="sparkles"),
    "step_entered": _Look(icon="route"),
    "step_left": _Look(icon="route"),
    "escalation": _Look(icon="send"),
    "escalation_taken": _Look(icon="user"),
    "escalation_closed": _Look(icon="check"),
    "crm_delivery": _Look(icon="plug-connected"),
    "record_readback": _Look(icon="refresh"),
    "appointment_created": _Look(icon="calendar-plus"),
    "appointment_confirmed": _Look(icon="calendar-event"),
    "appointment_moved": _Look(icon="calendar-event"),
    "appointment_cancelled": _Look(icon="calendar-x"),
    "arrived": _Look(icon="circle-check"),
    "no_show": _Look(icon="circle-x"),
    "reminder_planned": _Look(icon="bell"),
    "reminder_skipped": _Look(icon="bell"),
    "new_lead": _Look(icon="user"),
    "refusal": _Look(icon="x"),
    "error": _Look(icon="alert-triangle"),
    "call": _Look(icon="phone"),
}
_ICON_OTHER = _Look(icon="file-text")
_ICON_BROKEN = {"tool_call": _Look(icon="calendar-x"), "crm_delivery": _Look(icon="plug")}
_SLOT_TOOLS = re.compile(r"slot|schedule|avail|free", re.IGNORECASE)
_BOOKING_TOOLS = re.compile(r"(create|add|make|new|book).*(record|appointment|booking|visit)|book", re.IGNORECASE)


_INTENTS = {
    "book_appointment": pgettext_lazy("intent", "booking"),
    "move_appointment": pgettext_lazy("intent", "moving a visit"),
    "cancel_appointment": pgettext_lazy("intent", "cancelling a visit"),
    "visit_status": pgettext_lazy("intent", "about a visit"),
    "late_to_existing": pgettext_lazy("intent", "is late"),
    "ask_price": pgettext_lazy("intent", "price"),
    "ask_master": pgettext_lazy("intent", "about a master"),
    "ask_info": pgettext_lazy("intent", "question"),
    "ask_human": pgettext_lazy("intent", "wants a person"),
    "ask_discount": pgettext_lazy("intent", "discount"),
    "choose_time": pgettext_lazy("intent", "choice of time"),
    "other_time": pgettext_lazy("intent", "another time"),
    "give_contact": pgettext_lazy("intent", "contact"),
    "think": pgettext_lazy("intent", "will think"),
    "unknown": pgettext_lazy("intent", "not understood"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A line under a turn; `detail` are pairs of a word and its value, `lines` what was asked and answered."""

    seq: int
    at: datetime
    until: datetime
    icon: str
    title: str
    by: str
    tone: str = CALM
    length: str = ""
    cost_mkop: int = 0
    detail: list[tuple[str, str]] = field(default_factory=list)
    lines: str = ""

    @property
    def failed(self) -> bool:
        return self.tone == LOSS


def step_of(entry: Entry, eyes: Eyes) -> Step:
    """An entry that is no message as a step."""
    tone = tone_of(entry)
    length_ms = entry.meta.get("latency_ms") or 0
    return Step(
        seq=entry.seq,
        at=entry.at,
        until=entry.at + timedelta(milliseconds=length_ms),
        icon=_look(entry, tone).icon,
        title=eyes.words(title_of(entry, tone)),
        by=" · ".join(_by(entry, eyes)),
        tone=tone,
        length=format.length(length_ms / 1000) if length_ms else "",
        cost_mkop=entry.meta.get("cost_mkop") or 0,
        detail=_detail(entry, eyes) if tone == LOSS else [],
        lines=_lines(entry, eyes) if tone == LOSS else "",
    )


def _look(entry: Entry, tone: str) -> _Look:
    broken = _ICON_BROKEN.get(entry.type) if tone == LOSS else None
    return broken or _ICONS.get(entry.type, _ICON_OTHER)


def tone_of(entry: Entry) -> str:
    """Whether a step is a failure, a doubt, or neither."""
    meta = entry.meta
    if entry.type == "no_show" or is_failure(entry.type, entry.level, meta.get("result", ""), meta.get("state", "")):
        return LOSS
    return WARN if entry.level >= journal.WARN or is_doubtful(entry) else CALM


def is_doubtful(entry: Entry) -> bool:
    """An intent that was not surely understood."""
    confidence = entry.meta.get("confidence_ppm")
    return entry.type == "intent_detected" and confidence is not None and confidence < CONFIDENCE_MIN_PPM


def looks_for_times(entry: Entry) -> bool:
    return entry.type == "tool_call" and bool(_SLOT_TOOLS.search(str(entry.meta.get("tool", ""))))


def makes_booking(entry: Entry) -> bool:
    return entry.type == "tool_call" and bool(_BOOKING_TOOLS.search(str(entry.meta.get("tool", ""))))


def intent_words(intent: str) -> str:
    """A wish in the reader's language; one we do not know as its sender named it."""
    return str(_INTENTS.get(intent, intent))


def reason_of(entry: Entry, eyes: Eyes) -> str:
    """What the sender gave as the reason, as far as this reader may see it."""
    return eyes.words(str(entry.who.get("reason") or entry.meta.get("reason_code") or ""))


def attribute(entry: Entry, name: str) -> str:
    """What the sender put beside the event under this name; empty when there is nothing."""
    return str(_attributes(entry).get(name, ""))


def visit_words(entry: Entry, eyes: Eyes) -> str:
    """When, what and with whom, as far as the event says."""
    visit = entry.meta.get("appointment") or {}
    start = visit.get("start_us")
    service, master = eyes.words(str(visit.get("service") or "")), eyes.name(str(visit.get("resource") or ""))
    told = [format.moment(from_us(start)) if start else "", service, master]
    return ", ".join(word for word in told if word)


def title_of(entry: Entry, tone: str) -> str:
    """What a step was, in a few words."""
    meta = entry.meta
    match entry.type:
        case "model_call":
            return _("The model did not answer") if tone == LOSS else _("The model answered")
        case "tool_call" if looks_for_times(entry):
            return _("Looking for free times")
        case "tool_call" if makes_booking(entry):
            return _("Making the booking")
        case "tool_call":
            return str(meta.get("tool") or _("Tool"))
        case "intent_detected" if tone:
            return _("The intent was not understood")
        case "intent_detected":
            return _("Intent: {intent}").format(intent=intent_words(str(meta.get("intent", ""))))
        case "step_entered" if meta.get("step"):
            return _("Step “{step}”").format(step=meta["step"])
        case "crm_delivery":
            return _("The deal was not taken") if tone == LOSS else _("Deal in the CRM")
        case "error":
            return _("Failure")
        case "new_lead":
            return _("A new client")
    kind = KINDS.get(entry.type)
    return str(kind.meaning) if kind else entry.type


def _by(entry: Entry, eyes: Eyes) -> Iterator[str]:
    meta, reason = entry.meta, reason_of(entry, eyes)
    match entry.type:
        case "model_call" if meta.get("model"):
            yield eyes.words(str(meta["model"]))
        case "intent_detected" if meta.get("confidence_ppm") is not None:
            yield eyes.words(_confidence(entry))
        case "tool_call" | "error" if meta.get("tool"):
            yield eyes.words(str(meta["tool"]))
        case "step_entered" if meta.get("scenario"):
            yield eyes.words(scenario_words(str(meta["scenario"]), str(meta.get("version", ""))))
        case "crm_delivery":
            if meta.get("crm_provider"):
                yield eyes.words(str(meta["crm_provider"]))
            if (meta.get("attempt") or 1) > 1:
                yield _("attempt {n}").format(n=meta["attempt"])
        case "payment" if meta.get("amount_kop"):
            yield format.money(meta["amount_kop"])
        case "new_lead" if meta.get("campaign"):
            yield eyes.words(str(meta["campaign"]))
        case _ if meta.get("appointment"):
            yield visit_words(entry, eyes)
    if entry.who.get("person"):
        yield eyes.name(str(entry.who["person"]))
    if reason:
        yield reason


def scenario_words(scenario: str, version: str) -> str:
    return f"{scenario} v{version.removeprefix('v')}" if version else scenario


def _confidence(entry: Entry) -> str:
    shown = format.decimal(entry.meta["confidence_ppm"] / 1_000_000)
    threshold = _attributes(entry).get("threshold")
    if threshold is None:
        return _("confidence {value}").format(value=shown)
    limit = str(threshold)
    if re.fullmatch(r"\d(\.\d+)?", limit):
        limit = format.decimal(float(limit))
    return _("confidence {value}, threshold {threshold}").format(value=shown, threshold=limit)


def _detail(entry: Entry, eyes: Eyes) -> list[tuple[str, str]]:
    meta, attributes = entry.meta, _attributes(entry)
    told = [
        (_("Attempt"), meta.get("attempt")),
        (_("Key"), attributes.get("key")),
        (_("Result"), meta.get("result")),
        _version(entry),
        (_("Step"), meta.get("step")),
    ]
    return [(word, eyes.words(str(value)[:ATTRIBUTE_CHARS_MAX])) for word, value in told if value]


def _version(entry: Entry) -> tuple[str, str]:
    """Of the scenario; what goes to a CRM is mapped by a version of its own."""
    version = str(entry.meta.get("version", ""))
    if entry.type == "crm_delivery":
        return _("Field map"), version and f"v{version.removeprefix('v')}"
    scenario = str(entry.meta.get("scenario", ""))
    return _("Scenario"), scenario and scenario_words(scenario, version)


def _lines(entry: Entry, eyes: Eyes) -> str:
    """Request and answer as the sender put them beside the event, one a line."""
    told = []
    for name, value in list(_attributes(entry).items())[:LINES_MAX]:
        if name == "key":
            continue
        shown = str(value)[:ATTRIBUTE_CHARS_MAX]
        if _SECRET.search(name) or (not eyes.clear and _PERSONAL.search(name)):
            shown = MASK
        told.append(f"{eyes.words(name)}: {eyes.words(shown)}")
    return "\n".join(told)


def _attributes(entry: Entry) -> Mapping[str, Any]:
    found = entry.who.get("attributes")
    return found if isinstance(found, dict) else {}
