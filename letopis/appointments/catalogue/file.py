"""A file of people becomes what the catalogue would be told: rows understood, rows not understood, and what changes.

The columns are found by their headings, wherever they stand; a sheet with a price or a length tells services, one with
masters and their services or branch tells masters. Pure: nothing is written here.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from letopis.appointments.catalogue.offer import (
    Catalogue,
    MasterVersion,
    Price,
    ServiceVersion,
    Timeline,
    master_of,
    service_of,
    work_of,
)
from letopis.appointments.catalogue.reader import roubles
from letopis.appointments.catalogue.words import NotUnderstoodError, read_minutes, read_price
from letopis.base.tables.reading import Line, Sheet, place_of
from letopis.base.text import fold
from letopis.intake.catalogue import ITEMS_MAX, NAME_CHARS_MAX, WORDS_MAX
from letopis.journal.kinds import MasterOffer, ServiceOffer

HEADING_ROWS_MAX = 20
"""So far down a heading may stand: price lists begin with the name of the salon."""

T = TypeVar("T", ServiceOffer, MasterOffer)
V = TypeVar("V", ServiceVersion, MasterVersion)


class Field(StrEnum):
    """What a column can hold."""

    SERVICE = "service"
    ALIASES = "aliases"
    CATEGORY = "category"
    MINUTES = "minutes"
    PRICE = "price"
    PRICE_FROM = "price_from"
    PRICE_TO = "price_to"
    MASTER = "master"
    SERVICES = "services"
    BRANCH = "branch"


# Headings as people and the programs of salons write them, folded; a unit after a comma or in brackets is left aside.
HEADINGS: Mapping[str, Field] = {
    heading: field
    for field, headings in {
        Field.SERVICE: ("услуга", "название услуги", "название", "наименование", "service", "name", "title"),
        Field.ALIASES: ("другие названия", "синонимы", "ещё называют", "other names", "aliases"),
        Field.CATEGORY: ("категория", "раздел", "группа", "category", "group"),
        Field.MINUTES: ("минут", "минуты", "длительность", "продолжительность", "время", "minutes", "duration"),
        Field.PRICE: ("цена", "стоимость", "price", "cost"),
        Field.PRICE_FROM: ("цена от", "стоимость от", "минимальная цена", "price from", "min price"),
        Field.PRICE_TO: ("цена до", "стоимость до", "максимальная цена", "price to", "max price"),
        Field.MASTER: ("мастер", "сотрудник", "специалист", "имя", "фио", "кабинет", "master", "employee", "staff"),
        Field.SERVICES: ("услуги", "что делает", "services"),
        Field.BRANCH: ("филиал", "адрес", "салон", "branch", "location"),
    }.items()
    for heading in map(fold, headings)
}
_PRICES = frozenset({Field.PRICE, Field.PRICE_FROM, Field.PRICE_TO})
_SELLS = _PRICES | {Field.MINUTES}


@dataclass(frozen=True, slots=True)
class Problem:
    """What was not understood, and where it stands; the sheet has no name in a CSV."""

    sheet: str
    row: int
    column: int
    what: str

    @property
    def place(self) -> str:
        place = place_of(self.row, self.column)
        return f"{self.sheet}: {place}" if self.sheet and place else self.sheet or place


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """One line of a file, and which columns its sheet has: what no column tells stays as it was."""

    offer: T
    columns: frozenset[Field]


@dataclass(slots=True)
class Understood:
    """What a file tells, each name once; `left_out` are headings that nothing here asks for."""

    services: dict[str, Told[ServiceOffer]] = field(default_factory=dict)
    masters: dict[str, Told[MasterOffer]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.services and not self.masters


class Act(StrEnum):
    """What a file does to one service or master."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the preview: a service or a master, as it is and as it would be."""

    act: Act
    before: ServiceVersion | MasterVersion | None
    after: ServiceOffer | MasterOffer


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be told to the journal, and how many lines of the file change nothing."""

    changes: Sequence[Change]
    same: int

    @property
    def services(self) -> list[ServiceOffer]:
        return [change.after for change in self.changes if isinstance(change.after, ServiceOffer)]

    @property
    def masters(self) -> list[MasterOffer]:
        return [change.after for change in self.changes if isinstance(change.after, MasterOffer)]


def understand(sheets: Sequence[Sheet]) -> Understood:
    """Everything that the sheets tell; a sheet without a heading we know is named as not understood."""
    found = Understood()
    for sheet in sheets:
        heading = _heading(sheet)
        if heading.tells_masters:
            _take(heading, Field.MASTER, _master, found.masters, found.problems)
        elif Field.SERVICE in heading.columns:
            _take(heading, Field.SERVICE, _service, found.services, found.problems)
        elif sheet.lines:
            what = _("No column «Service» or «Master» among the headings.")
            found.problems.append(Problem(sheet.name, sheet.lines[0].number, 0, what))
            continue
        found.left_out += heading.left_out
    return found


def propose(catalogue: Catalogue, told: Understood, day: date, *, ends_missing: bool) -> Proposal:
    """What the file changes from a day on; `ends_missing` takes out what it does not name, of the kinds it names."""
    services = _known_services(catalogue, told.services.values())
    masters = _known_masters(catalogue, told.masters.values())
    changes = [
        *_changes(services, catalogue.services, day, is_same_service),
        *_changes(masters, catalogue.masters, day, partial(is_same_master, catalogue)),
    ]
    same = len(services) + len(masters) - len(changes)
    if ends_missing and services:
        for offered in _missing(catalogue.services, services.keys(), day):
            changes.append(Change(Act.ENDED, offered, ServiceOffer(id=offered.key, name=offered.name, ended=True)))
    if ends_missing and masters:
        for working in _missing(catalogue.masters, masters.keys(), day):
            changes.append(Change(Act.ENDED, working, MasterOffer(id=working.key, name=working.name, ended=True)))
    return Proposal(changes, same)


def offer_of(version: ServiceVersion) -> ServiceOffer:
    """A version as it would be told anew."""
    return ServiceOffer(
        id=version.service_id,
        name=version.name,
        aliases=version.aliases,
        category=version.category or None,
        minutes=version.minutes,
        price_from=roubles(version.price_from_kop),
        price_to=roubles(version.price_to_kop),
    )


def is_same_service(before: ServiceVersion, offer: ServiceOffer) -> bool:
    """Whether an offer tells nothing new."""
    kept = offer_of(before)
    return replace(kept, aliases=None) == replace(offer, aliases=None) and {*before.aliases} == {*(offer.aliases or ())}


def is_same_master(catalogue: Catalogue, before: MasterVersion, offer: MasterOffer) -> bool:
    """Whether an offer tells nothing new; the same work may be told by ids or by names."""
    told = tuple(offer.services or ())
    work, told_work = (work_of(catalogue, services) for services in (before.services, told))
    return before.name == offer.name and before.branch == (offer.branch or "") and work == told_work


def split_names(text: str) -> tuple[str, ...]:
    """гель-лак, шеллак; маникюр: each once, as written."""
    pieces = text.replace(";", ",").replace("\n", ",").split(",")
    return tuple({fold(piece): piece.strip() for piece in pieces if piece.strip()}.values())


def free_id(taken: Collection[str], name: str) -> str:
    """The id of a newcomer: the folded name, with a number when another one is known by it."""
    plain = fold(name)
    found, number = plain, 1
    while found in taken:
        number += 1
        found = f"{plain} {number}"
    return found


@dataclass(frozen=True, slots=True)
class _Heading:
    """Which columns a sheet has, and the lines below its heading."""

    sheet: str
    columns: Mapping[Field, int]
    lines: Sequence[Line]
    left_out: Sequence[str]

    @property
    def tells_masters(self) -> bool:
        return Field.MASTER in self.columns and not self.columns.keys() & _SELLS


def _heading(sheet: Sheet) -> _Heading:
    """The row near the top that names the most columns."""
    best = _Heading(sheet.name, {}, (), ())
    for index, line in enumerate(sheet.lines[:HEADING_ROWS_MAX]):
        columns: dict[Field, int] = {}
        for column, cell in enumerate(line.cells):
            if (meant := HEADINGS.get(_plain(cell))) is not None:
                columns.setdefault(meant, column)
        if len(columns) > len(best.columns):
            used = set(columns.values())
            left_out = [cell for column, cell in enumerate(line.cells) if cell and column not in used]
            best = _Heading(sheet.name, columns, sheet.lines[index + 1 :], left_out)
    return best


def _plain(heading: str) -> str:
    """«Цена, ₽» and «Длительность (мин)» without their units."""
    return fold(heading.partition("(")[0].partition(",")[0])


def _take(
    heading: _Heading,
    name_field: Field,
    read: Callable[["_Row"], T],
    known: dict[str, Told[T]],
    problems: list[Problem],
) -> None:
    for line in heading.lines:
        row = _Row(heading, line, problems)
        if len(known) == ITEMS_MAX:
            row.complain(None, _("One file may tell up to {most} lines.").format(most=ITEMS_MAX))
            return
        name = row.text(name_field)
        if not name:
            # A line with a category alone parts the list; it tells nothing.
            continue
        if fold(name) in known:
            row.complain(name_field, _("«{name}» stands in the file twice; the first one counts.").format(name=name))
            continue
        before = len(problems)
        offer = read(row)
        if len(problems) == before:
            known[fold(name)] = Told(offer, frozenset(heading.columns))


def _service(row: "_Row") -> ServiceOffer:
    price = row.price()
    return ServiceOffer(
        name=row.text(Field.SERVICE),
        aliases=row.names(Field.ALIASES),
        category=row.text(Field.CATEGORY) or None,
        minutes=row.minutes(),
        price_from=roubles(price.from_kop) if price else None,
        price_to=roubles(price.to_kop) if price else None,
    )


def _master(row: "_Row") -> MasterOffer:
    return MasterOffer(
        name=row.text(Field.MASTER), services=row.names(Field.SERVICES), branch=row.text(Field.BRANCH) or None
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a sheet, asked by what its columns hold."""

    heading: _Heading
    line: Line
    problems: list[Problem]

    def text(self, name: Field) -> str:
        found = self._raw(name)
        if len(found) > NAME_CHARS_MAX:
            self.complain(name, _("The text is longer than {most} characters.").format(most=NAME_CHARS_MAX))
        return found[:NAME_CHARS_MAX]

    def names(self, name: Field) -> tuple[str, ...]:
        """Several names in one cell, parted by commas, semicolons or line ends."""
        found = split_names(self._raw(name))
        if len(found) > WORDS_MAX or any(len(one) > NAME_CHARS_MAX for one in found):
            self.complain(name, _("Too many names, or too long ones."))
        return found

    def minutes(self) -> int | None:
        try:
            return read_minutes(self._raw(Field.MINUTES))
        except NotUnderstoodError:
            self.complain(Field.MINUTES, _("The length is not understood. Write 90 or 1:30."))
            return None

    def price(self) -> Price | None:
        """From one column, or from two of which a lone lower one means «from»."""
        whole = self._price(Field.PRICE)
        low, high = self._price(Field.PRICE_FROM), self._price(Field.PRICE_TO)
        if whole is not None or (low is None and high is None):
            return whole
        if Field.PRICE_TO not in self.heading.columns:
            return low
        price = Price(low.from_kop if low else None, high.to_kop if high else None)
        if price.from_kop is not None and price.to_kop is not None and price.to_kop < price.from_kop:
            self.complain(Field.PRICE_TO, _("The upper price is below the lower one."))
        return price

    def _price(self, name: Field) -> Price | None:
        try:
            return read_price(self._raw(name))
        except NotUnderstoodError:
            self.complain(name, _("The price is not understood. Write 2400, from 2400 or 2400–2800."))
            return None

    def complain(self, name: Field | None, what: str) -> None:
        column = 0 if name is None else self.heading.columns[name] + 1
        self.problems.append(Problem(self.heading.sheet, self.line.number, column, what))

    def _raw(self, name: Field) -> str:
        columns = self.heading.columns
        return self.line.cell(columns[name]) if name in columns else ""


