"""What campaigns brought and cost, reckoned by hand beside; and how costs are told."""

import csv
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from letopis.access.businesses import create_business
from letopis.access.wall import enter
from letopis.base import clock
from letopis.base import database as roles
from letopis.metrics import pipeline
from letopis.metrics.campaigns.costs import Cost, costs_between
from letopis.metrics.period import Period
from tests.metrics.conftest import Salon
from tests.metrics.goals.pages_test import cells, row
from tests.metrics.journal import MONDAY, after, at, derived, let_pass, read_all, rows, write
from tests.metrics.pages_test import links_of, rows_behind, text_of

Conn = psycopg.Connection[Any]
NOW = datetime.fromisoformat("2026-11-02T12:00:00+03:00")
OCTOBER = "from=2026-10-01&to=2026-10-31"
TEN_DAYS = "from=2026-10-05&to=2026-10-14"
LEADS = {"vk_brows": (4, 2, 1), "2gis": (2, 0, 0), "": (3, 1, 1)}
"""Of each campaign: leads, of which booked, of which came; all within October's second week."""
COSTS = [
    ("vk_brows", "3100", "2026-10-01", "2026-10-31"),
    ("2gis", "500.55", "2026-10-10", None),
    ("poster", "700", "2026-10-14", "2026-10-15"),
]


def leads() -> Iterator[dict[str, Any]]:
    for campaign, (count, booked, came) in LEADS.items():
        for n in range(count):
            who = {"client_id": f"{campaign}_{n}", "session_id": f"{campaign}_{n}"}
            yield after(n, "message_in", message="Хочу на брови", campaign=campaign or None, **who)
            if n < booked:
                visit = {"id": f"{campaign}{n}", "start": after(24 * 60, "x")["timestamp"]}
                yield after(n + 5, "appointment_created", appointment=visit, **who)
            if n < came:
                yield after(25 * 60, "arrived", appointment={"id": f"{campaign}{n}"}, **who)


def cost(campaign: str, amount: str, first: str, last: str | None, **fields: Any) -> dict[str, Any]:
    days = {"valid_from": first, "valid_to": last}
    return after(0, "campaign_cost", client_id=None, campaign=campaign, amount=amount, **days, **fields)


@pytest.fixture(scope="module")
def told_campaigns(database: None) -> Salon:
    business = create_business(name="Студия «Лада»", timezone="Europe/Moscow", vertical="salon").id
    write(business, [*leads(), *(cost(*one) for one in COSTS)])
    with roles.connect() as conn:
        read_all(conn, business)
        let_pass(conn, business, NOW)
    return Salon(business)


@pytest.fixture
def salon(told_campaigns: Salon, monkeypatch: pytest.MonkeyPatch) -> Salon:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return told_campaigns


