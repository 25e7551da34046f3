"""What is wrong with a business: which facts speak, which are silent, and what goes first."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from letopis.metrics.network import words
from letopis.metrics.network.facts import Facts, Old
from letopis.metrics.network.troubles import Level, What, level_of, troubles_of
from tests.metrics.network.conftest import NOW

FIVE_HOURS_AGO = NOW - timedelta(hours=5)


def facts(**told: Any) -> Facts:
    return Facts(**{"begun": True, "heard_at": NOW, **told})


@pytest.mark.parametrize(
    ("told", "level", "what"),
    [
        ({"expected": 25.0, "quiet_s": 18_000.0, "heard_at": FIVE_HOURS_AGO}, Level.LOSING, What.SILENT),
        ({"undelivered": 3, "refused": 3, "refused_since": FIVE_HOURS_AGO}, Level.LOSING, What.REFUSED),
        ({"undelivered": 11}, Level.LOSING, What.UNDELIVERED),
        ({"waiting": 2, "late": 1}, Level.LOSING, What.LATE),
        ({"broken": True}, Level.ATTENTION, What.BROKEN),
        ({"waiting": 1}, Level.ATTENTION, What.WAITING),
        ({"undelivered": 10, "refused": 2}, Level.ATTENTION, What.DELAYED),
        ({"failures": 5, "leads_lately": 100}, Level.ATTENTION, What.FAILURES),
        ({"silent": "vk", "silent_since": FIVE_HOURS_AGO}, Level.ATTENTION, What.SOURCE),
        ({"quarantined": 1}, Level.ATTENTION, What.QUARANTINED),
        ({"asked": 30, "known": 23}, Level.ATTENTION, What.UNKNOWN),
        ({"unread": 5001, "grown_at": NOW}, Level.ATTENTION, What.BEHIND),
        ({"unread": 1, "grown_at": FIVE_HOURS_AGO}, Level.ATTENTION, What.BEHIND),
        ({"old": Old("Запись", "13", "14")}, Level.OLD, What.OLD),
        ({"tested": True}, Level.TEST, What.TEST),
        ({"begun": False, "heard_at": None}, Level.TEST, What.EMPTY),
    ],
)
def test_each_trouble_is_told(told: dict[str, Any], level: Level, what: What) -> None:
    found = troubles_of(facts(**told), NOW)
    assert (found[0].level, found[0].what) == (level, what)
    with translation.override("ru"):
        assert words.trouble(found[0], NOW)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"expected": 9.9, "quiet_s": 18_000.0, "heard_at": FIVE_HOURS_AGO},
        {"failures": 4, "leads_lately": 10},
        {"failures": 5, "leads_lately": 101},
        {"asked": 29, "known": 0},
        {"asked": 30, "known": 24},
        {"unread": 5000, "grown_at": NOW},
    ],
)
def test_chance_and_haste_are_no_trouble(told: dict[str, Any]) -> None:
    found = troubles_of(facts(**told), NOW)
    assert found == []
    assert level_of(found) is Level.FINE


def test_losing_goes_before_attention_before_an_old_version() -> None:
    everything = facts(quarantined=1, waiting=3, late=2, old=Old("Запись", "13", "14"), undelivered=12)
    assert [one.what for one in troubles_of(everything, NOW)] == [
        What.UNDELIVERED,
        What.LATE,
        What.WAITING,
        What.QUARANTINED,
        What.OLD,
    ]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"expected": 25.0, "quiet_s": 18_000.0, "heard_at": FIVE_HOURS_AGO}, "Молчит 5 ч, обычно 12 мин"),
        ({"undelivered": 4, "refused": 4, "refused_since": FIVE_HOURS_AGO}, "CRM не принимает лиды 5 ч"),
        ({"waiting": 2, "late": 2}, "2 ждут дольше 15 мин"),
        ({"old": Old("Запись", "v13", "v14")}, "Запись v13, уже есть v14"),
        ({"asked": 100, "known": 64}, "Известно только 64 % данных"),
    ],
)
def test_trouble_reads_as_people_say_it(told: dict[str, Any], sentence: str) -> None:
    with translation.override("ru"):
        said = words.trouble(troubles_of(facts(**told), NOW)[0], NOW)
    assert said.replace("\u00a0", " ") == sentence
