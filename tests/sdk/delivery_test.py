"""From a call to the server: batches, retries, refusals."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest
from letopis_sdk import Notice

from tests.sdk.conftest import KEY, Connect, codes, segments
from tests.sdk.standin import Event, Reply, StandIn, free_port, wait_for


def test_five_lines_deliver_an_event(server: StandIn, connect: Connect) -> None:
    letopis = connect()
    letopis.message_in(client_id="tg_1", session_id="s1", message="Хочу на маникюр")
    assert letopis.flush(5)
    (event,) = server.stored.values()
    assert event["event"] == "message_in"
    assert (event["client_id"], event["session_id"], event["source"]) == ("tg_1", "s1", "telegram")
    assert (event["role"], event["message"]) == ("client", "Хочу на маникюр")
    assert event["dedup_key"]
    assert event["timestamp"][-6] in "+-"
    (headers,) = server.headers
    assert headers["path"] == "/v1/events"
    assert headers["authorization"] == f"Bearer {KEY}"
    assert (headers["content-type"], headers["content-encoding"]) == ("application/x-ndjson", "gzip")


def test_batches_are_bounded_by_count(server: StandIn, connect: Connect) -> None:
    letopis = connect(batch_events_max=10, batch_age_s_max=60.0)
    for number in range(35):
        letopis.event("heartbeat", step=str(number))
    assert letopis.flush(5)
    assert [event["step"] for events in server.requests for event in events] == [str(n) for n in range(35)]
    assert max(map(len, server.requests)) <= 10


def test_batches_are_bounded_by_bytes(server: StandIn, connect: Connect) -> None:
    letopis = connect(batch_bytes_max=10_000)
    for _ in range(20):
        letopis.event("heartbeat", message="x" * 3_000)
    letopis.event("heartbeat", message="x" * 30_000)
    assert letopis.flush(5)
    assert len(server.stored) == 21
    assert max(map(len, server.requests)) <= 3


def test_lone_event_leaves_by_age(server: StandIn, connect: Connect) -> None:
    connect().event("heartbeat")
    wait_for(lambda: len(server.stored) == 1)


def test_connection_is_kept_and_survives_hang_up(server: StandIn, connect: Connect, notices: list[Notice]) -> None:
    letopis = connect()
    for _ in range(3):
        letopis.event("heartbeat")
        assert letopis.flush(5)
    assert server.connections == 1
    server.hang_up()
    letopis.event("heartbeat")
    assert letopis.flush(5)
    assert len(server.stored) == 4
    assert server.connections == 2
    assert not notices


def test_call_returns_at_once_while_server_is_slow(server: StandIn, connect: Connect) -> None:
    server.replies = [Reply(delay_s=0.5)]
    letopis = connect()
    letopis.event("heartbeat")
    wait_for(lambda: bool(server.requests))
    began = time.perf_counter()
    for _ in range(200):
        letopis.event("heartbeat")
    assert time.perf_counter() - began < 0.2
    assert letopis.flush(5)
    assert len(server.stored) == 201


def test_retry_after_is_honoured(server: StandIn, connect: Connect, notices: list[Notice]) -> None:
    server.replies = [Reply(503, {"Retry-After": "1"}, body="")]
    letopis = connect()
    letopis.event("heartbeat")
    assert letopis.flush(5)
    assert 1.0 <= server.at[1] - server.at[0] < 2.0
    assert codes(notices) == {"away"}


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_passing_troubles_are_repeated(server: StandIn, connect: Connect, status: int) -> None:
    server.replies = [Reply(status, body=""), Reply(status, body="")]
    letopis = connect()
    letopis.event("heartbeat")
    assert letopis.flush(5)
    assert len(server.requests) == 3
    assert letopis.stats().delivered == 1


def test_lost_answer_makes_a_duplicate_not_a_double(server: StandIn, connect: Connect) -> None:
    server.replies = [Reply(cut=True)]
    letopis = connect()
    letopis.event("heartbeat")
    assert letopis.flush(5)
    assert len(server.stored) == 1
    assert sum(server.deliveries.values()) == 2
    assert (letopis.stats().delivered, letopis.stats().duplicates) == (1, 1)


def test_silent_server_ends_the_request(server: StandIn, connect: Connect) -> None:
    server.replies = [Reply(delay_s=1.0, store=False)]
    letopis = connect(request_s_max=0.2)
    letopis.event("heartbeat")
    assert letopis.flush(5)
    assert len(server.requests) == 2


def test_rejected_event_is_kept_with_its_reason(
    server: StandIn, connect: Connect, spool: Path, notices: list[Notice]
) -> None:
    def refuse_second(events: list[Event]) -> Reply:
        return Reply(
            body={
                "results": [
                    {"outcome": "rejected", "field": "timestamp", "detail": "Время не читается"}
                    if event.get("step") == "2"
                    else {"outcome": "accepted"}
                    for event in events
                ]
            }
        )

    server.plan = refuse_second
    letopis = connect()
    for step in "123":
        letopis.event("step_entered", step=step)
    assert letopis.flush(5)
    assert (letopis.stats().delivered, letopis.stats().rejected) == (2, 1)
    (path,) = spool.rglob("rejected.ndjson")
    (line,) = path.read_text(encoding="utf-8").splitlines()
    kept = json.loads(line)
    assert kept["event"]["step"] == "2"
    assert (kept["why"]["field"], kept["why"]["detail"]) == ("timestamp", "Время не читается")
    assert path.stat().st_mode & 0o777 == 0o600
    assert codes(notices) == {"rejected"}
    assert "timestamp" in notices[0].message


def test_overloaded_event_goes_again(server: StandIn, connect: Connect) -> None:
    server.replies = [Reply(body={"results": ["accepted", "overloaded", "accepted"]}, store=False)]
    letopis = connect(batch_events_max=3, batch_age_s_max=60.0)
    for step in "123":
        letopis.event("step_entered", step=step)
    assert letopis.flush(5)
    assert [[event["step"] for event in events] for events in server.requests] == [["1", "2", "3"], ["2", "3"]]
    assert (letopis.stats().delivered, letopis.stats().rejected) == (3, 0)


def test_wrong_event_is_singled_out_of_a_refused_batch(server: StandIn, connect: Connect, spool: Path) -> None:
    def all_or_nothing(events: list[Event]) -> Reply:
        if any(event.get("step") == "13" for event in events):
            problem = {"title": "Поле не подходит", "field": "step"}
            return Reply(400, body=problem, content_type="application/problem+json")
        return Reply()

    server.plan = all_or_nothing
    letopis = connect()
    for number in range(50):
        letopis.event("step_entered", step=str(number))
    assert letopis.flush(10)
    assert sorted(int(event["step"]) for event in server.stored.values()) == [n for n in range(50) if n != 13]
    assert letopis.stats().rejected == 1
    (path,) = spool.rglob("rejected.ndjson")
    assert '"step":"13"' in path.read_text(encoding="utf-8")


def test_too_large_request_is_cut_smaller(server: StandIn, connect: Connect) -> None:
    server.plan = lambda events: Reply(413, body="<html>", content_type="text/html") if len(events) > 4 else Reply()
    letopis = connect()
    for _ in range(20):
        letopis.event("heartbeat")
    assert letopis.flush(10)
    assert len(server.stored) == 20
    assert letopis.stats().rejected == 0


def test_rejected_file_is_bounded(server: StandIn, connect: Connect, spool: Path) -> None:
    server.plan = lambda events: Reply(body={"results": ["rejected"] * len(events)})
    letopis = connect(rejected_bytes_max=5_000)
    for _ in range(30):
        letopis.event("heartbeat", message="x" * 700)
    assert letopis.flush(5)
    assert letopis.stats().rejected == 30
    for name in ("rejected.ndjson", "rejected.1.ndjson"):
        (path,) = spool.rglob(name)
        assert path.stat().st_size <= 5_000


@pytest.mark.parametrize("status", [401, 403])
def test_refused_key_pauses_and_warns(server: StandIn, connect: Connect, notices: list[Notice], status: int) -> None:
    server.replies = [Reply(status, body={})]
    letopis = connect(refused_pause_s=0.3)
    letopis.event("heartbeat")
    assert letopis.flush(5)
    assert server.at[1] - server.at[0] >= 0.3
    assert codes(notices) == {"key_refused"}


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, body="<html>Sign in</html>", content_type="text/html", store=False),
        Reply(302, {"Location": "/elsewhere"}, body=""),
        Reply(404, body="", content_type="text/html"),
        Reply(400, body="<html>", content_type="text/html"),
    ],
    ids=["sign-in page", "redirect", "not found", "proxy's 400"],
)
def test_stranger_at_the_address_swallows_nothing(
    server: StandIn, connect: Connect, notices: list[Notice], reply: Reply
) -> None:
    server.replies = [reply]
    letopis = connect()
    letopis.event("heartbeat")
    assert letopis.flush(5)
    assert len(server.stored) == 1
    assert codes(notices) == {"not_letopis"}


def test_server_away_then_back(connect: Connect, notices: list[Notice], spool: Path) -> None:
    port = free_port()
    letopis = connect(url=f"http://127.0.0.1:{port}")
    for _ in range(50):
        letopis.event("heartbeat")
    wait_for(lambda: "away" in codes(notices) and letopis.stats().waiting == 50)
    assert not letopis.flush(0.05)
    back = StandIn(port)
    try:
        assert letopis.flush(5)
        assert len(back.stored) == 50
        assert set(back.deliveries.values()) == {1}
        assert not segments(spool)
    finally:
        letopis.close()
        back.stop()


def test_flush_does_not_wait_for_what_cannot_come(server: StandIn, connect: Connect) -> None:
    server.plan = lambda events: Reply(503, {"Retry-After": "60"}, body="")
    letopis = connect()
    letopis.event("heartbeat")
    wait_for(lambda: bool(server.requests))
    began = time.perf_counter()
    assert not letopis.flush(30)
    assert time.perf_counter() - began < 5


def test_many_threads_lose_nothing(server: StandIn, connect: Connect) -> None:
    letopis = connect()

    def speak(name: int) -> None:
        dialogue = letopis.dialogue(f"tg_{name}", f"s{name}")
        for number in range(100):
            dialogue.message_in(str(number))

    threads = [threading.Thread(target=speak, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert letopis.flush(10)
    assert len(server.stored) == 800
    for name in range(8):
        own = [event["message"] for event in server.stored.values() if event["client_id"] == f"tg_{name}"]
        assert own == [str(number) for number in range(100)]


def test_after_close_events_are_counted_not_raised(server: StandIn, connect: Connect, notices: list[Notice]) -> None:
    with connect() as letopis:
        letopis.event("heartbeat")
    assert len(server.stored) == 1
    letopis.event("heartbeat")
    assert letopis.close()
    assert letopis.stats().dropped == 1
    assert codes(notices) == {"closed"}
