"""How many events a second come in over HTTP while all readers keep up, and how fast readers are by themselves.

Events are talks of a salon, many going on at once, posted in small batches at an even rate to `letopis serve`: web,
worker, database and generator share the machine. The lag is the age of the oldest entry that no reader has seen,
looked at every half second.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from bench import generator
from bench.bench import Bench
from bench.events import as_lines, history, interleaved
from bench.figures import Figure, at_least, at_most
from bench.flood import PATH
from bench.house import Behind, House, HouseError, behind, letopis_command

ORDER = 3
RATE = 2500
OFFERED = 2550
"""An open loop cannot measure more than it offers, and its last answers take their time."""
PER_REQUEST = 10
CONNECTIONS = 16
LOOK_S = 0.5
TALKS_OPEN = 60
STANDING_EVENTS = 50_000
CATCH_UP_S_MAX = 600.0
GENERATOR_LAG_S_MAX = 1.0


def measure(bench: Bench) -> Iterator[Figure]:
    house = bench.house
    keys = [key for [key] in house.senders("Замер читателей", bench.businesses, 1)]
    requests = islice(posts(keys), int(OFFERED / PER_REQUEST * bench.sustained_s) + PER_REQUEST)
    with house.serving("serve") as serving:
        # What earlier parts left behind is not part of this one.
        house.catch_up(CATCH_UP_S_MAX)
        ready = iter(list(requests))
        with Lookout(house) as lookout:
            load = generator.steady(
                serving.address,
                ready,
                per_second=OFFERED / PER_REQUEST,
                seconds=bench.sustained_s,
                connections=CONNECTIONS,
            )
        after = house.catch_up(CATCH_UP_S_MAX)
    how = f"{bench.sustained_s:.0f} s over {bench.businesses} businesses, {PER_REQUEST} events a request, open loop"
    if load.accepted != load.sent:
        how += f"; {load.sent - load.accepted} of {load.sent} requests not accepted"
    if load.lag_s > GENERATOR_LAG_S_MAX:
        how += f"; the generator itself fell {load.lag_s:.1f} s behind"
    worst = max((look.seconds for look in lookout.looks), default=0.0)
    yield Figure("sustained", load.accepted * PER_REQUEST / load.seconds, "events/s", at_least(RATE), note=how)
    yield Figure("largest lag of the readers meanwhile", worst, "s", at_most(2), note=f"looked at every {LOOK_S} s")
    yield Figure("caught up after the end", after, "s", note="the same run")
    yield Figure("p99 of a request meanwhile", load.percentile_ms(99), "ms", note="the same run")
    yield standing(house)


def posts(keys: list[str]) -> Iterator[bytes]:
    """Requests of each business in turn, its talks interleaved."""
    now = datetime.now(UTC)
    streams = [interleaved(n * 1_000_000, now, f"s{n}", TALKS_OPEN) for n in range(len(keys))]
    while True:
        for key, stream in zip(keys, streams, strict=True):
            body = as_lines(list(islice(stream, PER_REQUEST)))
            yield generator.post(PATH, key, body, "application/x-ndjson")


def standing(house: House) -> Figure:
    """The readers alone, on a journal that has stopped growing."""
    business = house.business("Замер стоящего журнала")
    bring_in(house, business, STANDING_EVENTS)
    entries = house.behind().entries
    with house.running([*letopis_command(), "worker"]):
        wait_for_first_step(house, entries)
        left = house.behind().entries
        took = house.catch_up(CATCH_UP_S_MAX)
    how = f"{entries} entries of one business, the worker alone, from its first batch on"
    return Figure("readers from a standing journal", left / took, "events/s", note=how)


def bring_in(house: House, business: UUID, events: int, days: int = 30) -> None:
    """History through `letopis import`."""
    lines = as_lines(history(events, datetime.now(UTC) - timedelta(days=1), days)).decode()
    house.command("import", "-", "--business", str(business), "--source", "telegram", told=lines, seconds_max=900)


def wait_for_first_step(house: House, entries: int) -> None:
    """The start of the process is not the readers' own speed."""
    with house.connect() as conn:
        for _ in range(6000):
            if behind(conn).entries < entries:
                return
            threading.Event().wait(0.01)
    raise HouseError("the worker has not begun after a minute")


@dataclass(slots=True)
class Lookout:
    """Looks at the lag from a thread of its own while the block runs."""

    house: House
    looks: list[Behind] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> "Lookout":
        self._thread = threading.Thread(target=self._look, name="lookout")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        assert self._thread is not None
        self._thread.join()

    def _look(self) -> None:
        with self.house.connect() as conn:
            while not self._over.wait(LOOK_S):
                self.looks.append(behind(conn))
