"""What happened in one dialogue, in one sentence; the path of the lead; and where it broke.

Pure: the rows and entries of one dialogue become words, one message a case, never a sentence put together from pieces.
The product speaks of what we did wrong, never of the client's mistakes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import takewhile

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.base import format
from letopis.base.clock import from_us
from letopis.dialogues import steps
from letopis.dialogues.judgement import PICKUP_TARGET_S
from letopis.dialogues.models import Dialogue, Escalation, Turn
from letopis.dialogues.records import Cause, Outcome
from letopis.journal.entries import Entry
from letopis.journal.erasures import Erasure
from letopis.privacy.views import CLEAR, Eyes

IN = frozenset({"message_in", "reminder_replied"})
OUT = frozenset({"message_out", "reminder_sent"})
SAID = IN | OUT | {"call"}
OURS = frozenset({"assistant", "human", ""})
HUMAN = "human"

DONE, LOST, LATE, AHEAD = "done", "lost", "late", ""
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:.]([0-5]\d)(?!\d)")
_TAKEN = re.compile(r"taken|occupied|busy|conflict|\b409\b|занят", re.IGNORECASE)


@dataclass(frozen=True)
class Visit:
    """A visit as the events of this dialogue tell it: the last word about each appointment stands."""

    state: str
    start_at: datetime | None
    service: str
    price_kop: int | None
    final_at: datetime | None = None


@dataclass(frozen=True)
class Case:
    """All that is told: `entries` in the order of time, and how many dialogues of the person came `earlier`.

    `erased` are the messages whose text is gone, None where nobody recorded why.
    """

    dialogue: Dialogue
    entries: Sequence[Entry]
    turns: Sequence[Turn]
    escalations: Sequence[Escalation]
    earlier: int
    now: datetime
    eyes: Eyes = CLEAR
    erased: Mapping[int, Erasure | None] = field(default_factory=dict)

    @cached_property
    def failed_booking(self) -> Entry | None:
        """The attempt to book that went wrong, unless a later one went well."""
        failed = None
        for entry in self.entries:
            if steps.makes_booking(entry):
                failed = entry if steps.tone_of(entry) == steps.LOSS else None
            elif entry.type == "appointment_created":
                failed = None
        return failed

    @cached_property
    def visits(self) -> list[Visit]:
        return visits_of(self.entries)

    @cached_property
    def deliveries(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.type == "crm_delivery"]

    @cached_property
    def broke(self) -> "Break | None":
        return find_break(self)


@dataclass(frozen=True)
class Break:
    """The first serious failure: after which entry it stands, since when, and what it was."""

    seq: int
    at: datetime
    kind: str
    why: str
    more: str = ""


@dataclass(frozen=True)
class Lede:
    """What happened, and what hurts."""

    told: str
    hurt: str = ""


@dataclass(frozen=True)
class Station:
    """A place on the lead's path: `state` is done, lost, late, or empty where it was not reached."""

    name: str
    fact: str
    at: datetime | None
    state: str

    @property
    def icon(self) -> str:
        return {DONE: "check", LOST: "x", LATE: "clock"}.get(self.state, "player-pause")


# What became of visits.

_VISIT_KINDS = {
    "appointment_created": "created",
    "appointment_moved": "created",
    "appointment_confirmed": "confirmed",
    "arrived": "arrived",
    "no_show": "no_show",
    "outcome_unknown": "unknown",
}
_FINAL = frozenset({"arrived", "no_show", "unknown", "cancelled", "cancelled_business"})


