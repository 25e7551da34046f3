"""The catalogue of a business: services with their prices and masters, each in versions that hold from a day on.

Pure; `reader` keeps the rows and its `catalogue_of` gives them. What is asked here has one answer, whatever the
order in which the versions were told.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, groupby
from typing import Generic, Protocol, TypeVar
from uuid import UUID

import msgspec

from letopis.base.text import fold


class ServiceVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `appointments_service`."""

    business_id: UUID
    service_id: str
    valid_from: date
    seq: int
    name: str = ""
    aliases: tuple[str, ...] = ()
    category: str = ""
    minutes: int | None = None
    price_from_kop: int | None = None
    price_to_kop: int | None = None
    ended: bool = False

    @property
    def key(self) -> str:
        return self.service_id

    @property
    def price(self) -> "Price | None":
        if self.price_from_kop is None and self.price_to_kop is None:
            return None
        return Price(self.price_from_kop, self.price_to_kop)


class MasterVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `appointments_master`."""

    business_id: UUID
    master_id: str
    valid_from: date
    seq: int
    name: str = ""
    services: tuple[str, ...] = ()
    branch: str = ""
    ended: bool = False

    @property
    def key(self) -> str:
        return self.master_id


@dataclass(frozen=True, slots=True)
class Price:
    """Equal ends are an exact price; without the upper one it is «from», without the lower «up to»."""

    from_kop: int | None
    to_kop: int | None

    @property
    def is_exact(self) -> bool:
        return self.from_kop == self.to_kop


class _Version(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def seq(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def ended(self) -> bool: ...


V = TypeVar("V", bound=_Version)


@dataclass(frozen=True, slots=True)
class Timeline(Generic[V]):
    """One service or one master through time; `versions` rise by the day, and there is one at least."""

    id: str
    versions: Sequence[V]

    def told_for(self, day: date) -> V | None:
        """The version in force on a day, also one that says «ended»."""
        return next((version for version in reversed(self.versions) if version.valid_from <= day), None)

    def on(self, day: date) -> V | None:
        """As it is offered on a day; None before the first version and once it has ended."""
        version = self.told_for(day)
        return None if version is None or version.ended else version

    def after(self, day: date) -> Sequence[V]:
        """What is told for the days to come."""
        return [version for version in self.versions if version.valid_from > day]

    def is_named(self, text: str) -> bool:
        """Whether this is or was its name, or its id."""
        return fold(text) in {fold(self.id), *(fold(version.name) for version in self.versions)}

    @property
    def name(self) -> str:
        """The last name it was told."""
        return next((version.name for version in reversed(self.versions) if version.name), self.id)

    @property
    def seq(self) -> int:
        """The last entry that told something of it."""
        return max(version.seq for version in self.versions)


Service = Timeline[ServiceVersion]
Master = Timeline[MasterVersion]


@dataclass(frozen=True)
class Catalogue:
    """All services and masters that were ever told, by their ids."""

    services: Mapping[str, Service] = field(default_factory=dict)
    masters: Mapping[str, Master] = field(default_factory=dict)
    _services_named: Mapping[str, str] = field(default_factory=dict, repr=False)
    _masters_named: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, services: Iterable[ServiceVersion], masters: Iterable[MasterVersion]) -> "Catalogue":
        """From versions in any order; of two for one day the later told stands."""
        offered, working = _lines(services), _lines(masters)
        return cls(
            offered,
            working,
            _names(offered.values(), lambda version: version.aliases),
            _names(working.values(), lambda _version: ()),
        )

    @property
    def seq(self) -> int:
        """The last entry that told something; -1 while nothing is told."""
        services = (line.seq for line in self.services.values())
        masters = (line.seq for line in self.masters.values())
        return max(chain(services, masters), default=-1)

    def with_told(self, services: Iterable[ServiceVersion], masters: Iterable[MasterVersion]) -> "Catalogue":
        """The catalogue as it will be once the readers have come to these."""
        stored_services = [version for line in self.services.values() for version in line.versions]
        stored_masters = [version for line in self.masters.values() for version in line.versions]
        return Catalogue.of([*stored_services, *services], [*stored_masters, *masters])


def service_of(catalogue: Catalogue, text: str) -> Service | None:
    """The service that a visit or a person names, by its name or another of its names, in any case, with ё or е.

    A name goes before an alias, what was told for a later day before what was told for an earlier one.
    """
    found = catalogue._services_named.get(fold(text))
    return None if found is None else catalogue.services[found]


def master_of(catalogue: Catalogue, text: str) -> Master | None:
    """The master or room that a visit names."""
    found = catalogue._masters_named.get(fold(text))
    return None if found is None else catalogue.masters[found]


def branch_of(catalogue: Catalogue, text: str, day: date) -> str:
    """Where the master that a visit names works on a day; empty when the catalogue does not tell."""
    master = master_of(catalogue, text)
    version = None if master is None else master.on(day)
    return "" if version is None else version.branch


def price_on(service: Service, day: date) -> Price | None:
    """What the service costs on a day; None when it is not offered then or nobody told."""
    version = service.on(day)
    return None if version is None else version.price


def work_of(catalogue: Catalogue, services: Sequence[str]) -> list[Service]:
    """The services that a master's ids or names mean, in the order of their ids; all when none were told."""
    if not services:
        return [line for _id, line in sorted(catalogue.services.items())]
    named = (catalogue.services.get(told) or service_of(catalogue, told) for told in services)
    return [line for _id, line in sorted({line.id: line for line in named if line is not None}.items())]


def _lines(versions: Iterable[V]) -> dict[str, Timeline[V]]:
    ordered = sorted(versions, key=lambda version: (version.key, version.valid_from, version.seq))
    return {
        key: Timeline(key, list({version.valid_from: version for version in same}.values()))
        for key, same in groupby(ordered, key=lambda version: version.key)
    }


def _names(lines: Iterable[Timeline[V]], others: Callable[[V], Sequence[str]]) -> dict[str, str]:
    """Which line a folded name means; the order in which they are written decides, the last one stands."""
    versions = [version for line in lines for version in line.versions]
    versions.sort(key=lambda version: (version.valid_from, version.seq, version.key))
    found = {fold(alias): version.key for version in versions for alias in others(version)}
    found |= {fold(version.key): version.key for version in versions}
    found |= {fold(version.name): version.key for version in versions if version.name}
    return found