# From which columns each part of an offer is read.
_COLUMNS_OF_SERVICE = {
    "aliases": {Field.ALIASES},
    "category": {Field.CATEGORY},
    "minutes": {Field.MINUTES},
    "price_from": _PRICES,
    "price_to": _PRICES,
}
_COLUMNS_OF_MASTER = {"services": {Field.SERVICES}, "branch": {Field.BRANCH}}


def _known_services(catalogue: Catalogue, told: Iterable[Told[ServiceOffer]]) -> dict[str, ServiceOffer]:
    """The offers under the ids of the services that they name; newcomers get ids of their own."""
    found: dict[str, ServiceOffer] = {}
    for one in told:
        name = one.offer.name or ""
        line = service_of(catalogue, name)
        # A service that another one has as an alias is a service of its own once it is listed.
        if line is None or line.id in found or not line.is_named(name):
            identity = free_id({*catalogue.services, *found}, name)
            found[identity] = replace(one.offer, id=identity)
        else:
            stays = offer_of(line.versions[-1])
            kept = {part: getattr(stays, part) for part, at in _COLUMNS_OF_SERVICE.items() if not at & one.columns}
            found[line.id] = replace(one.offer, id=line.id, **kept)
    return found


def _known_masters(catalogue: Catalogue, told: Iterable[Told[MasterOffer]]) -> dict[str, MasterOffer]:
    found: dict[str, MasterOffer] = {}
    for one in told:
        name = one.offer.name or ""
        line = master_of(catalogue, name)
        if line is None or line.id in found:
            identity = free_id({*catalogue.masters, *found}, name)
            found[identity] = replace(one.offer, id=identity)
        else:
            stays = line.versions[-1]
            kept = {part: getattr(stays, part) for part, at in _COLUMNS_OF_MASTER.items() if not at & one.columns}
            found[line.id] = replace(one.offer, id=line.id, **kept)
    return found


def _changes(
    offers: Mapping[str, T], lines: Mapping[str, Timeline[V]], day: date, is_same: Callable[[V, T], bool]
) -> Iterator[Change]:
    for identity, offer in offers.items():
        line = lines.get(identity)
        before = line.on(day) if line else None
        if before is None:
            yield Change(Act.ADDED, None, offer)
        elif not is_same(before, offer):
            yield Change(Act.CHANGED, before, offer)


def _missing(lines: Mapping[str, Timeline[V]], named: Collection[str], day: date) -> Iterator[V]:
    for line in lines.values():
        version = line.on(day)
        if version is not None and line.id not in named:
            yield version
