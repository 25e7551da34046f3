"""The first pages of the product: Today for the owner's ten seconds, and the overview."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from letopis.access.menu import MenuItem, items_for
from letopis.access.roles import BusinessRequest, Role, page
from letopis.base import clock
from letopis.base.charts.causes import Cause, causes
from letopis.dialogues.schedules import schedule_of
from letopis.journal.positions import size_of
from letopis.metrics import day, read, trust, words
from letopis.metrics import overview as table
from letopis.metrics.attention import attention_of
from letopis.metrics.board import read_board
from letopis.metrics.doors import Doors
from letopis.metrics.losses import Losses, losses_of
from letopis.metrics.period import PRESETS, Period, last_days, read_period
from letopis.metrics.sharing import day_words
from letopis.metrics.statistics.verdict import Cohort, judge
from letopis.metrics.value import Value
from letopis.metrics.verdicts import Told, tell

EVERYBODY = (Role.OWNER, Role.MANAGER, Role.INTEGRATOR)
LOSS_DAYS = 30
WAIT_MINUTES = int(read.WAITING_OVER.total_seconds()) // 60

MENU = [
    MenuItem("today", gettext_lazy("Today"), icon="home", route="today", order=100),
    MenuItem("overview", gettext_lazy("Overview"), icon="layout-dashboard", route="overview", order=110),
]


@page(roles=EVERYBODY)
def today(request: BusinessRequest, business: UUID) -> HttpResponse:
    """Is all well right now? Before the first event the page says how to start."""
    now, doors = clock.now(), _doors(request)
    cur: Any
    with connection.cursor() as cur:
        if not size_of(cur, business):
            return redirect("welcome", business=business)
        seen = read.today(cur, business, now, schedule_of(cur, business, ZoneInfo(request.business.timezone)))
        lag = trust.lag_of(cur, business, now)
        hearing = trust.hearing_of(cur, business, now)
    month = last_days(seen.day, LOSS_DAYS)
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
        "loss": day.top_loss(losses_of(business, month), month, doors),
        "hearing": hearing,
        "silence": words.silence(hearing.silent, now) if hearing.silent else "",
        "sources_url": doors.page("sources"),
    }
    return render(request, "metrics/today.html", context)


@page(roles=EVERYBODY)
def overview(request: BusinessRequest, business: UUID) -> HttpResponse:
    """How are we doing, and where do we lose?"""
    now, doors = clock.now(), _doors(request)
    local_day = timezone.localtime(now).date()
    period = read_period(request.GET.dict(), local_day)
    cur: Any
    with connection.cursor() as cur:
        lag = trust.lag_of(cur, business, now)
        attention = attention_of(cur, business, now, doors, sees_text=request.role is not Role.INTEGRATOR)
        earliest = period.before.first if period.compared else period.first
        board = read_board(cur, business, earliest, period.last, table.METRICS_READ)
    rate, missed = board.value("M2", period), board.value("M4", period)
    lost = losses_of(business, period)
    context = {
        "period": period,
        "presets": list(_presets(period, local_day)),
        "compare_url": f"?{urlencode(_asked(period, compared=not period.compared))}",
        "lag": lag,
        "lede": words.cohort(rate.total, rate.hits, rate.pending),
        "losses": words.losses(lost.with_ours) if lost.with_ours else "",
        "losses_url": doors.dialogues(period, outcome="lost"),
        "withheld": words.withheld(missed) if missed.withheld else "",
        "marks_url": doors.visits(period, state="unknown"),
        "cells": table.strip(board, period, doors),
        "trend": table.rate_trend(board, period, rate, incomplete=period.last == local_day),
        "told": _told(rate, board.value("M2", period.before), period) if period.compared else None,
        "growing": words.growing(rate.pending) if rate.pending else "",
        "attention": attention,
        "lost": words.not_booked(lost.total),
        "causes": _causes(lost, period, doors) if lost.causes else "",
        "channels": table.channel_rows(board, period, doors),
    }
    return render(request, "metrics/overview.html", context)


def _doors(request: BusinessRequest) -> Doors:
    return Doors(request.business.pk, frozenset(item.route for item in items_for(request.role)))


def _told(now: Value, before: Value, period: Period) -> Told | None:
    """The verdict on the period against the one before; None where one of them holds nobody."""
    if not now.denominator or not before.denominator:
        return None
    after = Cohort(now.numerator, now.denominator)
    return tell(judge(Cohort(before.numerator, before.denominator), after, per_day=now.total / period.days))


def _presets(period: Period, today: Any) -> Iterator[tuple[int, str, bool]]:
    for days in PRESETS:
        asked = last_days(today, days)
        current = (asked.first, asked.last) == (period.first, period.last)
        yield days, f"?{urlencode(_asked(asked, compared=period.compared))}", current


def _asked(period: Period, *, compared: bool) -> dict[str, str]:
    days = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    return days if compared else {**days, "compare": "none"}


def _causes(lost: Losses, period: Period, doors: Doors) -> SafeString:
    bars = [Cause(one.words, one.count, one.ours, doors.dialogues(period, **one.filters)) for one in lost.causes]
    assert lost.causes, "nothing to draw"
    return causes(f"{lost.causes[0].words}: {lost.causes[0].count}", bars)
