"""No door stores a secret: not of a message, not of anything beside it, and a repeat is still a repeat."""

import json
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest

from letopis.intake.mapping import map_event
from letopis.intake.values import Context
from letopis.journal.draft import ATTACH, META, RAW, TEXT, WHO, Draft, Outcome
from letopis.journal.scribe import append_now

SAID = "карта 4276 3800 1234 5678, CVV 917"
KEPT = "карта •••• 5678, CVV [секрет]"


def mapped(business: UUID, **event: Any) -> Draft:
    told = {"event": "message_in", "source": "telegram", "client_id": "tg_1", **event}
    draft = map_event(told, Context(business, "telegram", ZoneInfo("UTC")), msgspec.json.encode(told))
    assert isinstance(draft, Draft)
    return draft


def slots(draft: Draft) -> dict[int, str]:
    return {number: data.decode() for number, data in draft.slots}


@pytest.fixture
def nobody() -> UUID:
    return UUID(int=7)


@pytest.mark.parametrize(
    ("event", "slot"),
    [
        ({"message": SAID}, TEXT),
        ({"reason": SAID}, WHO),
        ({"name": SAID}, WHO),
        ({"attributes": {"note": SAID}}, WHO),
        ({"attributes": {"deep": [{"er": [SAID]}]}}, WHO),
        ({"attributes": {"answer": json.dumps({"text": SAID})}}, WHO),
        ({"Неизвестное поле": SAID}, WHO),
        ({"what": SAID}, META),
        ({"appointment": {"id": "A1", "service": SAID}}, META),
        ({"files": [{"name": SAID}]}, ATTACH),
    ],
)
def test_secret_is_stored_nowhere(nobody: UUID, event: dict[str, Any], slot: int) -> None:
    draft = mapped(nobody, **event)
    kept = slots(draft)
    for data in (*kept.values(), draft.body.decode()):
        assert "4276 3800" not in data
        assert "917" not in data
    assert "•••• 5678" in kept[slot] or "\\u2022" in kept[slot]
    assert json.loads(kept[META])["noted"] == ["secrets"]


def test_escaped_body_is_looked_into(nobody: UUID) -> None:
    event = {"event": "message_in", "source": "telegram", "message": SAID}
    raw = json.dumps(event).encode()
    assert b"\\u043a" in raw
    draft = map_event(event, Context(nobody, "telegram", ZoneInfo("UTC")), raw)
    assert isinstance(draft, Draft)
    assert json.loads(slots(draft)[RAW])["message"] == KEPT


def test_what_holds_no_secret_is_kept_byte_for_byte(nobody: UUID) -> None:
    event = {"event": "message_in", "source": "telegram", "message": "Мой номер 8 920 123-45-67, завтра в 15:30"}
    raw = json.dumps(event, indent=3).encode()
    draft = map_event(event, Context(nobody, "telegram", ZoneInfo("UTC")), raw)
    assert isinstance(draft, Draft)
    assert draft.slots[-1] == (RAW, raw)
    assert slots(draft)[TEXT] == event["message"]


@pytest.mark.parametrize("name", ["client_id", "session_id", "message_id", "trace_id"])
def test_ids_stay_whole_whatever_they_look_like(nobody: UUID, name: str) -> None:
    assert "4276380012345678" in json.dumps(slots(mapped(nobody, **{name: "4276380012345678"})))


def test_repeat_is_a_repeat(business: UUID) -> None:
    draft = mapped(business, message=SAID, message_id="m1")
    assert [one.outcome for one in append_now([draft])] == [Outcome.ACCEPTED]
    again, other = append_now(
        [mapped(business, message=SAID, message_id="m1"), mapped(business, message="ой", message_id="m1")]
    )
    assert (again.outcome, other.outcome) == (Outcome.DUPLICATE, Outcome.CONFLICT)
