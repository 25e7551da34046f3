"""What the journal tells of changes, in whatever order and batches it is read."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from letopis.access.wall import enter
from letopis.base import clock
from letopis.metrics import pipeline
from letopis.metrics.marks.mark import Mark, What
from letopis.metrics.marks.reader import take_back, tell
from letopis.metrics.marks.told import drawn, marks_of
from tests.metrics.journal import MONDAY, Event, at, derived, read_all, write

Conn = psycopg.Connection[Any]


def talk(days: float, version: str, scenario: str = "запись", **fields: Any) -> Event:
    moment = MONDAY + timedelta(days=days)
    return at(
        moment, "message_out", role="assistant", message="Здравствуйте", scenario=scenario, version=version, **fields
    )


def change(days: float, **fields: Any) -> Event:
    told: dict[str, Any] = {"what": "Новые цены", "client_id": None, "source": "crm", **fields}
    return at(MONDAY + timedelta(days=days), "change_mark", **told)


def known(conn: Conn, business: UUID) -> list[Mark]:
    cur: Any
    with conn.transaction(), conn.cursor() as cur:
        enter(cur, business)
        return marks_of(cur, business)


def read(conn: Conn, business: UUID, events: Sequence[Event], batch: int = 2000) -> list[Mark]:
    write(business, events)
    read_all(conn, business, batch=batch)
    return known(conn, business)


def test_a_mark_is_kept_as_it_was_told(app_connection: Conn, business: UUID) -> None:
    told = change(1, change_kind="price", effect="Больше записей", effect_size="5%", metric="M2", person="Анна Л.")
    [mark] = read(app_connection, business, [told])
    assert (mark.name, mark.kind, mark.effect, mark.metric) == ("Новые цены", "price", "Больше записей", "M2")
    assert (mark.expected, mark.person, mark.made_by, mark.day) == (
        0.05,
        "Анна Л.",
        "sender",
        (MONDAY + timedelta(1)).date(),
    )


def test_a_kind_nobody_knows_is_other(app_connection: Conn, business: UUID) -> None:
    marks = read(app_connection, business, [change(0, change_kind="ремонт"), change(1, scenario="запись", version="8")])
    assert [mark.kind for mark in marks] == ["scenario", "other"]


def test_first_version_of_a_scenario_is_no_change(app_connection: Conn, business: UUID) -> None:
    marks = read(app_connection, business, [talk(0, "7"), talk(3, "8"), talk(4, "8"), talk(5, "1", "отмена")])
    assert [(mark.name, mark.made_by, mark.day) for mark in marks] == [
        ("запись v8", "itself", (MONDAY + timedelta(days=3)).date())
    ]


def test_version_that_somebody_told_is_marked_once(app_connection: Conn, business: UUID) -> None:
    told = change(12, what="Один шаг вместо двух", scenario="запись", version="v8")
    marks = read(app_connection, business, [talk(0, "7"), talk(10, "8"), told])
    assert [mark.name for mark in marks] == ["Один шаг вместо двух"]


def test_version_told_long_ago_is_marked_again_when_it_comes(app_connection: Conn, business: UUID) -> None:
    marks = read(app_connection, business, [talk(0, "7"), change(1, scenario="запись", version="8"), talk(10, "8")])
    assert [mark.made_by for mark in marks] == ["itself", "sender"]


def test_trial_traffic_marks_nothing(app_connection: Conn, business: UUID) -> None:
    assert read(app_connection, business, [talk(0, "7"), talk(3, "8", test=True)]) == []


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_late_news_and_any_batches_give_the_same_marks(app_connection: Conn, business: UUID, batch: int) -> None:
    events = [
        talk(20, "8"), talk(30, "9"), change(40), talk(10, "8"), talk(2, "7"), talk(25, "9"), talk(5, "10"),
        change(1, of_mark=3, withdrawn=True), change(50, what="Ещё"),
    ]  # fmt: skip
    step_by_step = read(app_connection, business, events, batch)
    rows = derived(app_connection, business)["metrics_mark"]
    pipeline.rebuild(app_connection, business, lambda done, size: None)
    assert known(app_connection, business) == step_by_step
    assert derived(app_connection, business)["metrics_mark"] == rows
    assert [mark.name for mark in step_by_step] == ["Ещё", "запись v9", "запись v8", "запись v10"]


def test_nothing_told_later_can_be_taken_back_before(app_connection: Conn, business: UUID) -> None:
    """The entry that takes back comes first, the mark after it: how they are batched must not matter."""
    events = [change(0, of_mark=2, withdrawn=True), change(1)]
    assert len(read(app_connection, business, events)) == 1


def test_page_tells_and_takes_back(
    app_connection: Conn, business: UUID, stranger_business: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    receipt = tell(
        business, MONDAY, What.STAFF, "Новый администратор", effect_size="-0.06", metric="M4", person="Анна Л."
    )
    read_all(app_connection, business)
    [mark] = known(app_connection, business)
    assert (mark.seq, mark.made_by, mark.expected, mark.primary) == (receipt.seq, "page", -0.06, "M4")
    assert known(app_connection, stranger_business) == []
    for _ in range(2):
        take_back(business, mark.seq, "Анна Л.")
    read_all(app_connection, business)
    assert known(app_connection, business) == []


def test_charts_get_the_marks_of_their_days(app_connection: Conn, business: UUID) -> None:
    marks = read(app_connection, business, [change(day, what=f"№ {day}") for day in range(10)])
    day = MONDAY.date()
    assert [one.name for one in drawn(marks, day + timedelta(3), day + timedelta(6))] == ["№ 4", "№ 5", "№ 6"]
    assert len(drawn(marks, day, day + timedelta(30))) == 4