def visits_of(entries: Sequence[Entry]) -> list[Visit]:
    """The visits that a dialogue tells of; a moved one goes on under its new id."""
    found: dict[str, Visit] = {}
    for entry in entries:
        visit, who = entry.meta.get("appointment") or {}, entry.who
        key = str(who.get("appointment_id") or "")
        former = found.pop(str(who.get("previous_id") or key), None)
        if entry.type == "appointment_cancelled":
            state = "cancelled" if entry.meta.get("by") == "client" else "cancelled_business"
        elif entry.type in _VISIT_KINDS:
            state = _VISIT_KINDS[entry.type]
        else:
            if former:
                found[key] = former
            continue
        start = visit.get("start_us")
        found[key] = Visit(
            state,
            from_us(start) if start else former.start_at if former else None,
            str(visit.get("service") or (former.service if former else "")),
            visit.get("price_kop") or (former.price_kop if former else None),
            entry.at if state in _FINAL else None,
        )
    return list(found.values())


# Where it broke.


def find_break(case: Case) -> Break | None:
    """The first of: a failure after which the client heard nothing, a late hand-over, a lost message, a lost deal."""
    found = [
        one for one in (_unanswered(case), _handover(case), _undelivered(case), _rejected(case), _silent(case)) if one
    ]
    return min(found, key=lambda one: (one.at, one.seq), default=None)


def _unanswered(case: Case) -> Break | None:
    """A failure of ours that ended a turn without a word to the client."""
    failures: list[Entry] = []
    for entry in case.entries:
        if entry.type in IN:
            if failures:
                return _failure(case, failures)
        elif _is_answer(entry):
            failures = []
        elif entry.type in ("tool_call", "model_call", "error") and steps.tone_of(entry) == steps.LOSS:
            failures.append(entry)
    return _failure(case, failures) if failures else None


def _failure(case: Case, failures: Sequence[Entry]) -> Break:
    last = failures[-1]
    named = next((entry for entry in reversed(failures) if entry.type == "error"), None)
    more = steps.reason_of(named, case.eyes) if named else ""
    tool = next((entry for entry in failures if entry.type == "tool_call"), None)
    if tool is not None and _is_taken(tool):
        taken_at = steps.attribute(tool, "taken_at")
        if taken_at:
            why = _("Another client took the time at {time}. The assistant neither said so nor offered another one.")
            return Break(last.seq, last.at, "slot_taken", why.format(time=case.eyes.words(taken_at)), more)
        why = _("The chosen time was already taken. The assistant neither said so nor offered another one.")
        return Break(last.seq, last.at, "slot_taken", why, more)
    if tool is not None:
        why = _("{tool} answered with an error, and the client got no reply.")
        return Break(
            last.seq, last.at, "tool", why.format(tool=case.eyes.words(str(tool.meta.get("tool") or _("Tool")))), more
        )
    if last.type == "model_call":
        return Break(last.seq, last.at, "model", _("The model did not answer, and the client got no reply."), more)
    return Break(
        last.seq, last.at, "error", _("The scenario stopped with a failure, and the client got no reply."), more
    )


def _handover(case: Case) -> Break | None:
    """A person was called and came too late, or never."""
    late = next((one for one in case.escalations if one.in_time is False or (one.ended and one.taken_at is None)), None)
    if late is None:
        return None
    seq = max((entry.seq for entry in takewhile(lambda entry: entry.at <= late.opened_at, case.entries)), default=0)
    if late.taken_at is None:
        return Break(seq, late.opened_at, "not_taken", _("A person was called, and nobody took the dialogue."))
    words = _("A person was called and took the dialogue only after {length}.")
    return Break(seq, late.opened_at, "taken_late", words.format(length=format.length_coarse(late.wall_s)))


def _undelivered(case: Case) -> Break | None:
    failed = next((e for e in case.entries if e.type == "message_delivery" and e.meta.get("state") == "failed"), None)
    if failed is None:
        return None
    why = _("Our message was not delivered: the client never saw it.")
    return Break(failed.seq, failed.at, "undelivered", why, steps.reason_of(failed, case.eyes))


def _rejected(case: Case) -> Break | None:
    last = case.deliveries[-1] if case.deliveries else None
    if last is None or steps.tone_of(last) != steps.LOSS:
        return None
    why = _("The CRM did not take the deal, and nobody there knows of the client.")
    return Break(last.seq, last.at, "rejected", why, steps.reason_of(last, case.eyes))


