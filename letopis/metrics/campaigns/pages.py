"""«Кампании»: which advertising brings visits, what it costs, and how costs are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from letopis.access.menu import MenuItem
from letopis.access.roles import BusinessRequest, Role, page
from letopis.base import format
from letopis.base.charts.spark import Spark, spark
from letopis.base.errors import SenderError
from letopis.base.tables.answers import asked_form, file_of
from letopis.metrics.asked import doors_of, read_asked
from letopis.metrics.board import Board
from letopis.metrics.campaigns import costs, rows
from letopis.metrics.campaigns.file import costs_in
from letopis.metrics.campaigns.forms import CostForm, FileForm
from letopis.metrics.campaigns.rows import Campaign
from letopis.metrics.doors import Doors
from letopis.metrics.metric import By
from letopis.metrics.overview import course, difference, is_better, shown
from letopis.metrics.parting import NONE_TOLD
from letopis.metrics.parts import Part
from letopis.metrics.period import Period, last_days
from letopis.metrics.words import N_FLOOR

EVERYBODY = (Role.OWNER, Role.MANAGER, Role.INTEGRATOR)
WHO_TELLS = (Role.OWNER, Role.INTEGRATOR)
ROWS_MAX = 100
YEAR_DAYS = 365

MENU = [MenuItem("campaigns", gettext_lazy("Campaigns"), icon="speakerphone", route="campaigns", order=510)]


@dataclass(frozen=True, slots=True)
class Line:
    """One campaign of the page, every count with its door."""

    name: str
    leads: str
    leads_url: str
    booked: str
    booked_share: str
    booked_url: str
    change: str
    tone: str
    came: str
    came_url: str
    cost: str
    per_lead: str
    per_booking: str
    per_visit: str
    spark: str
    few: bool


@page(roles=EVERYBODY)
def campaigns(request: BusinessRequest, business: UUID) -> HttpResponseBase:
    """Which advertising brings visits, and for how much?"""
    asked = read_asked(request, business)
    period, doors = asked.period, doors_of(request, asked.branch)
    cur: Any
    with connection.cursor() as cur:
        first = period.before.first if period.compared else period.first
        board = rows.read(cur, business, first, period.last, asked.branch)
        # A branch pays no campaign of its own: with a branch chosen costs would be spread by guess.
        told = {} if asked.branch else costs.by_campaign(costs.costs_between(cur, business, period), period)
    found = rows.campaigns_of(board, period, told)
    if form := asked_form(request.GET.dict()):
        return file_of(f"campaigns-{period.first}-{period.last}", form, rows.table(found, _("without a label")))
    context = {
        "asked": asked,
        "lede": _lede(found),
        "lines": [_line(board, period, doors, one) for one in found[:ROWS_MAX]],
        "hidden": max(len(found) - ROWS_MAX, 0),
        "costs_hidden": bool(asked.branch),
        "may_tell": request.role in WHO_TELLS,
    }
    return render(request, "metrics/campaigns.html", context)


@page(roles=WHO_TELLS, methods=("GET", "POST"))
def campaign_costs(request: BusinessRequest, business: UUID) -> HttpResponse:
    """Tell what a campaign cost: one by hand, or many from a file."""
    asked = read_asked(request, business)
    uploads = bool(request.FILES)
    by_hand = CostForm(request.POST if request.method == "POST" and not uploads else None)
    by_file = FileForm(request.POST, request.FILES) if uploads else FileForm()
    if request.method == "POST":
        written = _from_file(request, business, by_file) if uploads else _by_hand(request, business, by_hand)
        if written:
            return redirect("campaigns", business=business)
    cur: Any
    with connection.cursor() as cur:
        year = last_days(asked.today, YEAR_DAYS)
        known = costs.costs_between(cur, business, year)
        labels = rows.read(cur, business, year.first, year.last).members(By.CAMPAIGN, year)
    context = {
        "form": by_hand,
        "file_form": by_file,
        "labels": [label for label in labels if label],
        "spent": sum(one.within(year) for one in known),
        "known": sorted(known, key=lambda one: (one.first_day, one.campaign), reverse=True)[:ROWS_MAX],
    }
    wrong = by_hand.errors or by_file.errors
    return render(request, "metrics/campaign_costs.html", context, status=400 if wrong else 200)


def _by_hand(request: BusinessRequest, business: UUID, form: CostForm) -> bool:
    if not form.is_valid():
        return False
    told = form.cleaned_data
    costs.tell(business, [(told["campaign"], told["first"], told["last"], form.kopecks)], str(request.user))
    messages.success(request, _("Written down. The costs are reckoned in within a moment."))
    return True


def _from_file(request: BusinessRequest, business: UUID, form: FileForm) -> bool:
    if not form.is_valid():
        return False
    try:
        told = costs_in(form.cleaned_data["file"])
    except SenderError as error:
        form.add_error("file", " ".join(part for part in (error.place, error.message, error.hint) if part))
        return False
    costs.tell(business, [(one.campaign, one.first, one.last, one.kop) for one in told], str(request.user))
    words = ngettext("%(n)s cost was written down.", "%(n)s costs were written down.", len(told))
    messages.success(request, words % {"n": format.integer(len(told))})
    return True


def _lede(found: Sequence[Campaign]) -> str:
    """Дешевле всего визиты из «2gis_call»: 410 ₽."""
    priced = [one for one in found if one.label and one.leads >= N_FLOOR and one.per(one.came) is not None]
    if len(priced) > 1:
        best = min(priced, key=lambda one: one.per(one.came) or 0)
        worst = max(priced, key=lambda one: one.per(one.came) or 0)
        return _("Visits are cheapest from %(best)s: %(low)s each. Dearest from %(worst)s: %(high)s.") % {
            "best": best.label,
            "low": format.money(best.per(best.came) or 0),
            "worst": worst.label,
            "high": format.money(worst.per(worst.came) or 0),
        }
    labelled = sum(one.leads for one in found if one.label)
    total = sum(one.leads for one in found)
    if not total:
        return _("Nobody wrote in these days.")
    return _("%(n)s of %(total)s leads bring the label of a campaign.") % {
        "n": format.integer(labelled),
        "total": format.integer(total),
    }


def _line(board: Board, period: Period, doors: Doors, one: Campaign) -> Line:
    part, label = Part(By.CAMPAIGN, one.label), one.label or NONE_TOLD
    before = board.value("M2", period.before, part) if period.compared else None
    better = is_better("M2", one.booked, before)
    values = course(board, "M2", period, part)
    return Line(
        name=one.label or _("without a label"),
        leads=format.integer(one.leads),
        leads_url=doors.behind("M1", period, campaign=label),
        booked=format.integer(one.booked.hits),
        booked_share=shown("M2", one.booked),
        booked_url=doors.behind("M2", period, campaign=label),
        change=difference("M2", one.booked, before),
        tone="" if better is None else "ok" if better else "loss",
        came=format.integer(one.came),
        came_url=doors.behind("M3", period, campaign=label),
        cost=_money(one.cost_kop),
        per_lead=_money(one.per(one.leads)),
        per_booking=_money(one.per(one.booked.hits)),
        per_visit=_money(one.per(one.came)),
        spark=spark(Spark(values)) if sum(value is not None for value in values) > 1 else "",
        few=one.leads < N_FLOOR,
    )


def _money(kopecks: int | None) -> str:
    return "—" if kopecks is None else format.money(kopecks)
