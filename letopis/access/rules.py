"""Who may open what: the rule that every page carries, and the answer it gives each kind of visitor.

Rules are data, so that the pages, the menu, the reference and the test of all routes read the same ones.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from letopis.access.models import Role

RULE = "letopis_rule"


class Verdict(StrEnum):
    """What a page answers before it does anything."""

    ALLOWED = "allowed"
    SIGN_IN = "sign_in"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"


class Visitor(StrEnum):
    """Every kind of visitor there is, seen from one business."""

    ANONYMOUS = "anonymous"
    OWNER = "owner"
    MANAGER = "manager"
    INTEGRATOR = "integrator"
    OPERATOR = "operator"
    STRANGER = "stranger"


class Audience(StrEnum):
    """For whom a page is made."""

    BUSINESS = "business"
    PERSON = "person"
    OPERATOR = "operator"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who opens a page: people of the business in these roles, anybody signed in, operators, or everybody."""

    audience: Audience
    roles: frozenset[Role] = frozenset()
    methods: tuple[str, ...] = ("GET",)
    reason: str = ""

    def answer(self, visitor: Visitor) -> Verdict:
        """What the page answers `visitor`; a stranger belongs to another business, an operator to none."""
        if self.audience is Audience.PUBLIC:
            return Verdict.ALLOWED
        if visitor is Visitor.ANONYMOUS:
            return Verdict.SIGN_IN
        if self.audience is Audience.PERSON:
            return Verdict.ALLOWED
        if self.audience is Audience.OPERATOR:
            return Verdict.ALLOWED if visitor is Visitor.OPERATOR else Verdict.FORBIDDEN
        if visitor in (Visitor.OPERATOR, Visitor.STRANGER):
            return Verdict.NOT_FOUND
        return Verdict.ALLOWED if Role(visitor.value) in self.roles else Verdict.FORBIDDEN


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the site; `rule` is None where a page carries none."""

    path: str
    name: str
    rule: Rule | None
    view: Callable[..., Any] = field(repr=False)

    @property
    def methods(self) -> tuple[str, ...]:
        return self.rule.methods if self.rule else ()

    def answers(self) -> dict[Visitor, Verdict]:
        """The row of this route in the matrix of rights."""
        assert self.rule, f"/{self.path} carries no rule"
        return {visitor: self.rule.answer(visitor) for visitor in Visitor}


# Addresses whose views are not ours to mark, each with who guards them.
OTHER_DOORS = {
    "api/v1/": "read API: a read key opens exactly its own business; no session counts here",
    "static/": "style, scripts and fonts of the site: the same bytes for everybody",
}


def rule_of(view: Callable[..., Any]) -> Rule | None:
    rule = getattr(view, RULE, None)
    assert rule is None or isinstance(rule, Rule)
    return rule


def routes(resolver: URLResolver | None = None) -> list[Route]:
    """Every address of the project, in the order in which Django tries them."""
    return list(_walk((resolver or get_resolver()).url_patterns, "", ""))


def ruled(resolver: URLResolver | None = None) -> list[Route]:
    """The routes that carry a rule, sorted by path: the table of rights."""
    return sorted((route for route in routes(resolver) if route.rule), key=lambda route: route.path)


def _walk(patterns: Iterable[URLPattern | URLResolver], path: str, namespace: str) -> Iterable[Route]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, here, inner)
        else:
            yield Route(here, namespace + (pattern.name or ""), rule_of(pattern.callback), pattern.callback)
