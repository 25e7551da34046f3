"""The catalogue as tables: what is offered on a day, in the columns that `file` reads back."""

from datetime import date

from letopis.appointments.catalogue.offer import Catalogue, MasterVersion, ServiceVersion
from letopis.appointments.catalogue.words import work_words
from letopis.base.tables.table import Column, Kind, Table
from letopis.base.text import Text, fold

_SERVICES = Text(ru="Услуги", en="Services")
_MASTERS = Text(ru="Мастера", en="Masters")
_BRANCH = Text(ru="Филиал", en="Branch")

SERVICE_COLUMNS = (
    Column(Text(ru="Услуга", en="Service")),
    Column(Text(ru="Другие названия", en="Other names")),
    Column(Text(ru="Категория", en="Category")),
    Column(Text(ru="Минут", en="Minutes"), Kind.NUMBER),
    Column(Text(ru="Цена от", en="Price from"), Kind.MONEY),
    Column(Text(ru="Цена до", en="Price to"), Kind.MONEY),
)
MASTER_COLUMNS = (Column(Text(ru="Мастер", en="Master")), Column(_BRANCH), Column(_SERVICES))


def services_on(catalogue: Catalogue, day: date) -> list[ServiceVersion]:
    """What is offered, by category and name."""
    found = (line.on(day) for line in catalogue.services.values())
    return sorted((one for one in found if one), key=lambda one: (not one.category, fold(one.category), fold(one.name)))


def masters_on(catalogue: Catalogue, day: date) -> list[MasterVersion]:
    """Who works, by branch and name."""
    found = (line.on(day) for line in catalogue.masters.values())
    return sorted((one for one in found if one), key=lambda one: (not one.branch, fold(one.branch), fold(one.name)))


def table_of_services(catalogue: Catalogue, day: date) -> Table:
    rows = [
        (one.name, ", ".join(one.aliases), one.category, one.minutes, one.price_from_kop, one.price_to_kop)
        for one in services_on(catalogue, day)
    ]
    return Table(_SERVICES, SERVICE_COLUMNS, rows)


def table_of_masters(catalogue: Catalogue, day: date) -> Table:
    rows = [(one.name, one.branch, work_words(catalogue, one.services)) for one in masters_on(catalogue, day)]
    return Table(_MASTERS, MASTER_COLUMNS, rows)
