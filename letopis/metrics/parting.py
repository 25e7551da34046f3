"""The funnel part by part: what differs between channels, campaigns, services, masters, new and known clients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letopis.base import channels, format
from letopis.base.charts.spark import Spark, spark
from letopis.base.tables.table import Column, Kind, Table, Value
from letopis.base.text import Text
from letopis.metrics.asked import Asked, Choice
from letopis.metrics.board import Board, read_board
from letopis.metrics.doors import Doors
from letopis.metrics.funnel import NAMES, SERIES, Floor, floors_of
from letopis.metrics.metric import By
from letopis.metrics.overview import course, shown
from letopis.metrics.parts import KNOWN, WHOLE, Part
from letopis.metrics.period import Period
from letopis.metrics.records import STAGES, Stage
from letopis.metrics.value import Value as Rate
from letopis.metrics.words import N_FLOOR
from letopis.privacy.views import Eyes

ROWS_MAX = 100
MEMBER_CHARS_MAX = 512
NONE_TOLD = "-"
"""In an address: the part whose label nobody told."""
WAYS: dict[By, str | Promise] = {
    By.CHANNEL: gettext_lazy("by channel"),
    By.CAMPAIGN: gettext_lazy("by campaign"),
    By.SERVICE: gettext_lazy("by service"),
    By.MASTER: gettext_lazy("by master"),
    By.KNOWN: gettext_lazy("new and known"),
}
HEADINGS: dict[By, Text] = {
    By.CHANNEL: Text(ru="Канал", en="Channel"),
    By.CAMPAIGN: Text(ru="Кампания", en="Campaign"),
    By.SERVICE: Text(ru="Услуга", en="Service"),
    By.MASTER: Text(ru="Мастер", en="Master"),
    By.KNOWN: Text(ru="Клиенты", en="Clients"),
}
UNTOLD: dict[By, str | Promise] = {
    By.CHANNEL: gettext_lazy("without a channel"),
    By.CAMPAIGN: gettext_lazy("without a label"),
    By.SERVICE: gettext_lazy("service not told"),
    By.MASTER: gettext_lazy("no master yet"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """How the funnel is parted, and which part is drawn above the table; None for all of them."""

    by: By
    member: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One part: its leads by stage, M2 of it, and the share of each day that booked, for a small line."""

    member: str
    floors: Sequence[Floor]
    booked: Rate
    course: Sequence[float | None]

    def reached(self, stage: Stage) -> int:
        return self.floors[STAGES.index(stage)].reached

    @property
    def leads(self) -> int:
        return self.reached(Stage.LEAD)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the page: counts with their doors, shares of the leads by stage; grey where there are few."""

    name: str
    url: str
    leads: str
    leads_url: str
    shares: Sequence[tuple[Text, str]]
    booked: str
    booked_url: str
    spark: SafeString | str
    few: bool


STAGES_TOLD = (Stage.ANSWERED, Stage.OFFERED, Stage.CAME)
STAGES_BOOKED = (Stage.CONFIRMED, Stage.CAME, Stage.PAID)
"""What is told of masters: a lead has a master only once it has booked, so all of his have."""


def ways_of(eyes: Eyes) -> Sequence[By]:
    """The ways that this reader may part by: masters are people."""
    return [by for by in WAYS if eyes.clear or by is not By.MASTER]


def chosen(query: Mapping[str, str], open_ways: Sequence[By]) -> Chosen:
    """What the address asks for; what cannot be understood is the channels."""
    by = query.get("by", "")
    way = next((one for one in open_ways if one.value == by), By.CHANNEL)
    member = query.get("member", "").replace("\0", "")[:MEMBER_CHARS_MAX]
    return Chosen(way, None if not member else "" if member == NONE_TOLD else member)


def read(cur: Any, business: UUID, period: Period, branch: str, by: By) -> Board:
    """All cells of the page; the wall must be open."""
    days = (cur, business, period.first, period.last)
    whole = read_board(*days, ("M1", "M2"), branch=branch, series=SERIES)
    return whole | read_board(*days, ("M1", "M2"), by=(by,), branch=branch, series=SERIES)


def rows(board: Board, period: Period, by: By) -> list[Row]:
    """The parts with leads in the period, the largest first."""
    parts = [Part(by, member) for member in board.members(by, period) if member or not of_booked(by)]
    return [
        Row(
            part.member,
            floors_of(board, period, part),
            board.value("M2", period, part),
            course(board, "M2", period, part),
        )
        for part in parts
    ]


def of_booked(by: By) -> bool:
    """Whether only leads that have booked have such a part at all."""
    return by is By.MASTER


def stages_of(by: By) -> Sequence[Stage]:
    """The stages of which the table tells a share."""
    return STAGES_BOOKED if of_booked(by) else STAGES_TOLD


def member_of(asked: Chosen, found: Sequence[Row]) -> str | None:
    """The chosen part, if it has leads in these days."""
    return next((row.member for row in found if row.member == asked.member), None)


def narrowing_of(by: By, member: str | None) -> tuple[Part, dict[str, str]]:
    """The cells of a part, and the filters of its lists; all of the business where none is chosen."""
    return (WHOLE if member is None else Part(by, member)), filters_of(by, member)


def filters_of(by: By, member: str | None) -> dict[str, str]:
    """What the list of dialogues must be asked to show a part."""
    return {} if member is None else {by.value: member or NONE_TOLD}


def title(by: By, member: str) -> str:
    """A part as people call it."""
    if by is By.CHANNEL and member:
        return channels.name(member)
    if by is By.KNOWN:
        return _("known clients") if member == KNOWN else _("new clients")
    return member or str(UNTOLD[by])


def stage_names(by: By) -> list[Text]:
    return [NAMES[stage] for stage in stages_of(by)]


def heading(by: By) -> str:
    return str(HEADINGS[by])


def ways(asked: Asked, seen: Chosen, open_ways: Sequence[By]) -> list[Choice]:
    """The ways to part, as links."""
    plain = replace(asked, more=())
    return [Choice(str(WAYS[by]), plain.url(by=by.value), current=by is seen.by) for by in open_ways]


def lede(found: Sequence[Row], by: By) -> str:
    """Телеграм: записываются 48 %. Авито: 31 %. Of masters it says how many come; the shares are those of the table."""
    shares = [(row.member, *_told_share(row, by)) for row in found if row.member]
    enough = [(k / n, member, format.share(k, n)) for member, k, n in shares if n >= N_FLOOR]
    if len(enough) < 2:
        return _("Too few leads so far to compare parts: each needs %(n)s.") % {"n": N_FLOOR}
    (_high, best, high), (_low, worst, low) = max(enough), min(enough)
    told = {"best": capfirst(title(by, best)), "high": high, "worst": capfirst(title(by, worst)), "low": low}
    if of_booked(by):
        return _("%(best)s: %(high)s of those who booked come. %(worst)s: %(low)s.") % told
    return _("%(best)s: %(high)s book. %(worst)s: %(low)s.") % told


def _told_share(row: Row, by: By) -> tuple[int, int]:
    """Those who book, of the leads whose time has passed; of a master's bookings, those who came."""
    return (row.reached(Stage.CAME), row.leads) if of_booked(by) else (row.booked.numerator, row.booked.denominator)


