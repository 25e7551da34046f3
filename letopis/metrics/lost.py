"""M22: how many leads our mistakes cost, and how much money that is (detectors.md 4.3, before findings are known).

Leads that met a mistake before they could book are held against leads like them that met none: of the same channel,
wish, part of the day, new or known alike, and come as far by then. What is missing between the two shares is lost.
Repeat visits and referrals are not reckoned in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from letopis.base.sql import Queries
from letopis.metrics.definitions import METRICS
from letopis.metrics.definitions.lost_leads import AGAINST
from letopis.metrics.metric import By
from letopis.metrics.period import Period
from letopis.metrics.statistics import bootstrap

QUERIES = Queries("letopis.metrics")
DRAWS = 4000
TAIL = 0.025
PRIOR_WEIGHT = 30.0
"""Fewer comparable leads than this are drawn towards the share of all untouched leads (contract 4.3, point 2)."""
VISITS_LOOKED_AT = 1000
"""The usual ticket is the median of so many last visits with a price."""
REMEMBERED_MAX = 4096


@dataclass(frozen=True, slots=True)
class Lost:
    """What a mistake cost: `affected` leads, `booked` of them; `leads` lost, between `low` and `high`.

    `expected` is the share of similar leads that booked; None where there is nobody to compare with.
    """

    affected: int
    booked: int
    expected: float | None
    leads: float
    low: float
    high: float

    def kopecks(self, ticket_kop: int, come_share: float) -> tuple[int, int]:
        """The money between the bounds: lost leads x share that comes x the usual ticket."""
        return round(self.low * come_share * ticket_kop), round(self.high * come_share * ticket_kop)


NOTHING = Lost(0, 0, None, 0.0, 0.0, 0.0)

Strata = Mapping[str, tuple[int, int]]
"""By member of the mix: leads that booked, of all."""


def read_lost(cur: Any, business: UUID, period: Period, branch: str = "") -> Lost:
    """What our mistakes cost over the leads of a period; the wall must be open."""
    rows = QUERIES.rows(
        cur,
        "sums_between",
        business=business,
        metrics=["M22" + series for series in METRICS["M22"].series],
        by=By.MIX.value,
        branch=branch,
        first=period.first,
        last=period.last,
    )
    strata: dict[str, dict[str, tuple[int, int]]] = {}
    for row in rows:
        strata.setdefault(row["metric"], {})[row["member"]] = (row["k"], row["n"])
    return together(
        lost_of(strata.get(f"M22{affected}", {}), strata.get(f"M22{untouched}", {}))
        for affected, untouched in AGAINST.items()
    )


def together(found: Iterable[Lost]) -> Lost:
    """Several mistakes as one: no lead is in two of them, so sums and bounds add up."""
    told = list(found)
    return Lost(
        affected=sum(one.affected for one in told),
        booked=sum(one.booked for one in told),
        expected=None,
        leads=sum(one.leads for one in told),
        low=sum(one.low for one in told),
        high=sum(one.high for one in told),
    )


def lost_of(affected: Strata, untouched: Strata) -> Lost:
    """What is missing between those that met a mistake and those like them that met none."""
    booked, cases = sum(k for k, _ in affected.values()), sum(n for _, n in affected.values())
    if not cases:
        return NOTHING
    expected = expected_of(affected, untouched)
    if expected is None:
        return Lost(cases, booked, None, 0.0, 0.0, 0.0)
    compared = sum(n for member, (_, n) in untouched.items() if member in affected)
    weight = max(compared, round(PRIOR_WEIGHT))
    low, high = _bounds(round(expected * weight), weight, booked, cases)
    leads = missing(booked, cases, expected)
    return Lost(cases, booked, expected, leads, min(low, leads), max(high, leads))


def expected_of(affected: Strata, untouched: Strata) -> float | None:
    """What share of those that met a mistake would have booked without it; None with nobody to compare."""
    cases, everybody = (sum(n for _, n in strata.values()) for strata in (affected, untouched))
    if not cases or not everybody:
        return None
    common = sum(k for k, _ in untouched.values()) / everybody
    return sum(n * _share(untouched.get(member, (0, 0)), common) for member, (_, n) in affected.items()) / cases


def missing(booked: int, cases: int, expected: float) -> float:
    """Leads lost: the point between the bounds."""
    return cases * max(0.0, expected - booked / cases)


def _share(stratum: tuple[int, int], common: float) -> float:
    """The share of similar leads that booked, drawn towards that of all where they are few."""
    k, n = stratum
    missing = max(0.0, PRIOR_WEIGHT - n)
    return (k + missing * common) / (n + missing)


@lru_cache(maxsize=REMEMBERED_MAX)
def _bounds(k0: int, n0: int, k1: int, n1: int) -> tuple[float, float]:
    """The interval of lost leads, both shares drawn from their beta posteriors; repeatable."""
    random = bootstrap.seeded(n0 * 31 + n1)
    drawn = sorted(
        n1 * max(0.0, random.betavariate(k0 + 1, n0 - k0 + 1) - random.betavariate(k1 + 1, n1 - k1 + 1))
        for _ in range(DRAWS)
    )
    outside = int(TAIL * DRAWS)
    return drawn[outside], drawn[-1 - outside]


def ticket_of(cur: Any, business: UUID) -> int | None:
    """The usual price of a visit in kopecks: the median of the last visits that took place; None where none has one."""
    row = QUERIES.row(cur, "usual_ticket", business=business, limit=VISITS_LOOKED_AT)
    return None if row is None or row["kop"] is None else round(row["kop"])
