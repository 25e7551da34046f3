"""What every kind of event may carry, and the two things an event can be about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import msgspec

from letopis.base.text import Text

Sample = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Crm:
    """The record of a CRM that an event is about."""

    provider: str | None = None
    deal_id: str | None = None
    contact_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """A visit as the sender knows it; `previous_id` names the appointment that this one replaces."""

    id: str | None = None
    previous_id: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    service: str | None = None
    resource: str | None = None
    price: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """What every kind may carry; `kind` names it, all else is optional."""

    kind: ClassVar[str]
    meaning: ClassVar[Text]
    sample: ClassVar[Sample]

    timestamp: datetime | None = None
    source: str | None = None
    client_id: str | None = None
    session_id: str | None = None
    message_id: str | None = None
    dedup_key: str | None = None
    level: str | None = None
    name: str | None = None
    phone: str | None = None
    branch: str | None = None
    campaign: str | None = None
    scenario: str | None = None
    version: str | None = None
    step: str | None = None
    crm: Crm | None = None
    trace_id: str | None = None
    span_id: str | None = None
    test: bool | None = None
    attributes: Mapping[str, Any] | None = None

    def public(self) -> dict[str, Any]:
        """The event as a sender posts it: absent fields left out."""
        told: dict[str, Any] = _told(msgspec.to_builtins(self))
        return {"event": self.kind, **told}


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _told(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_told(inner) for inner in value]
    return value
