"""What is erased is nowhere in the data folder, nor back after a restore: a house of its own, looked at by bytes.

Each step is a process of its own, as commands are; the folder is read while no server runs.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CANARY = "Канарейкина-Ж4Ф9"
PHONE = "+79207654321"
SESSION = "sess-canary-8841"
NEEDLES = {word: word.encode() for word in (CANARY, PHONE, SESSION, "tg_8841", "аквагрим")}
HEAD = """
import django, json, sys
django.setup()
from uuid import UUID
import psycopg
from letopis.app import ground
from letopis.access.businesses import create_business
from letopis.base import database
from letopis.base.postgres import SUPERUSER, EmbeddedServer
from letopis.access.wall import enter
from letopis.intake import faults, quarantine
from letopis.journal.verify import verify
from letopis.subjects.erasure import erase_persons
from letopis.subjects.rewriting import rewrite
from tests.metrics.journal import after, derived, read_all, write
from django.conf import settings
"""
WRITE = """
with ground.standing():
    business = create_business(name="Лада", timezone="Europe/Moscow", vertical="salon").id
    told = {"session_id": SESSION, "client_id": "tg_8841", "name": CANARY, "phone": PHONE}
    write(business, [after(n, "message_in", message=f"аквагрим {n} {CANARY}", **told) for n in range(40)])
    write(business, [after(0, "message_in", message="Здравствуйте", client_id="tg_2", session_id="s2")])
    with database.connect() as conn:
        read_all(conn, business)
        with conn.transaction(), conn.cursor() as cur:
            enter(cur, business)
            piece = json.dumps({"client_id": "tg_8841", "name": CANARY}, ensure_ascii=False).encode()
            quarantine.keep(cur, business, "telegram", [(piece, [faults.Fault("event", faults.NO_EVENT)])])
    print(business)
"""
ERASE = """
with ground.standing():
    with database.connect() as conn:
        rows = derived(conn, business)["clients_identity"]
    persons = [row["person_id"] for row in rows if row["client_id"] == "tg_8841"]
    done = erase_persons(business, persons, told={"act": "2026-1"})
    assert done.entries == 40, done
    url = EmbeddedServer(settings.LETOPIS_DATA).url
    with database.connect(None, autocommit=True) as owner:
        with psycopg.connect(url(user=SUPERUSER), autocommit=True) as superuser:
            assert rewrite(owner, superuser, [business])
            assert not rewrite(owner, superuser, [business]), "once is enough"
    assert verify(business).problems == []
"""
CARD = """
with ground.standing():
    business = create_business(name="Лада", timezone="Europe/Moscow", vertical="salon").id
    said = "карта 4276 3800 1234 5678, CVV 917, код из смс 418027, пароль: Kanareyka#77"
    hidden = {"answer": json.dumps({"text": said}), "list": [{"note": said}]}
    write(business, [after(0, "message_in", message=said, session_id="s1", attributes=hidden, name=said, reason=said)])
    with database.connect() as conn:
        read_all(conn, business)
        with conn.transaction(), conn.cursor() as cur:
            enter(cur, business)
            pieces = [json.dumps({"text": said}).encode(), f"не JSON: {said}".encode()]
            kept = [(piece, [faults.Fault("event", faults.NO_EVENT)]) for piece in pieces]
            quarantine.keep(cur, business, "telegram", kept)
    print(business)
"""
LOOK = """
with ground.standing():
    with database.connect() as conn:
        read_all(conn, business)
        rows = derived(conn, business)
    assert verify(business).problems == []
    print(json.dumps([sorted(row["client_id"] for row in rows["clients_identity"]), len(rows["dialogues_dialogue"])]))
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    folder = tmp_path / "house"
    folder.mkdir()
    for one in (tmp_path, *tmp_path.parents[:2], folder):
        one.chmod(0o755)
    return folder


@pytest.fixture
def act(house: Path) -> Callable[..., str]:
    def done(script: str, business: str = "") -> str:
        words = f"CANARY, PHONE, SESSION = {CANARY!r}, {PHONE!r}, {SESSION!r}\n"
        named = f'business = UUID("{business}")\n' if business else ""
        environment = {**os.environ, "LETOPIS_DATA": str(house), "DJANGO_SETTINGS_MODULE": "letopis.app.settings"}
        environment.pop("LETOPIS_DATABASE_URL", None)
        ran = subprocess.run(
            [sys.executable, "-c", HEAD + words + named + script],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
        return ran.stdout.strip()

    return done


def places(folder: Path, needle: bytes) -> list[str]:
    return [str(path) for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()]


def test_erased_is_nowhere_in_the_files(house: Path, act: Callable[..., str]) -> None:
    business = act(WRITE)
    for word, needle in NEEDLES.items():
        assert places(house, needle), f"{word} must be there first"
    act(ERASE, business)
    assert {word: found for word, needle in NEEDLES.items() if (found := places(house, needle))} == {}


def test_restored_backup_gets_its_erasures_before_anybody_reads(
    house: Path, act: Callable[..., str], tmp_path: Path
) -> None:
    business = act(WRITE)
    backup, server = tmp_path / "backup", house / "postgres"
    assert server.exists(), "the server's user must be able to reach the folder of the test"
    subprocess.run(["cp", "-a", str(server), str(backup)], check=True)
    act(ERASE, business)
    shutil.rmtree(server)
    subprocess.run(["cp", "-a", str(backup), str(server)], check=True)
    assert places(house, NEEDLES[CANARY]), "the backup still knew her"
    told = act(LOOK, business)
    assert "erased_again" in told
    clients, dialogues = json.loads(told.splitlines()[-1])
    assert [name for name in clients if not name.startswith("~")] == ["tg_2"]
    assert dialogues == 2
    assert "erased_again" not in act(LOOK, business), "the next start has nothing to do again"


def test_secrets_are_never_in_the_files(house: Path, act: Callable[..., str]) -> None:
    """Acceptance 3 of the contract on personal data: of a card four digits at most, of the rest nothing."""
    act(CARD)
    for word in ("4276 3800", "1234 5678", "CVV 917", "418027", "Kanareyka#77"):
        assert places(house, word.encode()) == [], word
    assert places(house, "•••• 5678".encode()), "the last four digits stay"
