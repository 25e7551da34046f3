"""The door of every page: who comes in, and inside which business.

    @page(roles=(Role.OWNER, Role.MANAGER))       a page of one business, below /b/<uuid:business>/
    @person_page()                                 anybody who is signed in
    @operator_page()                               who runs the platform
    @public_page(reason="...")                     everybody, and why

A business page runs in one transaction behind the wall, with `request.business`, `request.role` and `request.menu`; a
file that it gives away is noted in the access log.
Another business's page is 404, as if it were not there; a page for another role is 403 and says who can open it.
The decorator stands outermost, so that nothing is done and nothing is told before the question is answered.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.template.response import SimpleTemplateResponse
from django.urls import URLResolver
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject

from letopis.access import denial, people
from letopis.access.log import Act, note_look
from letopis.access.menu import MenuItem, menu_for
from letopis.access.models import Business, Person, Role
from letopis.access.rules import OTHER_DOORS, RULE, Audience, Rule, Verdict, Visitor, ruled
from letopis.access.wall import enter
from letopis.base.menu import MenuGroup

__all__ = [
    "BusinessRequest",
    "MenuItem",
    "PersonRequest",
    "Role",
    "Verdict",
    "Visitor",
    "matrix",
    "operator_page",
    "page",
    "person_page",
    "public_page",
]

View = Callable[..., HttpResponseBase]
Serve = Callable[[], HttpResponseBase]
Way = Callable[[Rule, Any, Serve, dict[str, Any]], HttpResponseBase]

SIGNS = {Verdict.ALLOWED: "+", Verdict.SIGN_IN: "–", Verdict.FORBIDDEN: "403", Verdict.NOT_FOUND: "404"}


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: Person
    verdict: Verdict


class BusinessRequest(PersonRequest):
    """A request inside one business."""

    business: Business
    role: Role
    may_ask: bool
    menu: list[MenuGroup]


def page(roles: Iterable[Role], *, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """A page of one business, for people in these roles there."""
    return _door(Rule(Audience.BUSINESS, frozenset(roles), methods), _into_business)


def person_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """A page for anybody who is signed in, about himself."""
    return _door(Rule(Audience.PERSON, methods=methods), _as_person)


def operator_page(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """A page for those who run the platform."""
    return _door(Rule(Audience.OPERATOR, methods=methods), _as_operator)


def public_page(*, reason: str, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """A page for everybody; `reason` says in the reference why nobody is asked."""
    return _door(Rule(Audience.PUBLIC, methods=methods, reason=reason), _as_anybody)


def matrix(resolver: URLResolver | None = None) -> Iterator[str]:
    """Rows of docs/reference/roles: address, methods, the answer to each kind of visitor; then the other doors."""
    for route in ruled(resolver):
        cells = [SIGNS[answer] for answer in route.answers().values()]
        yield f"| `/{route.path}` | {', '.join(route.methods)} | {' | '.join(cells)} |"
    for path, guard in OTHER_DOORS.items():
        yield f"| `/{path}` | {guard} | | | | | | |"


def _door(rule: Rule, way: Way) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def door(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return way(rule, request, partial(_serve, rule, view, request, *args, **kwargs), kwargs)

        setattr(door, RULE, rule)
        return door

    return decorate


def _into_business(rule: Rule, request: Any, serve: Serve, kwargs: dict[str, Any]) -> HttpResponseBase:
    if not request.user.is_authenticated:
        return denial.sign_in(request)
    business: UUID = kwargs["business"]
    with transaction.atomic():
        membership = people.membership_of(request.user, business)
        if membership is None:
            return denial.not_found(request)
        request.business, request.role = membership.business, Role(membership.role)
        if people.lacks_factor(membership):
            return denial.second_factor(request)
        request.may_ask = membership.may_ask
        request.menu = SimpleLazyObject(lambda: menu_for(request, business, request.role))
        with connection.cursor() as cur:
            enter(cur, business)
        with timezone.override(request.business.timezone):
            if request.role not in rule.roles:
                return denial.forbidden(request, rule)
            response = serve()
            if response.get("Content-Disposition", "").startswith("attachment"):
                note_look(request, "file", request.resolver_match.view_name, Act.EXPORTED)
            return response


def _as_person(_rule: Rule, request: Any, serve: Serve, _kwargs: dict[str, Any]) -> HttpResponseBase:
    return serve() if request.user.is_authenticated else denial.sign_in(request)


def _as_operator(rule: Rule, request: Any, serve: Serve, _kwargs: dict[str, Any]) -> HttpResponseBase:
    if not request.user.is_authenticated:
        return denial.sign_in(request)
    return serve() if request.user.is_operator else denial.forbidden(request, rule)


def _as_anybody(_rule: Rule, _request: Any, serve: Serve, _kwargs: dict[str, Any]) -> HttpResponseBase:
    return serve()


def _serve(rule: Rule, view: View, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
    request.verdict = Verdict.ALLOWED
    if request.method not in rule.methods and not (request.method == "HEAD" and "GET" in rule.methods):
        return HttpResponseNotAllowed(rule.methods)
    response = view(request, *args, **kwargs)
    # A template that is rendered later would ask the database outside of the wall and find it empty.
    if isinstance(response, SimpleTemplateResponse):
        response.render()
    if rule.audience is not Audience.PUBLIC and not response.has_header("Cache-Control"):
        patch_cache_control(response, private=True, no_store=True)
    return response
