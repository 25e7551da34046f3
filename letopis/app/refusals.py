"""Answers that no page gives by itself, to a person as a page and to a program of the read API as problem+json."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from letopis.access import pages

API_PREFIX = "/api/"
PROBLEM = "application/problem+json"


def is_program(request: HttpRequest) -> bool:
    return request.path_info.startswith(API_PREFIX)


def problem(status: int, title: str, **more: str) -> HttpResponse:
    told = {"type": "about:blank", "title": title, "status": status, **more}
    return JsonResponse(told, status=status, content_type=PROBLEM)


def not_understood(request: HttpRequest, exception: Exception | None = None, **more: str) -> HttpResponse:
    """A request that cannot be meant; asks neither the database nor the session. `more` is told to programs."""
    if is_program(request):
        return problem(400, "The request cannot be understood", **more)
    return HttpResponse(render_to_string("base/400.html"), status=400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(404, "There is no such address") if is_program(request) else pages.not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    return problem(500, "A fault of ours") if is_program(request) else pages.broken(request)
