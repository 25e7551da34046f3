"""«Загрузка»: masters by their hours, managers by their answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letopis.access.menu import MenuItem
from letopis.access.roles import BusinessRequest, Role, page
from letopis.base import clock, format
from letopis.base.sql import Queries
from letopis.base.tables.answers import asked_form, file_of
from letopis.base.tables.table import Column, Kind, Table
from letopis.base.text import Text
from letopis.base.worktime import Hours
from letopis.dialogues.schedules import hours_of
from letopis.metrics.asked import doors_of, read_asked
from letopis.metrics.board import Board, read_board
from letopis.metrics.definitions.people_load import TAKEN
from letopis.metrics.doors import Doors
from letopis.metrics.load.reckoning import PRESENCE, master_load, masters_load, person_load
from letopis.metrics.metric import By
from letopis.metrics.overview import shown
from letopis.metrics.parts import Part
from letopis.metrics.period import Period
from letopis.metrics.statistics import prior_of, shrunk
from letopis.metrics.value import Value
from letopis.metrics.words import N_FLOOR
from letopis.privacy.views import eyes_of

QUERIES = Queries("letopis.metrics.load")
WHO_SEES = (Role.OWNER, Role.MANAGER)
ROWS_MAX = 100
TAKEN_SERIES = f"M19{TAKEN}"

MENU = [MenuItem("load", gettext_lazy("Load"), icon="gauge", route="load", order=520)]


@dataclass(frozen=True, slots=True)
class MasterRow:
    """One master: what of the hours is booked, what was lost, who did not come."""

    name: str
    load: Value
    missed: Value
    missed_shrunk: float | None
    refill: Value
    missed_url: str
    visits_url: str
    """All of the master's visits, also those that took no time: so it stands on the name, not on a number."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One colleague: answers, hours with an answer, escalations taken, how soon."""

    name: str
    load: Value
    taken: int
    pickup: Value
    open_now: int


@page(roles=WHO_SEES)
def load(request: BusinessRequest, business: UUID) -> HttpResponseBase:
    """Who is busy, and where does time run out empty?"""
    asked = read_asked(request, business)
    period, doors = asked.period, doors_of(request, asked.branch)
    cur: Any
    with connection.cursor() as cur:
        hours = hours_of(cur, business, ZoneInfo(request.business.timezone))
        board = _read(cur, business, period, asked.branch)
        waiting = _open_turns(cur, business, clock.now())
    masters = _masters(board, period, hours, doors)
    people = _people(board, period, waiting)
    eyes = eyes_of(request)
    if not eyes.clear:
        masters = [replace(row, name=eyes.name(row.name), visits_url="", missed_url="") for row in masters]
        people = [replace(row, name=eyes.name(row.name)) for row in people]
    if form := asked_form(request.GET.dict()):
        return file_of(f"load-{period.first}-{period.last}", form, _masters_table(masters), _people_table(people))
    together = masters_load(board, period, hours)
    context = {
        "asked": asked,
        "lede": _lede(together),
        "untold": bool(masters) and together.value is None,
        "masters": [_master_words(row) for row in masters[:ROWS_MAX]],
        "people": [_person_words(row) for row in people[:ROWS_MAX]],
        "hours_url": doors.page("hours"),
    }
    return render(request, "metrics/load.html", context)


def _read(cur: Any, business: UUID, period: Period, branch: str) -> Board:
    days = (cur, business, period.first, period.last)
    board = read_board(*days, ("M4", "M20", "M21"), by=(By.ALL, By.MASTER), branch=branch)
    board |= read_board(*days, ("M13", "M19"), by=(By.ALL, By.PERSON), branch=branch, series=(TAKEN_SERIES,))
    return board | read_board(*days, (), by=(By.PRESENCE,), branch=branch, series=(PRESENCE,))


def _open_turns(cur: Any, business: UUID, now: datetime) -> dict[str, int]:
    return {row["person"]: row["n"] for row in QUERIES.rows(cur, "open_turns", business=business, now=now)}