def _silent(case: Case) -> Break | None:
    """The client wrote and nobody answered, without any failure that we know of."""
    lost = next((turn for turn in case.turns if turn.lost), None)
    if lost is None:
        return None
    seq = max((e.seq for e in case.entries if e.type in IN and e.at <= lost.started_at), default=0)
    return Break(seq, lost.started_at, "silent", _("The client wrote, and nobody answered."))


def _is_answer(entry: Entry) -> bool:
    meta = entry.meta
    return entry.type == "message_out" and not meta.get("automatic") and meta.get("role", "") in OURS


def _is_taken(tool: Entry) -> bool:
    return bool(_TAKEN.search(f"{tool.who.get('reason', '')} {tool.meta.get('reason_code', '')}"))


# The sentence.


def lede_of(case: Case) -> Lede:
    return Lede(_told(case), _hurt(case))


def _told(case: Case) -> str:
    dialogue, visit = case.dialogue, case.visits[-1] if case.visits else None
    failed = case.failed_booking
    if visit is not None:
        return _of_visit(visit)
    if failed is not None and _is_taken(failed):
        return _taken_words(failed)
    if dialogue.outcome == Outcome.BOOKED:
        return _("Booked.")
    if dialogue.outcome == Outcome.REFUSED:
        return _("Declined our offer.")
    if dialogue.outcome == Outcome.NOT_BOOKED:
        return {
            Cause.WE_SILENT.value: _("Wrote to us and was left without an answer."),
            Cause.CLIENT_SILENT.value: _("Did not answer our last words and did not book."),
            Cause.ERROR.value: _("The dialogue ended with our failure, without a booking."),
            Cause.ELSEWHERE.value: _("Went on in another dialogue."),
            Cause.CLOSED.value: _("Got an answer, thanked us and did not book."),
        }.get(dialogue.cause, _("Did not book."))
    if dialogue.waiting_since is not None:
        waited = format.length_coarse(max((case.now - dialogue.waiting_since).total_seconds(), 0))
        return _("Has been waiting for an answer for {length}.").format(length=waited)
    return _("Still deciding: we answered and wait for the client.")


def _of_visit(visit: Visit) -> str:
    start = format.moment(visit.start_at) if visit.start_at else ""
    sentence = {
        "arrived": _("Booked for {when} and came."),
        "no_show": _("Booked for {when} and did not come."),
        "confirmed": _("Booked for {when} and confirmed the visit."),
        "cancelled": _("Booked for {when} and cancelled the visit."),
        "cancelled_business": _("Booked for {when}, and we cancelled the visit."),
        "unknown": _("Booked for {when}; nobody marked how the visit ended."),
    }.get(visit.state, _("Booked for {when}."))
    return sentence.format(when=start) if start else _("Booked.")


def _taken_words(failed: Entry) -> str:
    wanted = _chosen_time(failed)
    ended = failed.at + timedelta(milliseconds=failed.meta.get("latency_ms") or 0)
    lead = _seconds_before(steps.attribute(failed, "taken_at"), ended)
    if wanted and lead is not None:
        sentence = _("Chose {time}, but it was taken {length} before the booking.")
        return sentence.format(time=wanted, length=format.length(lead))
    if wanted:
        return _("Chose {time}, but it was already taken.").format(time=wanted)
    return _("The chosen time was already taken.")


def _seconds_before(clock: str, moment: datetime) -> int | None:
    """How long before a moment a time of the same day was, as a tool's answer gives it; None for what is no time."""
    try:
        taken = datetime.strptime(clock, "%H:%M:%S").time()  # noqa: DTZ007  (a time of day only)
    except ValueError:
        return None
    local = timezone.localtime(moment)
    seconds = round((local - local.replace(hour=taken.hour, minute=taken.minute, second=taken.second)).total_seconds())
    return seconds if 0 <= seconds < 3600 else None


def _chosen_time(failed: Entry) -> str:
    found = _CLOCK.search(steps.attribute(failed, "slot"))
    return found.group(0) if found else ""


