"""What our mistakes cost each business over a period (M22): the point between the bounds that its own pages show.

Reckoned from some hundred cells a business, so it is remembered for minutes: a month's losses move no faster. What is
remembered is numbers only, asked for by who was let into the business.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from letopis.base.rows import load
from letopis.base.sql import Queries
from letopis.metrics.definitions import METRICS
from letopis.metrics.definitions.lost_leads import AGAINST
from letopis.metrics.lost import VISITS_LOOKED_AT, expected_of, missing
from letopis.metrics.network.facts import ids
from letopis.metrics.period import Period
from letopis.metrics.value import Sum, value_of

QUERIES = Queries("letopis.metrics.network")
REMEMBERED_FOR = timedelta(minutes=10)
REMEMBERED_MAX = 50_000
UNTOUCHED_BY_AFFECTED = {f"M22{affected}": f"M22{untouched}" for affected, untouched in AGAINST.items()}


@dataclass(frozen=True, slots=True)
class Cost:
    """Leads lost by mistakes of ours, and their money; None where there is nothing to reckon it from."""

    leads: float
    kopecks: int | None


NOTHING = Cost(0.0, 0)

_Key = tuple[UUID, date, date]
# Of this process; pages run in threads, and each step on a dictionary is whole.
_remembered: dict[_Key, tuple[datetime, Cost]] = {}


class _Stratum(msgspec.Struct):
    business_id: UUID
    metric: str
    member: str
    n: int
    k: int


_Strata = Mapping[str, Mapping[str, tuple[int, int]]]
"""By series, then by what makes leads alike: booked, of all."""


def costs_of(cur: Any, businesses: Sequence[UUID], period: Period, now: datetime) -> dict[UUID, Cost]:
    """The costs of all these businesses; the wall must be open for each of them."""
    days = (period.first, period.last)
    found = {one: kept[1] for one in businesses if (kept := _remembered.get((one, *days))) and _is_fresh(kept[0], now)}
    fresh = _read(cur, [one for one in businesses if one not in found], period)
    if len(_remembered) + len(fresh) > REMEMBERED_MAX:
        _remembered.clear()
    _remembered.update({(one, *days): (now, cost) for one, cost in fresh.items()})
    return found | fresh


def _is_fresh(at: datetime, now: datetime) -> bool:
    return timedelta(0) <= now - at < REMEMBERED_FOR


def _read(cur: Any, businesses: Sequence[UUID], period: Period) -> dict[UUID, Cost]:
    if not businesses:
        return {}
    strata = _strata(cur, businesses, UNTOUCHED_BY_AFFECTED, period)
    for business, untouched in _strata(cur, list(strata), {*UNTOUCHED_BY_AFFECTED.values()}, period).items():
        strata[business] |= untouched
    leads = {business: _leads(found) for business, found in strata.items()}
    money = _money(cur, {business: lost for business, lost in leads.items() if lost}, period)
    return {one: money.get(one, Cost(leads[one], None) if leads.get(one) else NOTHING) for one in businesses}


def _strata(
    cur: Any, businesses: Sequence[UUID], metrics: Iterable[str], period: Period
) -> dict[UUID, dict[str, dict[str, tuple[int, int]]]]:
    found: dict[UUID, dict[str, dict[str, tuple[int, int]]]] = defaultdict(lambda: defaultdict(dict))
    if businesses:
        asked = {"businesses": ids(businesses), "metrics": list(metrics), "first": period.first, "last": period.last}
        for row in load(QUERIES, cur, "strata", _Stratum, **asked):
            found[row.business_id][row.metric][row.member] = (row.k, row.n)
    return found


def _leads(strata: _Strata) -> float:
    """No lead is in two mistakes, so what each of them cost adds up."""
    return sum(
        _lost(strata.get(affected, {}), strata.get(untouched, {}))
        for affected, untouched in UNTOUCHED_BY_AFFECTED.items()
    )


def _lost(affected: Mapping[str, tuple[int, int]], untouched: Mapping[str, tuple[int, int]]) -> float:
    expected = expected_of(affected, untouched)
    if expected is None:
        return 0.0
    return missing(sum(k for k, _ in affected.values()), sum(n for _, n in affected.values()), expected)


def _money(cur: Any, leads: Mapping[UUID, float], period: Period) -> dict[UUID, Cost]:
    """Leads x share that comes x the usual ticket, where both are known."""
    if not leads:
        return {}
    every = ids(leads)
    missed = {
        row["business_id"]: value_of(METRICS["M4"], Sum(n=row["n"], k=row["k"], unknown=row["unknown"])).value
        for row in QUERIES.rows(cur, "came", businesses=every, first=period.first, last=period.last)
    }
    tickets = QUERIES.rows(cur, "usual_tickets", businesses=every, limit=VISITS_LOOKED_AT)
    return {
        row["business_id"]: Cost(lost, round(lost * (1 - share) * row["kop"]))
        for row in tickets
        if (share := missed.get(row["business_id"])) is not None and (lost := leads[row["business_id"]])
    }
