"""What a page of numbers was asked for in its address, and the choices that it offers: days, comparison, branch."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.access.menu import items_for
from letopis.access.roles import BusinessRequest
from letopis.base import clock
from letopis.dialogues.listing import branches_of
from letopis.metrics.doors import Doors
from letopis.metrics.period import PRESETS, Against, Period, last_days, read_period

BRANCH_CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu: its words, its address, and whether it is what the page shows."""

    words: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A period and a branch (empty: all of them), with what else the page's own filters say (`more`)."""

    period: Period
    today: date
    branch: str = ""
    branches: Sequence[str] = ()
    more: tuple[tuple[str, str], ...] = ()

    @property
    def fields(self) -> dict[str, str]:
        """All of it as the fields of an address."""
        told = dict(self.more) | self.period.asked
        return told | {"branch": self.branch} if self.branch else told

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a form of other days must carry along."""
        return [(name, value) for name, value in self.fields.items() if name not in ("from", "to")]

    @property
    def days(self) -> list[Choice]:
        found = []
        for days in PRESETS:
            period = last_days(self.today, days, self.period.against)
            words = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
            found.append(self._choice(words, replace(self, period=period)))
        return found

    @property
    def comparisons(self) -> list[Choice]:
        words = {
            Against.PREVIOUS: _("with the days before"),
            Against.WEEKDAYS: _("with the same weekdays"),
            Against.NONE: _("without comparison"),
        }
        asked = ((said, replace(self.period, against=against)) for against, said in words.items())
        return [self._choice(said, replace(self, period=period)) for said, period in asked]

    @property
    def places(self) -> list[Choice]:
        """All branches together and each alone; nothing to choose where there is one."""
        if not self.branches:
            return []
        return [
            self._choice(branch or _("all branches"), replace(self, branch=branch)) for branch in ("", *self.branches)
        ]

    @property
    def files(self) -> list[Choice]:
        """The page's numbers as files."""
        return [Choice(form.upper(), self.url(form=form), current=False) for form in ("xlsx", "csv")]

    def url(self, **changes: str) -> str:
        """The page's own address with some fields changed; an empty one leaves."""
        told = {name: value for name, value in (self.fields | changes).items() if value}
        return f"?{urlencode(told)}"

    def _choice(self, words: str, other: "Asked") -> Choice:
        return Choice(words, other.url(), current=other.fields == self.fields)


def read_asked(request: BusinessRequest, business: UUID, *more: str) -> Asked:
    """What the address says; `more` are fields of the page's own that its links carry along."""
    today = timezone.localtime(clock.now()).date()
    query = request.GET.dict()
    kept = tuple((name, query[name]) for name in more if query.get(name))
    branch = query.get("branch", "").replace("\0", "").strip()[:BRANCH_CHARS_MAX]
    return Asked(read_period(query, today), today, branch, branches_of(business), kept)


def doors_of(request: BusinessRequest, branch: str = "") -> Doors:
    """The lists behind the numbers that this person may open."""
    return Doors(request.business.pk, frozenset(item.route for item in items_for(request.role)), branch)
