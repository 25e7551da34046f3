"""What is read over many businesses at once is what each of them says of itself, and nothing of anybody else."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from letopis.access.models import Business
from letopis.access.wall import enter_many
from letopis.metrics.board import read_board
from letopis.metrics.lost import read_lost
from letopis.metrics.network.costs import Cost, costs_of
from letopis.metrics.network.facts import Facts, Old, read_facts
from letopis.metrics.network.troubles import is_silent
from letopis.metrics.parts import JOINT
from letopis.metrics.period import Period, last_days
from tests.metrics import told
from tests.metrics.conftest import Salon
from tests.metrics.network.conftest import LIKE, NOW, TODAY, Network, booked, cell, lost, source, version

MONTH = last_days(TODAY, 30)


def facts_of(cur: Any, *businesses: UUID, entered: tuple[UUID, ...] | None = None) -> dict[UUID, Facts]:
    enter_many(cur, businesses if entered is None else entered)
    rows = Business.objects.filter(pk__in=businesses)
    return read_facts(cur, list(rows), MONTH, TODAY, NOW)


def test_wall_gives_nothing_of_a_business_not_entered(network: Network, inside: Any) -> None:
    mine, other = network.found("Свой"), network.found("Чужой")
    for business in (mine, other):
        booked(business, 4, 10)
        version(business, "14" if business == mine else "15", NOW)
        source(business, "vk", NOW - timedelta(days=3))
    found = facts_of(inside, mine, other, entered=(mine,))
    assert found[mine].booked.total == 10
    assert found[mine].silent == "vk"
    assert found[mine].old is None
    assert found[other] == Facts()


def test_told_salon_says_the_same_of_itself(told_salon: Salon, inside: Any) -> None:
    """Leads and those who wait are the ones of its own pages."""
    today = told.NOW.date()
    period = last_days(today, 30)
    enter_many(inside, [told_salon.business])
    business = Business.objects.get(pk=told_salon.business)
    found = read_facts(inside, [business], period, today, told.NOW)[business.pk]
    board = read_board(inside, business.pk, period.first, period.last, ("M1", "M2"))
    value = board.value("M2", period)
    assert (found.booked.total, found.booked.total) == (value.total, board.value("M1", period).n)
    assert (found.booked.k, found.booked.n, found.booked.pending) == (value.numerator, value.n, value.pending)
    assert (found.waiting, found.late) == (3, 2)
    assert found.begun


def test_night_is_no_silence(network: Network, inside: Any) -> None:
    """Nobody writes at night anyway; the same hours by day would have held thirty messages."""
    night = network.found("Ночью", heard=timedelta(hours=5))
    day = network.found("Днём", heard=timedelta(hours=5))
    for week in range(1, 5):
        past = TODAY - timedelta(weeks=week)
        for hour in range(9, 14):
            cell(day, "M10:hour", past, by="hour", member=f"{hour:02d}", n=6)
            cell(night, "M10:hour", past - timedelta(days=1), by="hour", member=f"{hour:02d}", n=6)
        cell(day, "M10:hour", past, by="hour", member="08", n=60)
    found = facts_of(inside, night, day)
    assert found[day].expected == pytest.approx(30)
    assert (is_silent(found[day]), is_silent(found[night])) == (True, False)


def test_silence_is_held_against_the_weeks_before_it(network: Network, inside: Any) -> None:
    """Who fell silent a month ago is silent still: the weeks since then were silent too."""
    business = network.found("Замолчал", heard=timedelta(days=40))
    fell = TODAY - timedelta(days=40)
    for week in range(1, 5):
        cell(business, "M10:hour", fell - timedelta(weeks=week), by="hour", member="15", n=12)
    found = facts_of(inside, business)[business]
    assert found.expected == pytest.approx(12)
    assert is_silent(found)
    assert found.silent == "telegram"


def test_version_is_old_when_another_appeared_later(network: Network, inside: Any) -> None:
    """Wherever in the network; another scenario has versions of its own."""
    old, new, other = network.found("Старый"), network.found("Новый"), network.found("Другой")
    version(old, "13", NOW - timedelta(days=60))
    version(new, "13", NOW - timedelta(days=50))
    version(new, "14", NOW - timedelta(days=10), seq=2)
    version(other, "2", NOW - timedelta(days=90), scenario="Отзыв")
    found = facts_of(inside, old, new, other)
    assert found[old].old == Old("Запись", "13", "14")
    assert found[new].old is None
    assert found[other].old is None


def test_late_appearance_of_an_older_version_is_no_newest(network: Network, inside: Any) -> None:
    late, new = network.found("Отстал"), network.found("Впереди")
    version(new, "13", NOW - timedelta(days=60))
    version(new, "14", NOW - timedelta(days=30), seq=2)
    version(late, "13", NOW - timedelta(days=1))
    found = facts_of(inside, late, new)
    assert found[late].old == Old("Запись", "13", "14")
    assert found[new].old is None


def test_what_the_crm_has_not_got_is_asked_of_the_cells(network: Network, inside: Any) -> None:
    business = network.found("Без CRM")
    cell(business, "M17", TODAY, n=7, k=5)
    cell(business, "M17:delivered", TODAY, n=5, k=5)
    assert facts_of(inside, business)[business].undelivered == 2


def test_failures_of_the_week_are_counted(network: Network, inside: Any) -> None:
    business = network.found("Сбои")
    for day, n in ((TODAY, 3), (TODAY - timedelta(days=6), 2), (TODAY - timedelta(days=7), 9)):
        cell(business, "M1:stopped", day, by="cause", member=JOINT.join(("ours", "error")), n=n)
    cell(business, "M1:stopped", TODAY, by="cause", member=JOINT.join(("left", "error")), n=4)
    assert facts_of(inside, business)[business].failures == 5


def test_lost_leads_are_those_of_the_business_itself(network: Network, inside: Any) -> None:
    """Of a hundred that met a failure ten booked, of those like them 45 %: 35 are lost; without a price no money."""
    mine, whole = network.found("Теряет"), network.found("Не теряет")
    lost(mine, 10, 100, (450, 1000))
    enter_many(inside, [mine, whole])
    found = costs_of(inside, [mine, whole], MONTH, NOW)
    assert found[mine].leads == pytest.approx(35)
    assert found[mine].kopecks is None
    assert found[whole] == Cost(0.0, 0)


def test_who_came_as_far_is_compared(network: Network, inside: Any) -> None:
    """Of all untouched leads a third books, of those that were offered a time two thirds: that is what a failure after
    the offer is held against. The page of the business itself says the same."""
    business, day = network.found("После выбора времени"), TODAY - timedelta(days=10)
    cell(business, "M22:error:offered", day, by="mix", member=LIKE, n=100, k=40)
    cell(business, "M22", day, by="mix", member=LIKE, n=1000, k=333)
    cell(business, "M22:offered", day, by="mix", member=LIKE, n=500, k=333)
    enter_many(inside, [business])
    assert costs_of(inside, [business], MONTH, NOW)[business].leads == pytest.approx(26.6)
    assert read_lost(inside, business, MONTH).leads == pytest.approx(26.6)


def test_costs_are_remembered_for_minutes(network: Network, inside: Any) -> None:
    business = network.found("Помним")
    lost(business, 10, 100, (450, 1000))
    enter_many(inside, [business])
    first = costs_of(inside, [business], MONTH, NOW)
    cell(business, "M22:silent", date(2026, 11, 9), by="mix", member="x", n=50)
    enter_many(inside, [business])
    assert costs_of(inside, [business], MONTH, NOW + timedelta(minutes=9)) == first
    assert costs_of(inside, [business], MONTH, NOW + timedelta(minutes=10))[business].leads > first[business].leads
    other = Period(MONTH.first, MONTH.last - timedelta(days=1))
    assert costs_of(inside, [business], other, NOW)[business].leads > first[business].leads
