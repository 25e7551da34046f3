"""A dialogue as drawings: the timeline of its page, and the small one of its row in a list."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.base import format
from letopis.base.charts.mini import Mark, mini
from letopis.base.charts.timeline import Act, Lane, Timeline, timeline
from letopis.dialogues import steps
from letopis.dialogues.facts import Fact
from letopis.dialogues.story import HUMAN, IN, OUT, Case
from letopis.journal.entries import Entry
from letopis.privacy.views import Eyes

ACTS_MAX = 120

_LANES = {
    "model_call": Lane.MODEL,
    "intent_detected": Lane.MODEL,
    "tool_call": Lane.ACTIONS,
    "error": Lane.ACTIONS,
    "appointment_created": Lane.ACTIONS,
    "appointment_moved": Lane.ACTIONS,
    "appointment_cancelled": Lane.ACTIONS,
    "crm_delivery": Lane.CRM,
    "escalation_taken": Lane.MANAGER,
    "call": Lane.MANAGER,
}


def course(case: Case) -> SafeString:
    """Who did what when."""
    start = case.entries[0].at
    told = {
        Lane.CLIENT: _("the client wrote"),
        Lane.ASSISTANT: _("the assistant answered"),
        Lane.MANAGER: _("a person answered"),
    }
    acts = [act for entry in case.entries if (act := _act(entry, start, told, case.eyes))]
    # A longer dialogue is drawn by its messages and failures, thinned evenly: the rhythm stays.
    if len(acts) > ACTS_MAX:
        thin = -(-len(acts) // ACTS_MAX)
        acts = [act for n, act in enumerate(acts) if act.good is False or n % thin == 0]
    broke = _ms(start, case.broke.at) if case.broke else None
    return timeline(Timeline(summary(case.entries), start, acts, broke))


def summary(entries: Sequence[Entry]) -> str:
    """51 мин, 4 вызова модели на 1,31 ₽, 3 ошибки"""
    length = format.length_coarse(max((entries[-1].at - entries[0].at).total_seconds(), 0))
    calls = [entry for entry in entries if entry.type == "model_call"]
    errors = sum(steps.tone_of(entry) == steps.LOSS for entry in entries)
    told = [length]
    if calls:
        cost = format.money(round(sum(call.meta.get("cost_mkop") or 0 for call in calls) / 1000))
        words = ngettext("{n} model call for {cost}", "{n} model calls for {cost}", len(calls))
        told.append(words.format(n=format.integer(len(calls)), cost=cost))
    if errors:
        told.append(ngettext("{n} error", "{n} errors", errors).format(n=format.integer(errors)))
    return ", ".join(told) if told else _("nothing happened")


def rhythm(facts: Sequence[Fact]) -> SafeString | str:
    """The small timeline of a row; nothing for a dialogue without facts at hand."""
    if not facts:
        return ""
    start, whole = facts[0].at, max((facts[-1].at - facts[0].at).total_seconds(), 1.0)
    return mini(list(_marks(facts, start, whole)))


def _marks(facts: Sequence[Fact], start: datetime, whole: float) -> Iterator[Mark]:
    for fact in facts:
        at = (fact.at - start).total_seconds() / whole
        if fact.failed:
            yield Mark(at, "bad")
        elif fact.type in IN:
            yield Mark(at, "in")
        elif fact.type in OUT:
            yield Mark(at, "human" if fact.role == HUMAN else "out")


def _act(entry: Entry, start: datetime, told: Mapping[Lane, str], eyes: Eyes) -> Act | None:
    lane = _lane(entry)
    if lane is None:
        return None
    tone = steps.tone_of(entry)
    title = told[lane] if entry.type in IN or entry.type in OUT else eyes.words(steps.title_of(entry, tone))
    length = max(entry.meta.get("latency_ms") or 0, 0)
    return Act(lane, _ms(start, entry.at), length, False if tone == steps.LOSS else None, title)


def _lane(entry: Entry) -> Lane | None:
    if entry.type in IN:
        return Lane.CLIENT
    if entry.type in OUT:
        return Lane.MANAGER if entry.meta.get("role") == HUMAN else Lane.ASSISTANT
    return _LANES.get(entry.type)


def _ms(start: datetime, at: datetime) -> int:
    return round((at - start).total_seconds() * 1000)
