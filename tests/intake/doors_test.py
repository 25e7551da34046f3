"""What senders see at the doors, over a real server and a real database."""

import base64
import gzip
import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from letopis.access.keys import create_key, revoke
from letopis.access.wall import enter
from letopis.base.database import connect
from letopis.intake.keyring import BURST_EVENTS_MAX, EVENTS_PER_S_MAX, Allowance
from letopis.intake.quarantine import RAW_BYTES_MAX
from letopis.intake.reading import BATCH_EVENTS_MAX, BODY_BYTES_MAX, EVENT_BYTES_MAX
from letopis.intake.sources import News, sources_of
from letopis.journal.draft import CONTENT_DEDUPE, LATE, NO_ID, NO_TIME, TEST
from letopis.journal.kinds import KINDS
from tests.intake.conftest import Door

FIRST_FORM = """{ "event": "appointment_created", "timestamp": "2025-01-01T12:34:56+03:00", "client_id": "tg_12345678",
  "session_id": "sess_abcdef",
  "intent": "book_appointment", "intent_confidence": 0.92, "source": "telegram",
  "crm": { "provider": "Bitrix24", "deal_id": "D-2025-0001" }, "message": "Нужен маникюр завтра в 15:00" }""".encode()
SECOND_FORM = b"""{ "timestamp": "2025-01-01T12:34:56+03:00", "event": "intent_detected", "channel": "telegram",
  "client_id": "tg_12345678", "session_id": "sess_abcdef", "intent": "book_appointment", "confidence": 0.92,
  "crm_ref": "D-2025-0001" }"""
SEEN_S_MAX = 10
FLOOD_REQUESTS_MAX = 100


