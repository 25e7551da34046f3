"""The scribe alone, without HTTP: what an event costs to build, and how many a second it makes durable.

    python -m bench.scribe [--events 30000]

Runs in this process against an embedded server of its own. Figures belong to one run; what can be carried to another
machine is the ratio to a single sender, who pays a commit of his own for each event.
"""

import argparse
import asyncio
import gc
import os
import tempfile
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from bench.events import OPENINGS
from bench.figures import Figure, at_least, at_most, print_table
from letopis.base.ids import new_uuid
from letopis.base.sql import Queries

if TYPE_CHECKING:
    from letopis.journal.draft import Draft

QUERIES = Queries("bench")
SHAPES = (
    (64, 1, 1, None),
    (64, 1, 64, None),
    (8, 100, 1, at_least(20_000)),
    (8, 100, 8, at_least(20_000)),
)
ALONE_EVENTS_MAX = 1500
BUILT_EVENTS = 20_000
BUILT_AT_ONCE = 100


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--events", type=int, default=30_000, help="how many are stored for each figure")
    total = options.parse_args().events
    with tempfile.TemporaryDirectory(prefix="letopis-bench-", ignore_cleanup_errors=True) as folder:
        # The database server may run as a user of its own, who must be able to reach the folder.
        os.chmod(folder, 0o755)
        os.environ["LETOPIS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "letopis.app.settings"
        import django

        django.setup()
        from letopis.app import ground

        with ground.standing():
            print_table("scribe", figures(total))


def figures(total: int) -> Iterator[Figure]:
    """Measured in this process, on the database of its settings."""
    from letopis.base.database import connect

    build, hold = building_us()
    yield Figure("building an event of four slots", build, "µs CPU", at_most(25), note=f"{hold:.1f} under the lock")
    alone = asyncio.run(rate(min(total, ALONE_EVENTS_MAX), 1, 1, 1))
    yield Figure("1 sender, single events", alone, "events/s", note="a commit each")
    for senders, events, businesses, goal in SHAPES:
        measured = asyncio.run(rate(total, senders, events, businesses))
        name = f"{senders} senders, {events} an append, {businesses} businesses"
        yield Figure(name, measured, "events/s", goal, note=f"{measured / alone:.1f} × alone")
    with connect(None, autocommit=True) as conn, conn.cursor() as cur:
        size, stored = QUERIES.row(cur, "sizes"), QUERIES.row(cur, "entries", business=None)
    assert size is not None
    assert stored is not None
    yield Figure("on disk", size["bytes"] / stored["entries"], "bytes/event", at_most(700), note="without slot 4")


def draft(business: UUID, number: int) -> "Draft":
    """A client's message as the door would hand it over."""
    from letopis.journal import lj1
    from letopis.journal.draft import Draft

    text = OPENINGS[number % len(OPENINGS)]
    meta = {"confidence_ppm": 920_000, "content_type": "text", "intent": "book_appointment", "role": "client"}
    who = {"client_id": "tg_12345678", "message_id": str(number), "session_id": "sess_12345678"}
    raw = f'{{"event":"message_in","source":"telegram","message_id":"{number}","message":"{text}"}}'
    return Draft(
        business=business,
        type="message_in",
        source="telegram",
        slots=((1, lj1.encode(meta)), (2, lj1.encode(who)), (3, text.encode()), (4, raw.encode())),
        body=lj1.encode({**meta, **who, "text": text}),
        occurred_us=time.time_ns() // 1000,
        dedup_key=f"tg_12345678:message_in:{number}",
    )


def building_us() -> tuple[float, float]:
    """CPU of all building in Python for one event, and the part of it that holds the lock of the log."""
    from letopis.journal.batch import Batch, Log, Prepared, prepare
    from letopis.journal.conflicts import Conflicts
    from letopis.journal.origin import origin_of
    from letopis.journal.tree import Frontier

    business = new_uuid()
    log = Log(business, origin_of(business), Frontier(), 0, True)
    rounds = [
        [draft(business, first + step) for step in range(BUILT_AT_ONCE)]
        for first in range(0, BUILT_EVENTS, BUILT_AT_ONCE)
    ]
    gc.freeze()
    preparing = holding = 0
    for drafts in rounds:
        began = time.process_time_ns()
        items = prepare(drafts)
        prepared = time.process_time_ns()
        batch = Batch([log], prepared, Conflicts().allows)
        for item in items:
            assert isinstance(item, Prepared), "a draft of ours is never refused"
            batch.add(item)
        batch.copies()
        preparing += prepared - began
        holding += time.process_time_ns() - prepared
    return (preparing + holding) / BUILT_EVENTS / 1000, holding / BUILT_EVENTS / 1000


async def rate(total: int, senders: int, events: int, businesses: int) -> float:
    """Events a second made durable by one scribe; drafts are made before, so that only the scribe is measured."""
    from letopis.journal.scribe import Scribe

    chosen = [new_uuid() for _ in range(businesses)]
    appends = total // senders // events
    ready = [
        [
            [draft(chosen[sender % businesses], (sender << 32) + number * events + step) for step in range(events)]
            for number in range(appends)
        ]
        for sender in range(senders)
    ]

    # A living program has no thousands of drafts lying about, which the collector would visit again and again.
    gc.freeze()

    async def send(own: "list[list[Draft]]") -> None:
        for drafts in own:
            await scribe.append(drafts)

    scribe = Scribe()
    await scribe.start()
    began = time.monotonic()
    await asyncio.gather(*(send(own) for own in ready))
    taken = time.monotonic() - began
    await scribe.stop()
    return senders * appends * events / taken


if __name__ == "__main__":
    main()
