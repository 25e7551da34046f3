"""The menu: what the rooms offer, narrowed to what the person may open.

A room declares `MENU = [MenuItem(...)]` in its `pages.py`; items are found through the pages that the project serves,
and an item is shown to whom its page's rule lets in.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from letopis.access.models import Role
from letopis.access.rules import Audience, Rule, routes
from letopis.base.menu import MenuGroup, MenuLink

MAIN = "main"
SETTINGS = "settings"
GROUPS: dict[str, str | Promise] = {MAIN: "", SETTINGS: _("Settings")}

# Where a role begins: the owner's and the manager's day, the integrator's sources.
FIRST = {Role.OWNER: "today", Role.MANAGER: "today", Role.INTEGRATOR: "sources"}


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry: the page behind `route`, and `count` of what waits there (None: nothing to show)."""

    key: str
    label: Any  # a lazy translation or a Text: whatever `str()` turns into words of the active language
    icon: str
    route: str
    group: str = MAIN
    order: int = 0
    count: Callable[[HttpRequest], int | None] | None = None


class Offer(NamedTuple):
    item: MenuItem
    rule: Rule


def menu_for(request: HttpRequest, business: UUID, role: Role) -> list[MenuGroup]:
    """What `role` may open in `business`, grouped and in order; counts are asked inside the page's transaction."""
    items = items_for(role)
    groups = [
        MenuGroup(str(label), [_link(request, item, business) for item in items if item.group == key])
        for key, label in GROUPS.items()
    ]
    return [group for group in groups if group.links]


def first_url(business: UUID, role: Role) -> str:
    """Where the role begins in a business; a person's own page while the role has none."""
    items = items_for(role)
    if not items:
        return reverse("access_profile")
    first = next((item for item in items if item.key == FIRST[role]), items[0])
    return reverse(first.route, kwargs={"business": business})


def items_for(role: Role) -> list[MenuItem]:
    return [offer.item for offer in offers() if role in offer.rule.roles]


def own_items() -> list[MenuItem]:
    """Pages above businesses, for whoever is in several of them."""
    return [offer.item for offer in offers() if offer.rule.audience is Audience.PERSON]


@cache
def offers() -> list[Offer]:
    """Every declared item with the rule of its page; the same for the life of the process."""
    rules = {route.name: route.rule for route in routes() if route.rule}
    # A wrapped view keeps the name of the module where its room declares the menu.
    modules = {route.view.__module__ for route in routes()}
    items = {item.key: item for name in modules for item in getattr(sys.modules.get(name), "MENU", ())}
    return [Offer(item, rules[item.route]) for item in sorted(items.values(), key=attrgetter("order", "key"))]


def _link(request: HttpRequest, item: MenuItem, business: UUID) -> MenuLink:
    url = reverse(item.route, kwargs={"business": business})
    # An address that ends in a slash (the first page) is no folder of the others.
    inside = not url.endswith("/") and request.path.startswith(f"{url}/")
    return MenuLink(
        item.key,
        str(item.label),
        url,
        item.icon,
        count=item.count(request) if item.count else None,
        current=inside or request.path == url,
    )
