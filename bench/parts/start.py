"""How soon `letopis serve` answers, what it holds in memory at rest, and what it takes on the disk.

Memory is the proportional set size of the whole process group, the database server and its sessions included: shared
pages are counted once. It is read after a pause in which nothing was asked.
"""

import re
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import psutil

import letopis
from bench.bench import Bench
from bench.figures import Figure, at_most
from bench.house import Serving, free_port, letopis_command, wait_for_answer

ORDER = 1
REST_S = 10.0
STARTS = 3
LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"
_LOCKED = re.compile(r"^([a-zA-Z0-9._-]+)==", re.MULTILINE)


def measure(bench: Bench) -> Iterator[Figure]:
    house = bench.house
    took: list[float] = []
    for number in range(STARTS + 1):
        house.server.stop()
        port = free_port()
        began = time.monotonic()
        with house.running([*letopis_command(), "serve", "--port", str(port)]) as process:
            wait_for_answer(Serving(process, port))
            # The first start warms caches of the disk and compiled files; it is not counted.
            if number:
                took.append(time.monotonic() - began)
            if number == STARTS:
                time.sleep(REST_S)
                shares = memory_mb(process.pid)
    house.server.ensure_running()
    yield Figure("`letopis serve` to /readyz, warm", sorted(took)[len(took) // 2], "s", at_most(5),
                 note=f"median of {STARTS}, database start and schema check included")  # fmt: skip
    yield Figure("memory at rest, all processes", sum(shares.values()), "MB", at_most(350),
                 note="PSS: " + ", ".join(f"{name} {mb:.0f}" for name, mb in sorted(shares.items())))  # fmt: skip
    yield Figure("installed size", installed_mb(), "MB", note="packages of requirements.lock and letopis itself")


def memory_mb(root: int) -> dict[str, float]:
    """Proportional set size of a process and all it started, summed by what they are."""
    shares: dict[str, float] = {}
    top = psutil.Process(root)
    for process in (top, *top.children(recursive=True)):
        try:
            share = pss_bytes(process.pid) / 1e6
            name = role(process.cmdline())
        except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
            # A session of the database that ended while we looked.
            continue
        shares[name] = shares.get(name, 0) + share
    return shares


def pss_bytes(pid: int) -> int:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(rollup.partition("\nPss:")[2].split()[0]) * 1024


def role(command_line: list[str]) -> str:
    if "letopis.cli" not in command_line:
        return "database"
    return command_line[command_line.index("letopis.cli") + 1]


def installed_mb() -> float:
    """Files of every package of the runtime lock that is installed here, and our own package."""
    total = sum(file.stat().st_size for file in Path(letopis.__file__).parent.rglob("*") if file.is_file())
    for name in _LOCKED.findall(LOCK.read_text("utf-8")):
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            # Locked for another platform.
            continue
        total += sum(path.stat().st_size for file in files if (path := Path(str(file.locate()))).is_file())
    return total / 1e6
