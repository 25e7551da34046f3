"""What stands around every page: the business, the menu, the person, the seal.

A context processor. It reads what the middleware of the rooms laid on the request and asks nobody; every part may be
missing, then the page does without it. On the request it looks for:

    business     with `name`                    branch_label  words beside the name
    menu         groups of menu links           places        other businesses (`name`, `url`, `current`)
    seal         a Seal                         trial         a Trial: test mode and its days left
    search_url   where the search field asks    theme_url     where a chosen theme is posted
    person_links links under the person's initials
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from letopis.base import menu
from letopis.base.menu import MenuGroup, MenuLink

THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Seal:
    """The state of the journal at the foot of the menu."""

    entries: int
    checked_at: datetime | None = None
    whole: bool = True
    url: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """Test mode: test traffic stands apart for that many days more."""

    days_left: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """All that `base/page.html` shows around its blocks."""

    business: str
    branch: str
    menu: Sequence[MenuGroup]
    tabs: Sequence[MenuLink]
    elsewhere: bool
    places: Sequence[Any]
    seal: Seal | None
    trial: Trial | None
    search_url: str
    theme_url: str
    person_links: Sequence[MenuLink]
    person: str
    initials: str
    theme: str
    keys_on: bool
    lang: str


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor: `{{ shell }}` in every template, asked only by those that show it, never by a fragment."""
    return {"shell": SimpleLazyObject(lambda: around(request))}


def around(request: HttpRequest) -> Shell:
    """What the middleware laid on the request, in the form the templates read."""
    user: Any = getattr(request, "user", None)
    known = bool(user is not None and user.is_authenticated)
    groups = menu.read(getattr(request, "menu", None) or ())
    bottom = menu.tabs(groups)
    name = str(user) if known else ""
    return Shell(
        business=str(getattr(getattr(request, "business", None), "name", "")),
        branch=str(getattr(request, "branch_label", "") or ""),
        menu=groups,
        tabs=bottom,
        elsewhere=any(link.current for group in groups for link in group if link not in bottom),
        places=getattr(request, "places", None) or (),
        seal=getattr(request, "seal", None),
        trial=getattr(request, "trial", None),
        search_url=getattr(request, "search_url", "") or "",
        theme_url=(getattr(request, "theme_url", "") or "") if known else "",
        person_links=getattr(request, "person_links", None) or (),
        person=name,
        initials=initials(name),
        theme=user.theme if known and user.theme in THEMES else "",
        keys_on=bool(getattr(user, "keys_on", True)) if known else True,
        lang=(translation.get_language() or "ru")[:2],
    )


def initials(name: str) -> str:
    """АЛ of «Анна Лада», A of an address."""
    words = name.partition("@")[0].replace(".", " ").split()
    return "".join(word[0] for word in words[:2]).upper()
