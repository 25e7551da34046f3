"""Template errors over the network: the same step of the same scenario on which talks end by our mistake, in many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from letopis.access.models import Membership, Role
from letopis.base import format
from letopis.base.sql import Queries
from letopis.dialogues.records import Ended
from letopis.metrics.network.facts import ids
from letopis.metrics.network.rows import doors_of
from letopis.metrics.parts import JOINT
from letopis.metrics.period import Period

QUERIES = Queries("letopis.metrics.network")
STEPS_MAX = 20
DAYS_MAX = 7
"""Steps are counted over so many last days of a period: a mistake that has been mended is no news."""
VERSIONS_MAX = 3
OURS = tuple(f"!{ended.value}" for ended in (Ended.WE_SILENT, Ended.ERROR))


@dataclass(frozen=True, slots=True)
class Step:
    """One step: in how many businesses talks end on it, of those that run it, and the door to where most do."""

    scenario: str
    versions: str
    name: str
    businesses: int
    all_of: int
    talks: str
    worst: str
    worst_n: str
    url: str

    @property
    def where(self) -> str:
        """37 из 212"""
        return _("%(n)s of %(all)s") % {"n": format.integer(self.businesses), "all": format.integer(self.all_of)}


def days_of(period: Period) -> Period:
    """The days whose steps are counted."""
    return period if period.days <= DAYS_MAX else Period(period.each_day()[-DAYS_MAX], period.last)


def read_steps(cur: Any, memberships: Sequence[Membership], period: Period) -> list[Step]:
    """The steps that end talks in most businesses first; the wall must be open for each of them."""
    if not memberships:
        return []
    found = QUERIES.rows(
        cur,
        "dead_steps",
        businesses=ids([one.business_id for one in memberships]),
        first=period.first,
        last=period.last,
        joint=JOINT,
        ours=list(OURS),
        limit=STEPS_MAX,
    )
    by_id = {one.business_id: one for one in memberships}
    return [_step(one, by_id, period) for one in found]


def lede(steps: Sequence[Step]) -> str:
    """Чаще всего разговоры обрываются на шаге «Подтверждение»: у 37 из 212 бизнесов."""
    if not steps:
        return _("Nowhere do talks break off by our mistake.")
    first = steps[0]
    return ngettext(
        "Most often talks break off on the step “%(step)s”: in %(n)s of %(all)s business.",
        "Most often talks break off on the step “%(step)s”: in %(n)s of %(all)s businesses.",
        first.all_of,
    ) % {"step": first.name, "n": format.integer(first.businesses), "all": format.integer(first.all_of)}


def _step(found: Mapping[str, Any], memberships: Mapping[UUID, Membership], period: Period) -> Step:
    worst = memberships[found["business_id"]]
    filters = {"scenario": found["scenario"], "step": found["step"], "ended": found["ended"].removeprefix("!")}
    return Step(
        scenario=found["scenario"],
        versions=_versions([one for one in found["versions"] if one]),
        name=found["step"],
        businesses=found["businesses"],
        all_of=found["of"],
        talks=format.integer(found["talks"]),
        worst=worst.business.name,
        worst_n=format.integer(found["n"]),
        url=doors_of(worst.business_id, Role(worst.role)).dialogues(period, **filters),
    )


def _versions(told: Sequence[str]) -> str:
    """v13, v14; of many the last ones."""
    shown = ", ".join(f"v{one.removeprefix('v')}" for one in sorted(told)[-VERSIONS_MAX:])
    more = len(told) - VERSIONS_MAX
    if more <= 0:
        return shown
    return ngettext("%(shown)s and %(n)s more", "%(shown)s and %(n)s more", more) % {"shown": shown, "n": more}
