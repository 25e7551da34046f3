"""What surrounds a person on every page: the language he chose, his own links, the other businesses he may enter."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from letopis.access import people
from letopis.access.menu import first_url, own_items
from letopis.access.models import Role
from letopis.base.menu import MenuLink

PLACES_MAX = 20
"""So many businesses stand in the switcher; the page of all of them shows the others."""


@dataclass(frozen=True, slots=True)
class Place:
    """A business the person may go to, or the page above all of them."""

    name: str
    url: str
    current: bool


class PersonMiddleware:
    """Speaks the language of the person; to others that of the cookie, the browser, or Russian."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        known = request.user.is_authenticated
        language = request.user.language if known else translation.get_language_from_request(request)
        if known:
            request.theme_url = reverse("access_theme")
            request.person_links = SimpleLazyObject(_own_links)
            request.places = SimpleLazyObject(lambda: _places(request))
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",) if known else ("Cookie", "Accept-Language"))
        response.headers.setdefault("Content-Language", language)
        return response


def _own_links() -> list[MenuLink]:
    return [
        MenuLink("profile", _("Profile"), reverse("access_profile"), icon="user"),
        MenuLink("security", _("Signing in and security"), reverse("mfa_index"), icon="shield-lock"),
    ]


def _places(request: Any) -> list[Place]:
    """Where else the person may go from inside a business, when there is a choice."""
    here = getattr(request, "business", None)
    if here is None:
        return []
    found = people.memberships_of(request.user)
    if len(found) < 2:
        return []
    above = [Place(str(item.label), reverse(item.route), current=False) for item in own_items()]
    return above + [
        Place(
            membership.business.name,
            first_url(membership.business_id, Role(membership.role)),
            membership.business_id == here.pk,
        )
        for membership in found[:PLACES_MAX]
    ]
