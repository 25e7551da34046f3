"""Costs from a file that people keep: its columns, and every row that is wrong."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook

from letopis.base.errors import SenderError
from letopis.metrics.campaigns.file import Told, costs_in

NOVEMBER = date(2026, 11, 1), date(2026, 11, 30)


def workbook(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    told = BytesIO()
    book.save(told)
    return told.getvalue()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Кампания;С;По;Расход, ₽\nvk_brows;01.11.2026;30.11.2026;12 710,50 ₽\n", "utf-8"),
        ("Метка;Начало;Конец;Сумма\r\n;;;\r\nvk_brows;01.11.2026;30.11.2026;12710,5\r\n", "utf-8-sig"),
        ("кампания,первый день,последний день,стоимость\nvk_brows,2026-11-01,2026-11-30,12710.50 руб.\n", "cp1251"),
        ("Сумма\tПо\tС\tПометка\tutm_campaign\n12\u202f710,50\t30.11.2026\t01.11.2026\tсчёт 4\tvk_brows\n", "utf-16"),
        ("campaign,from,to,amount\nvk_brows,2026-11-01,2026-11-30,12710.50\n", "utf-8"),
    ],
)
def test_columns_are_found_by_their_names(text: str, encoding: str) -> None:
    assert costs_in(text.encode(encoding)) == [Told("vk_brows", *NOVEMBER, 1_271_050)]


def test_workbook_brings_days_and_numbers_as_such() -> None:
    told = costs_in(
        workbook(
            ["Кампания", "С", "По", "Расход"],
            ["vk_brows", datetime(2026, 11, 1), datetime(2026, 11, 30), 12710.5],  # noqa: DTZ001
            ["2gis", "01.11.2026", None, "900"],
        )
    )
    assert told == [Told("vk_brows", *NOVEMBER, 1_271_050), Told("2gis", NOVEMBER[0], NOVEMBER[0], 90_000)]


@pytest.mark.parametrize(
    ("row", "place", "said"),
    [
        ([None, "01.11.2026", "30.11.2026", "1"], "row 3, column A", "The campaign is not named."),
        (["null", "01.11.2026", "30.11.2026", "1"], "row 3, column A", "This is no label"),
        (["{{utm_campaign}}", "01.11.2026", "30.11.2026", "1"], "row 3, column A", "This is no label"),
        (["я" * 201, "01.11.2026", "30.11.2026", "1"], "row 3, column A", "This is no label"),
        (["vk", "31.11.2026", "30.11.2026", "1"], "row 3, column B", "This is no day"),
        (["vk", None, "30.11.2026", "1"], "row 3, column B", "This is no day"),
        (["vk", "01.11.2026", "ноябрь", "1"], "row 3, column C", "This is no day"),
        (["vk", "02.11.2026", "01.11.2026", "1"], "row 3, column C", "The last day is before the first."),
        (["vk", "01.11.2025", "06.12.2026", "1"], "row 3, column B", "One cost covers 400 days at most."),
        (["vk", "01.11.2026", "30.11.2026", None], "row 3, column D", "This is no sum."),
        (["vk", "01.11.2026", "30.11.2026", "-1"], "row 3, column D", "This is no sum."),
        (["vk", "01.11.2026", "30.11.2026", "100 USD"], "row 3, column D", "This is no sum."),
        (["vk", "01.11.2026", "30.11.2026", "€100"], "row 3, column D", "This is no sum."),
        (["vk", "01.11.2026", "30.11.2026", "1000000000.01"], "row 3, column D", "This is no sum."),
        (["vk", "01.11.2026", "30.11.2026", "1e999999"], "row 3, column D", "This is no sum."),
        (["vk", "01.11.2026", "30.11.2026", "nan"], "row 3, column D", "This is no sum."),
        (["vk", "01.11.2026", "30.11.2026", "1.234.567"], "row 3, column D", "This is no sum."),
        (["first", "01.11.2026", "02.11.2026", "1"], "row 3, column B", "This campaign has a row from this day"),
    ],
)
def test_wrong_row_is_named_with_its_column(row: Sequence[str | None], place: str, said: str) -> None:
    head = ["Кампания", "С", "По", "Расход"]
    told = workbook(head, ["first", "01.11.2026", "30.11.2026", "10"], row)
    with pytest.raises(SenderError) as refused, translation.override("en"):
        costs_in(told)
    assert refused.value.place == place
    assert refused.value.message.startswith(said)


@pytest.mark.parametrize(
    "text", ["", "   \n", "Кампания;С;Расход\n", "Кампания;С\nvk;01.11.2026\n", "vk;01.11.2026;30.11.2026;100\n"]
)
def test_file_without_its_columns_is_told_which(text: str) -> None:
    with pytest.raises(SenderError) as refused, translation.override("en"):
        costs_in(text.encode())
    assert refused.value.hint == "The first row names the columns: campaign, from, to, amount."


def test_half_a_kopeck_is_rounded_once() -> None:
    [one] = costs_in("Кампания;С;Расход\nvk;01.11.2026;0,019\n".encode())
    assert Decimal(one.kop) == 2


def test_more_rows_than_one_file_may_bring() -> None:
    rows = "".join(f"c{n};01.11.2026;1\n" for n in range(5001))
    with pytest.raises(SenderError) as refused, translation.override("en"):
        costs_in(f"Кампания;С;Расход\n{rows}".encode())
    assert refused.value.hint == "At most 5,000 rows in one file."