def lines(period: Period, doors: Doors, asked: Asked, by: By, found: Sequence[Row]) -> list[Line]:
    """The rows of the page, on one scale."""
    known = [value for row in found for value in row.course if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    return [_line(period, doors, asked, by, row, (low, high)) for row in found[:ROWS_MAX]]


def _line(period: Period, doors: Doors, asked: Asked, by: By, row: Row, scale: tuple[float, float]) -> Line:
    filters = filters_of(by, row.member)
    drawn = sum(value is not None for value in row.course) > 1
    return Line(
        name=title(by, row.member),
        url=replace(asked, more=()).url(by=by.value, member=row.member or NONE_TOLD),
        leads=format.integer(row.leads),
        leads_url=doors.behind("M1", period, **filters),
        shares=[(NAMES[stage], _share(row, stage)) for stage in stages_of(by)],
        booked="" if of_booked(by) else shown("M2", row.booked),
        booked_url=doors.behind("M2", period, **filters),
        spark=spark(Spark(row.course, *scale)) if drawn and not of_booked(by) else "",
        few=row.leads < N_FLOOR,
    )


def _share(row: Row, stage: Stage) -> str:
    return format.share(row.reached(stage), row.leads)


def table(found: Sequence[Row], by: By) -> Table:
    """All parts with all their stages, for a file."""
    columns = [Column(HEADINGS[by]), *(Column(NAMES[stage], Kind.NUMBER) for stage in STAGES)]
    told: list[list[Value]] = [[title(by, row.member), *(row.reached(stage) for stage in STAGES)] for row in found]
    return Table(Text(ru="Воронка", en="Funnel"), columns, told)
