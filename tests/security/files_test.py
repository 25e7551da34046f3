"""Files that people take home run nothing in their programs of tables, and files that they bring do nothing here."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote
from uuid import UUID

import httpx
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from openpyxl import load_workbook

from letopis.access.rules import Visitor, ruled
from letopis.app.bodies import BODY_BYTES_MAX
from letopis.base.tables import reading
from letopis.base.tables.answers import Form, file_of
from letopis.base.tables.formulas import is_formula
from letopis.base.tables.table import Column, Table
from letopis.base.text import Text
from tests import cast as world
from tests.access.conftest import Cast
from tests.access.routes_test import address
from tests.security.conftest import Outside
from tests.security.corpus import CORPUS

FORMULAS = (*CORPUS, "=1+1", "+1+1", "-1+1", "@x", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", '"=1', "'=1", "=cmd|x")
UPLOADS = ("catalogue/file", "campaigns/costs")


def told_world(business: UUID) -> None:
    """Formulas in everything that a sender may name and an export may show."""
    events = []
    for n, text in enumerate(FORMULAS):
        who = {
            "source": "telegram", "client_id": f"tg_{n}", "session_id": f"sess_{n}", "name": text[:120],
            "campaign": text[:100], "branch": text[:100], "scenario": text[:60], "version": "1", "step": text[:60],
        }  # fmt: skip
        at = world.at(f"{10 + n // 50}:{n % 50:02}:00")
        visit = {"id": f"A{n}", "start": world.at("15:00:00", 1), "service": text[:100], "resource": text[:100]}
        events += [
            {**who, "event": "message_in", "timestamp": at, "message": text, "message_id": f"m{n}"},
            {**who, "event": "step_entered", "timestamp": at, "dedup_key": f"s{n}"},
            {**who, "event": "appointment_created", "timestamp": at, "appointment": visit, "dedup_key": f"a{n}"},
        ]
    mark = {"event": "change_mark", "source": "crm", "timestamp": world.at("09:00:00", 1), "dedup_key": "c1"}
    catalogue = {
        "event": "catalogue_version", "source": "crm", "timestamp": world.at("08:00:00"), "dedup_key": "k1",
        "services": [{"name": f"{text[:90]} {n}"} for n, text in enumerate(FORMULAS)],
        "masters": [{"name": f"{text[:90]} {n}"} for n, text in enumerate(FORMULAS)],
    }  # fmt: skip
    world.play(business, [*events, mark, catalogue])


def exports(browser: Client, business: UUID) -> Iterator[tuple[str, HttpResponseBase]]:
    """Every file of every page, found by asking all of them in both forms and in every way of dividing."""
    for route in ruled():
        if "GET" not in route.methods or route.name == "account_logout":
            continue
        url = address(route, business)
        for asked in ("", "?form=csv", "?form=xlsx", "?as=csv", "?form=csv&by=master", "?form=csv&by=campaign",
                      "?form=xlsx&by=service", "?form=csv&by=branch"):  # fmt: skip
            answer = browser.get(url + asked)
            if "attachment" in answer.get("Content-Disposition", ""):
                yield f"{route.path}{asked}", answer


def content(answer: HttpResponseBase) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def test_no_exported_cell_is_a_formula(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("letopis.app.limits.asked", lambda _: [])
    told_world(cast.business)
    forms, texts = set(), 0
    for told, answer in exports(cast.browser(Visitor.OWNER), cast.business):
        data = content(answer)
        if data.startswith(b"PK"):
            for sheet in load_workbook(io.BytesIO(data)):
                for cell in (cell for row in sheet.iter_rows() for cell in row):
                    assert cell.data_type != "f", f"{told} {cell.coordinate}"
                    texts += isinstance(cell.value, str) and is_formula(cell.value)
                    assert not (isinstance(cell.value, str) and is_formula(cell.value)) or cell.quotePrefix, told
            forms.add("xlsx")
        elif b";" in data.splitlines()[0]:
            for row in csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"):
                for cell in row:
                    number = re.fullmatch(r"-?\d+(,\d+)?", cell)
                    assert number or not is_formula(cell), told
                    texts += cell.startswith("'") and is_formula(cell[1:])
            forms.add("csv")
    assert forms == {"csv", "xlsx"}
    assert texts > 30, "the formulas were not there to be defused"


def test_names_of_files_bring_no_header_and_turn_no_letters(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("letopis.app.limits.asked", lambda _: [])
    told_world(cast.business)
    seen = 0
    for told, answer in exports(cast.browser(Visitor.OWNER), cast.business):
        check_name(answer["Content-Disposition"], told)
        assert answer["Content-Type"].partition(";")[0] in (
            "text/csv", "text/plain", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )  # fmt: skip
        seen += 1
    assert seen >= 10


@pytest.mark.parametrize("text", CORPUS)
def test_name_of_a_file_may_be_anything(text: str) -> None:
    """No export names its file by what strangers wrote; if one ever does, this holds."""
    answer = file_of(text, Form.XLSX, Table(Text(ru="Т", en="T"), [Column(Text(ru="А", en="A"))], []))
    check_name(answer["Content-Disposition"], text)


def check_name(header: str, told: str) -> None:
    assert header.isascii(), told
    assert not re.search(r"[\x00-\x1f\x7f]", header), told
    named = re.fullmatch(
        r"""attachment; (?:filename="((?:[^"\\]|\\.)*)"|filename\*=utf-8''([\w.~!#$&+^`|%-]+))""", header
    )
    assert named, f"{told}: {header}"
    name = unquote(named[2] or named[1])
    assert not re.search("[/\\\\\u202a-\u202e\u2066-\u2069\x00-\x1f]", name), told


