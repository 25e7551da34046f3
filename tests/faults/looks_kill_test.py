"""The worker is killed again and again while notes of looks come in: each stands in the access ledger once."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings

from letopis.access.wall import enter
from letopis.journal.entries import read_after
from letopis.journal.origin import ACCESS
from letopis.journal.verify import verify
from tests.privacy.conftest import settle, write_note
from tests.sdk.standin import wait_for

KILLS = 6
NOTES_A_LIFE = 60
MOVER = """
import sys
from uuid import UUID
import django
django.setup()
from letopis.base import database
from letopis.privacy.looks import ledger
with database.connect() as conn:
    while True:
        ledger.work(conn, UUID(sys.argv[1]))
"""


@contextmanager
def mover(business: UUID) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does nothing but move the notes of one business, until it is killed."""
    environment = {**os.environ, "LETOPIS_DATABASE_URL": settings.LETOPIS_DATABASE_URL}
    process = subprocess.Popen([sys.executable, "-c", MOVER, str(business)], env=environment)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def moved(conn: psycopg.Connection[Any], business: UUID) -> list[int]:
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        entries = read_after(cur, business, -1, 5000, ACCESS)
    return [int(one.meta["id"]) for one in entries if one.type == "look.opened"]


def test_killed_worker_loses_and_repeats_no_look(business: UUID, app_connection: psycopg.Connection[Any]) -> None:
    number = 0
    for _ in range(KILLS):
        with mover(business):
            before = len(moved(app_connection, business))
            for _ in range(NOTES_A_LIFE):
                write_note(app_connection, business, number, person=number % 7 + 1)
                number += 1
            # It is killed at work: something of this life is in the ledger, and more waits.
            wait_for(lambda seen=before: len(moved(app_connection, business)) > seen, 20.0)  # type: ignore[misc]
            for _ in range(5):
                write_note(app_connection, business, number, person=1)
                number += 1
    settle(business)
    assert sorted(moved(app_connection, business)) == list(range(number))
    assert verify(business, log=ACCESS).problems == []
