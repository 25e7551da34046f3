"""The funnel of a cohort: every lead stands on one stage, and the parts of a bar add up to the stage before."""

import itertools
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction

from letopis.access.wall import enter
from letopis.metrics import parting
from letopis.metrics.board import Board, read_board
from letopis.metrics.definitions import METRICS
from letopis.metrics.doors import Doors
from letopis.metrics.funnel import SERIES, Floor, floors_of, steps_of
from letopis.metrics.metric import By
from letopis.metrics.parts import Part
from letopis.metrics.period import Period
from letopis.metrics.records import STAGES, Stage
from letopis.metrics.value import Sum, value_of
from tests.metrics.conftest import Salon
from tests.metrics.journal import MONDAY, SCHEDULE, Event, after, told

Conn = psycopg.Connection[Any]
MONTH = Period(MONDAY.date(), MONDAY.date().replace(day=31))
DAY = 24 * 60


def lead(name: str, at: float, *then: Event) -> list[Event]:
    who = {"client_id": name, "session_id": f"s_{name}", "source": "telegram"}
    return [after(at, "message_in", message="Хочу на маникюр", intent="book_appointment", **who), *then]


def answered(name: str, at: float, words: str = "Подскажите, какая услуга?") -> Event:
    return after(at, "message_out", role="assistant", message=words, client_id=name, session_id=f"s_{name}")


def visit(name: str, at: float, event: str, days: int = 1) -> Event:
    start = after(days * DAY + 4 * 60, "x")["timestamp"]
    end = after(days * DAY + 5 * 60, "x")["timestamp"]
    appointment = {"id": f"A-{name}", "start": start, "end": end, "resource": "Аня", "service": "Маникюр"}
    return after(at, event, client_id=name, session_id=f"s_{name}", appointment=appointment)


STORIES: list[Event] = [
    SCHEDULE,
    *lead("unanswered", 0),
    *lead("vague", 10, answered("vague", 10.5)),
    *lead("offered", 20, answered("offered", 20.5, "Завтра свободно в 15:30 и в 17:00. Какое время?")),
    *lead(
        "booked",
        30,
        answered("booked", 30.5, "Завтра свободно в 15:30. Записать?"),
        visit("booked", 31, "appointment_created"),
        visit("booked", DAY + 6 * 60, "no_show"),
    ),
    *lead(
        "came",
        40,
        answered("came", 40.5, "Завтра свободно в 15:30. Записать?"),
        visit("came", 41, "appointment_created"),
        visit("came", 60, "appointment_confirmed"),
        visit("came", DAY + 5 * 60, "arrived"),
    ),
]


def board_of(business: UUID, by: By = By.ALL) -> Board:
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        return read_board(cur, business, MONTH.first, MONTH.last, ("M1",), by=(by,), series=SERIES)


def reached(floors: list[Floor]) -> dict[str, int]:
    return {floor.stage.value: floor.reached for floor in floors}


def test_every_lead_stands_where_it_stopped(app_connection: Conn, business: UUID) -> None:
    told(app_connection, business, STORIES)
    floors = floors_of(board_of(business), MONTH)
    assert reached(floors) == {
        "lead": 5, "answered": 4, "offered": 3, "booked": 2, "confirmed": 1, "came": 1, "paid": 0,
    }  # fmt: skip
    by_stage = {floor.stage: floor for floor in floors}
    assert by_stage[Stage.LEAD].ours == 1, "nobody answered: that is ours"
    assert by_stage[Stage.ANSWERED].left == by_stage[Stage.OFFERED].left == by_stage[Stage.BOOKED].left == 1


def test_parts_of_a_bar_add_up_to_the_stage_before(app_connection: Conn, business: UUID) -> None:
    told(app_connection, business, STORIES)
    floors = floors_of(board_of(business), MONTH)
    for one, following in itertools.pairwise(floors):
        assert one.reached == following.reached + one.stopped