@pytest.fixture
def fresh(empty_salon: Salon, monkeypatch: pytest.MonkeyPatch) -> Salon:
    """A salon of its own, for tests that write costs."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return empty_salon


def known(conn: Conn, business: UUID) -> list[tuple[str, str, str, int]]:
    """All costs, as the readers keep them."""
    read_all(conn, business)
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        found = costs_between(cur, business, Period(NOW.date() - timedelta(days=800), NOW.date()))
    return [(one.campaign, one.first_day.isoformat(), one.last_day.isoformat(), one.kop) for one in found]


def money(page: Any, campaign: str) -> list[str]:
    """Leads, booked, came, cost, cost of a lead, of a booking, of a visit."""
    found = row(page, campaign)
    return [found[1], found[2], *found[6:]]


def test_costs_are_divided_by_what_they_brought(salon: Salon) -> None:
    page = salon.browser().get(salon.url(f"campaigns?{OCTOBER}"))
    assert money(page, "vk_brows") == ["4", "2", "1", "3 100 ₽", "775 ₽", "1 550 ₽", "3 100 ₽"]
    assert money(page, "2gis") == ["2", "0", "0", "501 ₽", "250 ₽", "—", "—"]
    assert money(page, "без метки") == ["3", "1", "1", "—", "—", "—", "—"]
    assert money(page, "poster") == ["0", "0", "0", "700 ₽", "—", "—", "—"]
    assert "Обращений с меткой кампании: 6 из 9." in text_of(page)


def test_every_count_opens_as_many_leads(salon: Salon) -> None:
    browser = salon.browser()
    links = links_of(browser.get(salon.url(f"campaigns?{OCTOBER}")))
    assert len(links) == 3 * (len(LEADS) + 1)
    for url, count in links.items():
        assert rows_behind(browser, url) == int(count), url


def test_cost_is_spread_over_its_days(salon: Salon) -> None:
    """Ten of the thirty-one days of vk_brows, one of the two of the poster; of days without costs nothing is told."""
    page = salon.browser().get(salon.url(f"campaigns?{TEN_DAYS}"))
    assert money(page, "vk_brows") == ["4", "2", "1", "1 000 ₽", "250 ₽", "500 ₽", "1 000 ₽"]
    assert money(page, "poster")[3] == "350 ₽"
    later = salon.browser().get(salon.url("campaigns?from=2026-11-01&to=2026-11-02"))
    assert "За эти дни никто не писал." in text_of(later)


def test_parts_of_a_cost_make_up_the_whole() -> None:
    told = Cost(business_id=UUID(int=1), campaign="vk", first_day=MONDAY.date(), last_day=MONDAY.date(), kop=0, seq=1)
    told.kop, told.last_day = 10_000, MONDAY.date() + timedelta(days=2)
    days = [told.first_day + timedelta(days=n) for n in range(-1, 4)]
    assert [told.within(Period(day, day)) for day in days] == [0, 3333, 3333, 3333, 0]
    assert told.within(Period(days[0], days[-1])) == 10_000


def test_campaigns_are_a_file_with_exact_kopecks(salon: Salon) -> None:
    answer = salon.browser().get(salon.url(f"campaigns?{OCTOBER}&form=csv"))
    lines = list(csv.reader(b"".join(answer).decode("utf-8-sig").splitlines(), delimiter=";"))
    assert lines[0][0] == "Кампания"
    found = {line[0]: line[7:] for line in lines[1:]}
    assert found["2gis"] == ["500,55", "250,28", "", ""]
    assert found["без метки"] == ["", "", "", ""]
    assert found["vk_brows"] == ["3100,00", "775,00", "1550,00", "3100,00"]


def test_branch_is_shown_without_costs_and_says_why(salon: Salon) -> None:
    page = salon.browser().get(salon.url(f"campaigns?{OCTOBER}&branch=Центр"))
    assert "Расходы известны по всему бизнесу" in text_of(page)
    assert "₽" not in " ".join(" ".join(line) for line in cells(page))


@pytest.mark.parametrize(
    ("role", "seen", "told"), [("owner", 200, 302), ("integrator", 200, 302), ("manager", 200, 403)]
)
def test_who_sees_campaigns_and_who_tells_costs(fresh: Salon, role: str, seen: int, told: int) -> None:
    browser = fresh.browser(role)
    assert browser.get(fresh.url("campaigns")).status_code == seen
    sent = {"campaign": "vk", "first": "2026-10-01", "last": "2026-10-31", "roubles": "100"}
    assert browser.post(fresh.url("campaigns/costs"), sent).status_code == told
    stranger = fresh.browser(role)
    other = Salon(create_business(name="Чужой салон", timezone="Europe/Moscow", vertical="salon").id)
    assert stranger.post(other.url("campaigns/costs"), sent).status_code == 404


def test_cost_by_hand_is_told_told_again_and_taken_back(fresh: Salon, app_connection: Conn) -> None:
    owner = fresh.browser()
    sent = {"campaign": "vk", "first": "2026-10-01", "last": "2026-10-31"}
    for roubles, kept in (("100,50", 10_050), ("90.07", 9_007), ("0", None)):
        assert owner.post(fresh.url("campaigns/costs"), sent | {"roubles": roubles}).status_code == 302, roubles
        assert known(app_connection, fresh.business) == (
            [("vk", "2026-10-01", "2026-10-31", kept)] if kept is not None else []
        )
    page = text_of(owner.get(fresh.url("campaigns/costs")))
    assert "Расходы ещё не названы." in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"campaign": ""}, "Обязательное поле."),
        ({"campaign": "{{utm_campaign}}"}, "Это не метка"),
        ({"campaign": "null"}, "Это не метка"),
        ({"last": "2026-09-30"}, "Последний день раньше первого."),
        ({"first": "2025-09-01"}, "400 дней"),
        ({"roubles": "-1"}, "больше либо равно 0"),
        ({"roubles": "100 USD"}, "Введите число."),
        ({"roubles": "1000000001"}, "меньше либо равно 1000000000"),
        ({"roubles": "1.005"}, "не более 2"),
        ({"roubles": "NaN"}, "Введите число."),
    ],
)
def test_wrong_cost_keeps_what_was_typed(fresh: Salon, app_connection: Conn, typed: dict[str, str], said: str) -> None:
    sent = {"campaign": "vk & <брови>", "first": "2026-10-01", "last": "2026-10-31", "roubles": "100", **typed}
    page = fresh.browser().post(fresh.url("campaigns/costs"), sent)
    content = page.content.decode()
    assert page.status_code == 400
    assert said in text_of(page).partition("Исправьте")[2][:300]
    assert content.count('role="alert"') == 1
    if "campaign" not in typed:
        assert 'value="vk &amp; &lt;брови&gt;"' in content
    assert known(app_connection, fresh.business) == []


def upload(salon: Salon, text: str, role: str = "owner") -> Any:
    file = SimpleUploadedFile("расходы.csv", text.encode())
    return salon.browser(role).post(salon.url("campaigns/costs"), {"file": file})


def test_same_file_twice_counts_once(fresh: Salon, app_connection: Conn) -> None:
    text = "Кампания;С;По;Расход\nvk;01.10.2026;31.10.2026;3 100\n2gis;10.10.2026;;500,55\n"
    for _ in range(2):
        assert upload(fresh, text).status_code == 302
    assert known(app_connection, fresh.business) == [
        ("2gis", "2026-10-10", "2026-10-10", 50_055),
        ("vk", "2026-10-01", "2026-10-31", 310_000),
    ]
    mended = text.replace("3 100", "3 200")
    page = fresh.browser().get(upload(fresh, mended)["Location"])
    assert page.status_code == 200
    assert [kop for *_days, kop in known(app_connection, fresh.business)] == [50_055, 320_000]


def test_file_with_one_wrong_row_writes_nothing(fresh: Salon, app_connection: Conn) -> None:
    page = upload(fresh, "Кампания;С;По;Расход\nvk;01.10.2026;31.10.2026;100\n2gis;32.10.2026;;1\n")
    assert page.status_code == 400
    assert "строка 3, столбец B Это не дата" in text_of(page)
    assert page.content.decode().count('role="alert"') == 1
    assert known(app_connection, fresh.business) == []


def test_large_file_is_written_whole(fresh: Salon, app_connection: Conn) -> None:
    """A year of three campaigns by days: more events than a writer takes at once."""
    first = NOW.date() - timedelta(days=399)
    lines = [f"c{n % 3};{first + timedelta(days=n // 3):%d.%m.%Y};1" for n in range(1200)]
    assert upload(fresh, "\n".join(["Кампания;С;Расход", *lines])).status_code == 302
    assert len(known(app_connection, fresh.business)) == 1200
    page = fresh.browser().get(fresh.url(f"campaigns?from={first}&to={NOW.date()}"))
    assert money(page, "c2")[3] == "400 ₽"


@pytest.mark.parametrize("batch", [1, 2000])
def test_costs_do_not_depend_on_how_the_journal_is_read(app_connection: Conn, business: UUID, batch: int) -> None:
    write(
        business,
        [
            cost("vk", "100", "2026-10-01", "2026-10-31"),
            cost("vk", "200", "2026-10-01", "2026-10-10"),
            cost("vk", "999", "2026-10-01", "2026-10-10", test=True),
            cost("2gis", "5", "2026-10-05", "2026-10-01"),
            at(MONDAY, "campaign_cost", campaign="avito", amount="7", client_id=None),
            at(MONDAY, "campaign_cost", amount="7", client_id=None),
        ],
    )
    read_all(app_connection, business, batch=batch)
    before = rows(app_connection, business, "metrics_cost")
    assert known(app_connection, business) == [
        ("2gis", "2026-10-05", "2026-10-05", 500),
        ("avito", "2026-10-05", "2026-10-05", 700),
        ("vk", "2026-10-01", "2026-10-10", 20_000),
    ]
    pipeline.rebuild(app_connection, business, lambda done, size: None)
    assert derived(app_connection, business)["metrics_cost"] == before


def test_strange_label_is_only_text(fresh: Salon, app_connection: Conn) -> None:
    evil = '=HYPERLINK("http://evil.example")<img src=x onerror=alert(1)>'
    sent = {"campaign": evil, "first": "2026-10-01", "last": "2026-10-31", "roubles": "100"}
    owner = fresh.browser()
    assert owner.post(fresh.url("campaigns/costs"), sent).status_code == 302
    read_all(app_connection, fresh.business)
    for page in (f"campaigns?{OCTOBER}", "campaigns/costs"):
        assert "<img src=x" not in owner.get(fresh.url(page)).content.decode(), page
    answer = owner.get(fresh.url(f"campaigns?{OCTOBER}&form=csv"))
    assert re.search(r'^"?=HYPERLINK', b"".join(answer).decode(), re.MULTILINE) is None
