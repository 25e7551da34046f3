"""The kinds hold together: each says what it means, and its sample is what it says."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from letopis.base.text import Text
from letopis.journal.kinds import CONTROLS, KINDS, Appointment, AppointmentMoved

NAMED_BY_THE_DESIGN = [
    "new_lead",
    "message_in",
    "message_out",
    "message_delivery",
    "intent_detected",
    "step_entered",
    "model_call",
    "tool_call",
    "appointment_created",
    "appointment_confirmed",
    "appointment_moved",
    "appointment_cancelled",
    "arrived",
    "no_show",
    "refusal",
    "payment",
    "escalation",
    "escalation_taken",
    "escalation_closed",
    "reminder_planned",
    "reminder_sent",
    "reminder_replied",
    "reminder_skipped",
    "call",
    "crm_delivery",
    "record_readback",
    "identity_link",
    "identity_unlink",
    "client_corrected",
    "change_mark",
    "heartbeat",
    "error",
    "step_left",
    "outcome_unknown",
    "availability_snapshot",
    "schedule_version",
    "catalogue_version",
    "goal_set",
    "campaign_cost",
    "review_answer",
    "finding_state",
]


def test_every_kind_of_the_design_is_here() -> None:
    assert sorted(KINDS) == sorted(NAMED_BY_THE_DESIGN)
    assert not KINDS.keys() & CONTROLS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_kind_says_what_it_means_in_both_languages(kind: str) -> None:
    meaning = KINDS[kind].meaning
    assert isinstance(meaning, Text)
    assert meaning.ru
    assert meaning.en


@pytest.mark.parametrize("kind", KINDS)
def test_sample_fills_the_fields_of_its_kind(kind: str) -> None:
    sample = dict(KINDS[kind].sample)
    assert sample.pop("event") == kind
    filled = msgspec.convert(sample, KINDS[kind], strict=True)
    assert _plain(filled.public()) == _plain({"event": kind, **sample})


def test_public_form_leaves_out_what_is_absent() -> None:
    moved = AppointmentMoved(
        client_id="tg_1", appointment=Appointment(id="A-2", previous_id="A-1", start=datetime(2026, 11, 24, tzinfo=UTC))
    )
    assert moved.public() == {
        "event": "appointment_moved",
        "client_id": "tg_1",
        "appointment": {"id": "A-2", "previous_id": "A-1", "start": "2026-11-24T00:00:00Z"},
    }


def _plain(value: Any) -> Any:
    """Numbers and times in one spelling each."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, float):
        return str(value)
    if isinstance(value, str) and len(value) > 19 and value[10] == "T":
        return datetime.fromisoformat(value)
    return value
