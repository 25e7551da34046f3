"""What campaigns cost: the rows, what campaign_cost events tell, and how much of a cost falls into a period."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from letopis.base import clock
from letopis.base.rows import as_json, load
from letopis.base.sql import Queries
from letopis.clients.identities import plain
from letopis.intake import values
from letopis.intake.own import own_draft
from letopis.intake.values import Context
from letopis.journal import draft as journal
from letopis.journal.batch import OWN_SOURCE
from letopis.journal.draft import Draft, Receipt
from letopis.journal.entries import Entry
from letopis.journal.kinds import CampaignCost
from letopis.journal.scribe import append_now
from letopis.metrics.period import Period

QUERIES = Queries("letopis.metrics.campaigns")
COSTS_MAX = 50_000
"""A hundred campaigns told day by day over the longest period are fewer."""
DAYS_MAX = 400
"""One cost may be spread over so many days."""
LABEL_CHARS_MAX = 200
_ANYWHERE = Context(UUID(int=0), OWN_SOURCE, ZoneInfo("UTC"))


class Cost(msgspec.Struct, kw_only=True):
    """A row of `metrics_cost`: so many kopecks from one day to another, both included."""

    business_id: UUID
    campaign: str
    first_day: date
    last_day: date
    kop: int
    seq: int

    def within(self, period: Period) -> int:
        """What of it falls into a period, spread evenly over its days."""
        first, last = max(self.first_day, period.first), min(self.last_day, period.last)
        shared = (last - first).days + 1
        return round(self.kop * shared / ((self.last_day - self.first_day).days + 1)) if shared > 0 else 0


def is_label(text: str) -> bool:
    """Whether the journal keeps this as a label: no word for nothing, no place that a template left unfilled."""
    try:
        return len(text) <= LABEL_CHARS_MAX and values.word(text, _ANYWHERE) is not None
    except values.UnresolvedError:
        return False


def learn(cur: Any, business: UUID, entries: Iterable[Entry], zone: ZoneInfo) -> None:
    """Keep what a batch tells about costs."""
    told: dict[tuple[str, date], Cost] = {}
    for entry in entries:
        if entry.type == CampaignCost.kind and entry.meta.get("campaign") and not entry.flags & journal.TEST:
            cost = _cost(business, entry, zone)
            told[cost.campaign, cost.first_day] = cost
    if told:
        QUERIES.run(cur, "tell_costs", rows=as_json(list(told.values())))


def clear(cur: Any, business: UUID) -> None:
    """Drop all rows of a business, before they are derived anew."""
    QUERIES.run(cur, "clear_costs", business=business)


def costs_between(cur: Any, business: UUID, period: Period) -> list[Cost]:
    """Costs that meet a period; the wall must be open."""
    days = {"first": period.first, "last": period.last}
    return load(QUERIES, cur, "costs_between", Cost, business=business, limit=COSTS_MAX, **days)


def by_campaign(costs: Iterable[Cost], period: Period) -> Mapping[str, int]:
    """Kopecks of each campaign within a period."""
    found: dict[str, int] = {}
    for cost in costs:
        found[cost.campaign] = found.get(cost.campaign, 0) + cost.within(period)
    return found


def tell(business: UUID, costs: Iterable[tuple[str, date, date, int]], person: str) -> list[Receipt]:
    """Write costs to the journal (campaign, first day, last day, kopecks); the readers take them from there."""
    return append_now([_draft(business, *cost, person) for cost in costs])


def _draft(business: UUID, campaign: str, first: date, last: date, kop: int, person: str) -> Draft:
    told = CampaignCost(
        timestamp=clock.now(),
        campaign=campaign,
        amount=Decimal(kop) / 100,
        valid_from=first,
        valid_to=last,
        person=person,
    )
    return own_draft(business, told.public())


def _cost(business: UUID, entry: Entry, zone: ZoneInfo) -> Cost:
    meta = entry.meta
    given, until = meta.get("valid_from"), meta.get("valid_to")
    first = date.fromisoformat(given) if given else entry.at.astimezone(zone).date()
    last = date.fromisoformat(until) if until else first
    return Cost(
        business_id=business,
        campaign=plain(meta["campaign"]),
        first_day=first,
        last_day=max(last, first),
        kop=meta.get("amount_kop") or 0,
        seq=entry.seq,
    )
