"""What each campaign brought and what it cost: rows of the page, of files and of the read API. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from letopis.base.tables.table import Column, Kind, Table
from letopis.base.text import Text
from letopis.metrics.board import Board, read_board
from letopis.metrics.definitions.campaign_conversion import CAME, PAID
from letopis.metrics.metric import By
from letopis.metrics.parts import Part
from letopis.metrics.period import Period
from letopis.metrics.value import Value

CAME_SERIES, PAID_SERIES = f"M18{CAME}", f"M18{PAID}"


@dataclass(frozen=True, slots=True)
class Campaign:
    """One label: its leads, what became of them, what they paid (roubles), what it cost (kopecks; None: not told)."""

    label: str
    leads: int
    booked: Value
    came: int
    came_of: int
    paid_roubles: int
    cost_kop: int | None

    def per(self, count: int) -> int | None:
        """Kopecks for one of so many."""
        return round(self.cost_kop / count) if self.cost_kop is not None and count else None


def read(cur: Any, business: UUID, first: Any, last: Any, branch: str = "") -> Board:
    """The cells of campaigns over days; the wall must be open."""
    series = (CAME_SERIES, PAID_SERIES)
    return read_board(cur, business, first, last, ("M1", "M2", "M18"), by=(By.CAMPAIGN,), branch=branch, series=series)


def campaigns_of(board: Board, period: Period, costs: Mapping[str, int]) -> list[Campaign]:
    """Every label with leads or costs in the period, the one with most leads first; leads without a label are one."""
    labels = board.members(By.CAMPAIGN, period)
    labels += sorted(label for label in costs if label not in labels)
    return [_campaign(board, period, label, costs.get(label)) for label in labels]


def _campaign(board: Board, period: Period, label: str, cost_kop: int | None) -> Campaign:
    part = Part(By.CAMPAIGN, label)
    return Campaign(
        label=label,
        leads=board.value("M1", period, part).n,
        booked=board.value("M2", period, part),
        came=board.total(CAME_SERIES, "hits", period, part),
        came_of=board.total(CAME_SERIES, "total", period, part),
        paid_roubles=board.total(PAID_SERIES, "total", period, part),
        cost_kop=cost_kop,
    )


def table(rows: Sequence[Campaign], untold: str) -> Table:
    """All campaigns for a file."""
    columns = (
        Column(Text(ru="Кампания", en="Campaign")),
        Column(Text(ru="Обращения", en="Leads"), Kind.NUMBER),
        Column(Text(ru="Записались", en="Booked"), Kind.NUMBER),
        Column(Text(ru="Доля записавшихся", en="Share booked"), Kind.SHARE),
        Column(Text(ru="Ещё думают", en="Still deciding"), Kind.NUMBER),
        Column(Text(ru="Пришли", en="Came"), Kind.NUMBER),
        Column(Text(ru="Оплачено", en="Paid"), Kind.MONEY),
        Column(Text(ru="Расход", en="Cost"), Kind.MONEY),
        Column(Text(ru="Цена обращения", en="Cost per lead"), Kind.MONEY),
        Column(Text(ru="Цена записи", en="Cost per booking"), Kind.MONEY),
        Column(Text(ru="Цена визита", en="Cost per visit"), Kind.MONEY),
    )
    lines = [
        (
            row.label or untold,
            row.leads,
            row.booked.hits,
            row.booked.value,
            row.booked.pending,
            row.came,
            row.paid_roubles * 100,
            row.cost_kop,
            row.per(row.leads),
            row.per(row.booked.hits),
            row.per(row.came),
        )
        for row in rows
    ]
    return Table(Text(ru="Кампании", en="Campaigns"), columns, lines)
