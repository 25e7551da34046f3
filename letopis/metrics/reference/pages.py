"""«Как считаем»: every metric with its formula, date, what is pending and left out, made from the definitions."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from letopis.access.roles import person_page
from letopis.base.text import Text
from letopis.metrics.definitions import METRICS
from letopis.metrics.definitions.completeness import ENOUGH
from letopis.metrics.metric import COUNT, MINUTES, RATE, SECONDS, SHARE, By, Metric, Side
from letopis.metrics.words import N_FLOOR

UNITS: dict[str, str | Promise] = {
    SHARE: gettext_lazy("a share"),
    COUNT: gettext_lazy("a count"),
    SECONDS: gettext_lazy("a length of time: median and 90 %"),
    RATE: gettext_lazy("cases an hour"),
    MINUTES: gettext_lazy("a share of minutes"),
}
SIDES: dict[Side, str | Promise] = {
    Side.MORE: gettext_lazy("more is better"),
    Side.LESS: gettext_lazy("less is better"),
    Side.NONE: gettext_lazy("neither way is better by itself"),
}
PARTS: dict[By, str | Promise] = {
    By.CHANNEL: gettext_lazy("channel"),
    By.CAMPAIGN: gettext_lazy("campaign"),
    By.SERVICE: gettext_lazy("service"),
    By.MASTER: gettext_lazy("master"),
    By.KNOWN: gettext_lazy("new and known clients"),
    By.PERSON: gettext_lazy("colleague"),
    By.HOUR: gettext_lazy("hour of the day"),
    By.STEP: gettext_lazy("step of the scenario"),
    By.MIX: gettext_lazy("mix: channel, wish, part of the day, new or known"),
}


@person_page()
def definitions(request: HttpRequest) -> HttpResponse:
    """How is it reckoned?"""
    context = {
        "metrics": [(metric, UNITS[metric.unit], SIDES[metric.good], parts_of(metric)) for metric in METRICS.values()],
        "floor": N_FLOOR,
        "enough": round(100 * ENOUGH),
    }
    return render(request, "metrics/definitions.html", context)


@person_page()
def definitions_json(request: HttpRequest) -> HttpResponse:
    """The same for programs."""
    return JsonResponse({"definitions": [told(metric) for metric in METRICS.values()]}, json_dumps_params={"indent": 1})


def parts_of(metric: Metric) -> list[str | Promise]:
    return [PARTS[by] for by in metric.splits if by in PARTS]


def told(metric: Metric) -> dict[str, Any]:
    """A definition as plain data."""
    texts = ("title", "formula", "dated_by", "exclusions", "pending", "changed")
    return {
        "id": metric.id,
        "unit": metric.unit,
        "good": metric.good.value,
        "version": metric.version,
        "cohort": metric.cohort,
        "by": [by.value for by in metric.splits],
        "n_floor": N_FLOOR,
        **{name: _both(getattr(metric, name)) for name in texts},
    }


def _both(text: Text) -> dict[str, str]:
    return {"ru": text.ru, "en": text.en}
