"""Uploaded tables: encodings, delimiters, workbooks, bounds, and errors that name the row and the column."""

import zipfile
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.utils import translation
from openpyxl.utils import get_column_letter

from letopis.base.tables import reading, unpacking
from letopis.base.tables.reading import Line, Sheet, UnreadableError, read

LINES = [Line(1, ["Услуга", "Цена"]), Line(2, ["Маникюр", "2 400,50"]), Line(3, ["Педикюр, полный", "2900"])]


@pytest.fixture(autouse=True)
def _russian() -> Any:
    with translation.override("ru"):
        yield


def text(delimiter: str) -> str:
    rows = [["Услуга", "Цена"], ["Маникюр", "2 400,50"], ["Педикюр, полный", "2900"]]
    quoted = [[f'"{cell}"' if "," in cell or delimiter in cell else cell for cell in row] for row in rows]
    return "\r\n".join(delimiter.join(row) for row in quoted)


def book(**cells: Any) -> bytes:
    made = openpyxl.Workbook()
    assert made.active is not None
    made.active.title = "Прайс"
    for place, value in cells.items():
        made.active[place] = value
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def ods(rows: str) -> bytes:
    """The least that the reader takes for an ODS."""
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Прайс">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return packed.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_however_it_was_saved(encoding: str, delimiter: str) -> None:
    assert read(text(delimiter).encode(encoding)) == [Sheet("", LINES)]


def test_delimiter_named_in_the_first_line_counts() -> None:
    [sheet] = read("sep=,\r\nУслуга,Цена\r\nМаникюр,2400".encode())
    assert sheet.lines == [Line(2, ["Услуга", "Цена"]), Line(3, ["Маникюр", "2400"])]


def test_one_column_is_a_table_too() -> None:
    [sheet] = read("Маникюр\nПедикюр".encode())
    assert [line.cells for line in sheet.lines] == [["Маникюр"], ["Педикюр"]]


def test_decimal_commas_are_no_columns() -> None:
    [sheet] = read("Услуга;Цена\nМаникюр;2400,50\nПедикюр;2900,00".encode())
    assert [len(line.cells) for line in sheet.lines] == [2, 2, 2]


def test_empty_rows_are_left_out_and_numbers_stay() -> None:
    [sheet] = read("Прайс\n\n;;\nУслуга;Цена;\nМаникюр;2400".encode())
    assert [(line.number, line.cells) for line in sheet.lines] == [
        (1, ["Прайс"]),
        (4, ["Услуга", "Цена"]),
        (5, ["Маникюр", "2400"]),
    ]


def test_apostrophe_of_an_export_goes_away_and_others_stay() -> None:
    [sheet] = read("'=1+1;'тихий';'+7 920".encode())
    assert sheet.lines[0].cells == ["=1+1", "'тихий'", "+7 920"]


def test_workbook_gives_cells_as_they_would_be_typed() -> None:
    cells = {"B3": "Услуга", "C3": "Цена", "B5": " Маникюр ", "C5": 2400.0, "D5": 2400.5, "E5": True}
    days = {"F5": date(2026, 11, 22), "G5": datetime(2026, 11, 22, 10, 5), "H5": time(1, 30)}  # noqa: DTZ001
    assert read(book(**cells, **days)) == [
        Sheet(
            "Прайс",
            [
                Line(3, ["", "Услуга", "Цена"]),
                Line(5, ["", "Маникюр", "2400", "2400.5", "true", "2026-11-22", "2026-11-22 10:05:00", "01:30:00"]),
            ],
        )
    ]


def test_ods_is_read() -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(f"<table:table-row>{cell.format(word)}</table:table-row>" for word in ("Услуга", "Маникюр"))
    assert read(ods(rows)) == [Sheet("Прайс", [Line(1, ["Услуга"]), Line(2, ["Маникюр"])])]


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 not a workbook",
        b"\xd0\xcf\x11\xe0 not one either",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x98\x00",
        b"%PDF-1.7\x00\x98",
    ],
)
def test_what_is_no_table_is_told_with_a_remedy(data: bytes) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(data)
    assert refused.value.hint


def test_two_far_cells_do_not_take_the_memory() -> None:
    """A kilobyte that would ask for half a terabyte."""
    with pytest.raises(UnreadableError) as refused:
        read(book(A1="x", XFD1048576="y"))
    assert refused.value.message == "Книга испорчена или слишком велика."


def test_broken_quote_is_told_by_its_row() -> None:
    with pytest.raises(UnreadableError) as refused:
        read('Услуга;Цена\n"Маникюр" с покрытием;2400'.encode())
    assert (refused.value.row, refused.value.place) == (2, "строка 2")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_long_cell_is_told_by_row_and_column(form: str) -> None:
    long = "я" * (unpacking.CELL_CHARS_MAX + 1)
    data = book(A1="Услуга", C2=long) if form == "xlsx" else f"Услуга;;\n;;{long}".encode()
    with pytest.raises(UnreadableError) as refused:
        read(data)
    assert (refused.value.row, refused.value.column, refused.value.place) == (2, 3, "строка 2, столбец C")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_too_many_columns_are_told_by_their_row(form: str) -> None:
    wide = [str(n) for n in range(unpacking.COLUMNS_MAX + 1)]
    cells = {f"{get_column_letter(n + 1)}2": cell for n, cell in enumerate(wide)}
    data = book(A1="a", **cells) if form == "xlsx" else ("a;b\n" + ";".join(wide)).encode()
    with pytest.raises(UnreadableError) as refused:
        read(data)
    assert refused.value.row == 2


def test_too_many_rows_and_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ROWS_MAX", 3)
    with pytest.raises(UnreadableError) as refused:
        read(b"a;b\n" * 5)
    assert refused.value.row == 4
    with pytest.raises(UnreadableError):
        read(b"a" * (reading.FILE_BYTES_MAX + 1))


def test_one_long_text_named_often_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "CHARS_MAX", 10)
    assert unpacking.unpack(book(A1="Маникюр", A2="Маникюр")) == {"problem": "chars", "row": 2}
