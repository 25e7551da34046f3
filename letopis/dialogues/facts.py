"""A fact: one journal entry as far as the derivations need it, without any text.

What the words mean (a closing, a question, a complaint) is judged once, here, so that a dialogue can be derived again
without opening the journal.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from letopis.clients.identities import plain
from letopis.dialogues import phrases
from letopis.dialogues.intents import is_unsure
from letopis.journal import draft as journal
from letopis.journal.entries import Entry

_IN = frozenset({"message_in", "reminder_replied"})
_OUT = frozenset({"message_out", "reminder_sent"})
INTENT, PAYMENT = "intent_detected", "payment"
SUSPECT = journal.NO_TIME | journal.AHEAD


class Fact(msgspec.Struct, omit_defaults=True, frozen=True, gc=False):
    """Ids are as the sender gave them; `said`, `asks`, `offers` and `complains` are what `phrases` made of the text.

    `fallback`: the assistant did not understand; `person` is the colleague who acts.
    """

    seq: int
    at: datetime
    type: str
    channel: str
    level: int = journal.INFO
    role: str = ""
    said: str = ""
    asks: bool = False
    complains: bool = False
    automatic: bool = False
    suspect: bool = False
    test: bool = False
    intent: str = ""
    confidence_ppm: int | None = None
    scenario: str = ""
    version: str = ""
    step: str = ""
    person: str = ""
    offers: bool = False
    fallback: bool = False
    campaign: str = ""
    branch: str = ""
    result: str = ""
    state: str = ""
    by: str = ""
    reason: str = ""
    message_id: str = ""
    of_message_id: str = ""
    deal_id: str = ""
    appointment_id: str = ""
    service: str = ""
    refused_for: str = ""
    amount_kop: int = 0
    cost_mkop: int = 0

    @property
    def failed(self) -> bool:
        return is_failure(self.type, self.level, self.result, self.state)


class Meaning(msgspec.Struct, omit_defaults=True, frozen=True, gc=False):
    """What the words of an entry amount to; it stays when they are taken out."""

    said: str = ""
    asks: bool = False
    complains: bool = False
    offers: bool = False


def meaning_of(entry: Entry) -> Meaning:
    """Judged from the words while they are there."""
    if entry.said:
        return msgspec.convert(entry.said, Meaning)
    inward, outward, text = entry.type in _IN, entry.type in _OUT, entry.text
    return Meaning(
        said=phrases.said(text, entry.meta.get("content_type", "")).value if inward else "",
        asks=outward and phrases.asks(text),
        complains=inward and phrases.complains(text),
        offers=outward and phrases.offers_time(text),
    )


def is_failure(kind: str, level: int, result: str, state: str) -> bool:
    """Whether something of ours went wrong."""
    if kind == "error" or level >= journal.ERROR:
        return True
    if kind == "message_delivery":
        return state == "failed"
    return kind in ("model_call", "tool_call", "crm_delivery") and result not in ("", "ok", "success")


def fact_of(entry: Entry) -> Fact:
    """The fact of an event; the same entry always gives the same fact."""
    meta, who, kind = entry.meta, entry.who, entry.type
    meaning = meaning_of(entry)
    visit = meta.get("appointment")
    return Fact(
        seq=entry.seq,
        at=entry.at,
        type=kind,
        channel=entry.source,
        level=entry.level,
        role=meta.get("role", ""),
        said=meaning.said,
        asks=meaning.asks,
        complains=meaning.complains,
        automatic=bool(meta.get("automatic")),
        suspect=bool(entry.flags & SUSPECT),
        test=bool(entry.flags & journal.TEST),
        intent=plain(meta.get("intent")),
        confidence_ppm=meta.get("confidence_ppm"),
        scenario=plain(meta.get("scenario")),
        version=plain(meta.get("version")),
        step=plain(meta.get("step")),
        person=plain(who.get("person")),
        offers=meaning.offers,
        fallback=kind == INTENT and is_unsure(plain(meta.get("intent")), meta.get("confidence_ppm")),
        campaign=plain(meta.get("campaign")),
        branch=plain(meta.get("branch")),
        result=meta.get("result", ""),
        state=meta.get("state", ""),
        by=meta.get("by", ""),
        reason=plain(who.get("reason")) if kind in ("escalation", "refusal") else "",
        message_id=plain(who.get("message_id")) if kind in _OUT else "",
        of_message_id=plain(who.get("of_message_id")),
        deal_id=plain(who.get("crm_deal_id")),
        appointment_id=plain(who.get("appointment_id")),
        service=_service(visit, who) if visit or kind == "tool_call" else "",
        refused_for=plain(meta.get("reason_code")) if kind == "refusal" else "",
        amount_kop=(meta.get("amount_kop") or 0) if kind == PAYMENT else 0,
        cost_mkop=meta.get("cost_mkop") or 0,
    )


def _service(visit: Any, who: Mapping[str, Any]) -> str:
    """What is wanted: the service of the visit, or the one that a tool was asked for."""
    if visit:
        return plain(visit.get("service"))
    attributes = who.get("attributes")
    return plain(attributes.get("service")) if isinstance(attributes, dict) else ""


def appointment_ids_of(entry: Entry) -> tuple[str, ...]:
    """The appointments an entry names: its own first, then the one it replaces."""
    own, previous = plain(entry.who.get("appointment_id")), plain(entry.who.get("previous_id"))
    return tuple(appointment_id for appointment_id in (own, previous) if appointment_id)
