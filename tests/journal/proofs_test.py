"""Proofs from kept hashes are those that the algorithms of RFC 9162 accept, whatever the size of the log."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.access.wall import enter
from letopis.journal.leaf import leaf_hash
from letopis.journal.proofs import proofs_of
from letopis.journal.scribe import append_now
from letopis.journal.tree import includes
from tests.journal.made import messages

Conn = psycopg.Connection[Any]


def proofs(conn: Conn, business: UUID, seqs: list[int]) -> tuple[str, list[dict[str, Any]]]:
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        return proofs_of(cur, business, seqs)


@pytest.mark.parametrize("size", [1, 2, 3, 255, 256, 257, 300, 511, 512, 513, 700, 1025])
def test_every_proof_holds_and_no_other_leaf_fits(business: UUID, app_connection: Conn, size: int) -> None:
    for first in range(0, size - 1, 500):
        append_now(messages(business, min(500, size - 1 - first), first=first))
    if size == 1:
        append_now(messages(business, 1))
    origin, found = proofs(app_connection, business, [0, size // 2, size - 1])
    assert business.hex in origin
    assert {one["entry"] for one in found} == {0, size // 2, size - 1}
    for one in found:
        path, root = [bytes.fromhex(step) for step in one["path"]], bytes.fromhex(one["root"])
        leaf = leaf_hash(bytes.fromhex(one["leaf"]))
        assert includes(root, one["tree_size"], one["entry"], leaf, path)
        assert not includes(root, one["tree_size"], one["entry"], bytes(32), path)


def test_nothing_is_proved_of_what_is_not_there(business: UUID, stranger_business: UUID, app_connection: Conn) -> None:
    append_now(messages(business, 3))
    assert proofs(app_connection, stranger_business, [1]) == ("", [])
    assert proofs(app_connection, business, [99])[1] == []
