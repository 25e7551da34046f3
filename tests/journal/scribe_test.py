"""The scribe against a real database: order, repeats, several writers, broken connections, bounds."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import uvloop
from django.conf import settings

from letopis.access.wall import enter
from letopis.base.database import SCRIBE, aconnect, connect, session
from letopis.base.errors import Overloaded
from letopis.journal import commit, scribe
from letopis.journal.draft import CONTROL, Outcome, Receipt
from letopis.journal.entries import Entry, raw_of, read_after, read_some
from letopis.journal.scribe import Scribe, UnknownOutcome, append_now
from letopis.journal.verify import verify
from letopis.journal.wire import Wire
from tests.journal.hearing import Deaf
from tests.journal.made import message, messages

pytestmark = pytest.mark.usefixtures("database")


def read(business: UUID, position: int = -1, limit: int = 10_000) -> list[Entry]:
    with connect() as conn, conn.cursor() as cur:
        enter(cur, business)
        return read_after(cur, business, position, limit)


def with_scribe(act: Callable[[Scribe], Coroutine[Any, Any, Any]]) -> Any:
    """Run `act` with a started scribe, and stop it."""

    async def main() -> Any:
        one = Scribe()
        await one.start()
        try:
            return await act(one)
        finally:
            await one.stop()

    return asyncio.run(main())


def test_what_goes_in_comes_out(business: UUID) -> None:
    [receipt] = append_now([message(business, 7, "Ё-моё 👩‍🦰", occurred_us=1_735_724_096_000_000)])
    opened, entry = read(business)
    assert (opened.type, opened.kind, opened.seq) == ("log.opened", CONTROL, 0)
    assert (entry.seq, entry.type, entry.source, entry.text) == (1, "message_in", "telegram", "Ё-моё 👩‍🦰")
    assert (entry.meta, entry.who["message_id"]) == ({"role": "client"}, "7")
    assert entry.at == entry.occurred_at
    assert entry.received_at.timestamp() * 1e6 == pytest.approx(receipt.received_us, abs=1)
    with connect() as conn, conn.cursor() as cur:
        enter(cur, business)
        assert raw_of(cur, business, 1) == b'{"event":"message_in","message_id":"7"}'
        assert raw_of(cur, business, 0) is None
        assert raw_of(cur, business, 99) is None
        assert list(read_some(cur, business, [1, 99])) == [1]


def test_time_too_far_ahead_is_not_believed(business: UUID) -> None:
    append_now([message(business, 1, occurred_us=4_000_000_000_000_000)])
    entry = read(business)[1]
    assert entry.at == entry.received_at != entry.occurred_at


def test_stranger_sees_nothing(business: UUID, stranger_business: UUID) -> None:
    append_now(messages(business, 3))
    with connect() as conn, conn.cursor() as cur:
        enter(cur, stranger_business)
        assert read_after(cur, business, -1, 10) == []
        assert read_some(cur, business, [1]) == {}


def test_app_may_not_change_the_journal(business: UUID) -> None:
    append_now(messages(business, 1))
    for statement in (
        "UPDATE journal_entry SET level = 3",
        "DELETE FROM journal_content",
        "DELETE FROM journal_raw_rest",
        "SELECT FROM journal_content_rest",
        "UPDATE journal_log SET size = 0",
        "INSERT INTO journal_node VALUES (gen_random_uuid(), 0, 8, 'events/1', '')",
    ):
        with connect() as conn, conn.cursor() as cur:
            enter(cur, business)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                cur.execute(statement)  # type: ignore[call-overload]


def test_scribe_may_not_read_words(business: UUID) -> None:
    append_now(messages(business, 1))
    for table in ("journal_entry", "journal_content", "journal_raw"):
        with connect(SCRIBE) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(f"SELECT 1 FROM {table}")  # type: ignore[call-overload]


def test_repeats_over_batches(business: UUID) -> None:
    [first] = append_now([message(business, 1)])
    again, other, new = append_now([message(business, 1), message(business, 1, "Другое"), message(business, 2)])
    assert (again.outcome, other.outcome, new.outcome) == (Outcome.DUPLICATE, Outcome.CONFLICT, Outcome.ACCEPTED)
    assert again.seq == other.seq == first.seq
    assert again.received_us == first.received_us
    conflict = read(business)[2]
    assert (conflict.type, conflict.kind, conflict.meta) == (
        "event.conflict",
        CONTROL,
        {"first_seq": 1, "type": "message_in"},
    )
    assert conflict.who["client_id"] == "tg_12345678"
    assert "Другое" in (conflict.text or "")
    assert verify(business).problems == []


def test_more_than_one_transaction_in_a_call(business: UUID) -> None:
    receipts = append_now(messages(business, scribe.BATCH_EVENTS_MAX * 2 + 5))
    assert [receipt.seq for receipt in receipts] == list(range(1, len(receipts) + 1))


def test_many_senders_one_scribe(business: UUID, stranger_business: UUID) -> None:
    async def act(one: Scribe) -> list[Any]:
        return await asyncio.gather(
            *(one.append([message(b, n)]) for n in range(200) for b in (business, stranger_business))
        )

    receipts = with_scribe(act)
    for b, of_one in ((business, receipts[::2]), (stranger_business, receipts[1::2])):
        assert [receipt.seq for [receipt] in of_one] == list(range(1, 201)), "order of arrival holds"
        assert verify(b).problems == []


def test_mixed_call_keeps_its_order(business: UUID) -> None:
    drafts = [message(business, 1), message(business, 2, type="НЕТ"), message(business, 3), message(business, 1)]
    receipts = with_scribe(lambda one: one.append(drafts))
    assert [receipt.outcome for receipt in receipts] == ["accepted", "refused", "accepted", "duplicate"]
    assert with_scribe(lambda one: one.append([])) == []


def test_growth_is_told(business: UUID) -> None:
    with connect(autocommit=True) as listener:
        listener.execute("LISTEN letopis_grew")
        append_now(messages(business, 3))
        told = [notice.payload for notice in listener.notifies(timeout=2, stop_after=1)]
    assert told == [str(business)]


def test_two_scribes_keep_one_order(business: UUID, stranger_business: UUID) -> None:
    """Half of what each writes the other writes too: no number twice, no gap, no double."""

    async def main() -> list[Any]:
        scribes = [Scribe(), Scribe()]
        for one in scribes:
            await one.start()
        calls = [
            one.append([message(b, n, dedup_key=f"{n if n % 2 else (place, n)}")])
            for n in range(150)
            for place, one in enumerate(scribes)
            for b in (business, stranger_business)
        ]
        receipts = await asyncio.gather(*calls)
        for one in scribes:
            await one.stop()
        return [receipt for [receipt] in receipts]

    receipts = asyncio.run(main())
    assert sum(receipt.outcome is Outcome.DUPLICATE for receipt in receipts) == 150
    for b in (business, stranger_business):
        entries = read(b)
        assert [entry.seq for entry in entries] == list(range(1 + 225))
        assert verify(b).problems == []


def test_reader_misses_nothing_of_four_writers(business: UUID, stranger_business: UUID) -> None:
    """A reader that polls while four threads write sees every entry once, in order."""
    seen: dict[UUID, list[int]] = {business: [], stranger_business: []}
    finished = threading.Event()

    def write(writer: int) -> None:
        for n in range(12):
            append_now([message(b, 1000 * writer + n * 10 + k) for k in range(5) for b in seen])

    def poll() -> None:
        with connect() as conn, conn.cursor() as cur:
            while True:
                last_round = finished.is_set()
                for b, numbers in seen.items():
                    enter(cur, b)
                    numbers += [e.seq for e in read_after(cur, b, numbers[-1] if numbers else -1, 50)]
                    conn.commit()
                if last_round and all(len(numbers) >= 1 + 4 * 12 * 5 for numbers in seen.values()):
                    return

    reader = threading.Thread(target=poll, daemon=True)
    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join(60)
    finished.set()
    reader.join(30)
    assert all(numbers == list(range(1 + 4 * 12 * 5)) for numbers in seen.values())


def test_log_locked_elsewhere_does_not_hold_back_others(business: UUID, stranger_business: UUID) -> None:
    with connect(SCRIBE) as holder:
        append_now(messages(business, 1) + messages(stranger_business, 1))
        holder.execute("SELECT FROM journal_log WHERE business_id = %s FOR UPDATE", [business])

        async def act(one: Scribe) -> tuple[list[Any], list[Any]]:
            held = asyncio.create_task(one.append([message(business, 2)]))
            free = await asyncio.wait_for(one.append([message(stranger_business, 2)]), 3)
            assert not held.done()
            await asyncio.to_thread(holder.rollback)
            return free, await held

        free, held = with_scribe(act)
    assert [receipt.outcome for receipt in free + held] == [Outcome.ACCEPTED] * 2


def test_full_line_is_overloaded_at_once(business: UUID) -> None:
    async def main() -> None:
        idle = Scribe()
        calls = [asyncio.create_task(idle.append(messages(business, 1024, 1024 * n))) for n in range(4)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded) as full:
            await idle.append([message(business, 9999)])
        assert full.value.retry_after_s == 1
        await idle.stop()
        for call in calls:
            with pytest.raises(Overloaded):
                await call

    asyncio.run(main())


def test_line_is_bounded_in_bytes(business: UUID) -> None:
    async def main() -> None:
        idle = Scribe()
        large = message(business, 1, "я" * 900_000)
        calls = [asyncio.create_task(idle.append([large] * 6)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await idle.append([large] * 6)
        await idle.stop()
        await asyncio.gather(*calls, return_exceptions=True)

    asyncio.run(main())


def test_waiting_has_an_end(business: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody writes: the sender is told so, and what he gave up is not stored later."""

    async def main() -> None:
        late = Scribe()
        with monkeypatch.context() as hasty:
            hasty.setattr(scribe, "WAIT_S_MAX", 0.05)
            with pytest.raises(Overloaded):
                await late.append([message(business, 1)])
        await late.start()
        assert [receipt.seq for receipt in await late.append([message(business, 2)])] == [1]
        await late.stop()

    asyncio.run(main())
    assert [entry.who.get("message_id") for entry in read(business)] == [None, "2"]