def results_of(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 202, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def outcomes_of(answer: httpx.Response) -> list[str]:
    return [result["outcome"] for result in results_of(answer)]


def problem_of(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "access-control-allow-origin" not in answer.headers
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:letopis:problem:")
    assert problem["title"]
    return problem


def message(n: int, **more: Any) -> dict[str, Any]:
    return {"event": "message_in", "source": "telegram", "client_id": "tg_1", "message_id": n, "message": "да", **more}


# What comes in.


def test_first_public_form_is_in_the_journal(door: Door) -> None:
    [result] = results_of(door.post(FIRST_FORM))
    [entry] = door.entries()
    assert result["outcome"] == "accepted"
    assert result["seq"] == entry.seq
    assert f"/log/{door.business.hex}/events/" in result["log"]
    assert len(base64.b64decode(result["leaf_hash"])) == 32
    assert result["received_at"] == entry.received_at.isoformat()
    assert (entry.type, entry.source, entry.text) == ("appointment_created", "telegram", "Нужен маникюр завтра в 15:00")
    assert entry.meta == {"confidence_ppm": 920000, "crm_provider": "bitrix24", "intent": "book_appointment"}
    assert entry.who == {"client_id": "tg_12345678", "crm_deal_id": "D-2025-0001", "session_id": "sess_abcdef"}
    assert entry.at.isoformat() == "2025-01-01T09:34:56+00:00"
    assert entry.flags == NO_ID | CONTENT_DEDUPE | LATE
    assert door.raw(entry.seq) == FIRST_FORM


def test_second_public_form_is_the_same_fields(door: Door) -> None:
    results_of(door.post(SECOND_FORM))
    [entry] = door.entries()
    assert (entry.type, entry.source, entry.text) == ("intent_detected", "telegram", None)
    assert entry.meta == {"confidence_ppm": 920000, "intent": "book_appointment"}
    assert entry.who == {"client_id": "tg_12345678", "crm_deal_id": "D-2025-0001", "session_id": "sess_abcdef"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_accepted_as_its_sample_says(door: Door, kind: str) -> None:
    assert outcomes_of(door.post(dict(KINDS[kind].sample))) == ["accepted"]
    assert [entry.type for entry in door.entries()] == [kind]


def test_unknown_kind_is_kept(door: Door) -> None:
    assert outcomes_of(door.post({"event": "Loyalty Card Issued", "cardLevel": "gold"})) == ["accepted"]
    [entry] = door.entries()
    assert (entry.type, entry.source) == ("loyalty_card_issued", "telegram-bot")
    assert entry.who == {"attributes": {"card_level": "gold"}}
    assert entry.flags == NO_ID | NO_TIME


def test_test_event_is_marked(door: Door) -> None:
    results_of(door.post(message(1, test=True)))
    [entry] = door.entries()
    assert entry.flags & TEST
    assert entry.meta == {"test": True}


BATCHES = {
    "array": (json.dumps([message(1), message(2), message(3)]).encode(), "application/json"),
    "envelope": (json.dumps({"events": [message(1), message(2), message(3)]}).encode(), "application/json"),
    "ndjson": (b"\n".join(json.dumps(message(n)).encode() for n in (1, 2, 3)), "application/x-ndjson"),
    "ndjson with empty lines": (
        b"\r\n\n".join(json.dumps(message(n)).encode() for n in (1, 2, 3)),
        "application/jsonl",
    ),
    "ndjson called json": (b"\n".join(json.dumps(message(n)).encode() for n in (1, 2, 3)), "application/json"),
    "no type": (json.dumps([message(1), message(2), message(3)]).encode(), ""),
    "text": (json.dumps([message(1), message(2), message(3)]).encode(), "text/plain; charset=cp1251"),
    "mark": (b"\xef\xbb\xbf" + json.dumps([message(1), message(2), message(3)]).encode(), "application/json"),
}


@pytest.mark.parametrize("form", BATCHES)
def test_forms_of_many_events_keep_their_order(door: Door, form: str) -> None:
    body, media_type = BATCHES[form]
    results = results_of(door.post(body, content_type=media_type))
    assert [result["outcome"] for result in results] == ["accepted"] * 3
    assert [entry.who["message_id"] for entry in door.entries()] == ["1", "2", "3"]
    assert [result["seq"] for result in results] == [entry.seq for entry in door.entries()]


def test_raw_is_each_events_own_bytes(door: Door) -> None:
    first, second = b'{ "event": "heartbeat",  "n": 1.50 }', b'{"event":"heartbeat"}'
    results_of(door.post(b" [ " + first + b" , " + second + b" ]"))
    assert [door.raw(entry.seq) for entry in door.entries()] == [first, second]


def test_bad_event_does_not_sink_its_batch(door: Door) -> None:
    answer = door.post([message(1), {"event": ""}, 5, message(2, role="kot"), message(3)])
    assert outcomes_of(answer) == ["accepted", "rejected", "rejected", "rejected", "accepted"]
    errors = [result["error"] for result in results_of(answer) if result["outcome"] == "rejected"]
    assert [error["field"] for error in errors] == ["event", "", "role"]
    assert all(error["remedy"] and error["quarantine"] for error in errors)


def test_bad_lines_are_named_by_their_number(door: Door) -> None:
    body = b'{"event":"heartbeat"}\n{"event": "heartbeat", "x": "he said "hi""}\n\nnonsense\n'
    answer = door.post(body, content_type="application/x-ndjson")
    assert outcomes_of(answer) == ["accepted", "rejected", "rejected"]
    details = [result["error"]["detail"] for result in results_of(answer)[1:]]
    assert "строке 2" in details[0]
    assert "строке 4" in details[1]


def test_empty_list_is_no_event(door: Door) -> None:
    assert results_of(door.post([])) == []


# Repeats.


def test_repeat_is_a_duplicate_of_the_first(door: Door) -> None:
    first, second = (results_of(door.post(message(1)))[0] for _ in range(2))
    assert (first["outcome"], second["outcome"]) == ("accepted", "duplicate")
    assert second["seq"] == first["seq"]
    assert len(door.entries()) == 1


def test_other_body_under_one_id_is_a_conflict(door: Door) -> None:
    results_of(door.post(message(1)))
    assert outcomes_of(door.post(message(1, message="нет"))) == ["conflict"]
    assert [entry.text for entry in door.entries()] == ["да"]


def test_one_number_of_two_clients_is_two_messages(door: Door) -> None:
    answer = door.post([message(1), message(1, client_id="tg_2"), message(1, channel="vk", source=None)])
    assert outcomes_of(answer) == ["accepted"] * 3


def test_event_without_id_is_known_by_content_and_time(door: Door) -> None:
    event = {"event": "refusal", "client_id": "tg_1", "timestamp": "2026-11-22T10:00:00+03:00"}
    assert outcomes_of(door.post([event, event])) == ["accepted", "duplicate"]
    timeless = {"event": "refusal", "client_id": "tg_1"}
    assert outcomes_of(door.post([timeless, timeless])) == ["accepted", "accepted"]


def test_idempotency_header_stands_in_for_a_key(door: Door) -> None:
    for expected in ("accepted", "duplicate"):
        answer = door.post({"event": "refusal", "client_id": "tg_1"}, idempotency_key="r-1")
        assert outcomes_of(answer) == [expected]


# What is refused, and how it is said.

WRONG_EVENTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "no event": ({"client_id": "tg_1"}, "event", "event_missing"),
    "empty event": ({"event": "null"}, "event", "event_missing"),
    "event in Russian": ({"event": "сообщение"}, "event", "not_kind"),
    "event of the journal": ({"event": "content.erased"}, "event", "reserved"),
    "event a number": ({"event": {"a": 1}}, "event", "not_string"),
    "client an object": ({"event": "message_in", "client_id": {"id": 1}}, "client_id", "not_string"),
    "client a yes": ({"event": "message_in", "client_id": True}, "client_id", "not_string"),
    "client too long": ({"event": "message_in", "client_id": "t" * 600}, "client_id", "too_long"),
    "message too long": ({"event": "message_in", "message": "а" * 100_001}, "message", "too_long"),
    "attribute too long": ({"event": "message_in", "attributes": {"a": "а" * 100_001}}, "attributes", "too_long"),
    "no such time": ({"event": "message_in", "timestamp": "завтра"}, "timestamp", "not_time"),
    "no such day": ({"event": "message_in", "timestamp": "2026-02-30T10:00:00Z"}, "timestamp", "not_time"),
    "time of another age": ({"event": "message_in", "timestamp": 5}, "timestamp", "time_range"),
    "source in Chinese": ({"event": "message_in", "source": "微信"}, "source", "not_source"),
    "unknown role": ({"event": "message_in", "role": "kot"}, "role", "not_role"),
    "unknown level": ({"event": "error", "level": "LOUD"}, "level", "not_level"),
    "latency in words": ({"event": "model_call", "latency_ms": "fast"}, "latency_ms", "not_number"),
    "negative tokens": ({"event": "model_call", "tokens_in": -1}, "tokens_in", "number_range"),
    "price in words": (
        {"event": "appointment_created", "appointment": {"price": "дорого"}},
        "appointment.price",
        "not_number",
    ),
    "start in words": (
        {"event": "appointment_created", "appointment": {"start": "потом"}},
        "appointment.start",
        "not_time",
    ),
    "appointment a string": ({"event": "arrived", "appointment": "A-1"}, "appointment", "not_object"),
    "hours in words": ({"event": "schedule_version", "weekly": {"mon": "10-20"}}, "weekly", "not_hours"),
    "hours of no day": ({"event": "schedule_version", "weekly": {"someday": []}}, "weekly", "not_hours"),
    "hours of no date": ({"event": "schedule_version", "weekly": {"2026-02-30": []}}, "weekly", "not_hours"),
    "hours of too many dates": (
        {"event": "schedule_version", "weekly": {f"{2000 + n % 99}-0{1 + n // 99}-01": [] for n in range(400)}},
        "weekly",
        "too_many_dates",
    ),
    "another calendar": ({"event": "schedule_version", "calendar": "mars"}, "calendar", "no_calendar"),
    "channel in Chinese": ({"event": "schedule_version", "of_channel": "微信"}, "of_channel", "not_source"),
    "services in words": ({"event": "catalogue_version", "services": "маникюр"}, "services", "not_services"),
    "a service twice": (
        {"event": "catalogue_version", "services": [{"name": "Маникюр"}, {"name": "маникюр"}]},
        "services",
        "not_services",
    ),
    "a master without a name": (
        {"event": "catalogue_version", "masters": [{"branch": "Лесная"}]},
        "masters",
        "not_masters",
    ),
    "automatic in words": ({"event": "message_out", "automatic": "может быть"}, "automatic", "not_boolean"),
    "too deep": ({"event": "x", "attributes": {"a": [[[[[[[1]]]]]]]}}, "attributes", "too_deep"),
    "too many values": ({"event": "x", "attributes": {"a": list(range(3000))}}, "attributes", "too_many_values"),
}


@pytest.mark.parametrize("case", WRONG_EVENTS)
def test_wrong_field_is_named_with_its_remedy(door: Door, case: str) -> None:
    event, field, code = WRONG_EVENTS[case]
    problem = problem_of(door.post(event), 400)
    assert problem["field"] == field
    assert problem["type"] == f"urn:letopis:problem:{code}"
    assert problem["detail"]
    assert problem["remedy"]
    assert problem["quarantine"] or problem["not_kept"]
    assert door.entries() == []


def test_every_wrong_field_is_told(door: Door) -> None:
    problem = problem_of(door.post({"event": "message_in", "role": "kot", "level": "LOUD"}), 400)
    assert [error["field"] for error in problem["errors"]] == ["role", "level"]


def test_problem_speaks_english_when_asked(door: Door) -> None:
    problem = problem_of(door.post({"event": "message_in", "role": "kot"}, accept_language="en-GB,en;q=0.9"), 400)
    assert problem["detail"] == "Unknown role"


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [(b"", 1, 1), (b"hello", 1, 1), (b'{"event": "message_in",\n "message": "said "hi""}', 2, 20), (b'{"event"', 1, 9)],
)
def test_broken_json_is_pointed_at_and_kept(door: Door, body: bytes, line: int, column: int) -> None:
    problem = problem_of(door.post(body), 400)
    assert (problem["line"], problem["column"]) == (line, column)
    assert problem["quarantine"]


def test_line_break_inside_a_text_is_repaired(door: Door) -> None:
    results_of(door.post('{"event": "message_in", "message": "раз\nдва\tтри"}'.encode()))
    [entry] = door.entries()
    assert entry.text == "раз\nдва\tтри"
    assert entry.flags & 0x10


def test_half_a_letter_and_a_zero_are_repaired(door: Door) -> None:
    results_of(door.post(b'{"event": "message_in", "message": "a\\ud83db\\u0000c", "name": "\xd0\x90\xd0"}'))
    [entry] = door.entries()
    assert entry.text == "a\ufffdb\ufffdc"
    assert entry.who == {"name": "А\ufffd"}
    assert entry.flags & 0x10


def test_windows_letters_are_understood(door: Door) -> None:
    results_of(door.post('{"event": "message_in", "message": "Здравствуйте"}'.encode("cp1251")))
    [entry] = door.entries()
    assert entry.text == "Здравствуйте"
    assert entry.flags & 0x10


# Bounds.


def test_gzip_is_unpacked(door: Door) -> None:
    body = gzip.compress(json.dumps([message(1)]).encode()) + gzip.compress(b" ")
    assert outcomes_of(door.post(body, content_encoding="gzip")) == ["accepted"]


def test_gzip_bomb_is_stopped(door: Door) -> None:
    bomb = gzip.compress(b" " * (BODY_BYTES_MAX * 7))
    assert len(bomb) < BODY_BYTES_MAX / 100
    assert problem_of(door.post(bomb, content_encoding="gzip"), 413)["remedy"]


@pytest.mark.parametrize("body", [b"no gzip", gzip.compress(b'{"event":"heartbeat"}')[:-9]])
def test_broken_gzip_is_told(door: Door, body: bytes) -> None:
    problem = problem_of(door.post(body, content_encoding="gzip"), 400)
    assert problem["type"].endswith(":not_gzip")
    assert problem["quarantine"]


def test_huge_body_is_refused_whatever_its_length_says(door: Door) -> None:
    def grow() -> Iterator[bytes]:
        for _ in range(BODY_BYTES_MAX // 65536 + 2):
            yield b" " * 65536

    headers = {"authorization": f"Bearer {door.key}"}
    problem_of(door.http.post("/v1/events", content=grow(), headers=headers), 413)
    problem_of(door.post(b" " * (BODY_BYTES_MAX + 1)), 413)


def test_huge_event_is_refused_and_not_kept(door: Door) -> None:
    attributes = {f"a{n}": "x" * 90_000 for n in range(EVENT_BYTES_MAX // 90_000 + 1)}
    problem = problem_of(door.post(message(1, attributes=attributes)), 400)
    assert problem["type"].endswith(":too_large")
    assert problem["quarantine"] is None
    assert problem["not_kept"]


def test_too_many_events_at_once_are_refused(door: Door) -> None:
    problem_of(door.post([{"event": "heartbeat"}] * (BATCH_EVENTS_MAX + 1)), 413)
    problem_of(door.post(b'{"event":"x"}\n' * (BATCH_EVENTS_MAX + 1), content_type="application/x-ndjson"), 413)
    assert len(results_of(door.post([{"event": "heartbeat"}] * BATCH_EVENTS_MAX))) == BATCH_EVENTS_MAX


@pytest.mark.parametrize("body", [b'{"event":"x","a":' + b"[" * 50_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000])
def test_bottomless_body_is_refused(door: Door, body: bytes) -> None:
    problem = problem_of(door.post(body), 400)
    assert problem["type"].split(":")[-1] in ("too_deep", "not_json")


@pytest.mark.parametrize(
    ("media_type", "encoding"),
    [("application/xml", ""), ("multipart/form-data; boundary=x", ""), ("application/json", "br")],
)
def test_other_bodies_are_refused(door: Door, media_type: str, encoding: str) -> None:
    problem = problem_of(door.post(b"{}", content_type=media_type, content_encoding=encoding), 415)
    assert "NDJSON" in problem["remedy"]


def test_key_may_send_so_much_and_no_more() -> None:
    allowance = Allowance(at=100.0)
    assert allowance.spend(BURST_EVENTS_MAX, 100.0) == 0
    assert allowance.spend(1, 100.0) == 1
    assert allowance.spend(EVENTS_PER_S_MAX, 101.0) == 0
    assert allowance.spend(EVENTS_PER_S_MAX + 1, 101.0) == 2


def test_flood_of_one_key_is_told_to_wait(door: Door) -> None:
    events = [{"event": "heartbeat", "dedup_key": "one"}] * BATCH_EVENTS_MAX
    answers = [door.post(events) for _ in range(BURST_EVENTS_MAX // BATCH_EVENTS_MAX)]
    while (answer := door.post(events)).status_code == 202 and len(answers) < FLOOD_REQUESTS_MAX:
        answers.append(answer)
    problem_of(answer, 429)
    assert answer.headers["retry-after"] == "1"


# Keys.


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize("place", ["bearer", "basic password", "basic user", "x-letopis-key", "x-api-key", "path"])
def test_key_is_found_wherever_a_sender_can_put_it(door: Door, place: str) -> None:
    headers = {
        "bearer": {"Authorization": f"bearer {door.key}"},
        "basic password": {"Authorization": _basic("letopis", door.key)},
        "basic user": {"Authorization": _basic(door.key, "")},
        "x-letopis-key": {"X-Letopis-Key": door.key},
        "x-api-key": {"X-Api-Key": door.key},
        "path": {},
    }[place]
    path = f"/in/{door.key}" if place == "path" else "/v1/events"
    for address in (path, path + "/"):
        answer = door.http.post(address, json={"event": "heartbeat"}, headers=headers)
        assert outcomes_of(answer) == ["accepted"]


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer lt_00000000_nonsense", "Bearer " + "x" * 5000, "Basic !!!", "Digest x"]
)
def test_without_a_key_nothing_is_taken(door: Door, authorization: str) -> None:
    answer = door.post({"event": "heartbeat"}, authorization=authorization)
    problem = problem_of(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert problem["remedy"]
    assert door.entries() == []


def test_read_key_may_not_send(door: Door) -> None:
    _, key = create_key(door.business, "reports", "read")
    problem_of(door.post({"event": "heartbeat"}, authorization=f"Bearer {key}"), 403)
    problem_of(door.http.post(f"/in/{key}", json={"event": "heartbeat"}), 403)


def test_key_opens_only_its_own_business(door: Door, stranger_business: UUID) -> None:
    _, key = create_key(stranger_business, "bot", "send")
    [result] = results_of(door.post(message(1), authorization=f"Bearer {key}"))
    assert stranger_business.hex in result["log"]
    assert door.entries() == []


def test_revoked_key_is_refused_within_two_seconds(door: Door) -> None:
    assert outcomes_of(door.post({"event": "heartbeat"})) == ["accepted"]
    revoke(door.key_row)
    time.sleep(2)
    problem_of(door.post({"event": "heartbeat"}), 401)


# Other ways to knock.


@pytest.mark.parametrize("path", ["/v1/events", "/in/whatever"])
def test_address_check_gets_a_short_text(door: Door, path: str) -> None:
    assert door.http.get(path).status_code == 200
    assert "POST" in door.http.get(path).text
    assert door.http.head(path).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(door: Door, method: str) -> None:
    answer = door.http.request(method, "/v1/events", headers={"Origin": "https://example.org"})
    problem_of(answer, 405)
    assert answer.headers["allow"] == "POST, GET, HEAD"


def test_unknown_address_is_told(door: Door) -> None:
    problem_of(door.http.post("/v1/nothing"), 404)


# What the pages see.


def news_of(business: UUID) -> list[News]:
    with connect() as conn, conn.cursor() as cur:
        enter(cur, business)
        return sources_of(cur, business)


def test_sources_tell_what_came_last(door: Door) -> None:
    results_of(door.post([message(1), message(1), message(1, message="нет"), message(2, source="vk")]))
    problem_of(door.post({"event": "message_in", "role": "kot"}), 400)
    deadline = time.monotonic() + SEEN_S_MAX
    while len(news := news_of(door.business)) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    rejected, telegram, vk = news
    assert {one.connection for one in news} == {"telegram-bot"}
    assert (telegram.source, vk.source) == ("telegram", "vk")
    assert (telegram.accepted_today, telegram.duplicates_today, telegram.conflicts_today) == (1, 1, 1)
    assert telegram.last_type == "message_in"
    assert telegram.last_event_at == telegram.first_event_at == door.entries()[0].received_at
    assert (rejected.rejected_today, rejected.last_reason, rejected.last_field) == (1, "not_role", "role")


def test_too_large_for_quarantine_is_said(door: Door) -> None:
    problem = problem_of(door.post(b'{"event": "x", "a": "' + b"a" * RAW_BYTES_MAX), 400)
    assert problem["quarantine"] is None
    assert "не сохранено" in problem["not_kept"]


def test_openapi_document_is_served(door: Door) -> None:
    answer = door.http.get("/v1/openapi.json")
    assert answer.status_code == 200
    assert msgspec.json.decode(answer.content)["openapi"] == "3.1.0"
    problem_of(door.http.post("/v1/openapi.json"), 405)


def test_form_type_of_a_json_body_is_forgiven(door: Door) -> None:
    """curl -d and simple constructors call any body a form."""
    answer = door.post(
        '{"event": "message_in", "client_id": "tg_1", "message": "привет"}'.encode(),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 202


def test_real_form_is_told_and_kept(door: Door) -> None:
    problem = problem_of(door.post(b"event=message_in", content_type="application/x-www-form-urlencoded"), 400)
    assert problem["quarantine"]
