"""What the views tell is what the pages tell, and it is documented column by column."""

import json
import random
import sys
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from letopis import worker
from letopis.access.wall import enter
from letopis.base import clock
from letopis.metrics.bi import definition
from letopis.metrics.bi.definition import NOT_SUMMABLE
from letopis.metrics.board import Board, read_board
from letopis.metrics.campaigns.costs import by_campaign, costs_between
from letopis.metrics.definitions import METRICS
from letopis.metrics.frozen.figure import FROZEN
from letopis.metrics.metric import COUNT, By
from letopis.metrics.parts import Part
from letopis.metrics.period import Period
from letopis.metrics.statistics import survival_quantile
from tests.metrics import told
from tests.metrics.bi.conftest import ROOT, Grant, Tool
from tests.metrics.conftest import Salon
from tests.metrics.frozen.months_test import LATE_LEAD, LEADS, leads
from tests.metrics.journal import after, let_pass, read_all, write

Conn = psycopg.Connection[Any]
MONTH = Period(date(2026, 10, 5), date(2026, 11, 1))
SUMMED = {metric: told for metric, told in METRICS.items() if metric not in NOT_SUMMABLE}
DAYS = "day BETWEEN '2026-10-05' AND '2026-11-01'"


def board(salon: Salon, by: By) -> Board:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, salon.business)
        walls = [metric.id + metric.wall for metric in SUMMED.values() if metric.wall]
        return read_board(cur, salon.business, MONTH.first, MONTH.last, SUMMED, by=[by], series=walls)


@pytest.mark.parametrize("by", [By.ALL, By.CHANNEL, By.MASTER, By.PERSON, By.HOUR, By.KNOWN])
def test_sums_over_days_are_the_numbers_of_the_pages(tool: Tool, salon: Salon, by: By) -> None:
    rows = tool.rows(
        "SELECT metric, member, sum(numerator) AS numerator, sum(denominator) AS denominator, sum(pending) AS pending,"
        " sum(excluded) AS excluded, sum(unknown) AS unknown, sum(hits) AS hits, sum(total) AS total,"
        " bi.wait_quantile(bi.joined(seconds), bi.joined(censored), 0.5) AS median,"
        " bi.wait_quantile(bi.joined(seconds), bi.joined(censored), 0.9) AS p90"
        f" FROM bi.metric_day WHERE by = '{by}' AND branch = '' AND {DAYS} GROUP BY metric, member"
    )
    by_key = {(row["metric"], row["member"]): row for row in rows}
    page = board(salon, by)
    compared = 0
    for metric, known in SUMMED.items():
        for member in page.members(by, MONTH, metric) if by is not By.ALL else [""]:
            value = page.value(metric, MONTH, Part(by, member))
            row = by_key.get((metric + (known.wall if value.clock == "wall" else ""), member))
            if row is None:
                assert (value.n, value.pending, value.excluded) == (0, 0, 0)
                continue
            compared += 1
            for name in ("numerator", "denominator", "pending", "excluded"):
                assert int(row[name]) == getattr(value, name), (metric, member, name)
            if known.length:
                assert (row["median"], row["p90"]) == tuple(_told(one) for one in (value.value, value.p90))
            elif known.unit != COUNT:
                assert (int(row["hits"]), int(row["total"]), int(row["unknown"])) == (
                    value.hits,
                    value.total,
                    value.unknown,
                )
    assert compared or by is By.KNOWN


def _told(value: float | None) -> str:
    return "" if value is None else str(int(value))


def test_lead_rows_count_as_the_first_metric(tool: Tool, salon: Salon) -> None:
    [row] = tool.rows(
        "SELECT count(*) AS leads, count(*) FILTER (WHERE state = 'booked') AS booked"
        f" FROM bi.lead WHERE excluded = '' AND {DAYS}"
    )
    page = board(salon, By.ALL)
    assert int(row["leads"]) == page.value("M1", MONTH).n
    assert int(row["booked"]) == page.value("M2", MONTH).hits


def test_visit_rows_count_as_the_no_shows(tool: Tool, salon: Salon) -> None:
    [row] = tool.rows(f"SELECT count(*) AS missed FROM bi.visit WHERE state = 'no_show' AND excluded = '' AND {DAYS}")
    assert int(row["missed"]) == board(salon, By.ALL).value("M4", MONTH).numerator > 0


def test_waits_have_the_quantiles_of_the_pages(tool: Tool) -> None:
    chance = random.Random(3)
    cases = [(_lengths(chance), _lengths(chance), share) for _ in range(60) for share in (0.5, 0.9)]
    rows = tool.rows(
        f"SELECT c.at, bi.wait_quantile(c.s, c.o, c.q) AS q FROM json_to_recordset('{_as_rows(cases)}')"
        " AS c (at int, s int[], o int[], q float8) ORDER BY c.at"
    )
    expected = [survival_quantile(ended, still, share) for ended, still, share in cases]
    assert [row["q"] for row in rows] == [_told(one) for one in expected]
    assert None in expected


def _lengths(chance: random.Random) -> list[int]:
    return sorted(chance.randrange(12) for _ in range(chance.randrange(12)))


def _as_rows(cases: list[tuple[list[int], list[int], float]]) -> str:
    return json.dumps(
        [{"at": at, "s": ended, "o": still, "q": share} for at, (ended, still, share) in enumerate(cases)]
    )


