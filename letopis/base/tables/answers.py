"""A table handed to a browser as a file."""

import re
from collections.abc import Mapping
from enum import StrEnum

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from letopis.base.tables import delimited, workbook
from letopis.base.tables.table import Table

NAME_CHARS_MAX = 100
# No folders, no signs that turn or hide letters, nothing that a system keeps for itself.
_NOT_IN_NAMES = re.compile(r"[^\w .,()«»–—-]+")


class Form(StrEnum):
    """In which form a file is asked for; the words of addresses."""

    CSV = "csv"
    XLSX = "xlsx"


def asked_form(query: Mapping[str, str]) -> Form | None:
    """The form in which an address asks for a file; None for the page itself."""
    asked = query.get("form", "")
    return next((form for form in Form if form.value == asked), None)


def file_of(name: str, form: Form, *tables: Table) -> HttpResponseBase:
    """The answer that a browser saves as `name`; a CSV holds the first table alone."""
    if form is Form.XLSX:
        answer: HttpResponseBase = HttpResponse(workbook.workbook(*tables), content_type=workbook.CONTENT_TYPE)
    else:
        answer = StreamingHttpResponse(delimited.pieces(tables[0]), content_type=delimited.CONTENT_TYPE)
    disposition = content_disposition_header(as_attachment=True, filename=f"{safe_name(name)}.{form.value}")
    assert disposition, "an attachment always says so"
    answer["Content-Disposition"] = disposition
    return answer


def safe_name(name: str) -> str:
    """What any system takes as the name of a file, and shows as it is."""
    return _NOT_IN_NAMES.sub(" ", name)[:NAME_CHARS_MAX].strip(" .") or "letopis"