def _hurt(case: Case) -> str:
    broke = case.broke
    if broke is None:
        return _late_words(case)
    escalation = next((one for one in case.escalations if one.taken_at is not None), None)
    if broke.kind in ("slot_taken", "tool", "model", "error"):
        if escalation is not None:
            words = _("The scenario said nothing, a person learned of it after {length}.")
            return words.format(length=format.length_coarse(escalation.wall_s))
        answer = next((entry for entry in case.entries if entry.at > broke.at and _is_answer(entry)), None)
        if answer is not None:
            words = _("The scenario said nothing, the next answer came after {length}.")
            return words.format(length=format.length_coarse((answer.at - broke.at).total_seconds()))
        return _("The scenario said nothing, and nobody answered.")
    if broke.kind == "silent":
        return _("Nobody answered.") if case.dialogue.cause != Cause.WE_SILENT else ""
    return broke.why


def _late_words(case: Case) -> str:
    if case.visits and case.visits[-1].state == "no_show":
        return ""
    if case.dialogue.late and case.dialogue.first_reply_s:
        words = _("The first answer came after {length}.")
        return words.format(length=format.length_coarse(case.dialogue.first_reply_s))
    return ""


# The path of the lead.


def path_of(case: Case) -> list[Station]:
    """Eight stations from the first word to the outcome."""
    offered = next((entry for entry in case.entries if _offers(entry)), None)
    return [
        _wrote(case),
        _intent(case),
        _offer(case, offered),
        _choice(case, offered),
        _booking(case),
        _deal(case),
        _manager(case),
        _outcome(case),
    ]


def _wrote(case: Case) -> Station:
    first = next((entry for entry in case.entries if entry.type in IN or entry.type == "call"), None)
    fact = _("for the first time")
    if case.earlier:
        fact = ngettext("{n} dialogue before", "{n} dialogues before", case.earlier).format(
            n=format.integer(case.earlier)
        )
    return Station(
        _("Wrote"), fact if first else _("we wrote first"), first.at if first else None, DONE if first else AHEAD
    )


def _intent(case: Case) -> Station:
    found = [entry for entry in case.entries if entry.type == "intent_detected"]
    sure = next((entry for entry in found if not steps.is_doubtful(entry)), None)
    entry = sure or (found[0] if found else None)
    if entry is None:
        intent = case.dialogue.intent
        return Station(
            _("Intent"), case.eyes.words(steps.intent_words(intent)) or _("not told"), None, DONE if intent else AHEAD
        )
    words = case.eyes.words(steps.intent_words(str(entry.meta.get("intent", ""))))
    confidence = entry.meta.get("confidence_ppm")
    fact = words if confidence is None else f"{words}, {format.decimal(confidence / 1_000_000)}"
    return Station(_("Intent"), fact, entry.at, DONE if sure else LATE)


def _offer(case: Case, offered: Entry | None) -> Station:
    if offered is None:
        return Station(_("Time offered"), _("not reached"), None, AHEAD)
    n = len(set(_CLOCK.findall(offered.text or "")))
    fact = ngettext("{n} choice", "{n} choices", n).format(n=n)
    return Station(_("Time offered"), fact, offered.at, DONE)


def _choice(case: Case, offered: Entry | None) -> Station:
    tool = case.failed_booking
    chosen = _chosen_time(tool) if tool else ""
    if case.visits and case.visits[0].start_at:
        chosen = format.time(case.visits[0].start_at)
    after = offered.at if offered else case.dialogue.started_at
    attempt = next((e for e in case.entries if steps.makes_booking(e) or e.type == "appointment_created"), None)
    if attempt is None:
        return Station(_("Time chosen"), _("not reached"), None, AHEAD)
    said = [entry for entry in case.entries if entry.type in IN and after <= entry.at <= attempt.at]
    named = [entry for entry in said if _CLOCK.search(entry.text or "")]
    at = (named or said or [attempt])[-1].at
    return Station(_("Time chosen"), chosen or _("by the client"), at, DONE)


