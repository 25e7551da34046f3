"""The scenario map: what it counts, what it says, and that every number leads to as many dialogues."""

import csv
import re
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import UUID

import openpyxl
import psycopg
import pytest
from django.db import connection, transaction

from letopis.access.businesses import create_business
from letopis.access.wall import enter
from letopis.audit import scenario as view
from letopis.audit import variants as walked
from letopis.audit import words
from letopis.audit.graph import Pair, Step, pairs_of, steps_of
from letopis.audit.variants import Variants, read_variants
from letopis.base.sql import Queries
from letopis.base.tables.answers import Form
from letopis.dialogues import listing
from letopis.dialogues.records import Ended
from letopis.metrics.board import Board
from letopis.metrics.period import Period
from tests.audit.steps import CONFIRM, HELLO, MASTER, NOW, OFFER, SCENARIO, ends, walk
from tests.metrics.conftest import Salon
from tests.metrics.journal import MONDAY, told, write

Conn = psycopg.Connection[Any]
OLD, NEW = Pair(SCENARIO, "13"), Pair(SCENARIO, "14")
MONTH = Period(MONDAY.date(), NOW.date())


def board_of(business: UUID, branch: str = "") -> Board:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return view.read(cur, business, MONTH, branch)


def ways_of(business: UUID, pair: Pair, branch: str = "") -> Variants:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return read_variants(cur, business, MONTH, branch, pair)


def page_of(salon: Salon, query: str = "", role: str = "owner") -> str:
    answer = salon.browser(role).get(salon.url(f"scenario{query}"))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def by_name(steps: list[Step]) -> dict[str, Step]:
    return {step.name: step for step in steps}


def test_version_with_most_dialogues_comes_first(salon: Salon) -> None:
    assert pairs_of(board_of(salon.business), MONTH) == [NEW, OLD]


def test_steps_count_dialogues_and_say_how_they_ended(salon: Salon) -> None:
    found = by_name(steps_of(board_of(salon.business), MONTH, NEW))
    assert {name: step.entered for name, step in found.items()} == {HELLO: 40, OFFER: 40, MASTER: 14, CONFIRM: 20}
    assert found[MASTER].ended == {Ended.WE_SILENT: 10}
    assert found[OFFER].ended == {Ended.REFUSED: 6, Ended.CLIENT_SILENT: 4}
    assert found[CONFIRM].ended == {Ended.GOAL: 20}
    assert found[HELLO].nexts == {OFFER: 40}
    assert found[HELLO].seconds == 60


def test_branch_narrows_the_map(salon: Salon) -> None:
    found = by_name(steps_of(board_of(salon.business, "Гагарина"), MONTH, NEW))
    assert found[HELLO].entered == 4


def test_ways_with_the_same_steps_stand_together(salon: Salon) -> None:
    found = ways_of(salon.business, NEW)
    assert [(one.steps, one.n, one.reached) for one in found.told] == [
        ([HELLO, OFFER, CONFIRM], 20, 20),
        ([HELLO, OFFER, MASTER], 10, 0),
        ([HELLO, OFFER], 6, 0),
        ([HELLO, OFFER, MASTER, OFFER], 4, 0),
    ]
    assert (found.dialogues, found.rare, found.cut) == (40, None, False)
    low, high = found.told[0].bounds or (0, 0)
    assert (round(low, 3), round(high, 3)) == (0.839, 1.0), "Wilson, 20 of 20"
    assert ways_of(salon.business, NEW, "Гагарина").dialogues == 4


def test_rare_ways_stand_together(salon: Salon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walked, "VARIANTS_MAX", 2)
    found = ways_of(salon.business, NEW)
    assert len(found.told) == 2
    assert found.rare is not None
    assert (found.rare.n, found.rare_ways) == (10, 2)
    assert "Редкие: 2 пути" in page_of(salon)


def test_page_says_when_older_dialogues_are_left_out(salon: Salon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walked, "WAYS_DIALOGUES_MAX", 10)
    assert ways_of(salon.business, NEW).dialogues == 10
    assert "по последним 10 диалогам" in page_of(salon)


