"""The read API of changes: the marks of a business, each with its verdict."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from ninja import Field, Router, Schema
from ninja.errors import HttpError

from letopis.access.api import KeyRequest, inside
from letopis.access.models import Business
from letopis.base import clock
from letopis.metrics.marks import judged, words
from letopis.metrics.marks.comparison import Share, Wait
from letopis.metrics.marks.mark import Mark
from letopis.metrics.marks.told import marks_of, seen_by
from letopis.metrics.marks.weeks import Weeks
from letopis.privacy.views import eyes_of_key

router = Router(tags=["changes"])
CHANGES_A_PAGE = 20


class VerdictOut(Schema):
    """What came of a change by the metric it is judged by; differences are fractions of one, or seconds of a wait."""

    word: str = Field(description="better, worse, no_difference, cannot_tell or withheld")
    reason: str | None = Field(description="Why it is withheld: two_changes, exclusions_changed, completeness_fell, …")
    sentence: str = Field(description="The verdict in words, in the language of Accept-Language")
    before: float | None
    after: float | None
    n_before: int
    n_after: int
    difference: float | None
    low: float | None
    high: float | None
    more: int | None = Field(description="About so many more cases would settle it")
    days: int | None = Field(description="In so many days at the flow at hand")


class ChangeOut(Schema):
    """A change that was marked, and what came of it."""

    id: int = Field(description="Number of the entry that told it")
    at: datetime
    what: str
    kind: str
    effect: str
    metric: str
    expected: float | None = Field(description="The promised effect as a fraction")
    scenario: str
    version: str
    made_by: str = Field(description="page, sender, or itself where a version of a scenario first appeared")
    weeks_before: list[str] = Field(description="Mondays of the weeks that are compared")
    weeks_after: list[str]
    verdict: VerdictOut


@router.get("/changes", response=list[ChangeOut], summary="Changes with their verdicts, the latest first")
def changes(request: KeyRequest, page: int = 1) -> list[dict[str, Any]]:
    """Twenty a page."""
    if not 1 <= page <= 50:
        raise HttpError(404, "There is no such page")
    with inside(request) as cur:
        zone = _zone(request)
        known = seen_by(marks_of(cur, request.auth.business), eyes_of_key(request.auth))
        shown = known[(page - 1) * CHANGES_A_PAGE : page * CHANGES_A_PAGE]
        bench = judged.bench_for(cur, request.auth.business, zone, clock.now(), known, shown)
        with _language(request):
            return [_told(cur, bench, mark) for mark in shown]


@router.get("/changes/{int:change_id}", response=ChangeOut, summary="One change with its verdict")
def change(request: KeyRequest, change_id: int) -> dict[str, Any]:
    with inside(request) as cur:
        zone = _zone(request)
        known = seen_by(marks_of(cur, request.auth.business), eyes_of_key(request.auth))
        mark = next((one for one in known if one.seq == change_id), None)
        if mark is None:
            raise HttpError(404, "There is no such change")
        bench = judged.bench_for(cur, request.auth.business, zone, clock.now(), known, [mark])
        with _language(request):
            return _told(cur, bench, mark)


def _zone(request: KeyRequest) -> ZoneInfo:
    return ZoneInfo(Business.objects.get(pk=request.auth.business).timezone)


def _language(request: KeyRequest) -> Any:
    return translation.override(translation.get_language_from_request(request))


def _told(cur: Any, bench: judged.Bench, mark: Mark) -> dict[str, Any]:
    weeks, found = judged.primary_of(cur, bench, mark)
    return {
        "id": mark.seq,
        "at": mark.at,
        "what": mark.name,
        "kind": mark.kind,
        "effect": mark.effect,
        "metric": found.metric,
        "expected": mark.expected,
        "scenario": mark.scenario,
        "version": mark.version,
        "made_by": mark.made_by,
        "weeks_before": [monday.isoformat() for monday in weeks.before],
        "weeks_after": [monday.isoformat() for monday in weeks.after],
        "verdict": _wait(found, weeks) if isinstance(found, Wait) else _share(found, weeks),
    }


def _share(found: Share, weeks: Weeks) -> dict[str, Any]:
    verdict = found.verdict
    return {
        "word": verdict.word.value,
        "reason": verdict.reason.value if verdict.reason else None,
        "sentence": words.told(found, weeks).lede,
        "before": verdict.before.share if verdict.before.n else None,
        "after": verdict.after.share if verdict.after.n else None,
        "n_before": verdict.before.n,
        "n_after": verdict.after.n,
        "difference": verdict.difference,
        "low": verdict.low,
        "high": verdict.high,
        "more": verdict.more,
        "days": verdict.days,
    }


def _wait(found: Wait, weeks: Weeks) -> dict[str, Any]:
    median = found.median
    return {
        "word": found.word.value,
        "reason": found.reason.value if found.reason else None,
        "sentence": words.told(found, weeks).lede,
        "before": median.before,
        "after": median.after,
        "n_before": found.cases_before,
        "n_after": found.cases_after,
        "difference": median.difference,
        "low": median.low,
        "high": median.high,
        "more": None,
        "days": None,
    }
