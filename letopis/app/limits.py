"""How often a person, a key and an address may ask the pages and the read API; the answer beyond is 429.

Signing in is counted apart and harder, by django-axes and django-allauth. Files of the site are not counted. Each web
process counts for itself: an installation lets through up to LETOPIS_WEB_PROCESSES times these rates.
"""

import hashlib
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from letopis.app.refusals import is_program, problem
from letopis.base.limits import Meter, Rate, neighbourhood

FILE_ROUTES = frozenset({"catalogue_export", "mfa_download_recovery_codes"})

_log = structlog.get_logger(__name__)


class Act(StrEnum):
    """What is asked for; the dearer, the fewer a minute."""

    PAGE = "page"
    FORM = "form"
    SEARCH = "search"
    EXPORT = "export"
    API = "api"
    STRANGER = "stranger"


RATES = {
    Act.PAGE: Rate(burst=600, a_minute=600),
    Act.FORM: Rate(burst=120, a_minute=60),
    Act.SEARCH: Rate(burst=60, a_minute=60),
    Act.EXPORT: Rate(burst=30, a_minute=20),
    Act.API: Rate(burst=600, a_minute=600),
    # Everybody behind one address who has not signed in, programs with their keys among them.
    Act.STRANGER: Rate(burst=1200, a_minute=1200),
}


class LimitsMiddleware:
    """Stands behind signing in and before every page; counts before anything is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._meter = Meter()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        now = time.monotonic()
        for act, who in asked(request):
            if wait_s := self._meter.spend(f"{act} {who}", RATES[act], now):
                _log.warning("too_often", act=act.value, retry_s=wait_s)
                return _too_often(request, wait_s)
        return None


def asked(request: Any) -> list[tuple[Act, str]]:
    """Every bucket that a request takes one from."""
    if is_program(request):
        return [*_by_address(request), *_by_key(request)]
    if not request.user.is_authenticated:
        return _by_address(request)
    return [(act, f"person {request.user.pk}") for act in acts(request)]


def acts(request: HttpRequest) -> list[Act]:
    """What a page is asked to do."""
    found = [Act.PAGE]
    if request.method not in ("GET", "HEAD"):
        found.append(Act.FORM)
    if request.GET.get("q", "").strip():
        found.append(Act.SEARCH)
    match = request.resolver_match
    if request.GET.get("form") or (match is not None and match.url_name in FILE_ROUTES):
        found.append(Act.EXPORT)
    return found


def _by_address(request: HttpRequest) -> list[tuple[Act, str]]:
    address = neighbourhood(request.META.get("REMOTE_ADDR", ""))
    return [(Act.STRANGER, f"address {address}")] if address else []


def _by_key(request: HttpRequest) -> list[tuple[Act, str]]:
    given = request.headers.get("Authorization", "")
    return [(Act.API, f"key {hashlib.sha256(given.encode()).hexdigest()}")] if given else []


def _too_often(request: HttpRequest, wait_s: int) -> HttpResponse:
    if is_program(request):
        told = problem(429, "Too often", remedy=f"Ask again in {wait_s} s.")
    else:
        told = render(request, "429.html", status=429)
    told["Retry-After"] = str(wait_s)
    return told