def test_ways_are_read_by_an_index(salon: Salon) -> None:
    text = "EXPLAIN " + Queries("letopis.audit")["variants"]
    asked = {"first": MONTH.first, "last": MONTH.last, "branch": "", "scenario": SCENARIO, "version": "14"}
    bounds = {"dialogues": 100, "stays": 40, "limit": 20}
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, salon.business)
        cur.execute("SET LOCAL enable_seqscan = off")
        cur.execute(text, {"business": salon.business, **asked, **bounds})
        plan = "\n".join(row[0] for row in cur.fetchall())
    assert "dialogues_step_day" in plan
    assert "Seq Scan" not in plan


def test_nobody_elses_dialogues_are_counted(salon: Salon, app_connection: Conn) -> None:
    other = create_business(name="Чужая", timezone="Europe/Moscow", vertical="salon").id
    told(app_connection, other, list(ends("stranger", 1, [HELLO, "Чужой шаг"], "silent")))
    assert "Чужой шаг" not in page_of(salon)
    assert ways_of(other, NEW).dialogues == 1


def test_lede_names_the_worst_step_and_our_part(salon: Salon) -> None:
    page = page_of(salon)
    assert "Больше всего теряем на шаге «Вопрос о мастере»: 10 диалогов." in page
    assert "10 из них — наше молчание." in page


@pytest.mark.parametrize(
    ("ended", "said"),
    [
        ({Ended.GOAL: 40}, ("40 диалогов, и ни один не потерян на шаге.", "")),
        ({Ended.REFUSED: 2}, ("Больше всего теряем на шаге «a»: 2 диалога.", "")),
        (
            {Ended.CLIENT_SILENT: 1, Ended.ERROR: 1},
            ("Больше всего теряем на шаге «a»: 2 диалога.", "1 из них — наш сбой."),
        ),
        (
            {Ended.WE_SILENT: 20, Ended.ERROR: 1},
            ("Больше всего теряем на шаге «a»: 21 диалог.", "21 из них — наше молчание или сбой."),
        ),
    ],
)
@pytest.mark.usefixtures("in_russian")
def test_lede_of_a_step(ended: dict[Ended, int], said: tuple[str, str]) -> None:
    assert words.lede([Step("a", 40, ended)]) == said


@pytest.mark.usefixtures("in_russian")
def test_lede_of_few_says_so() -> None:
    assert words.lede([Step("a", 5, {Ended.REFUSED: 1})])[0].startswith("Пока мало: 5 диалогов.")
    assert words.lede([]) == ("В эти дни по этим шагам никто не прошёл.", "")


