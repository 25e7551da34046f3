"""Tables written as a part of a page, as CSV and as XLSX: units, languages, bounds, and formulas that stay text."""

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.http import StreamingHttpResponse
from django.utils import timezone, translation

from letopis.base.tables import delimited, reading, workbook
from letopis.base.tables.answers import Form, file_of
from letopis.base.tables.formulas import defused, restored
from letopis.base.tables.markup import markup
from letopis.base.tables.table import ROWS_MAX, Column, Door, Kind, Table, TooManyRowsError
from letopis.base.text import Text

EVENING = datetime(2026, 11, 22, 16, 42, 8, tzinfo=UTC)
ATTACKS = (
    '=HYPERLINK("http://evil.example","x")',
    "+7 920 123-14-08",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
)
COLUMNS = (
    Column(Text(ru="Имя", en="Name")),
    Column(Text(ru="Число", en="Count"), Kind.NUMBER),
    Column(Text(ru="Доля", en="Share"), Kind.SHARE),
    Column(Text(ru="Сумма", en="Sum"), Kind.MONEY),
    Column(Text(ru="Ответ", en="Answer"), Kind.SECONDS),
    Column(Text(ru="День", en="Day"), Kind.DATE),
    Column(Text(ru="Когда", en="When"), Kind.DATETIME),
)
TITLE = Text(ru="Записи", en="Visits")


def table(*rows: Sequence[Any]) -> Table:
    return Table(TITLE, COLUMNS, rows)


FULL = ("Ирина", 1284, Decimal("0.425"), 240050, 95, date(2026, 11, 18), EVENING)
EMPTY = ("", None, None, None, None, None, None)


@pytest.fixture(autouse=True)
def _moscow() -> Any:
    with timezone.override(ZoneInfo("Europe/Moscow")):
        yield


def written(shown: Table, language: str) -> str:
    with translation.override(language):
        return b"".join(delimited.pieces(shown)).decode()


def opened(shown: Table, language: str = "ru") -> Any:
    with translation.override(language):
        return openpyxl.load_workbook(BytesIO(workbook.workbook(shown)))


def test_russian_csv_opens_in_russian_excel() -> None:
    assert written(table(FULL, EMPTY), "ru") == (
        "\ufeffИмя;Число;Доля;Сумма, ₽;Ответ, с;День;Когда\r\n"
        "Ирина;1284;0,425;2400,50;95;18.11.2026;22.11.2026 19:42:08\r\n"
        ";;;;;;\r\n"
    )


def test_english_csv_has_commas_and_points() -> None:
    assert written(table(FULL), "en") == (
        '\ufeffName,Count,Share,"Sum, ₽","Answer, s",Day,When\r\n'
        "Ирина,1284,0.425,2400.50,95,2026-11-18,2026-11-22 19:42:08\r\n"
    )


