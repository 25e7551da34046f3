"""«До и после»: the changes that were made, each with its verdict, and one of them in full."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letopis.access.menu import MenuItem
from letopis.access.roles import BusinessRequest, Role, page
from letopis.base import clock
from letopis.base.tables.answers import asked_form, file_of
from letopis.base.tables.table import Column, Kind, Table
from letopis.base.text import Text
from letopis.dialogues.schedules import schedule_of
from letopis.metrics.asked import doors_of
from letopis.metrics.definitions import METRICS
from letopis.metrics.doors import Doors
from letopis.metrics.marks import judged, lines, words
from letopis.metrics.marks.comparison import Comparison
from letopis.metrics.marks.forms import MarkForm
from letopis.metrics.marks.mark import MadeBy, Mark, What
from letopis.metrics.marks.reader import take_back, tell
from letopis.metrics.marks.told import marks_of, seen_by
from letopis.metrics.marks.weeks import days_off
from letopis.metrics.period import Period
from letopis.metrics.verdicts import Told
from letopis.privacy.views import eyes_of

EVERYBODY = (Role.OWNER, Role.MANAGER, Role.INTEGRATOR)
WHO_ADDS = (Role.OWNER, Role.INTEGRATOR)
MARKS_A_PAGE = 20
MARKS_A_FILE = 100
TREND_AROUND = timedelta(days=14)
TREND_DAYS_MAX = 200
NEIGHBOURS_MAX = 10
SECONDS_A_MINUTE = 60

MENU = [MenuItem("changes", gettext_lazy("Before and after"), icon="git-compare", route="changes", order=500)]


@dataclass(frozen=True, slots=True)
class Row:
    """One change of the list."""

    mark: Mark
    metric: str
    told: Told


@page(roles=EVERYBODY)
def changes(request: BusinessRequest, business: UUID) -> HttpResponseBase:
    """Was the change worth it?"""
    number = _page_number(request.GET.get("page", ""))
    form = asked_form(request.GET.dict())
    zone = ZoneInfo(request.business.timezone)
    cur: Any
    with connection.cursor() as cur:
        known = seen_by(marks_of(cur, business), eyes_of(request))
        shown = known[:MARKS_A_FILE] if form else known[(number - 1) * MARKS_A_PAGE : number * MARKS_A_PAGE]
        bench = judged.bench_for(cur, business, zone, clock.now(), known, shown)
        rows = [_row(cur, bench, mark) for mark in shown]
    if form:
        return file_of("changes", form, _table(rows))
    context = {
        "rows": rows,
        "total": len(known),
        "lede": _lede(rows, len(known)),
        "next_url": f"?page={number + 1}" if len(known) > number * MARKS_A_PAGE else "",
        "may_add": request.role in WHO_ADDS,
    }
    return render(request, "metrics/changes.html", context)


@page(roles=WHO_ADDS, methods=("GET", "POST"))
def new_change(request: BusinessRequest, business: UUID) -> HttpResponse:
    """Say what was changed, before its result is seen."""
    form = MarkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        tell(
            business,
            told["at"],
            What(told["kind"]),
            told["what"],
            effect=told["effect"],
            effect_size=form.effect_size,
            metric=told["metric"],
            person=str(request.user),
        )
        messages.success(request, _("Written down. The change appears in the list in a moment."))
        return redirect("changes", business=business)
    return render(request, "metrics/change_new.html", {"form": form}, status=400 if form.errors else 200)


@page(roles=EVERYBODY, methods=("GET", "POST"))
def change(request: BusinessRequest, business: UUID, seq: int) -> HttpResponseBase:
    """One change: its verdict, what it rests on, and what else changed in these days."""
    zone = ZoneInfo(request.business.timezone)
    cur: Any
    with connection.cursor() as cur:
        known = seen_by(marks_of(cur, business), eyes_of(request))
        mark = next((one for one in known if one.seq == seq), None)
        if mark is None:
            raise Http404
        if request.method == "POST":
            if request.role not in WHO_ADDS:
                raise PermissionDenied
            return _withdraw(request, business, mark)
        bench = judged.bench_for(cur, business, zone, clock.now(), known, [mark], parts=True)
        found = judged.compared(cur, bench, mark)
        off = days_off(schedule_of(cur, business, zone), found.weeks)
    assert found.primary is not None, "a comparison always has a primary metric"
    if form := asked_form(request.GET.dict()):
        return file_of(f"change-{seq}", form, lines.table(found))
    doors = doors_of(request)
    context = {
        "mark": mark,
        "told": words.told(found.primary, found.weeks),
        "metric": METRICS[found.primary.metric].title,
        "weeks": words.weeks_words(found.weeks),
        "left_out": found.weeks.left_out,
        "plan": words.plan(found, bench.today),
        "holidays": words.holidays(*off),
        "window": words.window(found.primary),
        "trend": lines.drawing(bench.board, mark, found, known),
        "lines": lines.of_primary(bench.board, found),
        "others": [lines.of_share(one, named=one.metric in found.found) for one in found.others],
        "counts": [lines.of_count(one) for one in found.counts],
        "near": _near(mark, known),
        "doors": list(_doors(found, doors)),
        "may_withdraw": request.role in WHO_ADDS and mark.made_by != MadeBy.ITSELF,
    }
    return render(request, "metrics/change.html", context)


def _withdraw(request: BusinessRequest, business: UUID, mark: Mark) -> HttpResponse:
    if mark.made_by != MadeBy.ITSELF:
        take_back(business, mark.seq, str(request.user))
        messages.success(request, _("Taken back: the change leaves the charts in a moment."))
    return redirect("changes", business=business)


def _page_number(text: str) -> int:
    return min(max(int(text), 1), 50) if text.isdecimal() and len(text) < 4 else 1


def _row(cur: Any, bench: judged.Bench, mark: Mark) -> Row:
    weeks, found = judged.primary_of(cur, bench, mark)
    return Row(mark, str(METRICS[found.metric].title), words.told(found, weeks))


def _lede(rows: Sequence[Row], total: int) -> str:
    if not total:
        return _("No changes yet: mark one, and its result will be told here.")
    better = sum(row.told.tone == "ok" for row in rows)
    worse = sum(row.told.tone == "loss" for row in rows)
    if not better and not worse:
        return _("Of the last %(n)s changes none can be told better or worse yet.") % {"n": len(rows)}
    return _("Of the last %(n)s changes %(better)s made it better, %(worst)s worse.") % {
        "n": len(rows),
        "better": better,
        "worst": worse,
    }


def _table(rows: Sequence[Row]) -> Table:
    columns = (
        Column(Text(ru="Когда", en="When"), Kind.DATETIME),
        Column(Text(ru="Вид", en="Kind")),
        Column(Text(ru="Что изменили", en="What was changed")),
        Column(Text(ru="Чего ждали", en="Hoped for")),
        Column(Text(ru="Кто", en="Who")),
        Column(Text(ru="Показатель", en="Metric")),
        Column(Text(ru="Итог", en="Result")),
        Column(Text(ru="Запись журнала", en="Entry of the journal"), Kind.NUMBER),
    )
    told = [
        (
            row.mark.at,
            row.mark.kind_words,
            row.mark.name,
            row.mark.effect,
            row.mark.person,
            row.metric,
            f"{row.told.lede} {row.told.hint}".strip(),
            row.mark.seq,
        )
        for row in rows
    ]
    return Table(Text(ru="Изменения", en="Changes"), columns, told)


def _near(mark: Mark, known: Sequence[Mark]) -> list[Mark]:
    """What else changed in the same days."""
    near = [one for one in known if one.seq != mark.seq and abs(one.at - mark.at) <= TREND_AROUND]
    return near[:NEIGHBOURS_MAX]


def _doors(found: Comparison, doors: Doors) -> Iterator[tuple[str, str]]:
    """The cases themselves, before and after."""
    if not found.weeks.known or found.primary is None:
        return
    for label, spans in ((_("before"), found.weeks.spans_before), (_("after"), found.weeks.spans_after)):
        url = doors.behind(found.primary.metric, Period(spans[0].first, spans[-1].last))
        if url:
            yield label, url
