"""The scenario map: on which step do we lose them?"""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letopis.access.menu import MenuItem
from letopis.access.roles import BusinessRequest, Role, page
from letopis.audit import scenario as view
from letopis.audit import words
from letopis.audit.graph import Pair, pairs_of, steps_of
from letopis.audit.scenario import Seen
from letopis.audit.variants import has_steps, read_variants
from letopis.base.format import period as period_words
from letopis.base.tables.answers import asked_form, file_of
from letopis.journal.kinds import KINDS
from letopis.metrics.asked import Asked, Choice, doors_of, read_asked

EVERYBODY = (Role.OWNER, Role.MANAGER, Role.INTEGRATOR)
CHOICES_MAX = 50

MENU = [MenuItem("scenario", gettext_lazy("Scenario map"), icon="route", route="scenario", order=450)]


@page(roles=EVERYBODY)
def scenario(request: BusinessRequest, business: UUID) -> HttpResponseBase:
    """Which steps do dialogues pass, and where do they end?"""
    asked = read_asked(request, business, "scenario", "version", "against")
    period, doors = asked.period, doors_of(request, asked.branch)
    longer = view.longer(period)
    cur: Any
    with connection.cursor() as cur:
        board = view.read(cur, business, period, asked.branch)
        seen = view.chosen(request.GET.dict(), pairs_of(board, period), pairs_of(board, longer))
        if seen is None:
            context = {
                "asked": asked,
                "told": has_steps(cur, business),
                "sample": _sample(),
                "sources": doors.page("sources"),
            }
            return render(request, "audit/scenario.html", context)
        variants = read_variants(cur, business, period, asked.branch, seen.pair)
    drawn = view.map_of(board, period, doors, seen.pair)
    other = None if seen.against is None else steps_of(board, longer, seen.against)
    if form := asked_form(request.GET.dict()):
        return file_of(f"scenario-{period.first}-{period.last}", form, *view.tables(drawn, variants, other))
    lede, ours = words.lede(drawn.steps)
    shape = drawn.shape
    context = {
        "asked": asked,
        "seen": seen,
        "title": words.title(seen.pair),
        "pairs": _pairs(asked, seen),
        "others": _others(asked, seen),
        "against": "" if seen.against is None else words.version(seen.against),
        "against_days": period_words(longer.first, longer.last),
        "lede": lede,
        "ours": ours,
        "river": drawn.drawing(other) if drawn.steps else "",
        "undrawn": words.undrawn(shape.undrawn) if shape.undrawn else "",
        "lines": drawn.lines(other),
        "ways": view.ways(drawn, variants),
        "cut": words.cut(variants.dialogues) if variants.cut else "",
    }
    return render(request, "audit/scenario.html", context)


def _pairs(asked: Asked, seen: Seen) -> list[Choice]:
    """Every scenario and version that ran; what is compared belongs to the one that is left."""
    plain = replace(asked, more=())
    return [
        Choice(words.title(pair), plain.url(**view.fields_of(pair)), current=pair == seen.pair)
        for pair in seen.pairs[:CHOICES_MAX]
    ]


def _others(asked: Asked, seen: Seen) -> list[Choice]:
    """What the version may be held against; nothing to choose where it is the only one."""
    if not seen.others:
        return []
    plain = replace(asked, more=tuple(view.fields_of(seen.pair).items()))

    def choice(said: str, other: Pair | None) -> Choice:
        against = "" if other is None else view.fields_of(other)["version"]
        return Choice(said, plain.url(against=against), current=other == seen.against)

    told = [choice(_("with %(version)s") % {"version": words.version(one)}, one) for one in seen.others[:CHOICES_MAX]]
    return [*told, choice(_("without comparison"), None)]


def _sample() -> str:
    """An event that a scenario sends when a dialogue comes to a step, as a sender posts it."""
    return json.dumps(KINDS["step_entered"].sample, ensure_ascii=False, indent=2)
