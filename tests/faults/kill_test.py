"""Twenty times something is killed under load; nothing acknowledged is lost or doubled, and everything goes on."""

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psutil
import pytest
from psycopg import sql

from bench.events import interleaved
from bench.house import House, Serving, behind, is_ready, letopis_command
from letopis.base import clock
from letopis.base.sql import Queries
from tests.faults.senders import Sender

pytestmark = pytest.mark.slow

QUERIES = Queries("tests.faults")

SEED = int(os.environ.get("FAULTS_SEED", "2026"))
VICTIMS = ("web",) * 4 + ("every web",) * 3 + ("worker",) * 6 + ("postgres",) * 7
SENDERS = 6
EVENTS_PER_SECOND = 60.0
"""Of each sender; small enough that two cores are not what is tested."""
TALKS_OPEN = 20
LOAD_S = (0.3, 1.6)
AFTER_KILL_S = 0.5
RECOVER_S_MAX = 30.0
CATCH_UP_S_MAX = 30.0
COMMAND_S_MAX = 60.0
REBUILD_EVERY = 5


@dataclass(slots=True)
class World:
    """The house under fire, its one salon and who sends to it."""

    house: House
    serving: Serving
    business: UUID
    senders: list[Sender]
    recovered_s: dict[str, list[float]] = field(default_factory=dict)

    def pids_of(self, victim: str) -> set[int]:
        """The processes of that name; "every web" are all that "web" is one of."""
        if victim == "postgres":
            return {int((self.house.server.cluster / "postmaster.pid").read_text().splitlines()[0])}
        name = victim.removeprefix("every ")
        return {
            child.pid for child in psutil.Process(self.serving.process.pid).children() if name in child.cmdline()[3:]
        }

    def wait_until_well(self, victim: str, killed: set[int], before: int) -> float:
        """Until others have taken the place of the killed ones and the door is ready."""
        began = time.monotonic()
        while time.monotonic() - began < RECOVER_S_MAX:
            try:
                here = self.pids_of(victim)
                if not here & killed and len(here) == before and is_ready(self.serving.address):
                    return time.monotonic() - began
            except (OSError, ValueError, IndexError, psutil.Error):
                # Not there yet.
                pass
            time.sleep(0.02)
        raise AssertionError(f"{victim} did not come back in {RECOVER_S_MAX:.0f} s")

    def acknowledged(self) -> dict[str, set[int]]:
        return {id_: seqs for sender in self.senders for id_, seqs in sender.acknowledged.items()}


@pytest.fixture
def world() -> Iterator[World]:
    with House() as house:
        business = house.business("Студия «Лада»")
        key = house.key(business)
        with house.serving("serve") as serving:
            senders = [sender(serving, key, number) for number in range(SENDERS)]
            for one in senders:
                one.start()
            yield World(house, serving, business, senders)
            for one in senders:
                one.finish()


def sender(serving: Serving, key: str, number: int) -> Sender:
    events = interleaved(number * 100_000, clock.now(), f"f{number}", TALKS_OPEN)
    return Sender(serving.port, key, events, random.Random(SEED + number), EVENTS_PER_SECOND)


