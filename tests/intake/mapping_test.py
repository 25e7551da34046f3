"""From one received object to a draft: names, places, absent values, ids and what is kept beside."""

import dataclasses
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from letopis.intake.fields import BY_NAME, FIELDS, GROUPS
from letopis.intake.mapping import map_event
from letopis.intake.reading import read_event
from letopis.intake.values import Context
from letopis.journal import lj1
from letopis.journal.draft import ATTACH, CONTENT_DEDUPE, META, RAW, TEXT, WHO, Draft
from letopis.journal.kinds import KINDS

CONTEXT = Context(UUID(int=1), "telegram-bot", ZoneInfo("Europe/Moscow"))
TIME = "2026-11-22T10:00:00+03:00"


def drafted(event: dict[str, Any], **more: Any) -> Draft:
    piece = read_event(msgspec.json.encode(event))
    draft = map_event(piece.value, CONTEXT, piece.raw, **more)
    assert isinstance(draft, Draft), draft
    return draft


def slot(draft: Draft, number: int) -> Any:
    found = dict(draft.slots).get(number)
    return {} if found is None else msgspec.json.decode(found)


def meta(event: dict[str, Any]) -> Any:
    return slot(drafted({"event": "x", **event}), META)


def who(event: dict[str, Any]) -> Any:
    return slot(drafted({"event": "x", **event}), WHO)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_kind_has_a_place(kind: str) -> None:
    known = {field.name for field in FIELDS} | {"attributes"} | GROUPS.keys()
    assert {field.name for field in dataclasses.fields(KINDS[kind])} <= known


@pytest.mark.parametrize("kind", KINDS)
def test_sample_leaves_nothing_unread(kind: str) -> None:
    sample = dict(KINDS[kind].sample)
    kept = slot(drafted(sample), WHO).get("attributes", {})
    assert kept == sample.get("attributes", {})


def test_no_two_fields_share_a_name_or_a_key() -> None:
    names = [name for field in FIELDS for name in (field.name, *field.aliases)]
    keys = [(field.place, field.key) for field in FIELDS]
    assert len(set(names)) == len(names)
    assert len(set(keys)) == len(keys)


def test_slots_hold_the_event_by_who_may_see_it() -> None:
    event = {
        "event": "message_out",
        "client_id": "tg_1",
        "role": "bot",
        "message": "Здравствуйте!",
        "phone": "8 900 0000003",
        "cost": 0.42,
        "files": [{"name": "a.jpg", "type": "image/jpeg", "size": 10, "sha256": "00"}],
        "appointment": {"id": "A-1", "start": TIME, "price": "2 400,50 ₽"},
        "reason": "no_slots",
    }
    draft = drafted(event)
    assert [number for number, _ in draft.slots] == [META, WHO, TEXT, RAW, ATTACH]
    assert slot(draft, META) == {
        "role": "assistant",
        "cost_mkop": 42000,
        "reason_code": "no_slots",
        "appointment": {"price_kop": 240050, "start_us": 1795330800000000},
    }
    assert slot(draft, WHO) == {
        "client_id": "tg_1",
        "phone": "+79000000003",
        "appointment_id": "A-1",
        "reason": "no_slots",
    }
    assert dict(draft.slots)[TEXT] == "Здравствуйте!".encode()
    assert slot(draft, ATTACH) == {"files": event["files"]}


@pytest.mark.parametrize(
    ("spelled", "expected"),
    [
        ({"clientId": "tg_1"}, {"client_id": "tg_1"}),
        ({" Client-ID ": " tg_1 "}, {"client_id": "tg_1"}),
        ({"user_id": 12345678}, {"client_id": "12345678"}),
        ({"chat_id": "tg_1"}, {"client_id": "tg_1"}),
        ({"crm_ref": "D-1"}, {"crm_deal_id": "D-1"}),
        ({"crm": {"dealId": "D-1"}}, {"crm_deal_id": "D-1"}),
        ({"deal_id": "D-1"}, {"crm_deal_id": "D-1"}),
        ({"appointment_id": "A-1"}, {"appointment_id": "A-1"}),
        ({"event_id": "e-1"}, {"dedup_key": "e-1"}),
    ],
)
def test_field_is_known_by_its_other_names(spelled: dict[str, Any], expected: dict[str, Any]) -> None:
    assert who(spelled) == expected


def test_own_name_wins_and_the_other_is_kept() -> None:
    draft = drafted({"event": "x", "channel": "vk", "source": "telegram"})
    assert draft.source == "telegram"
    assert slot(draft, WHO) == {"attributes": {"channel": "vk"}}
    assert drafted({"event": "x", "channel": "vk", "source": None}).source == "vk"
    assert drafted({"event": "x", "channel": "vk", "source": "vk"}).slots[1][0] == RAW


@pytest.mark.parametrize("empty", ["", "  ", None, "null", "None", "undefined", "NaN"])
def test_empty_words_are_absent(empty: Any) -> None:
    given_values = {
        "client_id": empty,
        "intent_confidence": empty,
        "appointment": {"start": empty},
        "latency_ms": empty,
    }
    draft = drafted({"event": "x", "timestamp": empty, "level": empty, **given_values})
    assert draft.occurred_us == -1
    assert dict(draft.slots).keys() == {META, RAW}
    assert slot(draft, META) == {}


