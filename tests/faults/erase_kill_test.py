"""Whoever erases and lets expire is killed again and again while events come in: no act is half done."""

import os
import random
import signal
import subprocess
import sys
import time
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings

from letopis.journal.verify import verify
from letopis.privacy.retention import reader as retention
from letopis.privacy.retention.policy import Kept
from letopis.subjects.erasure import erase_persons
from letopis.subjects.retention.expiry import expire
from tests.metrics.equality_test import same_when_rebuilt
from tests.metrics.journal import after, derived, read_all, write
from tests.subjects.erasure_test import entries, text_of
from tests.subjects.expiry_test import in_days

pytestmark = pytest.mark.slow

KILLS = 12
CLIENTS = 24
LIFE_S_MAX = 1.5
ERASER = """
import sys
from uuid import UUID
import django
django.setup()
from datetime import timedelta
from letopis.base import clock
from letopis.subjects.erasure import erase_persons
from letopis.subjects.retention.expiry import expire
business = UUID(sys.argv[1])
for person in map(int, sys.argv[2:]):
    erase_persons(business, [person])
expire(business, clock.now() + timedelta(days=91))
"""


def talk(n: int) -> list[dict[str, Any]]:
    who = {"client_id": f"tg_canary_{n}", "session_id": f"sess_canary_{n}", "name": f"Канарейка{n}"}
    return [after(n * 10 + k, "message_in", message=f"аквагрим {n} {k}", **who) for k in range(4)]


def test_killed_eraser_leaves_no_half_act(business: UUID, app_connection: psycopg.Connection[Any]) -> None:
    for n in range(CLIENTS):
        write(business, talk(n))
    read_all(app_connection, business)
    retention.approve(business, dict.fromkeys(Kept, 90), "", "Анна Ладова")
    read_all(app_connection, business)
    rows = derived(app_connection, business)["clients_identity"]
    persons = [str(row["person_id"]) for row in rows]
    gone = persons[: CLIENTS // 2]
    environment = {**os.environ, "LETOPIS_DATABASE_URL": settings.LETOPIS_DATABASE_URL}
    rng = random.Random(20261127)
    for life in range(KILLS):
        eraser = subprocess.Popen([sys.executable, "-c", ERASER, str(business), *gone], env=environment)
        # Not a wait for anything: where in its work it dies is left to chance.
        time.sleep(rng.uniform(0.6, LIFE_S_MAX))
        write(
            business, [after(5000 + life, "message_in", message="Здравствуйте", client_id="tg_other", session_id="s")]
        )
        eraser.send_signal(signal.SIGKILL)
        eraser.wait()
        assert verify(business).problems == []
    for person in map(int, gone):
        erase_persons(business, [person])
    expire(business, in_days(91))
    read_all(app_connection, business)
    shown = text_of(derived(app_connection, business))
    assert "canary" not in shown
    assert "анарейка" not in shown
    assert not any(entry.text for entry in entries(app_connection, business))
    same_when_rebuilt(app_connection, business)
    assert verify(business).problems == []
