"""The menu of a page as plain data: who may see what is decided by the rooms that fill it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

TABS_MAX = 4

# What a phone keeps at the bottom, in this order; the rest opens under «Ещё».
TAB_KEYS = ("today", "waiting", "overview", "dialogues")

# Where somebody or something waits for a person: the count is painted in cinnabar.
URGENT_KEYS = frozenset({"waiting", "crm", "quarantine"})


@dataclass(frozen=True, slots=True)
class MenuLink:
    """One line of the menu."""

    key: str
    label: str
    url: str
    icon: str
    count: int | None = None
    current: bool = False

    @property
    def urgent(self) -> bool:
        return self.key in URGENT_KEYS


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Lines under one heading; the first group has none."""

    label: str
    links: Sequence[MenuLink]

    def __iter__(self) -> Iterator[MenuLink]:
        return iter(self.links)


def read(groups: Iterable[Any]) -> list[MenuGroup]:
    """The menu as the pages show it, from whatever a room laid on the request."""
    return [MenuGroup(str(getattr(group, "label", "")), [_link(entry) for entry in group]) for group in groups]


def tabs(groups: Sequence[MenuGroup]) -> list[MenuLink]:
    """The links a phone keeps at the bottom: the best known first, then the menu's own order."""
    links = [link for group in groups for link in group]
    known = [link for key in TAB_KEYS for link in links if link.key == key]
    return (known + [link for link in links if link not in known])[:TABS_MAX]


def _link(entry: Any) -> MenuLink:
    return MenuLink(entry.key, str(entry.label), entry.url, entry.icon, entry.count, bool(entry.current))
