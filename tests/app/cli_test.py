"""The command line as others build on it: every documented command over one data folder of its own."""

import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
PASSWORD = "длинный-пароль-салона"


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        clean = {name: value for name, value in os.environ.items() if not name.startswith("LETOPIS_")}

        def one(*arguments: str, typed: str | bytes = "", **environment: str) -> "subprocess.CompletedProcess[str]":
            done = subprocess.run(
                [sys.executable, "-m", "letopis.cli", *arguments, "--data", folder],
                input=typed.encode() if isinstance(typed, str) else typed,
                env={**clean, **environment},
                capture_output=True,
                timeout=120,
                check=False,
            )
            return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

        yield one


def told(done: "subprocess.CompletedProcess[str]") -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def salon(run: Run) -> str:
    made = told(
        run("business", "create", "--name", "Студия", "--timezone", "Europe/Moscow", "--vertical", "salon", "--json")
    )
    return str(made["id"])


def test_key_is_printed_once(run: Run, salon: str) -> None:
    made = told(run("key", "create", "--business", salon, "--source", "telegram", "--scope", "send", "--json"))
    assert made["key"].startswith(f"lt_{made['prefix']}_")
    assert made["scope"] == "send"


def test_person_comes_with_a_typed_password(run: Run, salon: str) -> None:
    done = run(
        *("person", "create", "--email", "anna@lada.example", "--role", "owner", "--business", salon, "--json"),
        typed=PASSWORD + "\n",
    )
    assert told(done)["role"] == "owner"
    assert PASSWORD not in done.stdout + done.stderr
    listed = told(run("person", "list", "--business", salon, "--json"))
    assert [one["email"] for one in listed["people"]] == ["anna@lada.example"]


def test_history_comes_in_once_and_is_verified(run: Run, salon: str, tmp_path: Path) -> None:
    lines = [
        {"event": "message_in", "timestamp": f"2025-01-01T12:{n:02}:00+03:00", "client_id": "tg_1", "message": "Привет"}
        for n in range(30)
    ]
    file = tmp_path / "old.ndjson.gz"
    file.write_bytes(gzip.compress("\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()))
    for outcome in ("accepted 30", "duplicates 30"):
        done = run("import", str(file), "--business", salon, "--source", "telegram")
        assert done.returncode == 0, done.stderr
        assert outcome in done.stdout
    verified = told(run("verify", "--business", salon, "--json"))["businesses"]
    assert [(one["entries"], one["intact"]) for one in verified] == [(31, True)]
    assert run("rebuild", "--business", salon).returncode == 0
    status = told(run("status", "--json"))["businesses"]
    mine = next(one for one in status if one["business"] == salon)
    assert (mine["size"], mine["readers"][0]["lag_entries"], mine["quarantine"]) == (31, 0, 0)


def test_lines_that_are_not_understood_are_named_and_kept(run: Run, salon: str) -> None:
    done = run(
        *("import", "-", "--business", salon, "--source", "vk"),
        typed='{"event": "message_in", "timestamp": "вчера"}\nне JSON\n',
    )
    assert done.returncode == 1
    assert "rejected 2" in done.stdout
    assert "timestamp" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("business", "create", "--name", "С", "--timezone", "Москва", "--vertical", "salon"), "Europe/Moscow"),
        (("business", "create", "--name", "С", "--timezone", "Europe/Moscow", "--vertical", "bar"), "clinic"),
        (("key", "create", "--business", str(uuid4()), "--source", "telegram"), "no business"),
        (("verify", "--business", str(uuid4())), "no business"),
        (("import", "missing.ndjson", "--business", str(uuid4()), "--source", "x"), "no file"),
        (("nonsense",), "nonsense"),
    ],
)
def test_wrong_words_say_what_to_write(run: Run, salon: str, arguments: tuple[str, ...], named: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_finds_all_well(run: Run, salon: str) -> None:
    assert all(look["ok"] for look in told(run("doctor", "--json")))


def test_shifted_clock_is_refused_here(run: Run, salon: str) -> None:
    done = run("status", "--json", LETOPIS_CLOCK="2030-01-01T00:00:00+03:00")
    assert done.returncode == 2
    assert "LETOPIS_CLOCK" in done.stderr or "real time" in done.stderr
