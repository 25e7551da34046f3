"""Samples for whoever connects an assistant: the same first event for curl, Python and JavaScript."""

import json
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.timezone import localtime

from letopis.base import clock, ids
from letopis.base.errors import OwnFault
from letopis.intake.mapping import map_event
from letopis.intake.values import Context
from letopis.journal.draft import Receipt
from letopis.journal.scribe import append_now

KEY_HIDDEN = "lt_••••"
SOURCE = "telegram"


@dataclass(frozen=True, slots=True)
class Sample:
    language: str
    text: str


def first_event() -> dict[str, str]:
    """The event of all samples: a client's first message, as one posts it by hand."""
    return {
        "event": "message_in",
        "timestamp": localtime(clock.now()).replace(microsecond=0).isoformat(),
        "source": SOURCE,
        "client_id": "tg_12345678",
        "session_id": "sess_abcdef",
        "message": "Нужен маникюр завтра в 15:00",
    }


def all_of(address: str, key: str) -> list[Sample]:
    return [
        Sample("curl", curl(address, key)),
        Sample("Python", python(address, key)),
        Sample("JavaScript", javascript(address, key)),
    ]


def curl(address: str, key: str) -> str:
    body = json.dumps(first_event(), ensure_ascii=False, indent=2).replace("'", "'\\''")
    return (
        f"curl {address}/v1/events \\\n"
        f"  -H 'Authorization: Bearer {key}' \\\n"
        f"  -H 'Content-Type: application/json' \\\n"
        f"  -d '{body}'"
    )


def python(address: str, key: str) -> str:
    return f'''from letopis_sdk import Letopis

letopis = Letopis("{address}", key="{key}", source="{SOURCE}")
letopis.message_in(client_id="tg_12345678", session_id="sess_abcdef", message="Нужен маникюр завтра в 15:00")
letopis.message_out(client_id="tg_12345678", session_id="sess_abcdef", message="Есть 15:00 и 16:30. Какое удобнее?")'''


def javascript(address: str, key: str) -> str:
    body = json.dumps(first_event(), ensure_ascii=False, indent=2).replace("\n", "\n  ")
    return f"""await fetch("{address}/v1/events", {{
  method: "POST",
  headers: {{ "Authorization": "Bearer {key}", "Content-Type": "application/json" }},
  body: JSON.stringify({body}),
}});"""


def send(business: UUID, timezone: str) -> Receipt:
    """Send the sample as a test event through the ordinary mapping."""
    event = {**first_event(), "message_id": f"sample-{ids.new_uuid()}", "test": True}
    raw = json.dumps(event, ensure_ascii=False).encode()
    draft = map_event(event, Context(business, SOURCE, ZoneInfo(timezone)), raw)
    if isinstance(draft, list):
        raise OwnFault("our own sample is not understood", place="letopis/intake/samples.py")
    return append_now([draft])[0]
