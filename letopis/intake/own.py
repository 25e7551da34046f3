"""Events that the product itself tells: mapped like anybody's, with `letopis` as their source."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from letopis.base.errors import OwnFault
from letopis.intake.mapping import derived_key, map_event
from letopis.intake.values import Context
from letopis.journal.batch import OWN_SOURCE
from letopis.journal.draft import Draft


def own_draft(business: UUID, event: Mapping[str, Any], *key: str) -> Draft:
    """The draft of an event of ours; two with one `key` are the same event. Times in it carry their offset."""
    raw = msgspec.json.encode(event)
    mapped = map_event(dict(event), Context(business, OWN_SOURCE, ZoneInfo("UTC")), raw)
    if isinstance(mapped, list):
        wrong = ", ".join(f"{fault.field}: {fault.why.code}" for fault in mapped)
        raise OwnFault(f"an event of our own is not understood: {wrong}", place=str(event.get("event")))
    return replace(mapped, dedup_key=derived_key(*key)) if key else mapped
