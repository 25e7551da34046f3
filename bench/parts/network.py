"""How soon the page of a network answers the integrator of 500 businesses, signed in, one request after the other.

The businesses hold two months of daily cells as the pipeline leaves them, dialogues, visits and sources, written
directly: a year of events for each would take a day to read. Time is that of the whole request, as in `pages`. Losses
are remembered for minutes: the first look at a period is a figure of its own.
"""

import re
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import httpx

from bench.bench import Bench
from bench.figures import Figure
from bench.house import QUERIES, House, HouseError
from bench.parts.pages import large_business, signed_in, timed, weight
from letopis.metrics.pipeline import READER, VERSION

ORDER = 6
NAME = "Салон сети"
BUSINESSES = 500
DAYS = 60
GOAL_MS = 200
URL = "/network"
SECTIONS = (
    "network_businesses",
    "network_cells",
    "network_decided",
    "network_leads",
    "network_visits",
    "network_dialogues",
    "network_marks",
    "network_sources",
)
JOURNALS = ("network_logs", "network_positions", "network_seals")
_MORE = re.compile(r'<a href="([^"]+)" rel="next"')


def measure(bench: Bench) -> Iterator[Figure]:
    house = bench.house
    home = large_business(house) or house.business("Дом интегратора")
    if not _founded(house):
        _make(house)
    with _journals(house), house.serving("web") as web, closing(signed_in(house, web, home)) as client:
        _let_in(house, client)
        yield _first_look(client)
        yield timed(client, f"network of {BUSINESSES} businesses", URL, GOAL_MS, "50 rows, the usual 30 days")
        yield timed(client, "network, narrowed", f"{URL}?state=losing", GOAL_MS, "those that are losing leads now")
        yield timed(client, "network, second page", _second(client), GOAL_MS, "50 more rows")
        yield timed(client, "network, steps that break off", f"{URL}?view=steps", GOAL_MS, "the second view, a week")
        yield weight(client, "weight of the network", URL)


def _founded(house: House) -> bool:
    with house.connect() as conn, conn.cursor() as cur:
        row = QUERIES.row(cur, "network_founded", name=NAME)
    return bool(row and row["businesses"])


def _make(house: House) -> None:
    told = {"name": NAME, "businesses": BUSINESSES, "days": DAYS}
    with house.connect() as conn, conn.cursor() as cur:
        for section in SECTIONS:
            QUERIES.run(cur, section, now=datetime.now(UTC), **told)
        QUERIES.run(cur, "analyze")
    house.settle()


@contextmanager
def _journals(house: House) -> Iterator[None]:
    """They look read to their end but hold nothing: no worker of a later run may come upon them."""
    told = {"name": NAME, "reader": READER, "version": VERSION, "now": datetime.now(UTC)}
    with house.connect() as conn, conn.cursor() as cur:
        for section in ("network_journals_gone", *JOURNALS):
            QUERIES.run(cur, section, **told)
    try:
        yield
    finally:
        with house.connect() as conn, conn.cursor() as cur:
            QUERIES.run(cur, "network_journals_gone", **told)


def _let_in(house: House, client: httpx.Client) -> None:
    """Whoever has signed in last is let into all of them."""
    with house.connect() as conn, conn.cursor() as cur:
        QUERIES.run(cur, "network_member", name=NAME, now=datetime.now(UTC))
    if client.get(URL).status_code != httpx.codes.OK:
        raise HouseError("the page of the network does not open")


def _first_look(client: httpx.Client) -> Figure:
    """Of a period that nobody has asked for."""
    began = time.perf_counter()
    client.get(f"{URL}?compare=none&from={datetime.now(UTC).date().replace(day=1)}")
    took = (time.perf_counter() - began) * 1000
    return Figure("network, first look at a period", took, "ms", note="once in ten minutes and process")


def _second(client: httpx.Client) -> str:
    found = _MORE.search(client.get(URL).text)
    if found is None:
        raise HouseError("the network has no second page")
    return f"{URL}{found[1].replace('&amp;', '&')}"
