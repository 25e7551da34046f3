"""What people's files tell the catalogue: headings, problems by their place, and the difference they make."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from letopis.appointments.catalogue.file import Act, propose, understand
from letopis.appointments.catalogue.offer import Catalogue, MasterVersion, ServiceVersion
from letopis.appointments.catalogue.tables import table_of_masters, table_of_services
from letopis.base.tables import reading
from letopis.base.tables.delimited import pieces
from letopis.base.tables.workbook import workbook
from letopis.journal.kinds import MasterOffer, ServiceOffer

DAY = date(2026, 11, 22)
PRICE_LIST = """Студия «Лада»;;;;

Категория;Наименование услуги (полное);Услуга;Стоимость, руб.;Длительность (мин);Примечание
Ногти;;Маникюр с покрытием;2 400 ₽;90;снятие входит
;;Педикюр;от 2900;1 ч 30 мин;
Брови;;;;;
Брови;;Коррекция бровей;дорого;60;
Брови;;Окрашивание бровей;800–1000;долго;
;;педикюр;3000;60;
"""


@pytest.fixture(autouse=True)
def _russian() -> Any:
    with translation.override("ru"):
        yield


def service(key: str, **more: Any) -> ServiceVersion:
    return ServiceVersion(
        business_id=UUID(int=1), service_id=key, valid_from=date(2026, 1, 1), seq=1, **{"name": key, **more}
    )


def master(key: str, **more: Any) -> MasterVersion:
    return MasterVersion(business_id=UUID(int=1), master_id=key, valid_from=date(2026, 1, 1), seq=1, name=key, **more)


def known() -> Catalogue:
    return Catalogue.of(
        [
            service(
                "маникюр",
                name="Маникюр",
                aliases=("гель-лак",),
                category="Ногти",
                minutes=90,
                price_from_kop=240000,
                price_to_kop=240000,
            ),
            service("педикюр", name="Педикюр", price_from_kop=290000),
        ],
        [master("Аня", services=("маникюр",), branch="Лесная"), master("Света")],
    )


def told(text: str) -> Any:
    return understand(reading.read(text.encode()))


def test_price_list_of_a_salon_is_understood() -> None:
    found = told(PRICE_LIST)
    assert [(one.offer.name, one.offer.price_from, one.offer.price_to, one.offer.minutes, one.offer.category)
            for one in found.services.values()] == [
        ("Маникюр с покрытием", Decimal(2400), Decimal(2400), 90, "Ногти"),
        ("Педикюр", Decimal(2900), None, 90, None),
    ]  # fmt: skip
    assert [(problem.place, problem.what) for problem in found.problems] == [
        ("строка 7, столбец D", "Цена непонятна. Напишите 2400, от 2400 или 2400–2800."),
        ("строка 8, столбец E", "Длительность непонятна. Напишите 90 или 1:30."),
        ("строка 9, столбец C", "«педикюр» есть в файле дважды; взяли первую строку."),
    ]
    assert found.left_out == ["Наименование услуги (полное)", "Примечание"]


def test_two_prices_make_a_range_and_a_lone_lower_one_is_from() -> None:
    found = told("Услуга;Цена от;Цена до\nА;100;200\nБ;100;\nВ;;200\nГ;;\nД;200;100")
    assert [(one.offer.price_from, one.offer.price_to) for one in found.services.values()] == [
        (Decimal(100), Decimal(200)),
        (Decimal(100), None),
        (None, Decimal(200)),
        (None, None),
    ]
    [problem] = found.problems
    assert (problem.row, problem.column) == (6, 3)


def test_file_without_headings_says_so() -> None:
    found = told("Маникюр;2400\nПедикюр;2900")
    assert found.is_empty
    [problem] = found.problems
    assert problem.what == "Среди заголовков нет столбца «Услуга» или «Мастер»."


def test_only_what_differs_is_told() -> None:
    proposal = propose(known(), told("Услуга;Цена\nМАНИКЮР;2400\nПедикюр;3100\nСпа;5000"), DAY, ends_missing=False)
    assert [(change.act, change.after) for change in proposal.changes] == [
        (Act.CHANGED, ServiceOffer(id="маникюр", name="МАНИКЮР", aliases=("гель-лак",), category="Ногти", minutes=90,
                                   price_from=Decimal(2400), price_to=Decimal(2400))),
        (Act.CHANGED, ServiceOffer(id="педикюр", name="Педикюр", aliases=(), price_from=Decimal(3100),
                                   price_to=Decimal(3100))),
        (Act.ADDED, ServiceOffer(id="спа", name="Спа", aliases=(), price_from=Decimal(5000),
                                 price_to=Decimal(5000))),
    ]  # fmt: skip


def test_columns_that_are_not_there_change_nothing() -> None:
    proposal = propose(known(), told("Услуга;Минут\nМаникюр;90"), DAY, ends_missing=False)
    assert (proposal.changes, proposal.same) == ([], 1)


def test_empty_cell_of_a_column_takes_out() -> None:
    [change] = propose(known(), told("Услуга;Цена;Минут\nМаникюр;2400;"), DAY, ends_missing=False).changes
    assert isinstance(change.after, ServiceOffer)
    assert change.after.minutes is None


def test_an_alias_that_is_listed_becomes_a_service() -> None:
    proposal = propose(known(), told("Услуга;Цена\nгель-лак;1000\nМаникюр;2400"), DAY, ends_missing=False)
    assert [(change.act, change.after.id) for change in proposal.changes] == [(Act.ADDED, "гель-лак")]


def test_missing_ones_end_only_when_asked_and_only_of_their_kind() -> None:
    file = told("Услуга;Цена\nМаникюр;2400")
    assert propose(known(), file, DAY, ends_missing=False).changes == []
    [change] = propose(known(), file, DAY, ends_missing=True).changes
    assert (change.act, change.after) == (Act.ENDED, ServiceOffer(id="педикюр", name="Педикюр", ended=True))


def test_masters_are_told_with_their_work() -> None:
    file = told("Мастер;Филиал;Услуги\nаня;Лесная;гель-лак\nСвета;Белинского, 61;Педикюр, маникюр\nЛиза;;")
    proposal = propose(known(), file, DAY, ends_missing=False)
    assert [change.after for change in proposal.changes][1:] == [
        MasterOffer(id="Света", name="Света", services=("Педикюр", "маникюр"), branch="Белинского, 61"),
        MasterOffer(id="лиза", name="Лиза", services=()),
    ]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_own_tables_come_back_unchanged(language: str) -> None:
    catalogue = known()
    with translation.override(language):
        tables = [table_of_services(catalogue, DAY), table_of_masters(catalogue, DAY)]
        files = [workbook(*tables), *(b"".join(pieces(table)) for table in tables)]
    for file in files:
        proposal = propose(catalogue, understand(reading.read(file)), DAY, ends_missing=len(files) == 1)
        assert proposal.changes == []
        assert proposal.same >= 2