DOOR = re.compile(r'<a href="([^"]*/dialogues\?[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


def doors_of(page: str) -> set[tuple[str, int]]:
    """Every link to dialogues with the number that stands on it, of the drawing and of the tables."""
    said = ((url, re.search(r"\d+", re.sub("<[^>]+>", "", inside))) for url, inside in DOOR.findall(page))
    return {(url, int(number[0])) for url, number in said if number}


def rows_behind(business: UUID, url: str) -> int:
    filters = listing.read_filters(dict(parse_qsl(urlsplit(url).query)), NOW.date())
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return listing.count(business, filters, sees_text=True)


@pytest.mark.parametrize(
    ("query", "doors_min"), [("?version=13", 5), ("?version=14", 12), ("?version=14&branch=Гагарина", 5)]
)
def test_every_number_leads_to_as_many_dialogues(salon: Salon, query: str, doors_min: int) -> None:
    doors = doors_of(page_of(salon, query))
    assert len(doors) >= doors_min
    for url, count in doors:
        assert rows_behind(salon.business, url) == count, parse_qs(urlsplit(url).query)


def test_number_opens_the_list_of_its_dialogues(salon: Salon) -> None:
    url, count = next(door for door in doors_of(page_of(salon)) if "ended=client_silent%2Crefused" in door[0])
    page = unescape(salon.browser("manager").get(url).content.decode())
    assert page.count('class="rowlink') == count == 10
    assert "Шаг: Предложение времени" in page
    assert "замолчали на шаге, отказались на шаге" in page


def test_dialogues_of_no_metric_are_behind_no_number(app_connection: Conn, empty_salon: Salon) -> None:
    """A trial and a supplier walked the same steps; the one client who came back to a step has entered it once."""
    day = 15 * 24 * 60
    trial = ends("trial", day, [HELLO, OFFER], "silent", test=True)
    supplier = ends("supplier", day + 9, [HELLO, OFFER], "silent")
    offers = [event | {"intent": "supplier"} if event["event"] == "message_in" else event for event in supplier]
    early = ends("early", day - 20 * 24 * 60, [HELLO, OFFER], "silent")
    again = walk("early", day, [OFFER, CONFIRM])
    told(app_connection, empty_salon.business, [*trial, *offers, *early, *again], NOW)
    doors = doors_of(page_of(empty_salon, "?from=2026-10-10&to=2026-10-30"))
    assert doors
    for url, count in doors:
        assert rows_behind(empty_salon.business, url) == count == 1, parse_qs(urlsplit(url).query)


def test_ways_open_who_walked_them(salon: Salon) -> None:
    found = ways_of(salon.business, NEW)
    assert len({way.way for way in found.told}) == len(found.told) == 4
    page = page_of(salon)
    for way in found.told:
        url = next(url for url, _ in doors_of(page) if f"way={way.way}" in url)
        assert rows_behind(salon.business, url) == way.n
    assert "Одни и те же шаги в одном порядке" in unescape(salon.browser().get(url).content.decode())


def test_address_keeps_what_was_chosen(salon: Salon) -> None:
    """Other days and branches keep the version; another version drops what was compared with the former."""
    page = page_of(salon, "?version=v14&against=v13&from=2026-10-06&to=2026-10-29&branch=Гагарина")
    urls = [dict(parse_qsl(url)) for url in re.findall(r'href="\?([^"]*)"', page)]
    days = [url for url in urls if url.get("branch") == "Гагарина" and url.get("from") != "2026-10-06"]
    branches = [url for url in urls if "branch" not in url and url.get("against")]
    files = [url for url in urls if "form" in url]
    assert days
    assert branches
    assert {url["form"] for url in files} == {form.value for form in Form}
    for url in [*days, *branches, *files]:
        assert (url.get("version"), url.get("against")) == ("v14", "v13")
    page = page_of(salon, "?version=v14&against=v13&from=2026-10-06&to=2026-10-29")
    urls = [dict(parse_qsl(url)) for url in re.findall(r'href="\?([^"]*)"', page)]
    other = next(url for url in urls if url.get("version") == "13")
    assert (other["from"], other.get("against")) == ("2026-10-06", None)


def test_comparison_colours_only_what_is_judged(salon: Salon) -> None:
    page = page_of(salon, "?version=v14&against=v13")
    assert "против v13" in page
    assert page.count('class="n wide few"') >= 3, "thirteen dialogues of v13 judge nothing"
    assert 'class="n wide ok"' not in page
    assert "Изменение" in page
    assert "разница с версией v13" in page.replace("\xa0", " ")


def test_compared_steps_tell_the_change_on_the_map(salon: Salon) -> None:
    """Of those who came to the offer 30 of 40 went on with v14; of the thirteen of v13 all did."""
    drawn = page_of(salon, "?version=14&against=13").replace("\xa0", " ")
    assert '<tspan class="change"> −25 п. п.</tspan>' in drawn
    assert 'class="change' not in page_of(salon, "?version=14")
    assert 'class="change' not in page_of(salon, "?version=14&against=нет такой")


def test_other_version_is_counted_before_the_period_too(salon: Salon) -> None:
    """v13 ran only before these days; it is compared all the same, and may be chosen."""
    page = page_of(salon, "?version=14&against=13&from=2026-10-14&to=2026-10-29")
    assert 'class="change' in page
    assert "Запись, v13" in page


def test_better_share_is_green() -> None:
    steps = {"a": Step("a", 400, {Ended.REFUSED: 100})}
    assert view._change(steps["a"], Step("a", 400, {Ended.REFUSED: 20}))[1] == "ok"
    assert view._change(steps["a"], Step("a", 400, {Ended.REFUSED: 200}))[1] == "loss"
    assert view._change(steps["a"], Step("a", 400, {Ended.REFUSED: 101}))[1] == ""
    assert view._change(steps["a"], Step("a", 20, {Ended.REFUSED: 1}))[1] == "few"
    assert view._change(None, Step("a", 20)) == ("—", "few")


@pytest.mark.parametrize("query", ["?scenario=нет&version=1", "?from=2026-01-01&to=2026-01-02&version=14"])
def test_version_without_dialogues_is_told_honestly(salon: Salon, query: str) -> None:
    page = page_of(salon, query)
    assert "В эти дни по этим шагам никто не прошёл." in page
    assert 'class="river' not in page


def test_scenario_that_never_told_a_step_learns_how(empty_salon: Salon) -> None:
    page = page_of(empty_salon)
    assert "Сценарий ещё не присылал своих шагов." in page
    assert '"event": "step_entered"' in page
    assert "data-copy" in page


def test_stranger_words_stay_words(app_connection: Conn, empty_salon: Salon) -> None:
    evil = "<img src=x onerror=alert(1)>"
    write(empty_salon.business, list(ends("evil", 22 * 24 * 60, [evil, "Шаг"], "silent")))
    told(app_connection, empty_salon.business, [], NOW)
    answer = empty_salon.browser().get(empty_salon.url("scenario"))
    assert evil not in answer.content.decode()
    assert answer.content.decode().count("&lt;img") > 2


@pytest.mark.parametrize("role", ["owner", "manager", "integrator"])
def test_everybody_of_the_business_may_look(salon: Salon, role: str) -> None:
    page = page_of(salon, role=role)
    assert "Карта сценария" in page
    assert 'class="river' in page


def test_stranger_finds_no_map(salon: Salon) -> None:
    elsewhere = Salon(create_business(name="Чужая", timezone="Europe/Moscow", vertical="salon").id)
    assert elsewhere.browser().get(salon.url("scenario")).status_code == 404
    assert elsewhere.browser().get(salon.url("scenario?form=csv")).status_code == 404


def test_days_without_steps_say_so(app_connection: Conn, empty_salon: Salon) -> None:
    """Steps were told months ago: no lesson in sending them, other days are offered."""
    write(empty_salon.business, list(ends("old", -200 * 24 * 60, [HELLO], "silent")))
    told(app_connection, empty_salon.business, [], NOW)
    page = page_of(empty_salon)
    assert "В эти дни по этим шагам никто не прошёл." in page
    assert '"event": "step_entered"' not in page


def test_steps_come_as_a_table(salon: Salon) -> None:
    """A CSV holds the steps alone, in the order of the map, with the share of the other version at the end."""
    answer = salon.browser().get(salon.url("scenario?version=14&against=13&form=csv"))
    assert 'filename="scenario-' in answer["Content-Disposition"]
    assert ".csv" in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, *lines = csv.reader(text.splitlines(), delimiter=";")
    assert head[0] == "Шаг"
    assert head[-1] == "Прошли у другой версии, доля"
    rows = {line[0]: dict(zip(head, line, strict=True)) for line in lines}
    assert list(rows) == [HELLO, OFFER, CONFIRM, MASTER]
    assert rows[OFFER]["Вошли"] == "40"
    assert (rows[OFFER]["Замолчали"], rows[OFFER]["Отказались"]) == ("4", "6")
    assert (rows[MASTER]["Наше молчание"], rows[CONFIRM]["Достигли цели"]) == ("10", "20")


def test_workbook_has_steps_passages_and_ways(salon: Salon) -> None:
    answer = salon.browser().get(salon.url("scenario?version=14&form=xlsx"))
    assert ".xlsx" in answer["Content-Disposition"]
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["Шаги", "Переходы", "Пути"]
    passages = {(row[0], row[1]): row[2] for row in book["Переходы"].iter_rows(min_row=2, values_only=True)}
    assert passages[HELLO, OFFER] == 40
    ways = {row[0]: row[1] for row in book["Пути"].iter_rows(min_row=2, values_only=True)}
    assert ways[f"{HELLO} → {OFFER} → {CONFIRM}"] == 20