BROUGHT = {
    "nothing": b"",
    "page": b"<!doctype html><script>alert(1)</script>",
    "picture with a script": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "program": b"MZ\x90\x00\x03\x00" + b"\0" * 200,
    "elf": b"\x7fELF" + b"\0" * 200,
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "zip": b"PK\x03\x04 and no more",
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "entities": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    "zeros": b"\0" * 4096,
    "words": "просто текст без столбцов".encode(),
    "quotes": b'"' * 5000,
}  # fmt: skip
NAMES = (
    "../../../../etc/passwd",
    "a\r\nX: y.csv",
    "\u202excod.exe",
    "цены.xlsx",
    "a" * 400 + ".csv",
    "=1.csv",
    "x.svg",
)


@pytest.mark.parametrize("brought", BROUGHT, ids=lambda name: name)
@pytest.mark.parametrize("path", UPLOADS)
def test_file_that_is_no_table_is_told_so(cast: Cast, path: str, brought: str) -> None:
    """Its content decides and not its name; nothing of it is shown as anything but text, and nothing is kept."""
    browser = cast.browser(Visitor.OWNER)
    for name in NAMES:
        file = SimpleUploadedFile("x.xlsx", BROUGHT[brought], content_type="text/html")
        file._name = name
        answer = browser.post(f"/b/{cast.business}/{path}", {"file": file})
        assert answer.status_code in (200, 400, 422), name
        page = answer.content.decode()
        assert "<script>alert" not in page
        assert "onload=" not in page
        assert "root:" not in page


def bomb(bytes_out: int) -> bytes:
    """A workbook whose only sheet unpacks to so many bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(bytes_out >> 20):
                sheet.write(b"0" * (1 << 20))
    return packed.getvalue()


def test_packed_gigabyte_is_told_and_harms_nobody(database: None) -> None:
    data = bomb(1 << 30)
    assert len(data) < reading.FILE_BYTES_MAX
    with pytest.raises(reading.UnreadableError):
        reading.read(data)


def test_uploads_stand_in_no_folder(cast: Cast) -> None:
    """What is brought is read from memory and gone: no file of a person is ever served."""
    assert settings.MEDIA_ROOT == ""
    assert settings.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]


def test_request_larger_than_a_table_is_cut_off(outside: Outside) -> None:
    """By what it says of itself, and by what comes where it says nothing."""
    for content in (b"x" * (BODY_BYTES_MAX + 1), (b"x" * (1 << 20) for _ in range(64))):
        try:
            assert outside.owner.post("/me", content=content).status_code == 413
        except httpx.TransportError:
            # The program no longer listens while more is being sent.
            continue
    assert outside.owner.get("/me").status_code == 200
