"""The thread of a dialogue as the page lays it out: bubbles, the steps under them, silences, and where it broke.

Pure, in the order of time. What a channel reports of a message (sent, delivered, read) stands at its bubble.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from letopis.base import format
from letopis.base.charts.fall import Fall, fall
from letopis.dialogues import steps
from letopis.dialogues.erased import words as erasure_words
from letopis.dialogues.judgement import PICKUP_TARGET_S
from letopis.dialogues.models import Turn
from letopis.dialogues.story import HUMAN, IN, OUT, SAID, Break, Case
from letopis.journal.entries import Entry
from letopis.privacy.views import ASSISTANT, CLIENT, STAFF, SYSTEM

ITEMS_A_PART = 200
"""So many entries stand on one page of a long dialogue."""
SILENCE_MIN = timedelta(minutes=2)

_ROLES = frozenset({"assistant", "human", "system", "mailing"})
# Whose words the masking takes them for.
_AUTHORS = {"client": CLIENT, "assistant": ASSISTANT, "mailing": ASSISTANT, "human": STAFF}
_SPEAKERS = {
    "assistant": gettext_lazy("Assistant"),
    "system": gettext_lazy("System"),
    "mailing": gettext_lazy("Reminder"),
}


@dataclass(frozen=True, slots=True)
class Form:
    """What a message is when it is no plain text."""

    words: str | Promise
    icon: str


_FORMS = {
    "voice": Form(gettext_lazy("Voice message"), icon="microphone"),
    "photo": Form(gettext_lazy("Photo"), icon="photo"),
    "file": Form(gettext_lazy("File"), icon="file-text"),
    "sticker": Form(gettext_lazy("Sticker"), icon="message-circle"),
    "button": Form(gettext_lazy("Button pressed"), icon="check"),
}


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message: `text` as this reader may see it; or `erased` for everybody, and why."""

    seq: int
    at: datetime
    who: str
    speaker: str
    text: str = ""
    form: Form | None = None
    erased: str = ""
    delivery: str = ""
    kind: str = "bubble"


@dataclass(frozen=True, slots=True)
class Line:
    """A step with its bar on the scale of its group."""

    step: steps.Step
    bar: SafeString


@dataclass(frozen=True, slots=True)
class Group:
    """Steps between two messages."""

    lines: list[Line]
    head: str
    rest: str
    tone: str
    kind: str = "steps"

    @property
    def open(self) -> bool:
        return bool(self.tone)


@dataclass(frozen=True, slots=True)
class Pause:
    words: str
    tone: str = ""
    kind: str = "pause"


@dataclass(frozen=True, slots=True)
class Broke:
    at: Break
    kind: str = "broke"


Item = Bubble | Group | Pause | Broke


@dataclass(slots=True)
class _Weaver:
    """Puts the items together; `waits` tells since when a late answer was waited for."""

    case: Case
    names: Mapping[str, str]
    waits: Mapping[datetime, datetime]
    delivered: Mapping[str, str]
    items: list[Item] = field(default_factory=list)
    pending: list[steps.Step] = field(default_factory=list)
    last_at: datetime | None = None
    broken: bool = False


def thread_of(case: Case, name: str, part: int = 1) -> list[Item]:
    """One part of the thread; `name` is the client's."""
    first = (part - 1) * ITEMS_A_PART
    entries = case.entries[first : first + ITEMS_A_PART]
    names = {"client": name, **{who: str(words) for who, words in _SPEAKERS.items()}}
    weaver = _Weaver(case, names, _late_answers(case), _deliveries(case.entries))
    for entry in entries:
        if entry.type == "message_delivery" and steps.tone_of(entry) != steps.LOSS:
            continue
        if entry.type in SAID:
            _close_steps(weaver)
            _note_silence(weaver, entry)
            weaver.items.append(_bubble(weaver, entry))
            weaver.last_at = entry.at
        else:
            if not weaver.pending:
                _note_silence(weaver, entry)
            step = steps.step_of(entry, case.eyes)
            weaver.pending.append(step)
            weaver.last_at = max(step.until, weaver.last_at or step.until)
        if case.broke and case.broke.seq == entry.seq:
            _close_steps(weaver)
            weaver.items.append(Broke(case.broke))
    _close_steps(weaver)
    return weaver.items


