"""`letopis serve`: everything in one command. A small parent that keeps database, web processes and worker alive.

The parent imports neither Django nor the rooms: it stays light and has little to fail. A child that dies is started
again at once when it had proved to be sound, else with pauses that grow up to a bound; the database is looked at as
often as the children.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from letopis.app import options
from letopis.app.household import household
from letopis.app.listening import check_free
from letopis.base import database
from letopis.base.errors import LetopisError
from letopis.base.postgres import SUPERUSER, SYSTEM_USER, EmbeddedServer

LOOK_SECONDS = 0.25
RESTART_PAUSE_SECONDS_MIN = 0.2
# Senders wait out so much of silence without losing an event; a longer pause would only look like an outage.
RESTART_PAUSE_SECONDS_MAX = 5.0
# A child that lived this long was sound: whatever killed it came from outside, and it is started again at once.
SOUND_SECONDS = 60.0
STOP_SECONDS_MAX = 20
FIGURES = "PROMETHEUS_MULTIPROC_DIR"
READY_SECONDS_MAX = 60


@dataclass(slots=True)
class Child:
    """One process under the parent's care."""

    name: str
    arguments: tuple[str, ...] = ()
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    pause: float = 0.0
    again_at: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "letopis.cli", self.name, *self.arguments])
        self.started_at = time.monotonic()

    def look(self) -> None:
        """Start it again when it is dead and its pause is over."""
        now = time.monotonic()
        code = None if self.process is None else self.process.poll()
        if self.process is not None and code is not None:
            forget_gauges(self.process.pid)
            self.process = None
            self.pause = pause_after(now - self.started_at, self.pause)
            self.again_at = now + self.pause
            say(f"{self.name} ended with code {code}; starting it again in {self.pause:.1f} s")
        if self.process is None and now >= self.again_at:
            self.start()

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> None:
        """Wait until it has stopped, as it was asked to."""
        if self.process is None:
            return
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass(slots=True)
class Household:
    """Database, web processes and worker of one data folder."""

    data: Path
    embedded: bool
    host: str
    port: int
    children: list[Child]
    after: str = ""
    stopping: threading.Event = field(default_factory=threading.Event)

    def live(self) -> int:
        """Run until told to stop; the exit code of the command."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        with household(self.data):
            check_free(self.host, self.port)
            share_figures(self.data)
            return self._keep_house()

    def _keep_house(self) -> int:
        self._raise_database()
        try:
            prepared = subprocess.run([sys.executable, "-m", "letopis.cli", "prepare"], check=False)
            if prepared.returncode != 0:
                return prepared.returncode
            for child in self.children:
                child.start()
            if self.after and self._becomes_ready():
                subprocess.Popen([sys.executable, "-m", "letopis.cli", self.after])
            while not self.stopping.wait(LOOK_SECONDS):
                self._look()
        finally:
            for child in self.children:
                child.ask_to_stop()
            for child in self.children:
                child.stop()
            if self.embedded:
                EmbeddedServer(self.data).stop()
        return 0

    def _raise_database(self) -> None:
        if self.embedded:
            server = EmbeddedServer(self.data)
            server.ensure_running()
            database.prepare_cluster(server.url(user=SUPERUSER, database="postgres"), SYSTEM_USER, "letopis")

    def _becomes_ready(self) -> bool:
        """Wait until the web process answers; False when it does not in `READY_SECONDS_MAX` or a stop was asked for."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104
        deadline = time.monotonic() + READY_SECONDS_MAX
        while time.monotonic() < deadline and not self.stopping.wait(0.05):
            self._look()
            try:
                with urllib.request.urlopen(f"http://{host}:{self.port}/readyz", timeout=2):
                    return True
            except OSError:
                continue
        return False

    def _look(self) -> None:
        if self.embedded and not EmbeddedServer(self.data).is_alive():
            say("the database server is gone; starting it again")
            try:
                EmbeddedServer(self.data).ensure_running()
            except LetopisError as error:
                say(str(error))
        for child in self.children:
            child.look()


def pause_after(lived: float, before: float) -> float:
    """Seconds to wait before a child that `lived` so long is started again; `before` is its wait before that life."""
    if lived >= SOUND_SECONDS:
        return 0.0
    return min(max(before * 2, RESTART_PAUSE_SECONDS_MIN), RESTART_PAUSE_SECONDS_MAX)


def web_children(processes: int) -> list[Child]:
    """The processes that listen; one that dies leaves its port to the others until it is back."""
    return [Child("web", ("--shared",) if processes > 1 else ()) for _ in range(processes)]


def share_figures(data: Path) -> None:
    """Let the children keep their figures for monitoring where each of them can add up those of all."""
    folder = data / "run" / "figures"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[FIGURES] = str(folder)


def forget_gauges(pid: int) -> None:
    """What a dead process had waiting is no longer waiting; what it had counted stays counted."""
    for file in Path(os.environ[FIGURES]).glob(f"gauge_live*_{pid}.db") if FIGURES in os.environ else ():
        file.unlink(missing_ok=True)


def say(sentence: str) -> None:
    """The parent's own voice, on the error stream; it never speaks of anybody's data."""
    sys.stderr.write(f"letopis: {sentence}\n")
    sys.stderr.flush()


def main(after: str = "") -> int:
    """Serve until told to stop; `after` names a command that is run once as soon as the pages answer."""
    read = options.read_process()
    read["LETOPIS_DATA"].mkdir(parents=True, exist_ok=True)
    embedded = not read["LETOPIS_DATABASE_URL"]
    children = [*web_children(read["LETOPIS_WEB_PROCESSES"]), Child("worker")]
    return Household(read["LETOPIS_DATA"], embedded, read["LETOPIS_HOST"], read["LETOPIS_PORT"], children, after).live()
