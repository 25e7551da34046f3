"""The scribe: the one writer of a process, which stores what queued up while the last transaction went to disk.

Group commit without a timer: there is always at most one transaction under way, and everything that arrived meanwhile
is the next one. An answer leaves only after COMMIT returned. `append_now` is the same act for callers without an event
loop.

Whatever fails ends in one of four ways: a receipt that refuses one draft; `Overloaded`, nothing was stored;
`UnknownOutcome`, send again; or a retry of ours, only where it is certain that nothing was stored.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from itertools import takewhile
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import structlog
from psycopg import AsyncConnection

from letopis.base.database import SCRIBE, aconnect
from letopis.base.errors import OuterError, Overloaded, OwnFault
from letopis.journal.batch import Prepared, cost_of, prepare, refusal
from letopis.journal.commit import UnknownOutcome, leave, open_wire, write
from letopis.journal.draft import Draft, Outcome, Receipt
from letopis.journal.turns import Turns
from letopis.journal.wire import Wire

__all__ = ["Overloaded", "Scribe", "UnknownOutcome", "append_now"]

QUEUE_EVENTS_MAX = 4096
QUEUE_BYTES_MAX = 32 * 1024 * 1024
BATCH_EVENTS_MAX = 512
BATCH_BYTES_MAX = 4 * 1024 * 1024
WAIT_S_MAX = 10.0
SWEEP_EVERY_S = 0.25
CONNECT_S_MAX = 5.0
LOCK_WAIT = "1s"
PASSES_MAX = 3
BACK_OFF_S_FIRST = 0.05
BACK_OFF_S_MAX = 1.0
STOP_S_MAX = 10.0

_log = structlog.get_logger(__name__)


class _Call:
    """One `append` that waits: its receipts come in as its drafts are stored, perhaps by several transactions."""

    __slots__ = ("answered", "left", "receipts", "under_way", "until_s")

    def __init__(self, count: int) -> None:
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.receipts: list[Receipt | None] = [None] * count
        self.left = count
        self.under_way = 0
        """How many of its drafts are in the transaction that is just running."""
        self.until_s = asyncio.get_running_loop().time() + WAIT_S_MAX

    def settle(self, index: int, receipt: Receipt) -> None:
        self.receipts[index] = receipt
        self.left -= 1
        if not self.left and not self.answered.done():
            self.answered.set_result(None)

    def given_up(self) -> list[Receipt]:
        """What can be said when the time is over."""
        if self.under_way:
            raise UnknownOutcome
        if self.left == len(self.receipts):
            raise Overloaded
        return [receipt or Receipt(Outcome.OVERLOADED, "", -1, None, 0) for receipt in self.receipts]

    def fail(self, error: Exception) -> None:
        if not self.answered.done():
            self.answered.set_exception(error)


class _Waiting(msgspec.Struct, frozen=True, gc=False, eq=False):
    """One prepared draft in the line, and the call that waits for it."""

    business: UUID
    cost: int
    prepared: Prepared
    call: _Call
    index: int


class Scribe:
    """Appends for one process, on one connection, one transaction at a time."""

    def __init__(self, connect: Callable[[], Awaitable[AsyncConnection[Any]]] | None = None) -> None:
        self._connect = connect or partial(aconnect, SCRIBE)
        # All fields belong to the event loop on which `start` ran; no lock guards them.
        self._line: Turns[_Waiting] = Turns()
        self._filled = asyncio.Event()
        self._wire: Wire | None = None
        # In the order of arrival, so in that of their patience: one sweep costs less than a timer for each.
        self._calls: dict[_Call, None] = {}
        self._task: asyncio.Task[None] | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self._stopping = False
        self._passed_over: Counter[UUID] = Counter()

    @property
    def waiting(self) -> int:
        """Drafts in the line, for the health page."""
        return self._line.count

    async def start(self) -> None:
        assert self._task is None, "a scribe starts once"
        self._task = asyncio.create_task(self._run(), name="scribe")

    async def stop(self) -> None:
        """Store what waits, bounded by STOP_S_MAX; calls that are left then end as Overloaded."""
        self._stopping = True
        self._filled.set()
        if self._task is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._task, STOP_S_MAX)
        if self._sweeper is not None:
            self._sweeper.cancel()
        for item in self._line.take(self._line.count, self._line.cost):
            item.call.fail(Overloaded("the program stops"))
        await self._drop_connection()

    async def append(self, drafts: Sequence[Draft]) -> list[Receipt]:
        """Store drafts and give a receipt for each, in their order, once all are on disk.

        At most QUEUE_EVENTS_MAX in one call. Cancelling the call does not take back what is being stored.

        After WAIT_S_MAX those that were not stored are OVERLOADED, if others of the call were.

        Raises:
            Overloaded: nothing of this call was stored; come back in a second.
            UnknownOutcome: perhaps stored, perhaps not; send again.
        """
        assert len(drafts) <= QUEUE_EVENTS_MAX, "more drafts in one call than the whole line may hold"
        if self._stopping or self._line.count + len(drafts) > QUEUE_EVENTS_MAX:
            raise Overloaded
        if not drafts:
            return []
        prepared = prepare(drafts)
        if self._line.cost + sum([one.cost for one in prepared if isinstance(one, Prepared)]) > QUEUE_BYTES_MAX:
            raise Overloaded
        if self._sweeper is None:
            self._sweeper = asyncio.create_task(self._sweep(), name="scribe sweeper")
        call = _Call(len(drafts))
        waiting: list[_Waiting] = []
        for index, one in enumerate(prepared):
            if isinstance(one, Receipt):
                call.settle(index, one)
            else:
                waiting.append(_Waiting(one.draft.business, one.cost, one, call, index))
        self._line.put(waiting)
        self._filled.set()
        self._calls[call] = None
        try:
            await call.answered
        except TimeoutError:
            return call.given_up()
        finally:
            del self._calls[call]
        return [receipt for receipt in call.receipts if receipt is not None]

    async def _sweep(self) -> None:
        """End the calls whose patience is over."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SWEEP_EVERY_S)
            for call in list(takewhile(lambda call: call.until_s <= loop.time(), self._calls)):
                call.fail(TimeoutError())

    async def _run(self) -> None:
        back_off_s = BACK_OFF_S_FIRST
        while True:
            if not self._line and self._stopping:
                return
            if not self._line:
                self._filled.clear()
                await self._filled.wait()
                continue
            try:
                wire = await self._connected()
            except Exception as error:
                # Whatever keeps it from connecting, a scribe that gives up would leave every sender without an answer.
                _log.warning("scribe_waits_for_database", error=type(error).__name__, waiting=self._line.count)
                await asyncio.sleep(back_off_s)
                back_off_s = min(2 * back_off_s, BACK_OFF_S_MAX)
                continue
            back_off_s = BACK_OFF_S_FIRST
            taken = self._line.take(BATCH_EVENTS_MAX, BATCH_BYTES_MAX)
            # Whoever gave up waiting has been told that nothing was stored; that must stay true.
            items = [item for item in taken if not item.call.answered.done()]
            for item in items:
                item.call.under_way += 1
            if items:
                await self._store_whatever_comes(wire, items)

    async def _connected(self) -> Wire:
        if self._wire is None or self._wire.is_closed:
            await self._drop_connection()
            self._wire = await asyncio.wait_for(self._open(), CONNECT_S_MAX)
        return self._wire

    async def _open(self) -> Wire:
        return await open_wire(await self._connect(), LOCK_WAIT)

    async def _drop_connection(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.close()

    async def _store_whatever_comes(self, wire: Wire, items: Sequence[_Waiting]) -> None:
        """A fault of ours may cost a batch its answer, but not the house its one writer."""
        try:
            await self._store(wire, items)
        except Exception as error:
            _log.exception("scribe_stumbled", error=type(error).__name__, events=len(items))
            for item in items:
                item.call.fail(UnknownOutcome(hint=type(error).__name__))
            await self._drop_connection()

    async def _store(self, wire: Wire, items: Sequence[_Waiting]) -> None:
        """Store a batch and settle its calls; where one draft sinks it, halve until that one is alone."""
        patient = {business for business, times in self._passed_over.items() if times >= PASSES_MAX}
        only = items[0].business
        if all(item.business is only for item in items):
            # There is nobody to hold up: wait for the lock at once.
            patient = {only}
        try:
            receipts = await write(wire, [item.prepared for item in items], patient)
        except UnknownOutcome as error:
            _log.error("scribe_commit_failed", hint=error.hint, events=len(items))
            for item in items:
                item.call.fail(error)
            await self._drop_connection()
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            await self._isolate(wire, items, error)
        except psycopg.Error as error:
            # Before COMMIT: certainly nothing was stored, so it is ours to try again. Whatever no single event can
            # cause (a lost server, a missing right) must refuse nobody: then the calls wait and end as Overloaded.
            _log.warning("scribe_transaction_failed", sqlstate=error.sqlstate, events=len(items))
            self._passed_over.clear()
            self._put_back(items)
            await self._recover(wire, error)
        except Exception as error:
            await self._isolate(wire, items, error)
        else:
            self._settle(items, receipts)

    def _settle(self, items: Sequence[_Waiting], receipts: Sequence[Receipt | None]) -> None:
        passed: list[_Waiting] = []
        for item, receipt in zip(items, receipts, strict=True):
            if receipt is None:
                passed.append(item)
            else:
                self._answer(item, receipt)
        self._put_back(passed)
        passed_businesses = {item.business for item in passed}
        for business in self._passed_over.keys() - passed_businesses:
            if any(item.business == business for item in items):
                del self._passed_over[business]
        # The same when nobody else got through.
        weight = PASSES_MAX if len(passed) == len(items) else 1
        for business in passed_businesses:
            self._passed_over[business] += weight

    def _answer(self, item: _Waiting, receipt: Receipt) -> None:
        item.call.under_way -= 1
        item.call.settle(item.index, receipt)

    def _put_back(self, items: Sequence[_Waiting]) -> None:
        for item in items:
            item.call.under_way -= 1
        self._line.put_back(items)

    async def _recover(self, wire: Wire, error: psycopg.Error) -> None:
        if isinstance(error, psycopg.errors.LockNotAvailable) and not wire.is_closed:
            await leave(wire)
            return
        await self._drop_connection()
        await asyncio.sleep(BACK_OFF_S_FIRST)

    async def _isolate(self, wire: Wire, items: Sequence[_Waiting], error: Exception) -> None:
        """One that cannot be stored must not sink its batch: by its data, or by a fault of ours in building it."""
        await leave(wire)
        if len(items) > 1:
            middle = len(items) // 2
            await self._store(wire, items[:middle])
            await self._store(wire, items[middle:])
            return
        [item] = items
        reason = getattr(error, "sqlstate", None) or type(error).__name__
        _log.error("scribe_refused_event", reason=reason, business=str(item.business), type=item.prepared.draft.type)
        self._answer(item, refusal(f"the journal could not store it: {reason}"))


def append_now(drafts: Sequence[Draft]) -> list[Receipt]:
    """`append` for callers without an event loop: in its own transaction, at most BATCH_EVENTS_MAX drafts in each.

    Opens a connection for the call: give many drafts at once.

    Raises:
        OuterError: not stored from some batch on; repeats of the earlier ones are recognised.
        UnknownOutcome: perhaps stored, perhaps not; send again.
    """
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(_append_now(drafts))


async def _append_now(drafts: Sequence[Draft]) -> list[Receipt]:
    receipts: list[Receipt] = []
    conn = await aconnect(SCRIBE)
    try:
        wire = await open_wire(conn)
        try:
            for batch in _batches(drafts):
                receipts += await _write_now(wire, batch)
        finally:
            await wire.close()
    except psycopg.Error as error:
        raise OuterError("the journal could not be written", hint=error.sqlstate or type(error).__name__) from error
    return receipts


def _batches(drafts: Sequence[Draft]) -> Iterable[list[Draft]]:
    batch: list[Draft] = []
    cost = 0
    for draft in drafts:
        if batch and (len(batch) == BATCH_EVENTS_MAX or cost + cost_of(draft) > BATCH_BYTES_MAX):
            yield batch
            batch, cost = [], 0
        batch.append(draft)
        cost += cost_of(draft)
    if batch:
        yield batch


async def _write_now(wire: Wire, drafts: Sequence[Draft]) -> list[Receipt]:
    prepared = prepare(drafts)
    items = [one for one in prepared if isinstance(one, Prepared)]
    stored = iter(await write(wire, items, {item.draft.business for item in items}) if items else [])
    receipts = [one if isinstance(one, Receipt) else next(stored) for one in prepared]
    if None in receipts:
        raise OwnFault("a log that was waited for was not locked")
    return [receipt for receipt in receipts if receipt is not None]
