"""What stands around every page of a business and belongs to no single room: the seal at the foot, the search field."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from letopis.base.shell import Seal
from letopis.journal.positions import size_of
from letopis.journal.seal import seal_of


class HouseMiddleware:
    """Lays seal and search address on the request; both are asked only by a page inside a business that shows them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        request.seal = SimpleLazyObject(lambda: _seal(request))
        request.search_url = SimpleLazyObject(lambda: _search_url(request))
        return self.get_response(request)


def _seal(request: Any) -> Seal | None:
    business = getattr(request, "business", None)
    if business is None:
        return None
    with connection.cursor() as cur:
        last = seal_of(cur, business.pk)
        entries = size_of(cur, business.pk)
    return Seal(
        entries=entries,
        checked_at=last.checked_at if last else None,
        whole=last is None or last.whole,
        url=reverse("journal", kwargs={"business": business.pk}),
    )


def _search_url(request: Any) -> str:
    business = getattr(request, "business", None)
    return "" if business is None else reverse("dialogues", kwargs={"business": business.pk})
