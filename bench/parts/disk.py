"""How many bytes on the disk an event costs, without its raw body, which lives thirty days."""

from collections.abc import Iterator

from bench.bench import Bench
from bench.figures import Figure, at_most
from bench.house import QUERIES, House, letopis_command
from bench.parts.readers import CATCH_UP_S_MAX, bring_in

ORDER = 5
EVENTS = 50_000


def measure(bench: Bench) -> Iterator[Figure]:
    house = bench.house
    business = house.business("Замер места")
    with house.running([*letopis_command(), "worker"]):
        house.catch_up(CATCH_UP_S_MAX)
        entries, journal, derived = house.entries(), size(house, "sizes"), size(house, "derived_size")
        bring_in(house, business, EVENTS)
        house.catch_up(CATCH_UP_S_MAX)
    new = house.entries() - entries
    how = f"growth of leaves, content, tags, nodes and their indexes by {new} entries of talks"
    grown = (size(house, "sizes") - journal) / new
    yield Figure("journal without raw bodies", grown, "bytes/event", at_most(700), note=how)
    grown = (size(house, "derived_size") - derived) / new
    yield Figure("derived tables", grown, "bytes/event", note="what readers made of the same, with indexes")


def size(house: House, of: str) -> int:
    with house.connect() as conn, conn.cursor() as cur:
        row = QUERIES.row(cur, of)
    assert row is not None, "an aggregate always answers"
    return int(row["bytes"])