def test_kills_lose_and_double_nothing(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """One web process, all of them, worker and database, each several times at moments of a seeded chance."""
    chance = random.Random(SEED)
    victims = list(VICTIMS)
    chance.shuffle(victims)
    assert min(Counter(victims).values()) >= 3
    for number, victim in enumerate(victims, 1):
        for one in world.senders:
            one.go_on()
        time.sleep(chance.uniform(*LOAD_S))
        here = world.pids_of(victim)
        assert here, f"the household has no {victim} running"
        killed = here if victim.startswith("every") else {chance.choice(sorted(here))}
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        took = world.wait_until_well(victim, killed, len(here))
        world.recovered_s.setdefault(victim, []).append(took)
        time.sleep(AFTER_KILL_S)
        for one in world.senders:
            one.hold()
        for one in world.senders:
            one.wait_until_idle()
        stored = check_journal(world)
        check_tree_and_readers(world)
        if number % REBUILD_EVERY == 0:
            check_rebuild(world)
        with capsys.disabled():
            print(f"  {number:2}. {victim:8} back in {took:.1f} s, {stored} events stored")
    assert sum(one.recognised for one in world.senders), "no repeat met an event that was stored already"
    tell(world, capsys)


def check_journal(world: World) -> int:
    """Every acknowledged event stands in the journal once, under the number that its answer gave; nothing else does."""
    with world.house.connect() as conn, conn.cursor() as cur:
        rows = QUERIES.rows(cur, "stored_ids", business=world.business)
    stored = {row["message_id"]: row["seq"] for row in rows}
    doubled = [id_ for id_, times in Counter(row["message_id"] for row in rows).items() if times > 1]
    assert not doubled, f"stored more than once: {doubled[:5]}"
    acknowledged = world.acknowledged()
    lost = acknowledged.keys() - stored.keys()
    assert not lost, f"acknowledged and lost: {sorted(lost)[:5]}"
    sent = {id_ for one in world.senders for id_ in one.sent}
    assert stored.keys() == sent, "senders were idle, so all that was sent is acknowledged"
    misplaced = [id_ for id_, seqs in acknowledged.items() if seqs != {stored[id_]}]
    assert not misplaced, f"acknowledged under another number: {misplaced[:5]}"
    return len(stored)


def check_tree_and_readers(world: World) -> None:
    """`letopis verify` finds the tree intact, and `letopis status` comes to say that no reader is behind."""
    deadline = time.monotonic() + CATCH_UP_S_MAX
    with world.house.connect() as conn:
        while (left := behind(conn)).entries:
            assert time.monotonic() < deadline, f"readers are stuck {left.entries} entries behind"
            time.sleep(0.05)
    verified, state = together(world.house, ["verify", "--json"], ["status", "--json"])
    [verdict] = verified["businesses"]
    assert verdict["intact"], verdict["problems"][:5]
    [business] = state["businesses"]
    assert business["size"] == verdict["entries"]
    assert [reader["lag_entries"] for reader in business["readers"]] == [0]


def check_rebuild(world: World) -> None:
    """What the readers made step by step, through all the kills, equals what they make from nothing."""
    before = derived_rows(world)
    world.house.command("rebuild", "--business", str(world.business))
    after = derived_rows(world)
    assert before.keys() == after.keys()
    for table, lines in before.items():
        missing = (Counter(after[table]) - Counter(lines)).elements()
        excess = (Counter(lines) - Counter(after[table])).elements()
        differing = [*(f"only rebuilt: {line}" for line in missing), *(f"only step by step: {line}" for line in excess)]
        assert not differing, f"{table} differs in {len(differing)} rows:\n" + "\n".join(differing[:4])


def derived_rows(world: World) -> dict[str, list[str]]:
    with world.house.connect() as conn, conn.cursor() as cur:
        tables = [row["relname"] for row in QUERIES.rows(cur, "derived_tables")]
        found = {}
        for table in tables:
            cur.execute(sql.SQL(QUERIES["rows_of"]).format(table=sql.Identifier(table)), {"business": world.business})
            found[table] = [line for (line,) in cur.fetchall()]
    return found


def together(house: House, *commands: list[str]) -> list[dict[str, Any]]:
    """Several commands at once, to spare the time of their start; what each printed."""
    started = [
        subprocess.Popen(
            [*letopis_command(), *command], env=house.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for command in commands
    ]
    told = [process.communicate(timeout=COMMAND_S_MAX) for process in started]
    for command, process, (_, said) in zip(commands, started, told, strict=True):
        assert process.returncode == 0, f"{command} ended with {process.returncode}: {said.decode()[-2000:]}"
    return [json.loads(out) for out, _ in told]


def tell(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        for victim, times in sorted(world.recovered_s.items()):
            print(f"  {victim}: killed {len(times)} times, back after {max(times):.1f} s at the latest")
        repeats = sum(one.repeats for one in world.senders)
        recognised = sum(one.recognised for one in world.senders)
        total = len(world.acknowledged())
        print(f"  {total} events acknowledged, {repeats} requests repeated, {recognised} events recognised as repeats")
