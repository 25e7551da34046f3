"""The parent of `letopis serve`: how soon it starts a dead child again."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from letopis.app import serve
from letopis.app.listening import check_free, listen_on
from letopis.app.serve import RESTART_PAUSE_SECONDS_MAX, SOUND_SECONDS, Child, pause_after
from letopis.base.errors import SenderError


def test_sound_child_is_started_again_at_once() -> None:
    assert pause_after(SOUND_SECONDS, RESTART_PAUSE_SECONDS_MAX) == 0


def test_pauses_grow_up_to_the_bound() -> None:
    pauses = [0.0]
    for _ in range(8):
        pauses.append(pause_after(1.0, pauses[-1]))
    assert pauses[1:] == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0]


class Told(Child):
    """A child that only ends."""

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
        self.process.wait()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of the parent; a test moves it."""
    now = [0.0]
    monkeypatch.setattr(serve, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(serve, "say", lambda _: None)
    return now


def test_child_that_lived_a_minute_lives_again_in_the_same_look(clock: list[float]) -> None:
    child = Told("web", pause=RESTART_PAUSE_SECONDS_MAX)
    child.start()
    ended, clock[0] = child.process, SOUND_SECONDS
    child.look()
    assert child.process not in (None, ended)


def test_child_that_dies_young_waits_its_pause(clock: list[float]) -> None:
    child = Told("web")
    child.start()
    child.look()
    assert child.process is None
    clock[0] = 0.1
    child.look()
    assert child.process is None
    clock[0] = 0.3
    child.look()
    assert child.process is not None


def test_several_processes_share_the_port() -> None:
    assert [child.arguments for child in serve.web_children(1)] == [()]
    assert [child.arguments for child in serve.web_children(3)] == [("--shared",)] * 3


def test_taken_port_is_told_before_anything_starts() -> None:
    with listen_on("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SenderError, match=f"127.0.0.1:{port}"):
            check_free("127.0.0.1", port)
    check_free("127.0.0.1", port)


def test_shared_port_is_not_free_for_another_installation() -> None:
    with listen_on("127.0.0.1", 0, shared=True) as first:
        port = first.getsockname()[1]
        listen_on("127.0.0.1", port, shared=True).close()
        with pytest.raises(SenderError):
            check_free("127.0.0.1", port)


def test_gauges_of_a_dead_process_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(serve.FIGURES, str(tmp_path))
    serve.share_figures(tmp_path)
    folder = tmp_path / "run" / "figures"
    for name in ("gauge_livesum_7.db", "gauge_livesum_8.db", "counter_7.db"):
        (folder / name).touch()
    serve.forget_gauges(7)
    assert sorted(file.name for file in folder.iterdir()) == ["counter_7.db", "gauge_livesum_8.db"]