def _masters(board: Board, period: Period, hours: Hours, doors: Doors) -> list[MasterRow]:
    names = [name for name in board.members(By.MASTER, period, "M20") if name]
    missed = {name: board.value("M4", period, Part(By.MASTER, name)) for name in names}
    prior = prior_of((value.numerator, value.denominator) for value in missed.values())
    return [
        MasterRow(
            name,
            master_load(board, period, hours, name),
            missed[name],
            shrunk(missed[name].numerator, missed[name].denominator, prior)
            if prior is not None and missed[name].n >= N_FLOOR
            else None,
            board.value("M21", period, Part(By.MASTER, name)),
            doors.visits(period, state="no_show", counted=True, master=name),
            doors.visits(period, counted=True, master=name),
        )
        for name in names
    ]


def _people(board: Board, period: Period, waiting: Mapping[str, int]) -> list[PersonRow]:
    names = {*board.members(By.PERSON, period, "M19"), *board.members(By.PERSON, period, "M13"), *waiting} - {""}
    rows = [
        PersonRow(
            name,
            person_load(board, period, name),
            board.total(TAKEN_SERIES, "n", period, Part(By.PERSON, name)),
            board.value("M13", period, Part(By.PERSON, name)),
            waiting.get(name, 0),
        )
        for name in names
    ]
    return sorted(rows, key=lambda row: (-row.load.numerator, row.name))


def _lede(together: Value) -> str:
    if not together.n:
        return _("No visits in these days.")
    if together.value is None:
        return _("How busy masters are cannot be told: their hours are not known.")
    hours_lost = round(together.hits / 60)
    return _("Masters are booked for %(share)s of their time. Missed visits left %(hours)s h empty.") % {
        "share": format.percent(100 * together.value, 1),
        "hours": format.integer(hours_lost),
    }


def _master_words(row: MasterRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "load": "—" if row.load.value is None else format.percent(100 * row.load.value, 1),
        "visits": format.integer(row.load.n),
        "visits_url": row.visits_url,
        "lost": format.length_coarse(row.load.hits * 60) if row.load.hits else "—",
        "missed": shown("M4", row.missed),
        "missed_url": row.missed_url,
        "missed_n": format.integer(row.missed.n),
        "shrunk": "—" if row.missed_shrunk is None else format.percent(100 * row.missed_shrunk, 1),
        "few": row.missed.n < N_FLOOR,
        "refill": shown("M21", row.refill),
    }


def _person_words(row: PersonRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "answers": format.integer(row.load.numerator),
        "hours": format.integer(row.load.denominator),
        "rate": "—" if row.load.value is None else format.decimal(row.load.value, 1),
        "taken": format.integer(row.taken),
        "pickup": shown("M13", row.pickup),
        "few": row.pickup.n < N_FLOOR,
        "open": row.open_now,
    }


def _masters_table(rows: Sequence[MasterRow]) -> Table:
    columns = (
        Column(Text(ru="Мастер", en="Master")),
        Column(Text(ru="Загрузка", en="Load"), Kind.SHARE),
        Column(Text(ru="Записано минут", en="Minutes booked"), Kind.NUMBER),
        Column(Text(ru="Минут по графику", en="Minutes scheduled"), Kind.NUMBER),
        Column(Text(ru="Потеряно минут", en="Minutes lost"), Kind.NUMBER),
        Column(Text(ru="Доля неявок", en="No-show share"), Kind.SHARE),
        Column(Text(ru="Визитов с исходом", en="Visits that ended"), Kind.NUMBER),
    )
    told = [
        (
            row.name,
            row.load.value,
            row.load.numerator,
            row.load.denominator or None,
            row.load.hits,
            row.missed.value,
            row.missed.n,
        )
        for row in rows
    ]
    return Table(Text(ru="Мастера", en="Masters"), columns, told)


def _people_table(rows: Sequence[PersonRow]) -> Table:
    columns = (
        Column(Text(ru="Менеджер", en="Manager")),
        Column(Text(ru="Ответы", en="Answers"), Kind.NUMBER),
        Column(Text(ru="Часов на месте", en="Hours present"), Kind.NUMBER),
        Column(Text(ru="Взял передач", en="Escalations taken"), Kind.NUMBER),
        Column(Text(ru="Медиана ответа", en="Median pick-up"), Kind.SECONDS),
    )
    told = [(row.name, row.load.numerator, row.load.denominator, row.taken, row.pickup.value) for row in rows]
    return Table(Text(ru="Менеджеры", en="Managers"), columns, told)
