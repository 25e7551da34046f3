"""How soon the pages of a large business answer its owner, signed in, one request after the other.

The business holds `--events` events of a year, brought in by `letopis import` and read by the worker; with `--keep DIR`
it is made once. Time is that of the whole request over one kept connection on loopback: the server's own and a
fraction of a millisecond around it. Weights are of the HTML as it travels, packed.
"""

import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import chain, islice
from statistics import median
from typing import IO
from urllib.parse import quote, urljoin
from uuid import UUID

import httpx

from bench.bench import Bench
from bench.events import RARE_WORD, as_lines, history, long_talk, phone
from bench.figures import Figure, at_most
from bench.house import QUERIES, House, HouseError, Serving, letopis_command
from letopis.base.ids import token

ORDER = 4
NAME = "Большой салон"
DAYS = 365
TRACE_EVENTS = 200
TRACE_SESSION = "long"
REQUESTS = 20
WARM_REQUESTS = 3
DEEP_PAGES = 60
LINES_AT_ONCE = 10_000
IMPORT_S_MAX = 1800.0
READ_S_MAX = 3600.0
ANSWER_S_MAX = 60.0
HTML_KB_MAX = 12
COMMON_WORD = "маникюр"
_MORE = re.compile(r'<a href="([^"]+)" rel="next"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def measure(bench: Bench) -> Iterator[Figure]:
    house = bench.house
    business = large_business(house) or make_large_business(house, bench.events)
    events = house.entries(business)
    with house.serving("web") as web, closing(signed_in(house, web, business)) as client:
        root = f"/b/{business}"
        listing = f"{root}/dialogues"
        quarter, year = f"{root}/overview?{last_days(90)}", f"{root}/overview?{last_days(DAYS)}"
        trace = f"{listing}/{dialogue_of(house, business, TRACE_SESSION)}"
        yield timed(client, "today", f"{root}/", 40, f"{events} events")
        yield timed(client, "overview", f"{root}/overview", 60, f"{events} events, the usual 30 days")
        yield timed(client, "overview of 90 days", quarter, None, "the same, 90 days")
        yield timed(client, "overview of the year", year, 100, "the same, all its days")
        yield timed(client, "dialogues, first page", listing, 60, "50 rows")
        yield timed(client, "dialogues, deep page", deep_page(client, listing), 60, f"keyset page {DEEP_PAGES}")
        yield timed(client, "search, rare word", search(listing, RARE_WORD), 100, RARE_WORD)
        yield timed(client, "search, common word", search(listing, COMMON_WORD), 100, COMMON_WORD)
        yield timed(client, "search, phone", search(listing, phone(42)), 100, "one client's phone")
        yield timed(client, "trace", trace, 50, f"a dialogue of {TRACE_EVENTS} events")
        yield weight(client, "weight of today", f"{root}/")
        yield weight(client, "weight of the overview", f"{root}/overview")
        yield weight(client, "weight of the overview of 90 days", quarter)
        yield weight(client, "weight of the dialogues", listing)
        yield weight(client, "weight of the trace", trace)


def large_business(house: House) -> UUID | None:
    """The one that an earlier run left in a kept folder."""
    with house.connect() as conn, conn.cursor() as cur:
        row = QUERIES.row(cur, "business_named", name=NAME)
    return row["id"] if row else None


def make_large_business(house: House, events: int) -> UUID:
    business = house.business(NAME)
    until = datetime.now(UTC) - timedelta(hours=2)
    with tempfile.NamedTemporaryFile(suffix=".ndjson") as file:
        write_history(file, events, until)
        began = time.monotonic()
        house.command(
            "import", file.name, "--business", str(business), "--source", "telegram", seconds_max=IMPORT_S_MAX
        )
        print(f"imported in {time.monotonic() - began:.0f} s; readers follow")
    with house.running([*letopis_command(), "worker"]):
        print(f"readers done in {house.catch_up(READ_S_MAX):.0f} s")
    with house.connect() as conn, conn.cursor() as cur:
        QUERIES.run(cur, "analyze")
    house.settle()
    return business


def write_history(file: IO[bytes], events: int, until: datetime) -> None:
    talks = chain(history(events - TRACE_EVENTS, until, DAYS), long_talk(TRACE_EVENTS, until, TRACE_SESSION))
    while lines := as_lines(list(islice(talks, LINES_AT_ONCE))):
        file.write(lines)
    file.flush()


def signed_in(house: House, web: Serving, business: UUID) -> httpx.Client:
    """A session of an owner of the business."""
    email, password = f"owner-{token(6).lower()}@example.org", token(18)
    house.command(
        "person", "create", "--email", email, "--role", "owner", "--business", str(business), told=password + "\n"
    )
    client = httpx.Client(base_url=web.address, timeout=ANSWER_S_MAX)
    found = _TOKEN.search(client.get("/login").text)
    if found is None:
        raise HouseError("the login page holds no form")
    form = {"login": email, "password": password, "csrfmiddlewaretoken": found[1]}
    answer = client.post("/login", data=form, headers={"Referer": f"{web.address}/login"})
    if answer.status_code != httpx.codes.FOUND:
        raise HouseError(f"signing in failed: {answer.status_code}")
    return client


def timed(client: httpx.Client, name: str, url: str, goal_ms: float | None, how: str) -> Figure:
    """The median of many requests; a page that is no page stops the measurement."""
    took: list[float] = []
    for number in range(WARM_REQUESTS + REQUESTS):
        began = time.perf_counter()
        answer = client.get(url)
        if answer.status_code != httpx.codes.OK:
            raise HouseError(f"{url} answers {answer.status_code}")
        if number >= WARM_REQUESTS:
            took.append((time.perf_counter() - began) * 1000)
    goal = at_most(goal_ms) if goal_ms else None
    return Figure(name, median(took), "ms", goal, note=f"{how}; median of {REQUESTS}, slowest {max(took):.0f} ms")


def weight(client: httpx.Client, name: str, url: str) -> Figure:
    """Bytes of the page's HTML as a browser gets them."""
    with client.stream("GET", url) as answer:
        packed = sum(len(part) for part in answer.iter_raw())
    if answer.status_code != httpx.codes.OK or answer.headers.get("content-encoding") != "gzip":
        raise HouseError(f"{url} answers {answer.status_code} and is not packed")
    return Figure(name, packed / 1024, "KB", at_most(HTML_KB_MAX), note="HTML, packed")


def deep_page(client: httpx.Client, url: str) -> str:
    """Follow "show more" as a patient person would."""
    for _ in range(DEEP_PAGES - 1):
        found = _MORE.search(client.get(url).text)
        if found is None:
            break
        url = urljoin(url, unescape(found[1]))
    return url


def search(listing: str, words: str) -> str:
    return f"{listing}?q={quote(words)}"


def last_days(days: int) -> str:
    today = datetime.now(UTC).date()
    return f"from={today - timedelta(days=days - 1)}&to={today}"


def dialogue_of(house: House, business: UUID, session: str) -> int:
    with house.connect() as conn, conn.cursor() as cur:
        row = QUERIES.row(cur, "dialogue_of_session", business=business, session=session)
    if row is None:
        raise HouseError(f"no dialogue has the session {session}")
    return int(row["dialogue_id"])
