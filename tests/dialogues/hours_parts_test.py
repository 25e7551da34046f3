"""The page of working hours: a branch, a channel, a colleague with hours of their own, and days unlike others."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote, urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from letopis.access.models import Branch
from letopis.access.wall import enter
from letopis.base.worktime import WEEKDAYS, Scope
from letopis.dialogues.hours import tell_hours
from letopis.dialogues.hours_scopes import key_of
from letopis.dialogues.schedules import hours_of, learn
from tests import cast
from tests.dialogues.conftest import Browser
from tests.dialogues.hours_desk import WEEK, entries_of, form, known, page, post, today

# Parts with hours of their own.


def of(scope: Scope, business: UUID) -> str:
    return f"?{urlencode({'of': key_of(business, scope)})}"


def post_to(
    browser: Browser, business: UUID, where: str, given: Mapping[str, str], query: str = "", role: str = "owner"
) -> Any:
    return browser(role).post(f"/b/{business}/hours/{where}{query}", given, headers={"accept-language": "ru"})


@pytest.fixture
def parts(business: UUID) -> UUID:
    """Common hours, and a branch that keeps them."""
    Branch.objects.create(business_id=business, code="lesnaya", name="На Лесной")
    tell_hours(business, today() - timedelta(days=30), WEEK, "Анна")
    cast.play(business)
    return business


FOREST = Scope(branch="lesnaya")


def test_branch_gets_hours_of_its_own(parts: UUID, browser: Browser) -> None:
    assert "На Лесной: своих часов нет, действует общий график." in page(browser, parts, query=of(FOREST, parts))
    answer = post_to(
        browser, parts, "set", form(today(), dict.fromkeys(WEEKDAYS, ("12:00", "18:00"))), of(FOREST, parts)
    )
    assert answer.status_code == 302
    cast.play(parts)
    [common, own] = known(parts)
    assert (common.scope, own.scope) == (Scope(), FOREST)
    assert "На Лесной: сегодня 12:00–18:00." in page(browser, parts, query=of(FOREST, parts))
    assert "Сегодня работаете 10:00–20:00." in page(browser, parts)


def test_branch_gives_its_hours_up(parts: UUID, browser: Browser) -> None:
    tell_hours(parts, today() - timedelta(days=3), {"mon": [["12:00", "18:00"]]}, "Анна", scope=FOREST)
    cast.play(parts)
    assert post_to(browser, parts, "common", {}, of(FOREST, parts)).status_code == 302
    cast.play(parts)
    assert "На Лесной: своих часов нет" in page(browser, parts, query=of(FOREST, parts))
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, parts)
        hours = hours_of(cur, parts, ZoneInfo("Europe/Moscow"))
    assert hours.of(branch="lesnaya").minutes_on(today()) == 600
    assert post_to(browser, parts, "common", {}, of(FOREST, parts)).status_code == 404
    assert post_to(browser, parts, "common", {}).status_code == 404


def test_colleague_is_named_in_the_form_and_never_in_an_address(parts: UUID, browser: Browser) -> None:
    given = form(today(), {"mon": ("10:00", "14:00")}, name="Светлана", seq="0")
    answer = post_to(browser, parts, "set", given, "?of=person")
    assert answer.status_code == 302
    address = answer.headers["Location"]
    assert "Светлана" not in unquote(address)
    entry = entries_of(parts)[-1]
    assert (entry.who["of_person"], entry.meta["of_person"]) == ("Светлана", True)
    assert entry.who["person"] != "Светлана"
    cast.play(parts)
    assert "Светлана: сегодня" in page(browser, parts, query=address.partition("/hours")[2])


def test_colleague_may_be_away_all_week(parts: UUID, browser: Browser) -> None:
    given = form(today(), {}, name="Светлана", seq="0")
    assert post_to(browser, parts, "set", given, "?of=person").status_code == 302
    cast.play(parts)
    [own] = [told for told in known(parts) if told.person]
    assert own.weekly == {name: [] for name in WEEKDAYS}


@pytest.mark.parametrize("name", ["", "  ", "none", "NULL", "{{name}}", "и" * 600])
def test_what_is_no_name_never_becomes_the_hours_of_all(parts: UUID, browser: Browser, name: str) -> None:
    given = form(today(), {"mon": ("10:00", "14:00")}, name=name)
    answer = post_to(browser, parts, "set", given, "?of=person")
    assert answer.status_code == 422
    assert "id_name_error" in answer.content.decode()
    assert len(entries_of(parts)) == 1


@pytest.mark.parametrize(
    "key", ["branch:нет", "channel:нет", "part:00", "person:Аня", "others:", "branch:" + "б" * 600]
)
def test_hours_of_nobody_are_not_found(parts: UUID, browser: Browser, key: str) -> None:
    page(browser, parts, query=f"?{urlencode({'of': key})}", status=404)
    assert post_to(browser, parts, "set", form(today(), {}), f"?{urlencode({'of': key})}").status_code == 404


def test_parts_to_choose_from_are_those_without_hours(parts: UUID, browser: Browser) -> None:
    assert "На Лесной" in page(browser, parts, query="?of=others")
    tell_hours(parts, today(), WEEK, "Анна", scope=FOREST)
    cast.play(parts)
    shown = page(browser, parts, query="?of=others")
    assert shown.count("На Лесной") == 1
    page(browser, parts, "manager", query="?of=others", status=404)
    page(browser, parts, "manager", query="?of=person", status=404)
    assert "На Лесной" in page(browser, parts, "manager")


def test_erased_name_leaves_no_hours_behind(parts: UUID) -> None:
    tell_hours(parts, today(), {"mon": [["10:00", "11:00"]]}, "Анна", scope=Scope(person="Аня"))
    [_common, entry] = entries_of(parts)
    erased = replace(entry, who={})
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, parts)
        assert learn(cur, parts, [erased], ZoneInfo("Europe/Moscow")) is None
    assert len(known(parts)) == 1


def test_program_tells_hours_of_a_channel(parts: UUID) -> None:
    event = {
        "event": "schedule_version",
        "timestamp": cast.at("10:00:00"),
        "source": "admin",
        "of_channel": "VK",
        "calendar": "RU",
        "valid_from": "2026-01-01",
        "weekly": {"mon": [["10:00", "12:00"]], "2026-12-31": []},
    }
    cast.play(parts, [event])
    [told] = [one for one in known(parts) if one.channel]
    assert (told.channel, told.calendar, told.weekly) == ("vk", "ru", event["weekly"])


# Dates.


def date_form(day: date | str, opens: str = "", closes: str = "") -> dict[str, str]:
    return {"date-day": str(day), "date-opens": opens, "date-closes": closes}


def test_date_is_added_and_taken_out(parts: UUID, browser: Browser) -> None:
    soon, later = today() + timedelta(days=5), today() + timedelta(days=9)
    assert post_to(browser, parts, "date", date_form(soon)).status_code == 302
    assert post_to(browser, parts, "date", date_form(later, "10:00", "00:00")).status_code == 302
    cast.play(parts)
    [told] = known(parts)
    assert told.weekly is not None
    assert (told.weekly[soon.isoformat()], told.weekly[later.isoformat()]) == ([], [["10:00", "24:00"]])
    assert f'value="{soon.isoformat()}"' in page(browser, parts)

    assert post_to(browser, parts, "date/drop", {"day": soon.isoformat()}).status_code == 302
    cast.play(parts)
    [told] = known(parts)
    assert told.weekly == {**WEEK, later.isoformat(): [["10:00", "24:00"]]}


def test_two_people_at_once_name_two_dates(parts: UUID, browser: Browser) -> None:
    """Neither has read what the other told, nor have the readers."""
    soon, later = today() + timedelta(days=5), today() + timedelta(days=9)
    post_to(browser, parts, "date", date_form(soon))
    post_to(browser, parts, "date", date_form(later), role="integrator")
    post_to(browser, parts, "date/drop", {"day": soon.isoformat()})
    cast.play(parts)
    [told] = known(parts)
    assert told.weekly == {**WEEK, later.isoformat(): []}


def test_new_week_keeps_the_dates_to_come(parts: UUID, browser: Browser) -> None:
    past, soon = today() - timedelta(days=5), today() + timedelta(days=5)
    for day in (past, soon):
        post_to(browser, parts, "date", date_form(day))
    cast.play(parts)
    post(browser, parts, form(today(), dict.fromkeys(WEEKDAYS, ("09:00", "21:00"))))
    cast.play(parts)
    [_before, now] = known(parts)
    assert now.weekly is not None
    assert [name for name in now.weekly if name not in WEEKDAYS] == [soon.isoformat()]


def test_who_was_slower_looks_before_saving(parts: UUID, browser: Browser) -> None:
    seen = re.search(r'name="seq" value="(\d+)"', page(browser, parts))
    assert seen is not None
    mine = form(today(), dict.fromkeys(WEEKDAYS, ("11:00", "19:00")), seq=seen[1])
    tell_hours(parts, today() - timedelta(days=1), {"mon": [["08:00", "09:00"]]}, "Ольга")
    answer = post(browser, parts, mine)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Пока вы смотрели, график изменили" in shown
    again = re.search(r'name="seq" value="(\d+)"', shown)
    assert again is not None
    assert post(browser, parts, mine | {"seq": again[1]}).status_code == 302


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (date_form(""), "day"),
        (date_form("завтра"), "day"),
        (date_form("1999-01-01"), "day"),
        (date_form("2001-01-01"), "day"),
        (date_form("2126-01-01"), "day"),
        (date_form(today(), "20:00", "10:00"), "closes"),
        (date_form(today(), "20:00"), "closes"),
        (date_form(today(), "", "10:00"), "opens"),
    ],
)
def test_date_that_cannot_be_is_told_at_its_field(
    parts: UUID, browser: Browser, given: dict[str, str], field: str
) -> None:
    answer = post_to(browser, parts, "date", given)
    assert answer.status_code == 422
    assert f"id_date-{field}_error" in answer.content.decode()
    assert len(entries_of(parts)) == 1


@pytest.mark.parametrize("day", ["", "mon", "2026-13-01", "2030-01-01"])
def test_date_that_is_not_named_is_not_taken_out(parts: UUID, browser: Browser, day: str) -> None:
    assert post_to(browser, parts, "date/drop", {"day": day}).status_code == 302
    assert len(entries_of(parts)) == 1


@pytest.mark.parametrize("where", ["set", "date", "date/drop", "common"])
def test_only_who_sets_the_house_up_changes_hours(parts: UUID, browser: Browser, where: str) -> None:
    assert post_to(browser, parts, where, date_form(today()), role="manager").status_code == 403
    assert post_to(browser, parts, where, date_form(today()), role="stranger").status_code == 404
    assert browser("owner").get(f"/b/{parts}/hours/{where}").status_code == 405
    page(browser, parts, "stranger", status=404)
    assert len(entries_of(parts)) == 1