def parts_of(case: Case) -> int:
    return max(1, -(-len(case.entries) // ITEMS_A_PART))


def _close_steps(weaver: _Weaver) -> None:
    found, weaver.pending = weaver.pending, []
    if found:
        weaver.items.append(_group(found))


def _group(found: Sequence[steps.Step]) -> Group:
    start = found[0].at
    whole = max((max(step.until for step in found) - start).total_seconds(), 0.001)
    lines = [Line(step, fall(_place(step, start, whole))) for step in found]
    errors = sum(step.tone == steps.LOSS for step in found)
    head = ngettext("{n} step", "{n} steps", len(found)).format(n=format.integer(len(found)))
    if errors:
        words = ngettext("{steps}, {n} error", "{steps}, {n} errors", errors)
        head = words.format(steps=head, n=format.integer(errors))
    cost = sum(step.cost_mkop for step in found)
    told = [format.length(whole) if whole >= 0.05 else "", format.money(round(cost / 1000)) if cost else ""]
    tone = steps.LOSS if errors else next((step.tone for step in found if step.tone), "")
    return Group(lines, head, ", ".join(word for word in told if word), tone)


def _place(step: steps.Step, start: datetime, whole: float) -> Fall:
    length = (step.until - step.at).total_seconds()
    return Fall((step.at - start).total_seconds() / whole, max(length / whole, 0.02), step.tone)


def _note_silence(weaver: _Weaver, entry: Entry) -> None:
    since = weaver.waits.get(entry.at) if entry.type in OUT else None
    if since is not None:
        waited = format.length_coarse(max((entry.at - since).total_seconds(), 0))
        human = entry.meta.get("role") == HUMAN
        words = _("{length} until a person replied") if human else _("{length} until the answer")
        weaver.items.append(Pause(words.format(length=waited), steps.LOSS))
    elif weaver.last_at is not None and entry.at - weaver.last_at >= SILENCE_MIN:
        weaver.items.append(Pause(format.length_coarse((entry.at - weaver.last_at).total_seconds())))


def _bubble(weaver: _Weaver, entry: Entry) -> Bubble:
    who = _who(entry)
    erased = weaver.case.erased
    return Bubble(
        seq=entry.seq,
        at=entry.at,
        who=who,
        speaker=_speaker(weaver, entry, who),
        text=weaver.case.eyes.text(entry.text or "", _AUTHORS.get(who, SYSTEM)),
        form=_form(entry),
        erased=erasure_words(erased[entry.seq]) if entry.seq in erased else "",
        delivery=weaver.delivered.get(str(entry.who.get("message_id", "")), "") if who != "client" else "",
    )


def _form(entry: Entry) -> Form | None:
    if entry.type == "call":
        return Form(_call_words(entry), icon="phone")
    return _FORMS.get(str(entry.meta.get("content_type", "")))


def _who(entry: Entry) -> str:
    if entry.type in IN:
        return "client"
    if entry.type == "call":
        return "client" if entry.meta.get("by") != "business" else HUMAN
    role = str(entry.meta.get("role", ""))
    if entry.type == "reminder_sent":
        return "mailing"
    return role if role in _ROLES else "assistant"


def _speaker(weaver: _Weaver, entry: Entry, who: str) -> str:
    if who == "client":
        return weaver.names["client"]
    if who == HUMAN:
        return weaver.case.eyes.name(str(entry.who.get("person") or "")) or _("A person")
    if entry.meta.get("automatic"):
        return _("Automatic reply")
    return weaver.names[who]


def _call_words(entry: Entry) -> str:
    result = str(entry.meta.get("result", ""))
    known = {"answered": _("Phone call"), "missed": _("Missed call"), "busy": _("Call: the line was busy")}
    return known.get(result, _("Phone call"))


def _late_answers(case: Case) -> dict[datetime, datetime]:
    """The time of each late answer, and since when the client waited: for a person from the moment one was called."""
    waits = {turn.own_replied_at: turn.started_at for turn in case.turns if turn.own_replied_at and _is_late(turn)}
    replies = [entry.at for entry in case.entries if entry.type == "message_out" and entry.meta.get("role") == HUMAN]
    for called in case.escalations:
        reply = next((at for at in replies if at >= called.opened_at), None)
        if reply is not None and (reply - called.opened_at).total_seconds() > PICKUP_TARGET_S:
            waits[reply] = called.opened_at
    return waits


def _is_late(turn: Turn) -> bool:
    return (turn.in_time if turn.due_at is not None else turn.in_time_wall) is False


def _deliveries(entries: Sequence[Entry]) -> dict[str, str]:
    words = {"delivered": _("delivered"), "read": _("read"), "failed": _("not delivered")}
    return dict(_states(entries, words))


def _states(entries: Sequence[Entry], words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        state = words.get(str(entry.meta.get("state", "")))
        if entry.type == "message_delivery" and state:
            yield str(entry.who.get("of_message_id", "")), state
