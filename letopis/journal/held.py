"""Appending inside a transaction of one's own, by whoever must do more in it than append.

The scribe stores what others send; this is for acts whose entry and effect must be one: what is taken out of the
journal goes in the transaction that records it. The order of the log is held until that transaction ends, so nobody
appends between what the act has looked at and the entry that says so.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from letopis.base.clock import now_us
from letopis.base.database import ERASER, SCRIBE
from letopis.base.errors import OwnFault
from letopis.base.sql import Queries
from letopis.journal.batch import Batch, Log, Prepared, prepare
from letopis.journal.draft import Draft, Receipt
from letopis.journal.origin import EVENTS, origin_of
from letopis.journal.tree import Frontier

QUERIES = Queries("letopis.journal")
DRAFTS_MAX = 512


class Held:
    """The log of one business in the hands of this transaction; `size` is how many entries it has."""

    def __init__(self, cur: Any, log: Log, role: str) -> None:
        self._cur = cur
        self._log = log
        self._role = role

    @property
    def size(self) -> int:
        return self._log.tree.size

    def append(self, drafts: Sequence[Draft]) -> list[Receipt]:
        """Store drafts that bring no key of their own; they are on disk when the transaction is.

        Raises:
            OwnFault: one cannot be stored; whoever acts here makes his entries himself.
        """
        assert len(drafts) <= DRAFTS_MAX, "an unbounded write"
        assert all(draft.dedup_key is None for draft in drafts), "repeats are told apart by the scribe"
        prepared = prepare(drafts)
        batch = Batch([self._log], now_us(), _no_conflicts)
        receipts: list[Receipt] = []
        for one in prepared:
            receipt = batch.add(one) if isinstance(one, Prepared) else one
            if receipt is None or receipt.seq < 0:
                raise OwnFault("an entry of our own cannot be stored", hint=receipt.problem if receipt else "")
            receipts.append(receipt)
        QUERIES.run(self._cur, "become", role=SCRIBE)
        for statement, data in batch.copies():
            with self._cur.copy(QUERIES[statement]) as copy:
                copy.write(data)
        tree = self._log.tree
        key = {"business": self._log.business, "log": self._log.log}
        QUERIES.run(self._cur, "grow_log", **key, size=tree.size, frontier=tree.dump(), last_us=self._log.last_us)
        QUERIES.run(self._cur, "tell_growth", businesses=[self._log.business])
        QUERIES.run(self._cur, "become", role=self._role)
        # The next append goes on from here: what has been packed is written.
        tree.full.clear()
        self._log.size_before = tree.size
        return receipts


def hold(cur: Any, business: UUID, log: str = EVENTS, role: str = ERASER) -> Held:
    """Take the order of a log; `cur` is in a transaction of a session that may become the scribe.

    It goes on as `role` until the transaction ends.
    """
    # COPY is refused to roles that row-level security holds; this session may be both.
    QUERIES.run(cur, "become", role=SCRIBE)
    key = {"business": business, "log": log}
    QUERIES.run(cur, "open_log", **key, origin=origin_of(business, log))
    row = QUERIES.row(cur, "lock_log", **key)
    QUERIES.run(cur, "become", role=role)
    assert row is not None, "the log was opened just now"
    tree = Frontier.load(row["size"], bytes(row["frontier"]))
    return Held(cur, Log(business, row["origin"], tree, row["last_us"], row["state"] == "open", log), role)


def _no_conflicts(business: UUID, source: str, at_us: int) -> bool:
    return False
