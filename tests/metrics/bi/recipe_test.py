"""The queries of the recipe, run as they are written, give the numbers of the pages; and they are quick."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from letopis.access.businesses import create_business
from letopis.access.wall import enter
from letopis.base import database as roles
from letopis.metrics.board import read_board
from letopis.metrics.campaigns.costs import by_campaign, costs_between
from letopis.metrics.metric import By
from letopis.metrics.parts import Part
from letopis.metrics.period import Period
from tests.metrics.bi.conftest import ROOT, Grant, Tool
from tests.metrics.conftest import Salon
from tests.metrics.journal import after, let_pass, read_all, write

NOW = datetime.fromisoformat("2026-11-02T12:00:00+03:00")
PERIOD = Period(date(2026, 10, 5), date(2026, 11, 1))
DAY = 24 * 60
COSTS = (
    ("vk_brows", "3100.10", "2026-10-01", "2026-10-31"),
    ("2gis", "500", "2026-10-12", "2026-10-12"),
    ("poster", "900", "2026-10-12", "2026-10-12"),
)
MASTERS = ("Аня", "Ольга")
BUSINESSES, DAYS = 40, 400


def recipe() -> list[str]:
    text = (ROOT / "docs" / "how-to" / "connect-bi.md").read_text("utf-8")
    return [query.strip().removesuffix(";") for query in re.findall(r"```sql\n(.*?)```", text, re.DOTALL)]


def events() -> Iterator[dict[str, Any]]:
    """Three weeks: one campaign in two channels, one in Telegram alone; of three leads one comes and one does not."""
    for campaign, amount, first, last in COSTS:
        days = {"valid_from": first, "valid_to": last}
        yield after(0, "campaign_cost", client_id=None, campaign=campaign, amount=amount, **days)
    for n in range(42):
        at = n // 2 * DAY + n
        campaign = ("vk_brows", "vk_brows", "2gis", None)[n % 4]
        channel = "telegram" if campaign == "2gis" else ("telegram", "vk", "vk")[n % 3]
        who = {"client_id": f"c_{n}", "session_id": f"s_{n}", "source": channel}
        yield after(at, "message_in", message="Хочу на брови", campaign=campaign, **who)
        if n % 3:
            visit = {"id": f"A{n}", "start": after(at + DAY, "x")["timestamp"], "resource": MASTERS[n % 2]}
            yield after(at + 5, "appointment_created", appointment=visit, **who)
            ended = "arrived" if n % 3 == 1 else "no_show"
            yield after(at + DAY + 60, ended, appointment={"id": f"A{n}"}, **who)


@pytest.fixture(scope="module")
def told_ads(database: None) -> Salon:
    business = create_business(name="Студия «Лада»", timezone="Europe/Moscow", vertical="salon").id
    write(business, events())
    with roles.connect() as conn:
        read_all(conn, business)
        let_pass(conn, business, NOW)
    return Salon(business)


@pytest.fixture
def reader(grant: Grant, told_ads: Salon) -> Tool:
    return grant(told_ads.business)


def test_conversion_by_week(reader: Tool, told_ads: Salon) -> None:
    rows = reader.rows(recipe()[0])
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, told_ads.business)
        board = read_board(cur, told_ads.business, PERIOD.first, PERIOD.last, ["M2"])
    assert len(rows) == 3
    for row in rows:
        monday = date.fromisoformat(row["week"])
        value = board.value("M2", Period(monday, min(monday.replace(day=monday.day + 6), PERIOD.last)))
        assert (int(row["booked"]), int(row["leads"])) == (value.numerator, value.denominator)
        assert value.value is not None
        assert float(row["conversion_percent"]) == pytest.approx(100 * value.value, abs=0.05)


def test_no_shows_by_master(reader: Tool, told_ads: Salon) -> None:
    rows = {row["master"]: row for row in reader.rows(recipe()[1])}
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, told_ads.business)
        board = read_board(cur, told_ads.business, PERIOD.first, PERIOD.last, ["M4"], by=[By.MASTER])
    assert set(rows) == set(MASTERS)
    for master, row in rows.items():
        value = board.value("M4", PERIOD, Part(By.MASTER, master))
        assert (int(row["no_shows"]), int(row["visits"])) == (value.numerator, value.n)
        assert value.numerator


def test_cost_of_a_lead_by_channel(reader: Tool, told_ads: Salon) -> None:
    rows = {row["channel"]: row for row in reader.rows(recipe()[2])}
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, told_ads.business)
        costs = by_campaign(costs_between(cur, told_ads.business, PERIOD), PERIOD)
    assert {channel: int(row["leads"]) for channel, row in rows.items()} == by_hand()
    spent = sum(Decimal(row["cost"]) for row in rows.values())
    assert spent == pytest.approx(Decimal(costs["vk_brows"] + costs["2gis"]) / 100, abs=Decimal("0.02"))
    for row in rows.values():
        each = Decimal(row["cost"]) / int(row["leads"])
        assert Decimal(row["cost_per_lead"]) == pytest.approx(each, abs=Decimal("0.01"))


def by_hand() -> dict[str, int]:
    """First leads with a label that was paid for, by channel."""
    first: dict[str, dict[str, Any]] = {}
    for event in events():
        if event["event"] == "message_in" and event.get("campaign"):
            first.setdefault(event["client_id"], event)
    channels = [event["source"] for event in first.values()]
    return {channel: channels.count(channel) for channel in set(channels)}


@pytest.fixture(scope="module")
def many(database: None) -> Iterator[list[UUID]]:
    """Cells of many businesses over a year and more, as a server of a network holds them."""
    made = [create_business(f"Салон {n}", "Europe/Moscow", "salon").id for n in range(BUSINESSES)]
    with roles.connect() as conn, conn.cursor() as cur:
        for business in made:
            enter(cur, business)
            cur.execute(
                "INSERT INTO metrics_cell (business_id, metric, by, branch, day, member, n, k, pending, excluded,"
                " unknown, total, hits, seconds, censored) SELECT %s, metric, by, '', date '2026-01-01' + day,"
                " CASE by WHEN 'all' THEN '' ELSE 'telegram' END, 10, 4, 0, 0, 0, 10, 4, '{}', '{}'"
                " FROM unnest(ARRAY['M1', 'M2', 'M4', 'M8']) metric, unnest(ARRAY['all', 'channel']) by,"
                " generate_series(0, %s) day",
                [business, DAYS - 1],
            )
    with roles.connect(role=None, autocommit=True) as owner:
        owner.execute("ANALYZE metrics_cell")
    yield made
    with roles.connect() as conn, conn.cursor() as cur:
        for business in made:
            enter(cur, business)
            cur.execute("DELETE FROM metrics_cell WHERE business_id = %s", [business])


def test_one_business_and_ninety_days_come_by_the_index(grant: Grant, many: list[UUID]) -> None:
    tool = grant(many[0])
    query = (
        "SELECT day, sum(numerator) AS booked FROM bi.metric_day WHERE metric = 'M2' AND by = 'all'"
        " AND branch = '' AND day BETWEEN '2026-03-01' AND '2026-05-29' GROUP BY day"
    )
    lines = [row["QUERY PLAN"] for row in tool.rows(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {query}")]
    plan = "\n".join(lines)
    assert re.search(r"(using|on) metrics_cell_pkey", plan), plan
    [condition] = [line for line in lines if "Index Cond: ((business_id" in line]
    for part in ("metric = 'M2'", "branch = ''", "day >= '2026-03-01'", "day <= '2026-05-29'"):
        assert part in condition, plan
    assert "Seq Scan on metrics_cell" not in plan
    [row] = tool.rows(f"SELECT count(*) AS days, sum(booked) AS booked FROM ({query}) d")
    assert row == {"days": "90", "booked": str(90 * 4)}
