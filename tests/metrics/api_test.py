"""The read API of the numbers, asked with a read key."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from letopis.access.keys import create_key
from letopis.access.models import Scope
from letopis.metrics.definitions import METRICS
from tests.metrics import told
from tests.metrics.conftest import HOST, Salon

Ask = Callable[..., Any]
MONTH = {"from": "2026-10-04", "to": "2026-11-02"}


@pytest.fixture
def ask(salon: Salon) -> Ask:
    _key, secret = create_key(salon.business, "report", Scope.READ)
    client = Client(SERVER_NAME=HOST)

    def get(path: str, **query: str) -> Any:
        return client.get(f"/api/v1{path}", query, HTTP_AUTHORIZATION=f"Bearer {secret}")

    return get


def test_one_metric_over_a_period(ask: Ask) -> None:
    answer = ask("/metrics", metric="M2", **MONTH).json()
    [row] = answer["rows"]
    assert (answer["metric"], answer["from"], answer["to"]) == ("M2", MONTH["from"], MONTH["to"])
    assert answer["definition"]["title"]["ru"] == "Записались"
    assert (row["hits"], row["total"]) == (28, 76)
    assert row["value"] == pytest.approx(row["numerator"] / row["denominator"])
    assert row["low"] < row["value"] < row["high"]
    assert (row["n"], row["denominator"], row["pending"]) == (69, 69, 5)
    assert row["floor"] < row["ceiling"]


def test_days_and_channels_add_up_to_the_whole(ask: Ask) -> None:
    whole = ask("/metrics", metric="M1", **MONTH).json()["rows"][0]["n"]
    days = ask("/metrics", metric="M1", by="day", **MONTH).json()["rows"]
    channels = ask("/metrics", metric="M1", by="channel", **MONTH).json()["rows"]
    assert [len(days), days[0]["from"], days[0]["to"]] == [30, MONTH["from"], MONTH["from"]]
    assert {row["member"] for row in channels} == {"telegram", "vk", "phone"}
    assert sum(row["n"] for row in days) == sum(row["n"] for row in channels) == whole == 76


def test_every_metric_is_told_and_defined(ask: Ask) -> None:
    defined = ask("/metrics/definitions").json()
    assert [one["id"] for one in defined] == list(METRICS)
    for one in defined:
        assert ask("/metrics", metric=one["id"], **MONTH).status_code == 200


@pytest.mark.parametrize(
    ("query", "field", "remedy"),
    [
        ({"metric": "M99"}, "metric", "one of M1"),
        ({"metric": "M2", "from": "вчера"}, "from", "2026-11-22"),
        ({"metric": "M2", "to": "2026-13-01"}, "to", "2026-11-22"),
        ({"metric": "M2", "from": "2026-11-02", "to": "2026-11-01"}, "from", "not be later"),
        ({"metric": "M2", "from": "2020-01-01"}, "from", "at most 400"),
        ({"metric": "M2", "by": "moon"}, "by", "day, week, month, channel"),
        ({"metric": "M14", "by": "master"}, "by", "day, week, month, channel"),
        ({"metric": "M2", "from": "1900-01-01"}, "from", "between 2000-01-01"),
    ],
)
def test_wrong_question_names_field_and_remedy(ask: Ask, query: dict[str, str], field: str, remedy: str) -> None:
    answer = ask("/metrics", **query)
    assert answer.status_code == 400
    assert answer.json()["field"] == field
    assert remedy in answer.json()["remedy"]


def test_metric_must_be_named(ask: Ask) -> None:
    assert ask("/metrics").json()["errors"][0]["field"] == "metric"


def test_without_a_key_nothing_is_told(ask: Ask) -> None:
    assert Client(SERVER_NAME=HOST).get("/api/v1/metrics", {"metric": "M2"}).status_code == 401


def test_every_metric_is_told_in_every_part_it_is_counted_in(ask: Ask) -> None:
    for one in ask("/metrics/definitions").json():
        for by in ("day", "week", "month", *one["by"]):
            answer = ask("/metrics", metric=one["id"], by=by, **MONTH)
            assert answer.status_code == 200, (one["id"], by)


@pytest.mark.parametrize("metric", ["M1", "M2", "M3", "M4", "M8", "M14", "M17"])
@pytest.mark.parametrize("by", ["week", "month", "channel"])
def test_parts_add_up_to_the_whole(ask: Ask, metric: str, by: str) -> None:
    [whole] = ask("/metrics", metric=metric, **MONTH).json()["rows"]
    parts = ask("/metrics", metric=metric, by=by, **MONTH).json()["rows"]
    for count in ("numerator", "denominator", "n", "pending", "excluded"):
        assert sum(part[count] for part in parts) == whole[count], count


def test_weeks_begin_on_monday_and_are_cut_by_the_period(ask: Ask) -> None:
    weeks = ask("/metrics", metric="M1", by="week", **{"from": "2026-10-07", "to": "2026-10-20"}).json()["rows"]
    assert [(week["from"], week["to"]) for week in weeks] == [
        ("2026-10-07", "2026-10-11"),
        ("2026-10-12", "2026-10-18"),
        ("2026-10-19", "2026-10-20"),
    ]


def test_branch_that_is_none_has_no_cases(ask: Ask) -> None:
    assert ask("/metrics", metric="M1", branch="нет такого", **MONTH).json()["rows"][0]["n"] == 0


def test_foreign_business_is_not_there(ask: Ask, salon: Salon) -> None:
    assert ask("/metrics", metric="M1", business=str(salon.business)).status_code == 200
    assert ask("/metrics", metric="M1", business="00000000-0000-0000-0000-000000000000").status_code == 404


def test_odd_questions_never_break_it(ask: Ask) -> None:
    odd = (
        "\0",
        "'; DROP TABLE metrics_cell; --",
        "9" * 400,
        "-1",
        "NaN",
        "🤷",
        "\ud800".encode("utf-8", "replace").decode(),
    )
    for field in ("metric", "from", "to", "by", "branch", "business"):
        for value in odd:
            assert ask("/metrics", **{"metric": "M2", field: value}).status_code in (200, 400, 404), (field, value)


def test_analyst_gets_the_same_numbers_from_the_posted_events(ask: Ask) -> None:
    """M1, M4 and M8 reckoned from the events alone, by nothing of ours but the contract."""
    events = told.month()
    asked, answers, ended = {}, {}, {}
    for event in events:
        who, at = event.get("session_id"), datetime.fromisoformat(event["timestamp"]) if "timestamp" in event else None
        if event["event"] == "message_in":
            asked.setdefault(who, at)
        elif event["event"] == "message_out":
            answers.setdefault(who, at)
        elif event["event"] in ("arrived", "no_show"):
            ended[event["appointment"]["id"]] = event["event"]
    [leads] = ask("/metrics", metric="M1", **MONTH).json()["rows"]
    assert leads["n"] == len(asked)
    [missed] = ask("/metrics", metric="M4", **MONTH).json()["rows"]
    assert (missed["numerator"], missed["n"]) == (list(ended.values()).count("no_show"), len(ended))
    in_time = sum(who in answers and answers[who] - at <= timedelta(minutes=5) for who, at in asked.items())
    [answered] = ask("/metrics", metric="M8", **MONTH).json()["rows"]
    assert answered["numerator"] == in_time


def test_changes_are_told_with_their_verdicts(ask: Ask, salon: Salon) -> None:
    assert ask("/changes").json() == []
    assert ask("/changes/4711").status_code == 404
    assert ask("/changes", page="0").status_code == 404