@pytest.mark.parametrize("text", ["a;b", 'сказала "да"', "две\nстроки", "ноль\rдва"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_signs_of_csv_stay_inside_their_cell(text: str, language: str) -> None:
    rows = list(
        csv.reader(
            StringIO(written(table((text, 1, *EMPTY[2:])), language), newline=""),
            delimiter=";" if language == "ru" else ",",
        )
    )
    assert rows[1][:2] == [text, "1"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_looks_like_a_formula_is_text_in_csv(attack: str) -> None:
    [_head, [name, *_rest]] = csv.reader(
        StringIO(written(table((attack, *EMPTY[1:])), "ru"), newline=""), delimiter=";"
    )
    assert name == f"'{attack}"
    assert restored(defused(attack)) == attack


def test_negative_numbers_stay_numbers() -> None:
    shown = table(("Возврат", -3, Decimal("-0.5"), -240050, *EMPTY[4:]))
    assert "Возврат;-3;-0,5;-2400,50;" in written(shown, "ru")
    [_head, row] = opened(shown).active.iter_rows(values_only=True)
    assert row[1:4] == (-3, -0.5, -2400.5)


@pytest.mark.parametrize("attack", [*ATTACKS, "#N/A", "'=1+1"])
def test_what_looks_like_a_formula_is_text_in_xlsx(attack: str) -> None:
    cell = opened(table((attack, *EMPTY[1:]))).active["A2"]
    assert cell.data_type == "s"
    assert cell.value == attack.replace("\r", "\n")
    assert bool(cell.quotePrefix) is (attack[0] not in "#'")


def test_headings_are_defused_too() -> None:
    shown = Table(TITLE, [Column(Text(ru="=1+1", en="=1+1"))], [])
    assert written(shown, "ru") == "\ufeff'=1+1\r\n"
    assert opened(shown).active["A1"].data_type == "s"


def test_xlsx_holds_real_numbers_and_days() -> None:
    sheet = opened(table(FULL, EMPTY)).active
    [head, row, empty] = sheet.iter_rows(values_only=True)
    assert head == ("Имя", "Число", "Доля", "Сумма", "Ответ", "День", "Когда")
    assert row == (
        "Ирина",
        1284,
        0.425,
        2400.5,
        timedelta(seconds=95),
        datetime(2026, 11, 18),  # noqa: DTZ001 - a workbook knows no zones
        datetime(2026, 11, 22, 19, 42, 8),  # noqa: DTZ001
    )
    assert [value or None for value in empty] == [None] * 7
    assert [cell.number_format for cell in sheet[2]][2:] == [
        "0.0%",
        '#,##0.00\\ "₽"',
        "[h]:mm:ss",
        "dd.mm.yyyy",
        "dd.mm.yyyy hh:mm:ss",
    ]
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["G"].width > sheet.column_dimensions["C"].width >= 9


def test_long_lengths_pass_a_day() -> None:
    assert opened(table(("", None, None, None, 30 * 3600, None, None))).active["E2"].value == timedelta(hours=30)


def test_xlsx_takes_any_text_and_title() -> None:
    shown = Table(Text(ru="Что/где: [когда]? " * 4, en="x"), COLUMNS[:1], [("бы\x00л\x0b",), ("я" * 40_000,)])
    with translation.override("ru"):
        book = openpyxl.load_workbook(BytesIO(workbook.workbook(shown, shown)))
    assert book.sheetnames == ["Что где   когда   Что где   ког", "Что где   когда   Что где   к 2"]
    assert book.worksheets[0]["A2"].value == "был"
    assert len(book.worksheets[0]["A3"].value) == 32_767


def test_numbers_that_are_none_are_empty() -> None:
    shown = table(("", float("nan"), float("inf"), *EMPTY[3:]))
    assert written(shown, "ru").endswith("\r\n;;;;;;\r\n")
    assert opened(shown).active["B2"].value is None


def test_too_many_rows_are_refused_with_a_remedy() -> None:
    with translation.override("ru"), pytest.raises(TooManyRowsError) as refused:
        Table(TITLE, COLUMNS[:1], [("x",)] * (ROWS_MAX + 1))
    assert refused.value.message.replace("\xa0", " ") == "В таблице 100 001 строк, а в файл входит до 100 000."
    assert refused.value.hint


@pytest.mark.parametrize("rows", [0, 1, 499, 500, 501, 1200])
def test_csv_comes_in_pieces_and_whole(rows: int) -> None:
    shown = Table(TITLE, COLUMNS[:2], [(f"Клиент {n}", n) for n in range(rows)])
    with translation.override("ru"):
        pieces = list(delimited.pieces(shown))
    assert len(pieces) <= rows // 500 + 1
    assert b"".join(pieces).decode().count("\r\n") == rows + 1


def test_page_shows_the_same_in_peoples_words() -> None:
    with translation.override("ru"):
        shown = markup(table((Door("Ирина <b>", "/b/1/?q=1&x"), *FULL[1:]), EMPTY)).replace("\xa0", " ")
    assert '<a href="/b/1/?q=1&amp;x">Ирина &lt;b&gt;</a>' in shown
    assert '<td role="cell" class="n">1 284</td>' in shown
    assert [word in shown for word in ("42,5 %", "2 401 ₽", "1 мин 35 с", "18 нояб.", "22 нояб., 19:42")] == [True] * 5
    assert shown.count("—") == 7


def test_file_is_saved_under_its_name() -> None:
    with translation.override("ru"):
        answer = file_of("Услуги 2026-11-22", Form.CSV, table(FULL))
        book = file_of("Услуги", Form.XLSX, table(FULL), table(FULL))
    assert isinstance(answer, StreamingHttpResponse)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%A3")
    assert book["Content-Type"] == workbook.CONTENT_TYPE


@pytest.mark.parametrize("language", ["ru", "en"])
def test_own_files_are_read_back(language: str) -> None:
    shown = table(*((attack.strip(), n, *EMPTY[2:]) for n, attack in enumerate(ATTACKS)))
    with translation.override(language):
        [from_csv] = reading.read(b"".join(delimited.pieces(shown)))
        [from_xlsx] = reading.read(workbook.workbook(shown))
    wanted = [[attack.strip(), str(n)] for n, attack in enumerate(ATTACKS)]
    assert [list(line.cells) for line in from_csv.lines[1:]] == wanted
    assert [list(line.cells) for line in from_xlsx.lines[1:]] == wanted
