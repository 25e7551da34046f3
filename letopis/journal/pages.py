"""The page of the journal: is it whole, what lies in it; and a new verification on demand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from letopis.access.menu import SETTINGS, MenuItem
from letopis.access.roles import BusinessRequest, Role, page
from letopis.base.clock import from_us
from letopis.base.sql import Queries
from letopis.journal import seal
from letopis.journal.kinds import KINDS
from letopis.journal.origin import EVENTS, origin_of
from letopis.journal.positions import size_of

QUERIES = Queries("letopis.journal")
ENTRIES_A_PAGE = 50
# A larger log is verified by the worker or by `letopis verify`: a page must not hold a thread for minutes.
ENTRIES_ON_DEMAND_MAX = 500_000

MENU = [MenuItem("journal", _("Journal"), "fingerprint", "journal", SETTINGS, order=960)]


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the page lists it: never its words."""

    seq: int
    received_at: datetime
    type: str
    meaning: str
    source: str
    level: int
    is_control: bool


@page(roles=(Role.OWNER, Role.INTEGRATOR))
def journal(request: BusinessRequest, business: UUID) -> HttpResponse:
    before = _number(request.GET.get("before", ""))
    with connection.cursor() as cur:
        size = size_of(cur, business)
        rows = QUERIES.rows(
            cur,
            "latest_entries",
            business=business,
            log=EVENTS,
            before=size if before is None else before,
            limit=ENTRIES_A_PAGE,
        )
        context = {
            "size": size,
            "seal": seal.seal_of(cur, business),
            "origin": origin_of(business),
            "lines": [_line(row) for row in rows],
            "older": f"?before={rows[-1]['seq']}" if rows and rows[-1]["seq"] > 0 else "",
            "on_demand": size <= ENTRIES_ON_DEMAND_MAX,
        }
    return render(request, "journal/journal.html", context)


@page(roles=(Role.OWNER, Role.INTEGRATOR), methods=("POST",))
def check_again(request: BusinessRequest, business: UUID) -> HttpResponse:
    """Verify now; the page then shows what was found."""
    with connection.cursor() as cur:
        size = size_of(cur, business)
    if size <= ENTRIES_ON_DEMAND_MAX:
        seal.seal(business)
    return redirect("journal", business=business)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _line(row: dict[str, Any]) -> Line:
    kind = KINDS.get(row["type"])
    return Line(
        seq=row["seq"],
        received_at=from_us(row["received_us"]),
        type=row["type"],
        meaning=str(kind.meaning) if kind else "",
        source=row["source"],
        level=row["level"],
        is_control=bool(row["kind"]),
    )
