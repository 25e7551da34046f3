"""How many events a second are durably acknowledged, and how soon, beside the yardstick.

Program and yardstick take turns (A B A B) on the same database server, so that a change of the machine's mood meets
both. After each leg the journal is counted: what was acknowledged must be there.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean

from bench.bench import Bench
from bench.figures import Figure, at_least, at_most
from bench.flood import CONNECTIONS, Flood, flood, generator_name, unique_posts
from bench.generator import steady
from bench.house import House, HouseError, Serving, free_port, wait_for_answer

ORDER = 2
TURNS = 2
WARM_S = 3.0
BATCH = 100
BATCH_CONNECTIONS = 16
# A key may send two thousand events a second; more than one sender must be at work.
KEYS = 24


@dataclass(frozen=True, slots=True)
class Legs:
    """The legs of both sides, in the order of running."""

    ours: list[Flood]
    yardstick: list[Flood]

    @property
    def ours_per_second(self) -> float:
        return mean(leg.per_second for leg in self.ours)

    @property
    def yardstick_per_second(self) -> float:
        return mean(leg.per_second for leg in self.yardstick)


def measure(bench: Bench) -> Iterator[Figure]:
    house = bench.house
    [keys] = house.senders("Замер приёма", 1, KEYS)
    many = [key for [key] in house.senders("Замер приёма у многих", KEYS, 1)]
    port = free_port()
    measure_itself = [sys.executable, "-m", "bench.yardstick", house.url(), str(port)]
    with house.serving("web") as web, house.running(measure_itself) as process:
        yardstick = Serving(process, port)
        wait_for_answer(yardstick)
        single = take_turns(house, web, yardstick, keys, bench.seconds, 1, CONNECTIONS)
        spread = take_turns(house, web, yardstick, many, bench.seconds, 1, CONNECTIONS)
        batches = take_turns(house, web, yardstick, keys, bench.seconds, BATCH, BATCH_CONNECTIONS)
        house.settle()
        half = single.ours_per_second / 2
        load = steady(web.address, unique_posts(keys), per_second=half, seconds=bench.seconds, connections=CONNECTIONS)
    if load.accepted != load.sent:
        raise HouseError(f"at half load {load.sent - load.accepted} of {load.sent} were not accepted: {load.statuses}")
    how = f"{generator_name()}, {CONNECTIONS} connections, {TURNS} turns of {bench.seconds:.0f} s"
    yield Figure("single events", single.ours_per_second, "events/s", at_least(8000), single.yardstick_per_second, how)
    yield Figure("single events, share of the yardstick", 100 * single.ours_per_second / single.yardstick_per_second,
                 "%", at_least(50), note="the same legs")  # fmt: skip
    how = f"the same over {len(many)} businesses, whose logs are locked and grown one by one"
    yield Figure("single events, many businesses", spread.ours_per_second, "events/s", None,
                 spread.yardstick_per_second, how)  # fmt: skip
    how = f"NDJSON, {BATCH_CONNECTIONS} connections, {TURNS} turns of {bench.seconds:.0f} s"
    yield Figure(f"batches of {BATCH}", batches.ours_per_second * BATCH, "events/s", at_least(20000),
                 batches.yardstick_per_second * BATCH, how)  # fmt: skip
    how = f"open loop, {half:.0f} requests/s evenly over {CONNECTIONS} connections, latency from the due moment"
    yield Figure("p99 at half load", load.percentile_ms(99), "ms", at_most(50), note=how)
    yield Figure("p50 at half load", load.percentile_ms(50), "ms", note="the same run")


def take_turns(
    house: House,
    web: Serving,
    yardstick: Serving,
    keys: Sequence[str],
    seconds: float,
    per_request: int,
    connections: int,
) -> Legs:
    legs = Legs([], [])
    for side in (web, yardstick):
        flood(side.address, keys, seconds=WARM_S, per_request=per_request, connections=connections)
    for _ in range(TURNS):
        for side, done in ((web, legs.ours), (yardstick, legs.yardstick)):
            house.settle()
            before = house.entries()
            leg = flood(side.address, keys, seconds=seconds, per_request=per_request, connections=connections)
            if leg.refused or leg.broken:
                raise HouseError(f"{leg.refused} requests were refused and {leg.broken} broken: {leg}")
            if side is web and (stored := house.entries() - before) < leg.requests * per_request:
                raise HouseError(f"{leg.requests} requests were acknowledged, {stored} events are in the journal")
            done.append(leg)
    return legs
