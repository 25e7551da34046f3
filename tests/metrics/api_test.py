"""The read API of the numbers, asked with a read key."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from letopis.access.keys import create_key
from letopis.access.models import Scope
from letopis.metrics.definitions import METRICS
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
    assert [len(days), days[0]["day"]] == [30, MONTH["from"]]
    assert {row["channel"] for row in channels} == {"telegram", "vk", "phone"}
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
        ({"metric": "M2", "by": "week"}, "by", "day or channel"),
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
