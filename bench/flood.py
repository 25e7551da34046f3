"""As many unique events as the server takes: wrk, or the built-in generator where there is no wrk."""

import itertools
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench import generator
from bench.events import CLIENTS, filled, single_patterns
from letopis.base.ids import token

PATH = "/v1/events"
CONNECTIONS = 64
SCRIPT = Path(__file__).with_name("flood.lua")
GRACE_S = 20.0


@dataclass(frozen=True, slots=True)
class Flood:
    """What came of it; `refused` are answers that are no 2xx, `broken` requests without an answer."""

    requests: int
    seconds: float
    refused: int
    broken: int
    p50_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        return (self.requests - self.refused) / self.seconds


def flood(
    address: str, keys: Sequence[str], *, seconds: float, per_request: int = 1, connections: int = CONNECTIONS
) -> Flood:
    """Every connection posts again as soon as it is answered; every event has an id of its own, keys take turns."""
    if shutil.which("wrk"):
        return _with_wrk(address, keys, seconds, per_request, connections)
    requests = unique_posts(keys, per_request)
    load = generator.flood(address, requests, seconds=seconds, connections=connections)
    refused = load.sent - load.accepted
    return Flood(load.sent, load.seconds, refused, 0, load.percentile_ms(50), load.percentile_ms(99))


def generator_name() -> str:
    return "wrk" if shutil.which("wrk") else "the built-in generator"


def unique_posts(keys: Sequence[str], per_request: int = 1) -> Iterator[bytes]:
    """Endless requests as wrk makes them."""
    patterns = single_patterns(datetime.now(UTC))
    run = token(6)
    kind = "application/x-ndjson" if per_request > 1 else "application/json"
    for number in itertools.count():
        body = b"\n".join(
            filled(patterns[n % len(patterns)], f"{run}-{n}", n * 7919 % CLIENTS)
            for n in range(number * per_request, (number + 1) * per_request)
        )
        yield generator.post(PATH, keys[number % len(keys)], body, kind)


def _with_wrk(address: str, keys: Sequence[str], seconds: float, per_request: int, connections: int) -> Flood:
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as patterns:
        patterns.write("\n".join(single_patterns(datetime.now(UTC))) + "\n")
        patterns.flush()
        done = subprocess.run(
            [
                *("wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--timeout", "10s", "-s", str(SCRIPT)),
                *(address + PATH, "--", patterns.name, token(6), str(per_request), *keys),
            ],
            capture_output=True,
            text=True,
            timeout=seconds + GRACE_S,
            check=True,
        )
    try:
        return Flood(**json.loads(done.stdout.strip().rsplit("\n", 1)[-1]))
    except ValueError:
        sys.stderr.write(done.stdout + done.stderr)
        raise