def test_closed_month_stands_beside_what_is_reckoned_now(
    grant: Grant, empty_salon: Salon, app_connection: Conn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: told.NOW.replace(month=11, day=12))
    business = empty_salon.business
    write(business, leads())
    read_all(app_connection, business)
    let_pass(app_connection, business, clock.now())
    worker.close_months(app_connection, business)
    read_all(app_connection, business)
    tool = grant(business)
    closed = tool.rows("SELECT * FROM bi.month ORDER BY metric")
    assert sorted(row["metric"] for row in closed) == sorted(FROZEN)
    assert {(row["month"], row["corrected"], row["note"]) for row in closed} == {("2026-10-01", "f", "")}
    for row in closed:
        assert (row["value_now"] or None) == (row["value"] or None), row["metric"]
    write(business, [LATE_LEAD])
    read_all(app_connection, business)
    let_pass(app_connection, business, clock.now())
    [first] = tool.rows("SELECT * FROM bi.month WHERE metric = 'M1'")
    assert (first["n"], first["n_now"], first["corrected"]) == (str(LEADS), str(LEADS + 1), "t")
    assert first["note"] == f"{LEADS} → {LEADS + 1}"


def test_goals_marks_and_costs(grant: Grant, empty_salon: Salon, app_connection: Conn) -> None:
    business = empty_salon.business
    own = {"client_id": None, "source": "letopis"}
    events = [
        after(0, "goal_set", metric="M2", goal_target="0.4", valid_from="2026-09-01", **own),
        after(1, "goal_set", metric="M2", goal_target="0.5", valid_from="2026-10-10", **own),
        after(2, "change_mark", what="Подняли цены", change_kind="price", effect_size="0.05", **own),
        after(3, "campaign_cost", campaign="vk_brows", amount="3100", valid_from="2026-10-01", valid_to="2026-10-31"),
    ]
    write(business, events)
    read_all(app_connection, business)
    tool = grant(business)
    goals = tool.rows("SELECT metric, valid_from, valid_to, target FROM bi.goal ORDER BY valid_from")
    assert [tuple(row.values()) for row in goals] == [
        ("M2", "2026-09-01", "2026-10-09", "0.4"),
        ("M2", "2026-10-10", "", "0.5"),
    ]
    [mark] = tool.rows("SELECT what, kind, metric, expected FROM bi.change_mark")
    assert tuple(mark.values()) == ("Подняли цены", "price", "M2", "0.05")
    ten_days = Period(date(2026, 10, 5), date(2026, 10, 14))
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        kopecks = by_campaign(costs_between(cur, business, ten_days), ten_days)
    [cost] = tool.rows(
        "SELECT campaign, round(100 * sum(cost)) AS kop FROM bi.campaign_cost"
        " WHERE day BETWEEN '2026-10-05' AND '2026-10-14' GROUP BY campaign"
    )
    assert {cost["campaign"]: int(cost["kop"])} == kopecks == {"vk_brows": 100_000}


def test_clients_words_names_and_ids_are_in_no_view(tool: Tool, salon: Salon, owner_connection: Conn) -> None:
    views = [view for view, _ in _columns(owner_connection)]
    dumped = "".join(tool.psql(f"TABLE bi.{view}").stdout for view in sorted(set(views)))
    for event in told.month():
        for name in ("message", "name", "session_id"):
            assert event.get(name, "нет такого") not in dumped
        if client := event.get("client_id"):
            assert f",{client}," not in dumped
    named = {"client_id", "name", "phone", "text", "message", "appointment_id", "session_id", "deal_ref", "email"}
    assert not named & {column for _, column in _columns(owner_connection)}


def test_every_column_is_commented_and_documented(database: None, owner_connection: Conn) -> None:
    page = (ROOT / "docs" / "how-to" / "connect-bi.md").read_text("utf-8")
    sections = {part.split("`")[0]: part for part in page.split("### `bi.")[1:]}
    everywhere = {"business", "business_name"}
    assert set(sections) == {view for view, _ in _columns(owner_connection)}
    for view, column in _columns(owner_connection):
        assert column in everywhere or f"`{column}`" in sections[view], (view, column)
    uncommented = owner_connection.execute(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
        " WHERE n.nspname = 'bi' AND c.relkind = 'v' AND col_description(c.oid, a.attnum) IS NULL"
    ).fetchall()
    assert uncommented == []


def test_definitions_are_those_of_the_code(tool: Tool) -> None:
    rows = {row["metric"]: row for row in tool.rows("SELECT * FROM bi.metric")}
    for metric, known in METRICS.items():
        row = rows.pop(metric)
        assert (row["title_ru"], row["unit"], row["version"]) == (known.title.ru, known.unit, str(known.version))
        assert (row["summable"] == "f") == (metric in NOT_SUMMABLE)
        assert bool(known.wall) == (metric + known.wall in rows)
        rows.pop(metric + known.wall, None)
    assert not rows


def test_changed_definition_comes_with_a_migration() -> None:
    """An installation that is upgraded is told of it by a migration alone."""
    names = sorted(name for room, name in MigrationLoader(None).disk_migrations if room == "metrics")
    modules = [sys.modules[f"letopis.metrics.migrations.{name}"] for name in names]
    told_last = [module.DEFINITIONS for module in modules if hasattr(module, "DEFINITIONS")][-1]
    assert told_last == definition.digest(), "write a migration that runs definition.tell, with the new digest"


def _columns(conn: Conn) -> list[tuple[str, str]]:
    return conn.execute(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE n.nspname = 'bi' AND c.relkind = 'v' ORDER BY 1, a.attnum"
    ).fetchall()
