"""Two workers at once, and a worker that dies half-way."""

import threading
import time
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis import worker
from letopis.base import database
from letopis.journal.positions import businesses_behind, position_of
from letopis.metrics import pipeline
from tests.metrics.journal import LONG_AFTER, after, at_work, derived, let_pass, write
from tests.sdk.standin import wait_for

Conn = psycopg.Connection[Any]
TALK = [after(n, "message_in", client_id=f"tg_{n % 7}", message="Здравствуйте") for n in range(200)]
SOON_S_MAX = 20.0
ATTEMPTS_MAX = 20_000
"""A worker that finds the business taken comes back at once."""


def test_two_workers_read_every_entry_once(app_connection: Conn, business: UUID) -> None:
    write(business, TALK)
    read = [0, 0]

    def work(worker: int) -> None:
        with database.connect() as conn:
            for _ in range(ATTEMPTS_MAX):
                read[worker] += pipeline.advance(conn, business, 5)
                if sum(read) >= len(TALK) + 1:
                    return

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(read) == 201, "two hundred events and the opening of the log"
    let_pass(app_connection, business, LONG_AFTER)
    together = derived(app_connection, business)
    pipeline.rebuild(app_connection, business, lambda done, total: None)
    assert derived(app_connection, business) == together


def test_batch_that_fails_leaves_no_trace(
    app_connection: Conn, business: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(business, TALK[:20])

    def die(*_: Any) -> None:
        raise RuntimeError("the power went off")

    with monkeypatch.context() as broken:
        broken.setattr(pipeline, "settle", die)
        with pytest.raises(RuntimeError):
            pipeline.advance(app_connection, business, 10)
    assert derived(app_connection, business)["dialogues_fact"] == []
    with app_connection.cursor() as cur:
        assert position_of(cur, business, pipeline.READER) == -1
    app_connection.rollback()
    assert pipeline.advance(app_connection, business, 10) == 10


def test_due_business_is_found_and_worked_off(app_connection: Conn, business: UUID) -> None:
    write(business, TALK[:1])
    pipeline.advance(app_connection, business, 10)
    assert business in pipeline.businesses_due(app_connection, LONG_AFTER)
    let_pass(app_connection, business, LONG_AFTER)
    assert business not in pipeline.businesses_due(app_connection, LONG_AFTER)


def test_other_business_stays_unseen(app_connection: Conn, business: UUID, stranger_business: UUID) -> None:
    write(business, TALK[:5])
    pipeline.advance(app_connection, business, 10)
    assert all(not rows for rows in derived(app_connection, stranger_business).values())


def test_rows_of_an_older_program_are_derived_anew(
    app_connection: Conn, business: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update the worker rebuilds by itself, also where nothing new has come."""
    write(business, TALK[:20])
    while pipeline.advance(app_connection, business):
        pass
    let_pass(app_connection, business, LONG_AFTER)
    before = derived(app_connection, business)
    monkeypatch.setattr(pipeline, "VERSION", pipeline.VERSION + 1)
    with app_connection.cursor() as cur:
        assert business in businesses_behind(cur, pipeline.READER, pipeline.VERSION, 1000)
    app_connection.rollback()
    assert worker.take_batch(app_connection, business) == 1
    assert worker.take_batch(app_connection, business) == 0
    assert derived(app_connection, business) == before


def test_readers_go_on_while_a_journal_is_verified(
    app_connection: Conn, business: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log of millions takes minutes to verify."""
    begun, over = threading.Event(), threading.Event()

    def verify_for_long() -> list[UUID]:
        begun.set()
        over.wait()
        return []

    monkeypatch.setattr("letopis.worker.seal.seal_what_grew", verify_for_long)
    write(business, TALK[:20])
    with at_work():
        try:
            assert begun.wait(SOON_S_MAX)
            wait_for(lambda: len(derived(app_connection, business)["dialogues_fact"]) == 20, SOON_S_MAX)
        finally:
            over.set()


def test_verification_that_fails_is_tried_again(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def fail() -> list[UUID]:
        tried.append(time.monotonic())
        raise psycopg.OperationalError("the server is gone")

    monkeypatch.setattr("letopis.worker.seal.seal_what_grew", fail)
    monkeypatch.setattr("letopis.worker.SEAL_EVERY_SECONDS", 0.05)
    with at_work():
        wait_for(lambda: len(tried) > 1, SOON_S_MAX)
