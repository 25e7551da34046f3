"""The ways that dialogues walked through a scenario: the same sequences of steps together, and who reached the goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from letopis.audit.graph import Pair
from letopis.base.sql import Queries
from letopis.dialogues.listing import WAY_STEPS_MAX, WAYS_DIALOGUES_MAX
from letopis.metrics.period import Period
from letopis.metrics.statistics import wilson
from letopis.metrics.statistics.verdict import Cohort

QUERIES = Queries("letopis.audit")
VARIANTS_MAX = 20
"""The others are told as one."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Dialogues that walked the same steps in the same order; without steps: all the rare ways together.

    `way` is the key by which the list of dialogues finds them; the rare ones together have none.
    """

    steps: Sequence[str]
    way: str
    n: int
    reached: int
    pending: int

    @property
    def goal(self) -> Cohort:
        """Who reached it, of those who are decided."""
        return Cohort(self.reached, self.n - self.pending)

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Wilson's interval of the share that reached the goal."""
        return wilson(self.goal.k, self.goal.n)


@dataclass(frozen=True, slots=True)
class Variants:
    """The commonest first; `rare` are the others together, `rare_ways` how many sequences they are.

    `dialogues` are all that were looked at; where they are as many as may be, older ones were left out.
    """

    told: Sequence[Variant]
    rare: Variant | None
    rare_ways: int
    dialogues: int

    @property
    def cut(self) -> bool:
        return self.dialogues >= WAYS_DIALOGUES_MAX


NONE = Variants((), None, 0, 0)


def read_variants(cur: Any, business: UUID, period: Period, branch: str, pair: Pair) -> Variants:
    """The ways of a version's newest dialogues; the wall must be open."""
    rows = QUERIES.rows(
        cur,
        "variants",
        business=business,
        first=period.first,
        last=period.last,
        branch=branch,
        scenario=pair.scenario,
        version=pair.version,
        dialogues=WAYS_DIALOGUES_MAX,
        stays=WAY_STEPS_MAX,
        limit=VARIANTS_MAX,
    )
    if not rows:
        return NONE
    told = [Variant(row["steps"], row["way"], row["n"], row["reached"], row["pending"]) for row in rows]
    whole = rows[0]
    n, reached, pending = (
        whole[f"all_{name}"] - sum(getattr(one, name) for one in told) for name in ("n", "reached", "pending")
    )
    rare = Variant((), "", n, reached, pending) if n else None
    return Variants(told, rare, whole["variants"] - len(told), whole["all_n"])


def has_steps(cur: Any, business: UUID) -> bool:
    """Whether any scenario of the business has ever told its steps; the wall must be open."""
    row = QUERIES.row(cur, "has_steps", business=business)
    return bool(row and row["told"])
