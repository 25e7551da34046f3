"""«Как считаем»: made from the definitions themselves, for people and for programs, in both languages."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from letopis.access.models import Person
from letopis.base.text import Text
from letopis.metrics.definitions import METRICS
from letopis.metrics.reference import pages
from letopis.metrics.words import N_FLOOR
from tests.metrics.conftest import HOST, Salon
from tests.metrics.pages_test import text_of

ALL = [f"M{n}" for n in range(1, 24)]
TEXTS = ("title", "formula", "dated_by", "exclusions", "pending")


def speaking(salon: Salon, role: str, language: str) -> Client:
    browser = salon.browser(role)
    Person.objects.filter(pk=browser.session["_auth_user_id"]).update(language=language)
    return browser


def told(browser: Client) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in browser.get("/definitions.json").json()["definitions"]}


@pytest.mark.parametrize("role", ["owner", "manager", "integrator"])
def test_everybody_inside_may_read_how_it_is_reckoned(empty_salon: Salon, role: str) -> None:
    browser = empty_salon.browser(role)
    assert browser.get("/definitions").status_code == browser.get("/definitions.json").status_code == 200


def test_nobody_outside_may(database: None) -> None:
    for page in ("/definitions", "/definitions.json"):
        assert Client(SERVER_NAME=HOST).get(page).status_code == 302


def test_programs_read_every_definition_whole(empty_salon: Salon) -> None:
    found = told(empty_salon.browser())
    assert list(found) == ALL
    for metric, one in found.items():
        for name in TEXTS:
            assert set(one[name]) == {"ru", "en"}, (metric, name)
            assert all(one[name].values()), (metric, name)
            assert one[name] == {"ru": getattr(METRICS[metric], name).ru, "en": getattr(METRICS[metric], name).en}
        assert one["unit"] in {"%", "n", "s", "min", "n/h"}, metric
        assert one["good"] in {"more", "less", ""}, metric
        assert (one["version"], one["n_floor"]) == (METRICS[metric].version, N_FLOOR)


def test_changed_definition_says_when_and_why() -> None:
    for metric in METRICS.values():
        assert bool(metric.changed.ru) == bool(metric.changed.en), metric.id
        assert metric.version == 1 or metric.changed.ru, metric.id


@pytest.mark.parametrize("language", ["ru", "en"])
def test_people_read_the_same(empty_salon: Salon, language: str) -> None:
    browser = speaking(empty_salon, "owner", language)
    page = browser.get("/definitions")
    said = text_of(page)
    for metric, one in told(browser).items():
        assert f'id="{metric}"' in page.content.decode(), metric
        for name in TEXTS:
            assert " ".join(one[name][language].replace("\u00a0", " ").split()) in said, (metric, name)
    other = {"ru": "en", "en": "ru"}[language]
    assert METRICS["M4"].formula.ru != METRICS["M4"].formula.en
    assert getattr(METRICS["M4"].formula, other) not in said


def test_changed_definition_shows_on_the_page(empty_salon: Salon, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is made of the definitions at hand, not of a copy."""
    changed = replace(METRICS["M4"], version=2, changed=Text(ru="2 ноября: поздние отмены тоже считаются", en="later"))
    monkeypatch.setattr(pages, "METRICS", {**METRICS, "M4": changed})
    browser = empty_salon.browser()
    assert "2: 2 ноября: поздние отмены тоже считаются" in text_of(browser.get("/definitions"))
    one = told(browser)["M4"]
    assert (one["version"], one["changed"]["en"]) == (2, "later")