def test_part_of_a_call_may_be_too_late(
    business: UUID, stranger_business: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One log stays locked elsewhere: what was stored is told, the rest is named too late and is not stored later."""
    monkeypatch.setattr(scribe, "WAIT_S_MAX", 0.3)

    async def pass_over(conn: Any, items: Any, patient: Any) -> list[Receipt | None]:
        held = [item for item in items if item.draft.business == business]
        stored = iter(await commit.write(conn, free, {stranger_business}) if (free := _without(items, held)) else [])
        await asyncio.sleep(0.01)
        monkeypatch.setattr(scribe, "write", between_transactions)
        return [None if item in held else next(stored) for item in items]

    async def between_transactions(conn: Any, items: Any, patient: Any) -> list[Receipt | None]:
        raise psycopg.OperationalError("certainly not stored")

    monkeypatch.setattr(scribe, "write", pass_over)
    monkeypatch.setattr(scribe, "BACK_OFF_S_FIRST", 5)
    [late, stored] = with_scribe(lambda one: one.append([message(business, 1), message(stranger_business, 1)]))
    assert (late.outcome, stored.outcome) == (Outcome.OVERLOADED, Outcome.ACCEPTED)
    assert read(business) == []


def _without(items: Any, held: Any) -> list[Any]:
    return [item for item in items if item not in held]


class Cutting:
    """Connects, and lets a test cut the connection from outside."""

    def __init__(self) -> None:
        self.pid = 0
        self.opened = 0

    async def __call__(self) -> psycopg.AsyncConnection[Any]:
        conn = await aconnect(SCRIBE)
        self.pid = conn.info.backend_pid
        self.opened += 1
        return conn


def cut(pid: int, owner: psycopg.Connection[Any]) -> None:
    owner.execute("SELECT pg_terminate_backend(%s, 2000)", [pid])


def test_cut_connection_is_survived(business: UUID, owner_connection: psycopg.Connection[Any]) -> None:
    """The connection dies between two transactions: nothing is lost, nothing doubled, the sender notices nothing."""

    async def main() -> None:
        cutting = Cutting()
        one = Scribe(cutting)
        await one.start()
        await one.append([message(business, 1)])
        await asyncio.to_thread(cut, cutting.pid, owner_connection)
        assert [receipt.seq for receipt in await one.append([message(business, 2)])] == [2]
        assert cutting.opened == 2
        await one.stop()

    asyncio.run(main())
    assert verify(business).problems == []


def test_cut_inside_a_transaction_is_tried_again(
    business: UUID, owner_connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    cutting = Cutting()
    copy = Wire.copy
    cuts = iter([True])

    async def cut_once(wire: Wire, copies: Any) -> None:
        await copy(wire, copies)
        if next(cuts, False):
            await asyncio.to_thread(cut, cutting.pid, owner_connection)
            await copy(wire, copies)

    monkeypatch.setattr(Wire, "copy", cut_once)

    async def main() -> None:
        one = Scribe(cutting)
        await one.start()
        assert [receipt.seq for receipt in await one.append(messages(business, 5))] == [1, 2, 3, 4, 5]
        await one.stop()

    asyncio.run(main())
    assert len(read(business)) == 6


@pytest.mark.parametrize("reached_disk", [True, False])
def test_failed_commit_is_unknown(
    business: UUID,
    owner_connection: psycopg.Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
    reached_disk: bool,
) -> None:
    """Whether it reached the disk or not: the sender repeats, and there is one entry of it in the end."""
    cutting = Cutting()
    finish = commit._finish
    failures: list[bool] = []

    async def fail_once(*arguments: Any) -> None:
        if failures:
            failures.clear()
            if reached_disk:
                await finish(*arguments)
            await asyncio.to_thread(cut, cutting.pid, owner_connection)
        await finish(*arguments)

    monkeypatch.setattr(commit, "_finish", fail_once)

    async def main() -> None:
        one = Scribe(cutting)
        await one.start()
        await one.append([message(business, 1)])
        failures.append(True)
        with pytest.raises(UnknownOutcome):
            await one.append(messages(business, 3, first=10))
        receipts = await one.append(messages(business, 3, first=10))
        wanted = Outcome.DUPLICATE if reached_disk else Outcome.ACCEPTED
        assert [(receipt.seq, receipt.outcome) for receipt in receipts] == [(n, wanted) for n in (2, 3, 4)]
        await one.stop()

    asyncio.run(main())
    assert verify(business).problems == []


def test_no_database_for_a_while(business: UUID) -> None:
    async def main() -> None:
        failures = iter(range(3))

        async def reluctant() -> psycopg.AsyncConnection[Any]:
            if next(failures, None) is not None:
                raise psycopg.OperationalError("no server")
            return await aconnect(SCRIBE)

        one = Scribe(reluctant)
        await one.start()
        assert [receipt.seq for receipt in await one.append([message(business, 1)])] == [1]
        await one.stop()

    asyncio.run(main())


def test_fault_of_ours_leaves_the_writer_at_work(business: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """The batch, and what was to undo it, fail in a way that nobody has thought of: its senders send again."""
    faults = iter([RuntimeError("a fault of ours"), psycopg.OperationalError("and the server is gone")])
    write, leave = commit.write, commit.leave

    async def failing_write(*given: Any) -> Any:
        if fault := next(faults, None):
            raise fault
        return await write(*given)

    async def failing_leave(wire: Wire) -> None:
        if fault := next(faults, None):
            raise fault
        await leave(wire)

    monkeypatch.setattr(scribe, "write", failing_write)
    monkeypatch.setattr(scribe, "leave", failing_leave)

    async def act(one: Scribe) -> None:
        with pytest.raises(UnknownOutcome):
            await one.append([message(business, 1)])
        [receipt] = await one.append([message(business, 1)])
        assert (receipt.outcome, receipt.seq) == (Outcome.ACCEPTED, 1)

    with_scribe(act)
    assert verify(business).problems == []


def test_one_that_the_store_refuses_does_not_sink_its_batch(
    business: UUID, stranger_business: UUID, owner_connection: psycopg.Connection[Any]
) -> None:
    """The log row of one business was damaged: its events are refused, those of the other are stored."""
    append_now(messages(business, 3) + messages(stranger_business, 1))
    owner_connection.execute("UPDATE journal_log SET size = 2 WHERE business_id = %s", [business])

    async def act(one: Scribe) -> list[Any]:
        return await asyncio.gather(
            *(one.append([message(b, n)]) for n in range(10, 14) for b in (business, stranger_business))
        )

    receipts = [receipt for [receipt] in with_scribe(act)]
    assert {receipt.outcome for receipt in receipts[::2]} == {Outcome.REFUSED}
    assert [receipt.seq for receipt in receipts[1::2]] == [2, 3, 4, 5]


def test_unknown_business_gets_a_log_of_its_own() -> None:
    """The journal asks nobody who a business is; the door has done so."""
    stranger = uuid4()
    assert append_now([message(stranger, 1)])[0].seq == 1


def test_stop_stores_what_waits(business: UUID) -> None:
    async def main() -> None:
        one = Scribe()
        calls = [asyncio.create_task(one.append(messages(business, 100, 100 * n))) for n in range(8)]
        await asyncio.sleep(0)
        await one.start()
        await one.stop()
        assert [receipt.seq for call in calls for receipt in await call] == list(range(1, 801))
        with pytest.raises(Overloaded):
            await one.append([message(business, 9999)])

    asyncio.run(main())


WRITER = """
import sys, django
django.setup()
from uuid import UUID
from letopis.journal.scribe import append_now
from tests.journal.hearing import Deaf
from tests.journal.made import message
writer, businesses = sys.argv[1], [UUID(text) for text in sys.argv[2:]]
for n in range(20):
    keys = {k: f"{k}" if k % 3 else f"{writer}:{k}" for k in range(n, n + 5)}
    append_now([message(b, k, dedup_key=key) for k, key in keys.items() for b in businesses])
"""


def test_several_processes_write_one_order(business: UUID, stranger_business: UUID) -> None:
    """Each process sends the same ids over and over; there is one entry of each, and no gap."""
    command = [sys.executable, "-c", WRITER]
    writers = [subprocess.Popen([*command, str(n), str(business), str(stranger_business)]) for n in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    shared = sum(1 for k in range(24) if k % 3)
    for b in (business, stranger_business):
        assert [entry.seq for entry in read(b)] == list(range(1 + shared + 3 * (24 - shared)))
        assert verify(b).problems == []


def test_number_of_a_lost_socket_may_be_anothers(owner_connection: psycopg.Connection[Any]) -> None:
    """The server goes, libpq closes its socket, and connections of senders get that number: they are left alone."""

    async def until_left(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def main() -> None:
        cutting = Cutting()
        wire = await commit.open_wire(await cutting())
        server = await asyncio.start_server(until_left, "127.0.0.1", 0)
        await asyncio.to_thread(cut, cutting.pid, owner_connection)
        await asyncio.sleep(0.05)
        assert wire.is_closed
        others = [await asyncio.open_connection(*server.sockets[0].getsockname()) for _ in range(20)]
        await wire.close()
        for _, writer in others:
            writer.close()
            await writer.wait_closed()
        await asyncio.sleep(0.05)
        server.close()
        await server.wait_closed()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


def test_server_that_dies_with_words_unread_is_noticed(tmp_path: Path) -> None:
    """Its last words and the error of its socket come as one event, after which the event loop looks no more."""

    async def main() -> None:
        server = Deaf(tmp_path, session(settings.LETOPIS_DATABASE_URL, SCRIBE))
        wire = await commit.open_wire(await psycopg.AsyncConnection.connect(server.url))
        server.hear_no_more()
        await asyncio.sleep(0.05)
        asking = asyncio.create_task(wire.ask([("begin", {})]))
        await asyncio.sleep(0.05)
        server.die()
        with pytest.raises(psycopg.OperationalError):
            await asyncio.wait_for(asking, 10)
        assert wire.is_closed
        await wire.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
