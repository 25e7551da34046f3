"""The read API of months, asked with a read key."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import psycopg
import pytest
from django.test import Client

from letopis.access.keys import create_key
from letopis.access.models import Scope
from letopis.app.api import api
from letopis.base import clock
from letopis.metrics.definitions import METRICS
from letopis.metrics.frozen.figure import FROZEN
from tests.metrics.conftest import HOST, Salon
from tests.metrics.frozen.months_test import BOOKED, LATE_LEAD, LEADS, close, closings, leads, learn
from tests.metrics.journal import let_pass, read_all, write

Ask = Callable[..., Any]
Conn = psycopg.Connection[Any]
REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "read-api.md"
NOW = datetime.fromisoformat("2026-11-11T00:00:00+03:00")


@pytest.fixture
def salon(empty_salon: Salon, app_connection: Conn, monkeypatch: pytest.MonkeyPatch) -> Salon:
    """October is read and decided; it may be closed from now on."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    write(empty_salon.business, leads())
    read_all(app_connection, empty_salon.business)
    let_pass(app_connection, empty_salon.business, NOW)
    return empty_salon


@pytest.fixture
def ask(salon: Salon) -> Ask:
    _key, secret = create_key(salon.business, "report", Scope.READ)
    client = Client(SERVER_NAME=HOST)

    def get(path: str = "/months", language: str = "ru", **query: str) -> Any:
        headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}", "HTTP_ACCEPT_LANGUAGE": language}
        return client.get(f"/api/v1{path}", query, **headers)

    return get


def figure(month: dict[str, Any], metric: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in month["figures"] if one["metric"] == metric)
    return found


def test_months_that_are_not_closed_are_told_live(ask: Ask) -> None:
    october, november = ask().json()
    assert (october["month"], october["from"], october["to"]) == ("2026-10", "2026-10-01", "2026-10-31")
    assert (november["month"], november["to"]) == ("2026-11", "2026-11-11")
    assert (october["closed_at"], october["entry"]) == (None, None)
    assert [one["metric"] for one in october["figures"]] == list(FROZEN)
    first = figure(october, "M1")
    assert (first["closed"], first["now"]["n"], first["differs"], first["note"]) == (None, LEADS, False, "")


def test_closed_month_stands_with_its_entry_and_version(ask: Ask, salon: Salon, app_connection: Conn) -> None:
    close(app_connection, salon.business)
    october, november = ask(metric="M2").json()
    [entry] = closings(salon.business)
    assert (datetime.fromisoformat(october["closed_at"]), october["entry"]) == (entry.at, entry.seq)
    assert november["closed_at"] is None
    [second] = october["figures"]
    assert second["closed"]["definition_version"] == METRICS["M2"].version
    assert (second["closed"]["numerator"], second["closed"]["denominator"]) == (BOOKED, LEADS)
    assert {name: second["closed"][name] for name in ("numerator", "denominator", "n", "pending")} == {
        name: second["now"][name] for name in ("numerator", "denominator", "n", "pending")
    }
    assert (second["differs"], second["note"]) == (False, "")


def test_later_news_stand_beside_the_closed_figure(ask: Ask, salon: Salon, app_connection: Conn) -> None:
    close(app_connection, salon.business)
    learn(app_connection, salon.business, LATE_LEAD)
    first = figure(ask().json()[0], "M1")
    assert (first["closed"]["n"], first["now"]["n"], first["differs"]) == (LEADS, LEADS + 1, True)
    assert first["note"] == f"сейчас выходит {LEADS + 1}"
    assert figure(ask(language="en").json()[0], "M1")["note"] == f"now reckoned as {LEADS + 1}"


def test_now_is_what_the_metric_itself_tells(ask: Ask) -> None:
    october = ask().json()[0]
    for one in october["figures"]:
        [row] = ask(
            "/metrics", metric=one["metric"], **{"from": "2026-10-01", "to": "2026-10-31", "by": "month"}
        ).json()["rows"]
        assert one["now"] == {name: row[name] for name in one["now"]}, one["metric"]


def test_months_are_chosen(ask: Ask) -> None:
    assert [one["month"] for one in ask(**{"from": "2026-10", "to": "2026-10"}).json()] == ["2026-10"]
    assert [one["month"] for one in ask(**{"from": "2024-11"}).json()] == ["2026-10", "2026-11"]
    assert ask(**{"from": "2027-01"}).json() == []
    assert ask(to="2026-09").json() == []


@pytest.mark.parametrize(
    ("query", "field", "remedy"),
    [
        ({"metric": "M99"}, "metric", "one of M1"),
        ({"metric": "M20"}, "metric", "one of M1"),
        ({"from": "2026-10-01"}, "from", "2026-10"),
        ({"to": "октябрь"}, "to", "2026-10"),
        ({"to": "\0"}, "to", "character zero"),
        ({"from": "1999-12"}, "from", "between 2000-01"),
        ({"from": "2026-10", "to": "2026-09"}, "from", "not be later"),
        ({"from": "2020-01"}, "from", "at most 36"),
    ],
)
def test_wrong_question_names_field_and_remedy(ask: Ask, query: dict[str, str], field: str, remedy: str) -> None:
    answer = ask(**query)
    assert answer.status_code == 400
    assert answer.json()["field"] == field
    assert remedy in answer.json()["remedy"]


def test_other_business_and_no_key_see_nothing(ask: Ask, stranger_business: Any) -> None:
    _key, secret = create_key(stranger_business, "report", Scope.READ)
    client = Client(SERVER_NAME=HOST)
    assert client.get("/api/v1/months", HTTP_AUTHORIZATION=f"Bearer {secret}").json() == []
    assert client.get("/api/v1/months").status_code == 401


def test_reference_names_every_address_field_and_parameter() -> None:
    page = REFERENCE.read_text("utf-8")
    told = api.get_openapi_schema()
    for path, methods in told["paths"].items():
        assert f"`GET {path}`" in page, path
        if "/dialogues" not in path and "/appointments" not in path:
            for parameter in methods["get"].get("parameters", []):
                assert f"`{parameter['name']}`" in page or f"{{{parameter['name']}}}" in page, parameter["name"]
    for schema in (
        "DefinitionOut",
        "MetricOut",
        "RowOut",
        "MonthOut",
        "FigureOut",
        "ClosedOut",
        "ChangeOut",
        "VerdictOut",
    ):
        for field in told["components"]["schemas"][schema]["properties"]:
            assert f"`{field}`" in page or f'"{field}"' in page, (schema, field)


def test_samples_of_the_reference_have_the_shape_of_the_answers(ask: Ask, salon: Salon, app_connection: Conn) -> None:
    close(app_connection, salon.business)
    metric, months = (
        json.loads(sample) for sample in re.findall(r"```json\n(.*?)```", REFERENCE.read_text("utf-8"), re.S)
    )
    assert shape(ask("/metrics", metric="M2", by="week").json()) == shape(metric)
    assert shape(ask(metric="M1").json()) == shape(months)


def test_questions_of_the_reference_are_answered(ask: Ask) -> None:
    questions = set(re.findall(r"/api/v1(/[a-z/]+\?[a-z0-9_=&-]+)", REFERENCE.read_text("utf-8"), re.I))
    assert len(questions) == 4
    for question in questions:
        path, _, query = question.partition("?")
        assert ask(path, **dict(parse_qsl(query))).status_code == 200, question


def shape(told: Any) -> Any:
    """The names in an answer, of lists those of the first."""
    if isinstance(told, dict):
        return {name: shape(one) for name, one in told.items()}
    return [shape(told[0])] if isinstance(told, list) and told and isinstance(told[0], dict) else None
