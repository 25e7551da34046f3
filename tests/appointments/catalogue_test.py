"""The catalogue through time: versions, prices of a day, names and aliases, and its rows as the readers make them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
from hypothesis import given
from hypothesis import strategies as st

from letopis.access.wall import enter
from letopis.appointments.catalogue.offer import (
    Catalogue,
    MasterVersion,
    Price,
    ServiceVersion,
    branch_of,
    master_of,
    price_on,
    service_of,
    work_of,
)
from letopis.appointments.catalogue.reader import catalogue_of
from tests.metrics.journal import MONDAY, at, read_all, rows, write

NOBODY = UUID(int=1)
AUTUMN, WINTER, SPRING = date(2026, 9, 1), date(2026, 12, 1), date(2027, 3, 1)


def version(key: str, day: date = AUTUMN, seq: int = 1, **more: Any) -> ServiceVersion:
    return ServiceVersion(business_id=NOBODY, service_id=key, valid_from=day, seq=seq, **{"name": key, **more})


def master(key: str, *services: str, day: date = AUTUMN, seq: int = 1, **more: Any) -> MasterVersion:
    told = {"name": key, "services": services, **more}
    return MasterVersion(business_id=NOBODY, master_id=key, valid_from=day, seq=seq, **told)


def costs(roubles: int) -> dict[str, int]:
    return {"price_from_kop": roubles * 100, "price_to_kop": roubles * 100}


def test_price_is_that_of_the_day() -> None:
    catalogue = Catalogue.of(
        [
            version("маникюр", WINTER, 7, **costs(2600)),
            version("маникюр", AUTUMN, 3, **costs(2400)),
            version("маникюр", SPRING, 9, ended=True),
        ],
        [],
    )
    manicure = service_of(catalogue, "Маникюр")
    assert manicure is not None
    days = [date(2026, 8, 31), AUTUMN, date(2026, 11, 30), WINTER, date(2027, 2, 28), SPRING]
    assert [price_on(manicure, day) for day in days] == [
        None,
        Price(240000, 240000),
        Price(240000, 240000),
        Price(260000, 260000),
        Price(260000, 260000),
        None,
    ]


def test_later_word_for_the_same_day_stands() -> None:
    told = [version("маникюр", seq=3, **costs(2400)), version("маникюр", seq=5, **costs(2500))]
    for versions in (told, told[::-1]):
        [line] = Catalogue.of(versions, []).services.values()
        assert price_on(line, AUTUMN) == Price(250000, 250000)
        assert line.seq == 5


def test_service_is_found_by_any_of_its_names() -> None:
    catalogue = Catalogue.of(
        [
            version("S-1", name="Маникюр с покрытием", aliases=("гель-лак", "Лёгкий маникюр")),
            version("S-1", WINTER, 2, name="Маникюр классик", aliases=("гель-лак",)),
        ],
        [],
    )
    names = ("МАНИКЮР  с покрытием", "гель-лак", "легкий маникюр", "Маникюр классик", "s-1")
    assert [getattr(service_of(catalogue, name), "id", None) for name in names] == ["S-1"] * 5
    assert service_of(catalogue, "маникюр") is None
    assert service_of(catalogue, "") is None


def test_name_goes_before_an_alias_and_late_before_early() -> None:
    catalogue = Catalogue.of(
        [
            version("маникюр", seq=9, aliases=("педикюр", "уход")),
            version("педикюр"),
            version("спа", WINTER, aliases=("уход",)),
        ],
        [],
    )
    assert getattr(service_of(catalogue, "Педикюр"), "id", None) == "педикюр"
    assert getattr(service_of(catalogue, "уход"), "id", None) == "спа"


@given(st.permutations(list(range(6))))
def test_order_of_telling_changes_nothing(order: list[int]) -> None:
    told = [
        version("a", seq=1, name="Маникюр", aliases=("уход",)),
        version("b", seq=2, name="Маникюр", aliases=("уход",)),
        version("c", seq=2, name="Педикюр", aliases=("уход",)),
        version("a", WINTER, 4, name="Спа"),
        version("a", WINTER, 5, name="Спа", **costs(100)),
        version("c", WINTER, 6, ended=True),
    ]
    assert Catalogue.of([told[n] for n in order], []) == Catalogue.of(told, [])


def test_masters_work_is_told_by_ids_or_names() -> None:
    services = [version("S-1", name="Маникюр"), version("S-2", name="Педикюр", aliases=("ноги",))]
    catalogue = Catalogue.of(services, [master("Аня", "s-1", "ноги", "массаж"), master("Света")])
    anya, sveta = catalogue.masters["Аня"], master_of(catalogue, "СВЕТА")
    assert sveta is not None
    assert [line.id for line in work_of(catalogue, anya.versions[0].services)] == ["S-1", "S-2"]
    assert [line.id for line in work_of(catalogue, sveta.versions[0].services)] == ["S-1", "S-2"]


def test_branch_of_a_master_is_that_of_the_day() -> None:
    moved = AUTUMN.replace(day=20)
    told = [
        master("m1", day=AUTUMN, branch="Лесная", name="Аня"),
        master("m1", day=moved, seq=2, branch="Садовая", name="Аня"),
        master("m2", day=AUTUMN, name="Света"),
        master("m3", day=AUTUMN, branch="Лесная", name="Вера", ended=True),
    ]
    catalogue = Catalogue.of([], told)
    assert branch_of(catalogue, "аня", moved - timedelta(days=1)) == "Лесная"
    assert branch_of(catalogue, "m1", moved) == "Садовая"
    assert branch_of(catalogue, "Аня", AUTUMN - timedelta(days=1)) == ""
    assert [branch_of(catalogue, name, moved) for name in ("Света", "Вера", "Оля", "")] == [""] * 4


def test_readers_keep_what_events_tell(business: UUID, app_connection: psycopg.Connection[Any]) -> None:
    """Each named one gets a version; those not named stay; without a day it holds from the day of the event."""
    told = [
        {
            "valid_from": "2026-01-01",
            "services": [
                {"id": "S-1", "name": "Маникюр", "aliases": ["гель-лак"], "minutes": "90", "price_from": "2 400,50 ₽"},
                {"name": "Педикюр", "price_from": 2900, "price_to": 2900, "category": "Ноги"},
            ],
            "masters": [{"name": "Аня", "services": ["S-1"], "branch": "Лесная"}],
        },
        {"services": [{"id": "S-1", "name": "Маникюр", "price_from": 2600}]},
        {"valid_from": "2026-10-10", "services": [{"name": "педикюр", "ended": True}]},
    ]
    write(business, [at(MONDAY, "catalogue_version", client_id=None, source="yclients", **one) for one in told])
    read_all(app_connection, business, batch=1)
    with app_connection.transaction(), app_connection.cursor() as cur:
        enter(cur, business)
        catalogue = catalogue_of(cur, business)
    manicure, pedicure = catalogue.services["S-1"], catalogue.services["педикюр"]
    assert [(one.valid_from, one.price_from_kop, one.price_to_kop, one.minutes) for one in manicure.versions] == [
        (date(2026, 1, 1), 240050, None, 90),
        (MONDAY.date(), 260000, None, None),
    ]
    assert [one.ended for one in pedicure.versions] == [False, True]
    assert pedicure.name == "педикюр"
    [anya] = catalogue.masters.values()
    assert (anya.versions[0].services, anya.versions[0].branch) == (("S-1",), "Лесная")
    assert len(rows(app_connection, business, "appointments_service")) == 4
