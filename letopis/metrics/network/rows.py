"""The businesses of a network as rows: how bad each stands, its number beside the others', its line and its doors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from letopis.access.menu import items_for
from letopis.access.models import Branch, Business, Membership, Role
from letopis.base import format
from letopis.base.charts.spark import Spark, spark
from letopis.base.rows import load
from letopis.base.sql import Queries
from letopis.base.tables.table import Column, Kind, Table
from letopis.base.text import Text
from letopis.metrics.board import Board, Series
from letopis.metrics.definitions import METRICS
from letopis.metrics.definitions.completeness import ENOUGH
from letopis.metrics.doors import Doors
from letopis.metrics.network import words
from letopis.metrics.network.costs import NOTHING, Cost
from letopis.metrics.network.facts import LATELY_DAYS, Facts, ids
from letopis.metrics.network.troubles import Level, Trouble, What, level_of, troubles_of
from letopis.metrics.overview import course, difference, is_better, is_few, shown
from letopis.metrics.period import Period, last_days
from letopis.metrics.statistics import Prior, prior_of, shrunk
from letopis.metrics.value import Value, value_of

QUERIES = Queries("letopis.metrics.network")
LOOKS = {
    Level.LOSING: ("loss", "circle-x"),
    Level.ATTENTION: ("warn", "alert-triangle"),
    Level.OLD: ("ink2", "git-compare"),
    Level.TEST: ("ink2", "hourglass"),
    Level.FINE: ("ink2", "circle-check"),
}
SPARK_POINTS_MAX = 15
"""Fifty lines of a page are read at a glance, and weigh."""
PAGES = {
    What.SILENT: "sources",
    What.SOURCE: "sources",
    What.EMPTY: "sources",
    What.TEST: "sources",
    What.BROKEN: "journal",
    What.QUARANTINED: "quarantine",
    What.OLD: "scenario",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One business; `share` is its booked share drawn towards that of its trade, None where nobody could book."""

    business: Business
    role: Role
    facts: Facts
    troubles: list[Trouble]
    rate: Value
    share: float | None
    cost: Cost

    @property
    def level(self) -> Level:
        return level_of(self.troubles)


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the page shows it, every number with its door."""

    name: str
    url: str
    place: str
    state: str
    state_url: str
    others: str
    tone: str
    icon: str
    leads: str
    leads_url: str
    spark: SafeString | str
    share: str
    share_url: str
    raw: str
    few: bool
    change: str
    change_tone: str
    lost: str
    lost_url: str
    heard_at: datetime | None


def rows_of(
    memberships: Iterable[Membership], known: Mapping[UUID, Facts], costs: Mapping[UUID, Cost], now: datetime
) -> list[Row]:
    """The worst first: by what is wrong, then by the money that it costs, then by leads."""
    rates = {business: value_of(METRICS["M2"], facts.booked) for business, facts in known.items()}
    members = list(memberships)
    priors = priors_of((one.business.vertical, rates[one.business_id]) for one in members)
    rows = [
        Row(
            business=one.business,
            role=Role(one.role),
            facts=(facts := known[one.business_id]),
            troubles=troubles_of(facts, now),
            rate=(rate := rates[one.business_id]),
            share=share_of(rate, priors.get(one.business.vertical)),
            cost=costs.get(one.business_id, NOTHING),
        )
        for one in members
    ]
    return sorted(rows, key=_weight)


def _weight(row: Row) -> tuple[int, int, float, int, str]:
    return row.level, -(row.cost.kopecks or 0), -row.cost.leads, -row.facts.booked.total, row.business.name


def priors_of(rates: Iterable[tuple[str, Value]]) -> dict[str, Prior]:
    """The common booked share of each trade in the network, and what it weighs."""
    told: dict[str, list[tuple[int, int]]] = {}
    for vertical, rate in rates:
        told.setdefault(vertical, []).append((rate.numerator, rate.denominator))
    return {vertical: prior for vertical, pairs in told.items() if (prior := prior_of(pairs)) is not None}


def share_of(rate: Value, prior: Prior | None) -> float | None:
    if prior is None or not rate.denominator:
        return None
    return shrunk(rate.numerator, rate.denominator, prior)


class _Series(Series):
    """The cells of one series of one of many businesses."""

    business_id: UUID


def boards_of(cur: Any, rows: Sequence[Row], period: Period) -> dict[UUID, Board]:
    """Booked leads day by day of the businesses that are shown, and what is known of their data."""
    first = period.before.first if period.compared else period.first
    asked = {"businesses": ids([row.business.pk for row in rows]), "metrics": ["M2", "M23"]}
    found: dict[UUID, dict[tuple[str, str], dict[str, Series]]] = {row.business.pk: {} for row in rows}
    if rows:
        for one in load(QUERIES, cur, "series_of_some", _Series, first=first, last=period.last, **asked):
            found[one.business_id][one.metric, one.by] = {one.member: one}
    return {business: Board(first, series) for business, series in found.items()}


def places_of(rows: Sequence[Row]) -> dict[UUID, list[str]]:
    """The names of the branches of these businesses."""
    found: dict[UUID, list[str]] = {row.business.pk: [] for row in rows}
    named = Branch.objects.filter(business_id__in=list(found)).order_by("business_id", "name")
    for business, name in named.values_list("business_id", "name"):
        found[business].append(name)
    return found


def lines_of(
    rows: Sequence[Row], boards: Mapping[UUID, Board], places: Mapping[UUID, list[str]], period: Period, now: datetime
) -> list[Line]:
    """The rows in words, their small lines on one scale."""
    courses = {row.business.pk: _thinned(course(boards[row.business.pk], "M2", period)) for row in rows}
    values = [value for line in courses.values() for value in line if value is not None]
    low, high = min(values, default=0.0), max(values, default=0.0)
    return [
        _line(
            row,
            boards[row.business.pk],
            places[row.business.pk],
            _spark(courses[row.business.pk], low, high),
            period,
            now,
        )
        for row in rows
    ]


def _thinned(values: Sequence[float | None]) -> list[float | None]:
    """Each value is a mean of seven days already: of some together the last one stands for all."""
    together = -(-len(values) // SPARK_POINTS_MAX)
    return list(values[::-1][::together][::-1])


def _spark(values: Sequence[float | None], low: float, high: float) -> SafeString | str:
    return spark(Spark(values, low, high)) if sum(value is not None for value in values) > 1 else ""


def _line(row: Row, board: Board, names: list[str], drawn: SafeString | str, period: Period, now: datetime) -> Line:
    doors = doors_of(row.business.pk, row.role)
    change, tone = change_of(board, period)
    first = row.troubles[0] if row.troubles else None
    look, icon = LOOKS[row.level]
    return Line(
        name=row.business.name,
        url=f"{doors.page('overview')}?{period.query}",
        place=words.branches(names),
        state=words.trouble(first, now) if first else _("All is well"),
        state_url=door_of(first, doors, period) if first else "",
        others="; ".join(words.trouble(one, now) for one in row.troubles[1:]),
        tone=look,
        icon=icon,
        leads=format.integer(row.rate.total),
        leads_url=doors.behind("M1", period),
        spark=drawn,
        share=format.percent(100 * row.share, row.rate.n) if row.share is not None else shown("M2", row.rate),
        share_url=doors.behind("M2", period),
        raw=words.shrunken(row.rate.value, row.rate.numerator, row.rate.n) if row.rate.value is not None else "",
        few=is_few("M2", row.rate),
        change=change,
        change_tone=tone,
        lost=money_of(row.cost),
        lost_url=doors.dialogues(period, lead=True, stopped="ours") if row.cost.leads else "",
        heard_at=heard_at(row.facts),
    )


def change_of(board: Board, period: Period) -> tuple[str, str]:
    """The change against the days before in points; a colour only where chance alone would not do it."""
    if not period.compared:
        return "", ""
    now, before = board.value("M2", period), board.value("M2", period.before)
    known = board.value("M23", period)
    enough = known.value is None or known.value >= ENOUGH
    better = is_better("M2", now, before) if enough else None
    return difference("M2", now, before), "" if better is None else "ok" if better else "loss"


def money_of(cost: Cost) -> str:
    """In hundreds of roubles, as an estimate is told; a dash where nobody knows, or nothing was lost."""
    rounded = round(cost.kopecks or 0, -4)
    return format.money(rounded) if rounded else "—"


def heard_at(facts: Facts) -> datetime | None:
    """The last event; of a journal without news of its sources the last entry."""
    return facts.heard_at or (facts.grown_at if facts.begun else None)


def doors_of(business: UUID, role: Role) -> Doors:
    """The lists of a business that somebody in this role may open."""
    return Doors(business, frozenset(item.route for item in items_for(role)))


def door_of(one: Trouble, doors: Doors, period: Period) -> str:
    """Where the trouble is seen to."""
    match one.what:
        case What.LATE | What.WAITING:
            return doors.dialogues(waiting=True)
        case What.FAILURES:
            week = last_days(period.last, LATELY_DAYS)
            return doors.dialogues(week, lead=True, stopped="ours", reason="error")
        case _:
            return doors.page(PAGES.get(one.what, "overview")) or doors.page("overview")


def table(
    rows: Sequence[Row], boards: Mapping[UUID, Board], places: Mapping[UUID, list[str]], period: Period, now: datetime
) -> Table:
    """The rows as a file."""
    columns = (
        Column(Text(ru="Бизнес", en="Business")),
        Column(Text(ru="Филиалы", en="Branches")),
        Column(Text(ru="Состояние", en="State")),
        Column(Text(ru="Обращения", en="Leads"), Kind.NUMBER),
        Column(Text(ru="Доля записавшихся для сравнения", en="Share booked, to compare"), Kind.SHARE),
        Column(Text(ru="Доля записавшихся как есть", en="Share booked as it is"), Kind.SHARE),
        Column(Text(ru="Записались", en="Booked"), Kind.NUMBER),
        Column(Text(ru="Обращения старше W", en="Leads older than W"), Kind.NUMBER),
        Column(Text(ru="Доля до этого", en="Share before"), Kind.SHARE),
        Column(Text(ru="Потеряно записей", en="Bookings lost"), Kind.NUMBER),
        Column(Text(ru="Потери", en="Losses"), Kind.MONEY),
        Column(Text(ru="Последнее событие", en="Last event"), Kind.DATETIME),
    )
    told = [
        (
            row.business.name,
            ", ".join(places[row.business.pk]),
            "; ".join(words.trouble(one, now) for one in row.troubles) or _("All is well"),
            row.rate.total,
            row.share,
            row.rate.value,
            row.rate.numerator,
            row.rate.denominator,
            boards[row.business.pk].value("M2", period.before).value if period.compared else None,
            round(row.cost.leads, 1),
            row.cost.kopecks,
            heard_at(row.facts),
        )
        for row in rows
    ]
    return Table(Text(ru="Все бизнесы", en="All businesses"), columns, told)
