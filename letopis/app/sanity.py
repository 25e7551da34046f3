"""Refuses what no page and no table can mean, before any of them is asked: 400, and nothing was done.

The character zero, which PostgreSQL stores in no text; numbers in an address beyond its largest, which name nothing;
an address longer than any of ours.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError

from letopis.app.refusals import not_understood

QUERY_CHARS_MAX = 8192
NUMBER_MAX = 2**63 - 1
REMEDY = "leave out the character zero"
_ZERO = "\0"


class SanityMiddleware:
    """Stands before the session, which is asked for by what a cookie says."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if len(request.META.get("QUERY_STRING", "")) > QUERY_CHARS_MAX:
            return not_understood(request)
        if (field := _zero_in(request.GET.lists())) is not None:
            return not_understood(request, field=field.replace(_ZERO, ""), remedy=REMEDY)
        if _ZERO in request.path_info or _zero_in(_one(request.COOKIES)) is not None:
            return not_understood(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if any(isinstance(value, int) and value > NUMBER_MAX for value in kwargs.values()):
            raise Http404
        try:
            form = request.POST.lists()
        except UnreadablePostError:
            # The sender hung up; whoever needs the body is told so.
            return None
        return not_understood(request) if _zero_in(form) is not None else None


def _one(named: dict[str, str]) -> Iterable[tuple[str, list[str]]]:
    return ((name, [value]) for name, value in named.items())


def _zero_in(lists: Iterable[tuple[str, Iterable[Any]]]) -> str | None:
    """The name of the first field with a zero in it."""
    return next((name for name, values in lists if _ZERO in name or any(_ZERO in value for value in values)), None)
