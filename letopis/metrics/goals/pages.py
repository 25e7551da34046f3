"""«Цели»: what the owner wants of the numbers, how far they are, and how it went month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letopis.access.menu import SETTINGS, MenuItem
from letopis.access.roles import BusinessRequest, Role, page
from letopis.base import clock, format
from letopis.base.charts.spark import Spark, spark
from letopis.base.tables.answers import asked_form, file_of
from letopis.base.tables.table import Column, Kind, Table
from letopis.base.text import Text
from letopis.metrics.board import Board, read_board
from letopis.metrics.definitions import METRICS
from letopis.metrics.goals.forms import GoalForm
from letopis.metrics.goals.goal import Distance, Goal, can_have_goal, distance, on_day, target_words
from letopis.metrics.goals.history import Month, history_of, months_until
from letopis.metrics.goals.reader import goals_of, tell
from letopis.metrics.metric import COUNT, SHARE
from letopis.metrics.overview import shown
from letopis.metrics.period import last_days

WHO_SEES = (Role.OWNER, Role.MANAGER)
DAYS_SHOWN = 30
METRICS_WITH_GOALS = tuple(metric for metric, told in METRICS.items() if can_have_goal(told))

MENU = [MenuItem("goals", gettext_lazy("Goals"), icon="target", route="goals", group=SETTINGS, order=890)]


@dataclass(frozen=True, slots=True)
class Row:
    """One metric: its value now, its goal and the distance in words."""

    id: str
    name: str
    value: str
    n: str
    goal: str
    who: str
    met: bool | None
    spark: SafeString | str


@page(roles=WHO_SEES)
def goals(request: BusinessRequest, business: UUID) -> HttpResponseBase:
    """What do we want, and how far is it?"""
    today = timezone.localtime(clock.now()).date()
    months = months_until(today)
    cur: Any
    with connection.cursor() as cur:
        board = read_board(cur, business, months[0].first, today, METRICS_WITH_GOALS)
        told = goals_of(cur, business)
    if form := asked_form(request.GET.dict()):
        return file_of("goals", form, _table(board, told))
    rows = [_row(board, told, metric) for metric in METRICS_WITH_GOALS]
    rows.sort(key=lambda row: not row.goal)
    return render(request, "metrics/goals.html", {"rows": rows, "lede": _lede(rows)})


@page(roles=WHO_SEES, methods=("GET", "POST"))
def goal(request: BusinessRequest, business: UUID, metric: str) -> HttpResponse:
    """One metric: its months, its goals, and for the owner a new one."""
    if metric not in METRICS_WITH_GOALS:
        raise Http404
    today = timezone.localtime(clock.now()).date()
    owns = request.role == Role.OWNER
    if request.method == "POST" and not owns:
        raise PermissionDenied
    form = GoalForm(METRICS[metric], request.POST if request.method == "POST" else None)
    if request.method == "POST" and _write(request, business, metric, form):
        return redirect("goals", business=business)
    months = months_until(today)
    cur: Any
    with connection.cursor() as cur:
        board = read_board(cur, business, months[0].first, today, [metric])
        told = [one for one in goals_of(cur, business) if one.metric == metric]
    now = on_day(told, metric, today)
    months = [month for month in months if board.since is not None and month.last >= board.since]
    context = {
        "metric": METRICS[metric],
        "form": form if owns else None,
        "may_end": now is not None or bool(_coming(told, metric, today)),
        "now_words": _far(board, now, metric, today).words if now else "",
        "months": [_month(metric, one) for one in reversed(history_of(board, metric, told, months))],
        "told": [(one, _told_words(metric, one)) for one in reversed(told)],
    }
    return render(request, "metrics/goal.html", context, status=400 if form.errors else 200)


def _write(request: BusinessRequest, business: UUID, metric: str, form: GoalForm) -> bool:
    person = str(request.user)
    today = timezone.localtime(clock.now()).date()
    if "end" in request.POST:
        cur: Any
        with connection.cursor() as cur:
            coming = _coming(goals_of(cur, business), metric, today)
        # Today as well where no goal is known: one that was just approved may not have been read yet.
        for day in (today, *coming):
            tell(business, metric, None, valid_from=day, margin=None, person=person)
        messages.success(request, _("The goal is taken away."))
        return True
    if not form.is_valid():
        return False
    told = form.cleaned_data
    margin = form.margin_share
    tell(business, metric, told["target"], valid_from=told["valid_from"], margin=margin, person=person)
    messages.success(request, _("The goal is approved and written to the journal."))
    return True


def _coming(told: Sequence[Goal], metric: str, today: date) -> list[date]:
    """The days from which other goals will be in force."""
    return [one.valid_from for one in told if one.metric == metric and one.valid_from > today and not one.ended]


def _far(board: Board, goal: Goal, metric: str, today: date) -> Distance:
    """How far the last days are from a goal."""
    period = last_days(today, DAYS_SHOWN)
    return distance(METRICS[metric], board.value(metric, period), goal, period.days)


def _row(board: Board, told: Sequence[Goal], metric: str) -> Row:
    today = timezone.localtime(clock.now()).date()
    period = last_days(today, DAYS_SHOWN)
    value = board.value(metric, period)
    found = on_day(told, metric, today)
    far = None if found is None else _far(board, found, metric, today)
    history = [_point(metric, month) for month in history_of(board, metric, told, months_until(today))]
    begun = list(dropwhile(lambda point: point is None, history))
    return Row(
        metric,
        str(METRICS[metric].title),
        shown(metric, value),
        format.integer(value.n),
        far.words if far else "",
        "" if found is None else f"{found.person}, {format.day_short(found.valid_from)}" if found.person else "",
        far.met if far else None,
        spark(Spark(begun)) if sum(point is not None for point in begun) > 1 else "",
    )


def _point(metric: str, month: Month) -> float | None:
    return (float(month.value.n) or None) if METRICS[metric].unit == COUNT else month.value.value


def _lede(rows: Sequence[Row]) -> str:
    judged = [row for row in rows if row.met is not None]
    if not any(row.goal for row in rows):
        return _("No goals yet. Approve one, and every page shows how far it is.")
    if not judged:
        return _("Too few cases so far to say how far the goals are.")
    return _("%(met)s of %(n)s goals are met.") % {"met": sum(bool(row.met) for row in judged), "n": len(judged)}


def _month(metric: str, month: Month) -> tuple[str, str, str, str, bool | None]:
    far = month.distance
    words = "" if far is None else far.words
    name = format.month(month.period.first)
    return name, shown(metric, month.value), format.integer(month.value.n), words, far.met if far else None


def _told_words(metric: str, one: Goal) -> str:
    return _("taken away") if one.ended or one.target is None else target_words(METRICS[metric], one.target)


def _table(board: Board, told: Sequence[Goal]) -> Table:
    columns = (
        Column(Text(ru="Показатель", en="Metric")),
        Column(Text(ru="Месяц", en="Month"), Kind.DATE),
        Column(Text(ru="Доля", en="Share"), Kind.SHARE),
        Column(Text(ru="Секунды", en="Seconds"), Kind.SECONDS),
        Column(Text(ru="Случаев", en="Cases"), Kind.NUMBER),
        Column(Text(ru="Цель", en="Goal")),
    )
    today = timezone.localtime(clock.now()).date()
    rows = []
    for metric in METRICS_WITH_GOALS:
        for month in history_of(board, metric, told, months_until(today)):
            value = month.value
            share = value.value if METRICS[metric].unit == SHARE else None
            length = value.value if METRICS[metric].length else None
            words = month.distance.words if month.distance else ""
            rows.append((f"{metric} {METRICS[metric].title}", month.period.first, share, length, value.n, words))
    return Table(Text(ru="Цели", en="Goals"), columns, rows)