@pytest.mark.parametrize("placeholder", ["{{ name }}", "#{phone}", "${id}", "%client%", "[object Object]", "tg_{{id}}"])
def test_unfilled_placeholder_is_absent_and_told(placeholder: str) -> None:
    draft = drafted({"event": "x", "client_id": placeholder, "step": placeholder})
    assert slot(draft, META) == {"unresolved": ["client_id", "step"]}
    assert slot(draft, WHO) == {}


def test_placeholder_that_a_client_has_read_stays_in_the_transcript() -> None:
    incoming = drafted({"message": "{{text}}", "event": "message_in"})
    outgoing = drafted({"message": "{{text}}", "event": "message_out"})
    assert TEXT not in dict(incoming.slots)
    assert dict(outgoing.slots)[TEXT] == b"{{text}}"
    assert slot(incoming, META) == slot(outgoing, META) == {"unresolved": ["message"]}
    assert (
        dict(drafted({"event": "message_out", "message": "Ждём, {{name}}!"}).slots)[TEXT] == "Ждём, {{name}}!".encode()
    )


def test_words_a_person_may_write_are_text() -> None:
    assert dict(drafted({"event": "message_in", "message": " null\n"}).slots)[TEXT] == b" null\n"


def test_unknown_fields_and_attributes_are_kept() -> None:
    event = {
        "chatTitle": "Лада",
        "Ключ": 1,
        "n": 10**30,
        "crm": {"deal_id": "D", "stage": "new"},
        "attributes": {"a": 1.10, "b": [None, True, {"C d": 2}], "chat_title": "first"},
    }
    assert who(event) == {
        "crm_deal_id": "D",
        "attributes": {
            "chat_title": "Лада",
            "n": str(10**30),
            "crm": {"stage": "new"},
            "a": "1.1",
            "b": [None, True, {"c_d": 2}],
            "_other": [["Ключ", 1], ["chat_title", "first"]],
        },
    }


def test_attributes_that_are_no_object_are_kept_too() -> None:
    assert who({"attributes": "a=1"}) == {"attributes": {"attributes": "a=1"}}


def test_confidence_read_otherwise_is_noted() -> None:
    assert meta({"confidence": 92}) == {"confidence_ppm": 920000, "noted": ["intent_confidence:percent"]}
    assert meta({"confidence": -1}) == {"noted": ["intent_confidence:dropped"]}


def test_id_is_the_senders_key_or_what_makes_the_event_one_of_its_kind() -> None:
    base = {"event": "message_in", "client_id": "tg_1", "message_id": "7"}
    assert drafted({**base, "dedup_key": "k"}).dedup_key == "k"
    keys = [
        drafted(base),
        drafted({**base, "client_id": "tg_2"}),
        drafted({**base, "event": "message_out"}),
        drafted({**base, "message_id": "8"}),
        drafted({"event": "message_delivery", "of_message_id": "7", "state": "sent"}),
        drafted({"event": "message_delivery", "of_message_id": "7", "state": "read"}),
    ]
    assert len({draft.dedup_key for draft in keys}) == len(keys)
    assert not any(draft.flags & CONTENT_DEDUPE for draft in keys)


def test_content_is_the_id_only_with_a_time() -> None:
    event = {"event": "refusal", "client_id": "tg_1"}
    assert drafted(event).dedup_key is None
    first, same, other = (drafted({**event, "timestamp": TIME, "reason": reason}) for reason in ("a", "a", "b"))
    assert first.dedup_key == same.dedup_key != other.dedup_key
    assert first.flags & CONTENT_DEDUPE


def test_key_beside_the_event_stands_in_for_its_own() -> None:
    assert drafted({"event": "x"}, idempotency_key="h").dedup_key == "h"
    assert drafted({"event": "x", "dedup_key": "own"}, idempotency_key="h").dedup_key == "own"


def test_body_is_the_same_however_it_is_spelled() -> None:
    first = drafted({"event": "x", "channel": "tg", "confidence": "92%", "timestamp": TIME, "userId": 5})
    second = drafted(
        {"timestamp": 1795330800, "client_id": "5", "source": "Telegram", "intent_confidence": 0.92, "event": "X"}
    )
    assert first.body == second.body


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(sorted(BY_NAME)) | st.text(max_size=12), _JSON, max_size=8))
def test_whatever_comes_is_a_draft_in_lj1_or_faults_with_remedies(event: dict[str, Any]) -> None:
    piece = read_event(msgspec.json.encode({"event": "x", **event}))
    mapped = map_event(piece.value, CONTEXT, piece.raw)
    if isinstance(mapped, list):
        assert mapped
        assert all(fault.why.message.ru and fault.why.remedy.en for fault in mapped)
        return
    for number, data in mapped.slots:
        if number in (META, WHO, ATTACH):
            assert lj1.encode(msgspec.json.decode(data)) == data
    assert lj1.encode(msgspec.json.decode(mapped.body)) == mapped.body
