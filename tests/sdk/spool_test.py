"""The spool: what survives a killed process, a torn file, a full disk, a fork."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from letopis_sdk import Letopis, Limits, Notice, segment
from letopis_sdk.home import Home, guard
from letopis_sdk.notices import Notices
from letopis_sdk.segment import DiskSegment
from letopis_sdk.spool import Spool

from tests.sdk.conftest import KEY, Connect, codes, segments
from tests.sdk.standin import Reply, StandIn, free_port, wait_for

SDK = Path(segment.__file__).parents[1]


def spawn(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(SDK)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    return out


ASSISTANT = """
    import sys, time
    from letopis_sdk import Letopis
    url, key, spool, first, count = sys.argv[1:]
    letopis = Letopis(url, key=key, spool=spool)
    for number in range(int(first), int(first) + int(count)):
        letopis.event("heartbeat", step=str(number))
    while letopis.stats().unwritten:
        time.sleep(0.001)
    print("written", flush=True)
    time.sleep(60)
"""


def kill_after_writing(url: str, spool: Path, first: int, count: int) -> None:
    process = spawn(ASSISTANT, url, KEY, spool, first, count)
    assert process.stdout is not None
    assert process.stdout.readline() == "written\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=10)


def steps(server: StandIn) -> list[int]:
    return sorted(int(event["step"]) for event in server.stored.values())


def make_spool(folder: Path, limits: Limits | None = None) -> Spool:
    limits = limits or Limits()
    return Spool(Home(folder, "http://x", "k"), limits, Notices(None, 60))


def test_killed_process_loses_nothing(server: StandIn, connect: Connect, spool: Path) -> None:
    kill_after_writing(f"http://127.0.0.1:{free_port()}", spool, 0, 1)  # another address: must stay out of this
    server.plan = lambda events: Reply(503, body="")
    kill_after_writing(server.url, spool, 0, 300)
    kill_after_writing(server.url, spool, 300, 300)
    server.plan = lambda events: Reply()
    letopis = connect()
    wait_for(lambda: len(server.stored) >= 600)
    assert letopis.flush(5)
    assert steps(server) == list(range(600))
    assert letopis.stats().adopted == 600
    assert len(segments(spool)) == 1  # that of the other address


def test_killed_while_delivering_makes_no_doubles(server: StandIn, connect: Connect, spool: Path) -> None:
    server.plan = lambda events: Reply(delay_s=0.3)
    kill_after_writing(server.url, spool, 0, 400)
    server.plan = lambda events: Reply()
    connect()
    wait_for(lambda: len(server.stored) >= 400)
    assert steps(server) == list(range(400))


def test_living_process_keeps_its_spool(server: StandIn, connect: Connect, spool: Path) -> None:
    server.plan = lambda events: Reply(503, body="")
    first, second = connect(), connect()
    for number in range(10):
        first.event("heartbeat", step=str(number))
        second.event("heartbeat", step=str(10 + number))
    wait_for(lambda: first.stats().waiting == 10 and second.stats().waiting == 10)
    third = connect()
    server.plan = lambda events: Reply()
    for letopis in (first, second, third):
        assert letopis.flush(5)
    assert steps(server) == list(range(20))
    assert [letopis.stats().adopted for letopis in (first, second, third)] == [0, 0, 0]


def test_idle_neighbour_adopts_what_a_dead_process_left(server: StandIn, connect: Connect, spool: Path) -> None:
    connect()
    server.plan = lambda events: Reply(503, body="") if any("step" in event for event in events) else Reply()
    kill_after_writing(server.url, spool, 0, 20)
    server.plan = lambda events: Reply()
    wait_for(lambda: len(server.stored) == 20)


def test_restart_with_a_new_key_brings_the_old_ones_events(server: StandIn, connect: Connect) -> None:
    server.plan = lambda events: Reply(401, body={})
    revoked = connect(key="lt_old_key")
    revoked.event("heartbeat")
    wait_for(lambda: bool(server.requests))
    revoked.close(timeout=0)
    server.plan = lambda events: Reply()
    connect(former_keys=["lt_old_key"])
    wait_for(lambda: len(server.stored) == 1)
    assert server.headers[-1]["authorization"] == f"Bearer {KEY}"


def test_torn_tail_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "a.seg"
    whole = DiskSegment.create(path)
    whole.append([b"one", b"two", b"three"])
    whole.close()
    data = path.read_bytes()
    for cut in range(len(data)):
        path.write_bytes(data[:cut])
        adopted, damaged = DiskSegment.adopt(path)
        events = adopted.read(10, 1000).events
        assert events == (b"one", b"two", b"three")[: len(events)]
        assert adopted.waiting == len(events)
        assert damaged <= 1
        if cut >= len(data[:20]):
            adopted.append([b"next"])
            assert adopted.read(10, 1000).events == (*events, b"next")
        adopted.close()


def test_flipped_byte_costs_one_event(tmp_path: Path) -> None:
    path = tmp_path / "a.seg"
    whole = DiskSegment.create(path)
    whole.append([b"one", b"two", b"three"])
    whole.close()
    data = bytearray(path.read_bytes())
    data[data.index(b"two")] ^= 1
    path.write_bytes(data)
    adopted, damaged = DiskSegment.adopt(path)
    assert (adopted.read(10, 1000).events, damaged) == ((b"one", b"three"), 1)
    adopted.close()


def test_settled_events_are_not_sent_again(tmp_path: Path) -> None:
    path = tmp_path / "a.seg"
    first = DiskSegment.create(path)
    first.append([b"one", b"two", b"three"])
    first.settle(first.read(2, 1000), 2)
    first.close()
    adopted, _ = DiskSegment.adopt(path)
    assert adopted.read(10, 1000).events == (b"three",)
    adopted.close()


def test_torn_position_means_the_beginning(tmp_path: Path) -> None:
    path = tmp_path / "a.seg"
    first = DiskSegment.create(path)
    first.append([b"one", b"two"])
    first.settle(first.read(1, 1000), 1)
    first.close()
    data = bytearray(path.read_bytes())
    data[10] ^= 0xFF
    path.write_bytes(data)
    adopted, _ = DiskSegment.adopt(path)
    assert adopted.read(10, 1000).events == (b"one", b"two")
    adopted.close()


def test_spool_is_for_its_owner_only(server: StandIn, connect: Connect, spool: Path) -> None:
    server.plan = lambda events: Reply(503, body="")
    letopis = connect()
    letopis.event("heartbeat")
    wait_for(lambda: bool(segments(spool)))
    for path in spool.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_delivered_events_leave_the_disk(server: StandIn, connect: Connect, spool: Path) -> None:
    letopis = connect()
    for _ in range(50):
        letopis.event("heartbeat", message="Хочу на маникюр")
    assert letopis.flush(5)
    assert not segments(spool)
    letopis.close()
    assert {path.name for path in spool.rglob("*") if path.is_file()} == {"guard"}


def test_full_spool_drops_the_oldest_and_counts(tmp_path: Path) -> None:
    spool = make_spool(tmp_path, Limits(spool_bytes_max=40_000, segment_bytes_max=5_000))
    for number in range(100):
        spool.append([str(number).encode().ljust(1_000)])
    assert sum(path.stat().st_size for path in segments(tmp_path)) <= 40_000
    assert spool.dropped + spool.waiting == 100
    assert spool.dropped > 0
    batch = spool.peek(1)
    assert batch is not None
    assert int(batch.events[0]) == spool.dropped
    spool.close()


def test_dropped_batch_is_not_settled_twice(tmp_path: Path) -> None:
    spool = make_spool(tmp_path, Limits(spool_bytes_max=8_000, segment_bytes_max=1_000))
    spool.append([b"x" * 900, b"y" * 900])
    batch = spool.peek(1)
    assert batch is not None
    for _ in range(20):
        spool.append([b"z" * 900])
    waiting = spool.waiting
    spool.settle(batch, 1)
    assert spool.waiting == waiting
    assert spool.settled == spool.dropped
    spool.close()


def test_unwritable_spool_falls_back_to_memory(
    server: StandIn, connect: Connect, tmp_path: Path, notices: list[Notice]
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    letopis = connect(folder=blocked / "spool")
    for _ in range(5):
        letopis.event("heartbeat")
        assert letopis.flush(5)
    assert len(server.stored) == 5
    assert [notice.code for notice in notices] == ["spool_unwritable"]


def test_full_disk_falls_back_to_memory_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Notice] = []
    limits = Limits(disk_pause_s=0.001)
    spool = Spool(Home(tmp_path, "http://x", "k"), limits, Notices(told.append, 60))
    spool.append([b"before"])
    write_all = segment._write_all

    def full(fd: int, data: bytes) -> None:
        os.write(fd, data[:5])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(segment, "_write_all", full)
    for _ in range(3):
        spool.append([b"during"])
    monkeypatch.setattr(segment, "_write_all", write_all)
    wait_for(lambda: spool._disk_from < time.monotonic())
    spool.append([b"after"])
    delivered: list[bytes] = []
    while (batch := spool.peek(10)) is not None:
        delivered += batch.events
        spool.settle(batch, len(batch.events))
    assert delivered == [b"before", b"during", b"during", b"during", b"after"]
    assert [notice.code for notice in told] == ["spool_unwritable"]
    assert "No space left" in told[0].message
    assert not segments(tmp_path)
    spool.close()


def test_memory_is_bounded_too() -> None:
    spool = Spool(None, Limits(memory_bytes_max=10_000), Notices(None, 60))
    for _ in range(50):
        spool.append([b"x" * 1_000])
    assert spool.waiting_bytes <= 10_000
    assert spool.waiting + spool.dropped == 50
    spool.close()
    assert spool.dropped == 50


def test_swept_spool_begins_anew(server: StandIn, connect: Connect, spool: Path, notices: list[Notice]) -> None:
    letopis = connect()
    letopis.event("heartbeat")
    assert letopis.flush(5)
    subprocess.run(["rm", "-r", str(spool)], check=True)
    letopis.event("heartbeat")
    assert letopis.flush(5)
    assert len(server.stored) == 2
    assert not notices


def test_busy_guard_is_not_waited_for_by_the_caller(server: StandIn, connect: Connect, spool: Path) -> None:
    destination = Home(spool, server.url, KEY).destination
    destination.mkdir(parents=True)
    with guard(destination):
        letopis = connect()
        letopis.event("heartbeat")
        assert letopis.flush(5)
    assert len(server.stored) == 1


def test_forked_child_speaks_for_itself(server: StandIn, spool: Path) -> None:
    script = """
        import os, sys, time
        from letopis_sdk import Letopis, Limits
        url, key, spool = sys.argv[1:]
        letopis = Letopis(url, key=key, spool=spool, limits=Limits(batch_age_s_max=0.05))
        letopis.event("heartbeat", step="0")
        children = []
        for number in range(1, 4):
            child = os.fork()
            if child == 0:
                letopis.event("heartbeat", step=str(number))
                delivered = letopis.close(5)
                os._exit(0 if delivered and letopis.stats().taken == 1 else 1)
            children.append(child)
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        letopis.event("heartbeat", step="4")
        print(codes, letopis.close(5), letopis.stats().delivered)
    """
    assert finish(spawn(script, server.url, KEY, spool)) == "[0, 0, 0] True 2\n"
    assert steps(server) == [0, 1, 2, 3, 4]
    assert set(server.deliveries.values()) == {1}


def test_end_of_program_delivers(server: StandIn, spool: Path) -> None:
    script = """
        import sys
        from letopis_sdk import Letopis
        letopis = Letopis(sys.argv[1], key=sys.argv[2], spool=sys.argv[3])
        for number in range(20):
            letopis.event("heartbeat", step=str(number))
    """
    finish(spawn(script, server.url, KEY, spool))
    assert steps(server) == list(range(20))


def test_end_of_program_while_server_is_away_keeps_events(spool: Path, connect: Connect, server: StandIn) -> None:
    server.plan = lambda events: Reply(503, {"Retry-After": "30"}, body="")
    script = """
        import sys
        from letopis_sdk import Letopis
        letopis = Letopis(sys.argv[1], key=sys.argv[2], spool=sys.argv[3])
        letopis.event("heartbeat", step="0")
    """
    finish(spawn(script, server.url, KEY, spool))
    assert len(segments(spool)) == 1
    server.plan = lambda events: Reply()
    connect()
    wait_for(lambda: steps(server) == [0])


def test_queue_is_bounded_while_the_disk_hangs(
    server: StandIn, connect: Connect, notices: list[Notice], monkeypatch: pytest.MonkeyPatch
) -> None:
    letopis: Letopis = connect(queue_events_max=10)
    free, inside = threading.Event(), threading.Event()
    append = Spool.append

    def hang(self: Spool, events: list[bytes]) -> None:
        inside.set()
        free.wait(5)
        append(self, events)

    monkeypatch.setattr(Spool, "append", hang)
    letopis.event("heartbeat", step="0")
    inside.wait(5)
    for number in range(1, 31):
        letopis.event("heartbeat", step=str(number))
    assert letopis.stats().unwritten == 11
    free.set()
    assert letopis.flush(5)
    assert steps(server) == [0, *range(21, 31)]
    assert letopis.stats().dropped == 20
    assert codes(notices) == {"queue_full"}
