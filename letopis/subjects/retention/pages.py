"""«Сроки хранения»: how long what is kept, what would go if the owner approved other terms, and what has gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from letopis.access.menu import SETTINGS, MenuItem
from letopis.access.roles import BusinessRequest, Role, page
from letopis.base import clock, format
from letopis.privacy.retention.policy import NAMES, Kept, Policy
from letopis.privacy.retention.reader import approve, current, policies_of
from letopis.subjects.retention.forms import TermsForm, term
from letopis.subjects.retention.night import last_nights
from letopis.subjects.retention.preview import Cell, Row, over_of, preview

WHO_SEES = (Role.OWNER, Role.MANAGER)
NIGHTS_SHOWN = 14
MENU = [
    MenuItem("retention", gettext_lazy("Terms of storage"), icon="clock", route="retention", group=SETTINGS, order=930)
]
COLUMNS = tuple(reversed(Kept))


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell in words: how many, and when the last of them goes; `over` go in the coming night."""

    name: str
    count: str
    over: str
    when: str


@page(roles=WHO_SEES)
def retention(request: BusinessRequest, business: UUID) -> HttpResponse:
    """Look at the terms, at what is kept and at what went."""
    return _shown(request, business, None)


@page(roles=(Role.OWNER,), methods=("POST",))
def set_terms(request: BusinessRequest, business: UUID) -> HttpResponse:
    """Try other terms on what is kept, or approve them."""
    cur: Any
    with connection.cursor() as cur:
        form = TermsForm(current(cur, business), request.POST)
    if "approve" in request.POST and form.is_valid():
        approve(business, form.days, form.cleaned_data["ground"], str(request.user))
        messages.success(request, _("The terms are approved and written to the journal."))
        return redirect("retention", business=business)
    return _shown(request, business, form)


def _shown(request: BusinessRequest, business: UUID, sent: TermsForm | None) -> HttpResponse:
    now = clock.now()
    cur: Any
    with connection.cursor() as cur:
        told = policies_of(cur, business)
        policy = told[-1] if told else None
        form = sent or TermsForm(policy)
        rows = preview(cur, business, form.days, now)
        nights = last_nights(cur, business, NIGHTS_SHOWN)
    tried = sent is not None and sent.is_valid()
    context = {
        "form": form if request.role == Role.OWNER else None,
        "lede": _lede(policy),
        "policy": policy,
        "tried": tried,
        "goes": _words(over_of(rows)) if tried or policy else "",
        "names": [str(NAMES[kept]) for kept in COLUMNS],
        "rows": [(format.month(row.month), _cells(row)) for row in rows],
        "nights": [(night["day"], _words({Kept(kept): n for kept, n in night["gone"].items()})) for night in nights],
        "told": [(one, [(NAMES[kept], term(one.days(kept))) for kept in COLUMNS]) for one in reversed(told)],
    }
    return render(request, "subjects/retention.html", context, status=400 if form.errors else 200)


def _lede(policy: Policy | None) -> str:
    if policy is None:
        return _("No terms are approved yet, so nothing is deleted. The law wants them: choose and approve.")
    told = {"text": term(policy.text_days), "who": term(policy.who_days)}
    return _("Words of the talks are kept for %(text)s, names and phones for %(who)s after the last contact.") % told


def _words(gone: Mapping[Kept, int]) -> str:
    """слова 420 сообщений, имена 12 клиентов"""
    return ", ".join(_amount(kept, gone[kept]) for kept in COLUMNS if kept in gone)


def _amount(kept: Kept, count: int) -> str:
    n = {"n": format.integer(count)}
    match kept:
        case Kept.WHO:
            return ngettext("who %(n)s client is", "who %(n)s clients are", count) % n
        case Kept.TEXT:
            return ngettext("the words of %(n)s message", "the words of %(n)s messages", count) % n
        case Kept.ATTACH:
            return ngettext("%(n)s attachment", "%(n)s attachments", count) % n
        case Kept.TRACE:
            return ngettext("%(n)s technical trace", "%(n)s technical traces", count) % n
    return ngettext("%(n)s request as it came", "%(n)s requests as they came", count) % n


def _cells(row: Row) -> Sequence[Shown]:
    return [_cell(str(NAMES[kept]), row.cells.get(kept)) for kept in COLUMNS]


def _cell(name: str, cell: Cell | None) -> Shown:
    if cell is None:
        return Shown(name, "—", "", "")
    count = format.integer(cell.count)
    if cell.over == cell.count:
        return Shown(name, count, count, _("tonight"))
    when = _("until %(day)s") % {"day": format.day_short(cell.until)}
    return Shown(name, count, format.integer(cell.over) if cell.over else "", when)
