"""What an entry says about a visit, as far as the slots need it."""

from datetime import datetime
from typing import Any

import msgspec

from letopis.base.clock import from_us
from letopis.clients.identities import plain
from letopis.dialogues.facts import meaning_of
from letopis.journal import draft as journal
from letopis.journal.entries import Entry


class VisitFact(msgspec.Struct, omit_defaults=True, frozen=True, gc=False):
    """`by` is whose will it was; `dialogue_id` where it was said, if anywhere.

    `failed` and `asks` are of a reminder: it did not go out; its words ask the client for something.
    """

    seq: int
    at: datetime
    type: str
    channel: str
    client_id: str = ""
    dialogue_id: int | None = None
    appointment_id: str = ""
    previous_id: str = ""
    start_at: datetime | None = None
    end_at: datetime | None = None
    service: str = ""
    resource: str = ""
    price_kop: int | None = None
    campaign: str = ""
    branch: str = ""
    by: str = ""
    failed: bool = False
    asks: bool = False
    test: bool = False


REMINDER = "reminder_sent"


def visit_fact_of(entry: Entry, dialogue_id: int | None) -> VisitFact:
    """The fact of an event of `parts.OF_VISITS`."""
    meta, who = entry.meta, entry.who
    visit: dict[str, Any] = meta.get("appointment") or {}
    start_us, end_us = visit.get("start_us"), visit.get("end_us")
    reminds = entry.type == REMINDER
    return VisitFact(
        seq=entry.seq,
        at=entry.at,
        type=entry.type,
        channel=entry.source,
        client_id=plain(who.get("client_id")),
        dialogue_id=dialogue_id,
        appointment_id=plain(who.get("appointment_id")),
        previous_id=plain(who.get("previous_id")),
        start_at=None if start_us is None else from_us(start_us),
        end_at=None if end_us is None else from_us(end_us),
        service=plain(visit.get("service")),
        resource=plain(visit.get("resource")),
        price_kop=visit.get("price_kop"),
        campaign=plain(meta.get("campaign")),
        branch=plain(meta.get("branch")),
        by=meta.get("by", ""),
        failed=reminds and (meta.get("state") == "failed" or entry.level >= journal.ERROR),
        asks=reminds and meaning_of(entry).asks,
        test=bool(entry.flags & journal.TEST),
    )
