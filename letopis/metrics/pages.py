"""The first pages of the product: Today for the owner's ten seconds, the overview, and the funnel by its parts."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from letopis.access.menu import MenuItem
from letopis.access.roles import BusinessRequest, Role, page
from letopis.base import clock
from letopis.base.charts.causes import Cause, causes
from letopis.base.charts.funnel import Funnel, funnel
from letopis.base.tables.answers import asked_form, file_of
from letopis.dialogues.schedules import schedule_of
from letopis.journal.positions import size_of
from letopis.metrics import day, files, hours, losses, parting, read, trust, words
from letopis.metrics import overview as table
from letopis.metrics.asked import Asked, doors_of, read_asked
from letopis.metrics.attention import attention_of
from letopis.metrics.board import Board, read_board
from letopis.metrics.doors import Doors
from letopis.metrics.funnel import floors_of, steps_of
from letopis.metrics.goals.goal import wanted_on
from letopis.metrics.goals.reader import goals_of
from letopis.metrics.losses import Losses
from letopis.metrics.lost import read_lost, ticket_of
from letopis.metrics.marks.told import drawn, marks_of, seen_by
from letopis.metrics.metric import By
from letopis.metrics.parts import WHOLE, Part
from letopis.metrics.period import Period, last_days
from letopis.metrics.records import STAGES, Stage
from letopis.metrics.sharing import day_words
from letopis.metrics.statistics.verdict import Cohort, judge
from letopis.metrics.value import Value
from letopis.metrics.verdicts import Told, tell
from letopis.privacy.views import eyes_of

EVERYBODY = (Role.OWNER, Role.MANAGER, Role.INTEGRATOR)
LOSS_DAYS = 30
WAIT_MINUTES = int(read.WAITING_OVER.total_seconds()) // 60
CAUSES_MAX = 8
KOPECKS_TOLD_MIN = 100_000
"""Less than a thousand roubles is no sum to speak of in a sentence."""

MENU = [
    MenuItem("today", gettext_lazy("Today"), icon="home", route="today", order=100),
    MenuItem("overview", gettext_lazy("Overview"), icon="layout-dashboard", route="overview", order=110),
    MenuItem("funnel", gettext_lazy("Funnel"), icon="chart-funnel", route="funnel", order=420),
]


@page(roles=EVERYBODY)
def today(request: BusinessRequest, business: UUID) -> HttpResponse:
    """Is all well right now?"""
    now, doors = clock.now(), doors_of(request)
    cur: Any
    with connection.cursor() as cur:
        if size_of(cur, business) <= 1:
            return redirect("welcome", business=business)
        seen = read.today(cur, business, now, schedule_of(cur, business, ZoneInfo(request.business.timezone)))
        lag = trust.lag_of(cur, business, now)
        hearing = trust.hearing_of(cur, business, now)
        month = last_days(seen.day, LOSS_DAYS)
        causes_board = read_board(cur, business, month.first, month.last, (), by=(By.CAUSE,), series=(losses.SERIES,))
    new_leads, booked, missed, answered = day.cells(seen, doors)
    context = {
        "day": seen.day,
        "now": now,
        "lag": lag,
        "so_far": words.day_so_far(seen.new_leads, seen.booked),
        "late": seen.waiting_over,
        "waiting_words": words.waiting(seen.waiting_over, WAIT_MINUTES),
        "call": words.call(seen.waiting_all),
        "call_url": doors.dialogues(waiting=True),
        "cells": [new_leads, booked, missed, answered],
        "shared": day_words(request.business.name, seen.day, [new_leads, booked, answered]),
        "loss": day.top_loss(losses.losses_of(causes_board, month), month, doors),
        "hearing": hearing,
        "silence": words.silence(hearing.silent, now) if hearing.silent else "",
        "sources_url": doors.page("sources"),
    }
    return render(request, "metrics/today.html", context)


@page(roles=EVERYBODY)
def overview(request: BusinessRequest, business: UUID) -> HttpResponseBase:
    """How are we doing, and where do we lose?"""
    now, asked = clock.now(), read_asked(request, business)
    period, doors = asked.period, doors_of(request, asked.branch)
    cur: Any
    with connection.cursor() as cur:
        board = table.read(cur, business, period, asked.branch)
        counts = hours.read_hours(cur, business, period, asked.branch)
        lost = losses.losses_of(board, period)
        if form := asked_form(request.GET.dict()):
            return file_of(f"overview-{period.first}-{period.last}", form, *files.tables(board, period, counts, lost))
        lag = trust.lag_of(cur, business, now)
        attention = attention_of(cur, business, now, doors, eyes_of(request))
        kopecks = _kopecks_lost(cur, business, board, asked) if lost.ours else None
        told_marks = drawn(seen_by(marks_of(cur, business), eyes_of(request)), period.first, period.last)
        wanted = wanted_on(goals_of(cur, business), period.last, period.days)
    rate, missed = board.value("M2", period), board.value("M4", period)
    context = {
        "asked": asked,
        "period": period,
        "lag": lag,
        "lede": words.cohort(rate.total, rate.hits, rate.pending),
        "losses": words.losses(lost.ours, kopecks) if lost.ours else "",
        "losses_url": doors.dialogues(period, lead=True, stopped="ours"),
        "withheld": words.withheld(missed) if missed.withheld else "",
        "marks_url": doors.visits(period, state="unknown"),
        "cells": table.strip(board, period, doors, wanted, told_marks),
        "trend": table.rate_trend(board, period, rate, incomplete=period.last == asked.today, marks=told_marks),
        "told": _told(rate, board.value("M2", period.before), period) if period.compared else None,
        "growing": words.growing(rate.pending) if rate.pending else "",
        "attention": attention,
        "funnel": _funnel(board, period, doors),
        "lost": words.not_booked(lost.total),
        "causes": _causes(lost, period, doors) if lost.causes else "",
        "hours": hours.chart(counts) if counts else "",
        "channels": table.channel_rows(board, period, doors),
    }
    return render(request, "metrics/overview.html", context)


@page(roles=EVERYBODY)
def funnel_by(request: BusinessRequest, business: UUID) -> HttpResponseBase:
    """How do parts differ: channels, campaigns, services, masters, new and known clients?"""
    asked = read_asked(request, business, "by", "member")
    period, doors = asked.period, doors_of(request, asked.branch)
    open_ways = parting.ways_of(eyes_of(request))
    chosen = parting.chosen(request.GET.dict(), open_ways)
    cur: Any
    with connection.cursor() as cur:
        board = parting.read(cur, business, period, asked.branch, chosen.by)
    rows = parting.rows(board, period, chosen.by)
    if form := asked_form(request.GET.dict()):
        return file_of(f"funnel-{chosen.by}-{period.first}-{period.last}", form, parting.table(rows, chosen.by))
    shown = parting.member_of(chosen, rows)
    context = {
        "asked": asked,
        "period": period,
        "lede": parting.lede(rows, chosen.by),
        "ways": parting.ways(asked, chosen, open_ways),
        "chosen": parting.title(chosen.by, shown) if shown is not None else "",
        "whole_url": asked.url(member=""),
        "funnel": _funnel(board, period, doors, *parting.narrowing_of(chosen.by, shown)),
        "heading": parting.heading(chosen.by),
        "stages": parting.stage_names(chosen.by),
        "tells_booked": not parting.of_booked(chosen.by),
        "rows": parting.lines(period, doors, asked, chosen.by, rows),
        "hidden": len(rows) - parting.ROWS_MAX if len(rows) > parting.ROWS_MAX else 0,
    }
    return render(request, "metrics/funnel.html", context)


def _kopecks_lost(cur: Any, business: UUID, board: Board, asked: Asked) -> tuple[int, int] | None:
    """What our mistakes cost, in kopecks; None where there is nothing to reckon it from, or it may be nothing."""
    period = asked.period
    found = read_lost(cur, business, period, asked.branch)
    ticket = ticket_of(cur, business)
    missed = board.value("M4", period)
    if ticket is None or not found.leads or missed.value is None:
        return None
    low, high = found.kopecks(ticket, 1 - missed.value)
    return (low, high) if high >= KOPECKS_TOLD_MIN else None


def _told(now: Value, before: Value, period: Period) -> Told | None:
    """The verdict on the period against the one before; None where one of them holds nobody."""
    if not now.denominator or not before.denominator:
        return None
    after = Cohort(now.numerator, now.denominator)
    return tell(judge(Cohort(before.numerator, before.denominator), after, per_day=now.total / period.days))


def _funnel(
    board: Board, period: Period, doors: Doors, part: Part = WHOLE, filters: dict[str, str] | None = None
) -> SafeString | str:
    floors = floors_of(board, period, part)
    if not floors[0].reached:
        return ""
    finding = words.cohort(floors[0].reached, floors[STAGES.index(Stage.BOOKED)].reached, 0)
    return funnel(Funnel(finding, steps_of(floors, period, doors, **(filters or {}))))


def _causes(lost: Losses, period: Period, doors: Doors) -> SafeString:
    assert lost.causes, "nothing to draw"
    shown = lost.causes[:CAUSES_MAX]
    bars = [Cause(one.words, one.count, one.ours, doors.dialogues(period, **one.filters)) for one in shown]
    return causes(f"{shown[0].words}: {shown[0].count}", bars)