def _booking(case: Case) -> Station:
    name, failed = _("Booking"), case.failed_booking
    made = next((entry for entry in case.entries if entry.type == "appointment_created"), None)
    if made is not None or case.visits:
        start = case.visits[0].start_at if case.visits else None
        return Station(name, format.moment(start) if start else _("made"), made.at if made else None, DONE)
    if failed is not None:
        ended = failed.at + timedelta(milliseconds=failed.meta.get("latency_ms") or 0)
        return Station(name, _("the time is taken") if _is_taken(failed) else _("failure"), ended, LOST)
    return Station(name, _("not reached"), None, AHEAD)


def _deal(case: Case) -> Station:
    name, told = _("Deal in the CRM"), case.deliveries
    if not told:
        return Station(name, _("no word of it"), None, AHEAD)
    good = next((entry for entry in told if steps.tone_of(entry) != steps.LOSS), None)
    if good is None:
        return Station(name, _("not taken"), told[-1].at, LOST)
    attempt = good.meta.get("attempt") or told.index(good) + 1
    if attempt > 1:
        return Station(name, _("on attempt {n}").format(n=attempt), good.at, LATE)
    return Station(name, _("taken"), good.at, DONE)


def _manager(case: Case) -> Station:
    name = _("Manager")
    reply = next((e for e in case.entries if e.type == "message_out" and e.meta.get("role") == HUMAN), None)
    called = case.escalations[0] if case.escalations else None
    if called is None:
        return (
            Station(name, _("answered"), reply.at, DONE) if reply else Station(name, _("was not needed"), None, AHEAD)
        )
    answered_at = reply.at if reply and reply.at >= called.opened_at else called.taken_at
    if answered_at is None:
        return Station(name, _("nobody came"), called.opened_at, LOST if called.ended else LATE)
    seconds = (answered_at - called.opened_at).total_seconds()
    # Without working hours the wall clock judges.
    late = seconds > PICKUP_TARGET_S if called.in_time is None else not called.in_time
    fact = _("answered after {length}").format(length=format.length_coarse(seconds))
    return Station(name, fact, answered_at, LATE if late else DONE)


def _outcome(case: Case) -> Station:
    name, dialogue = _("Outcome"), case.dialogue
    visit = case.visits[-1] if case.visits else None
    if visit is not None:
        words, state = _VISITS[visit.state]() if visit.state in _VISITS else (_("booked"), DONE)
        return Station(name, words, visit.final_at or dialogue.outcome_at, state)
    if dialogue.outcome == Outcome.BOOKED:
        return Station(name, _("booked"), dialogue.outcome_at, DONE)
    if dialogue.outcome == Outcome.REFUSED:
        elsewhere = any(e.type == "refusal" and e.meta.get("reason_code") == "elsewhere" for e in case.entries)
        return Station(name, _("went to others") if elsewhere else _("declined"), dialogue.outcome_at, LOST)
    if dialogue.outcome == Outcome.NOT_BOOKED:
        return Station(name, _("not booked"), dialogue.outcome_at, LOST)
    if dialogue.waiting_since is not None:
        return Station(name, _("waits for us"), dialogue.waiting_since, LATE)
    return Station(name, _("deciding"), None, AHEAD)


_VISITS = {
    "arrived": lambda: (_("came"), DONE),
    "no_show": lambda: (_("no-show"), LOST),
    "cancelled": lambda: (_("cancelled"), LATE),
    "cancelled_business": lambda: (_("we cancelled"), LOST),
    "unknown": lambda: (_("no mark"), LATE),
}


def _offers(entry: Entry) -> bool:
    return _is_answer(entry) and bool(_CLOCK.search(entry.text or ""))


def models_of(entries: Sequence[Entry]) -> Iterator[str]:
    """The models that answered, each once."""
    yield from dict.fromkeys(str(e.meta["model"]) for e in entries if e.type == "model_call" and e.meta.get("model"))