def test_young_leads_are_still_deciding(app_connection: Conn, business: UUID) -> None:
    told(app_connection, business, STORIES, until=MONDAY)
    floors = floors_of(board_of(business), MONTH)
    assert sum(floor.pending for floor in floors if floor.stage in (Stage.LEAD, Stage.ANSWERED, Stage.OFFERED)) == 3


def test_masters_have_funnels_of_their_own(app_connection: Conn, business: UUID) -> None:
    told(app_connection, business, STORIES)
    board = board_of(business, By.MASTER)
    assert reached(floors_of(board, MONTH, Part(By.MASTER, "Аня")))["booked"] == 2
    assert reached(floors_of(board, MONTH, Part(By.MASTER, "")))["lead"] == 3


def test_stages_nobody_tells_are_left_out(app_connection: Conn, business: UUID) -> None:
    told(app_connection, business, STORIES)
    doors = Doors(business, frozenset())
    names = [step.name for step in steps_of(floors_of(board_of(business), MONTH), MONTH, doors)]
    assert "Оплатили" not in names
    assert "Пришли" in names


@pytest.mark.parametrize("by", ["channel", "campaign", "service", "master", "known", "чепуха"])
def test_page_parts_the_funnel(salon: Salon, by: str) -> None:
    page = salon.browser().get(salon.url(f"funnel?by={by}"))
    assert page.status_code == 200
    assert "Где теряются записи" in page.content.decode()


def test_masters_are_told_how_many_come_and_never_how_many_book(salon: Salon) -> None:
    """A lead has a master only once it has booked: "100 % booked" would be no news."""
    of_masters = salon.browser().get(salon.url("funnel?by=master")).content.decode()
    of_channels = salon.browser().get(salon.url("funnel?by=channel")).content.decode()
    assert "Доля записавшихся по дням" in of_channels
    assert "Доля записавшихся по дням" not in of_masters
    assert "мастер не выбран" not in of_masters


def part_of(member: str, leads: int, rate: tuple[int, int]) -> parting.Row:
    """A part of so many leads, of which those whose time has passed booked at a rate."""
    floors = [Floor(stage, leads if stage is Stage.LEAD else leads // 2, 0, 0, 0, 0) for stage in STAGES]
    k, n = rate
    return parting.Row(member, floors, value_of(METRICS["M2"], Sum(n=n, k=k, pending=leads - n)), ())


def test_lede_tells_the_shares_that_the_table_tells() -> None:
    """Half of the leads of either part have booked so far; of those whose time has passed 60 and 40 %."""
    found = [part_of("telegram", 100, (30, 50)), part_of("avito", 100, (20, 50)), part_of("vk", 100, (10, 10))]
    assert parting.lede(found, By.CHANNEL) == "Telegram: записываются 60\xa0%. Авито: 40\xa0%."


def test_lede_of_few_leads_compares_nothing() -> None:
    found = [part_of("telegram", 100, (30, 50)), part_of("avito", 100, (10, 29))]
    assert "30" in parting.lede(found, By.CHANNEL)
    assert "Авито" not in parting.lede(found, By.CHANNEL)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("page", ["overview", "funnel?by=service"])
def test_page_comes_as_a_file(salon: Salon, page: str, form: str) -> None:
    mark = "&" if "?" in page else "?"
    answer = salon.browser().get(salon.url(f"{page}{mark}form={form}"))
    assert answer.status_code == 200
    assert f".{form}" in answer["Content-Disposition"]


def test_branch_narrows_every_number(app_connection: Conn, business: UUID) -> None:
    elsewhere = {"client_id": "other", "session_id": "s_other", "branch": "Гагарина"}
    told(app_connection, business, [*STORIES, after(50, "message_in", message="Есть окошко?", **elsewhere)])
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        here, all_of_it = (
            read_board(cur, business, MONTH.first, MONTH.last, ("M1", "M2"), branch=branch)
            for branch in ("Гагарина", "")
        )
    assert (here.value("M1", MONTH).n, all_of_it.value("M1", MONTH).n) == (1, 6)
