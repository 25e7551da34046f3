"""What the owner wants of the numbers, and what advertising costs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from letopis.base.text import Text
from letopis.journal.kinds.event import Event


@dataclass(frozen=True, kw_only=True)
class GoalSet(Event):
    kind = "goal_set"
    meaning = Text(
        ru="Владелец утвердил цель показателя: действует с valid_from до следующей; withdrawn снимает её",
        en="The owner approved a goal of a metric: in force from valid_from to the next; withdrawn takes it away",
    )
    sample = {
        "event": "goal_set",
        "timestamp": "2026-11-01T09:00:00+03:00",
        "source": "letopis",
        "metric": "M2",
        "goal_target": "0.4",
        "goal_margin": "0.05",
        "valid_from": "2026-11-01",
        "person": "Анна Ладова",
    }

    metric: str | None = None
    goal_target: Decimal | None = None
    goal_margin: Decimal | None = None
    valid_from: date | None = None
    person: str | None = None
    withdrawn: bool | None = None


@dataclass(frozen=True, kw_only=True)
class CampaignCost(Event):
    kind = "campaign_cost"
    meaning = Text(
        ru="Сколько стоила кампания с valid_from по valid_to; последнее сказанное о первом дне верно, ноль отменяет",
        en="What a campaign cost from valid_from to valid_to; the last told for a first day stands, 0 takes it back",
    )
    sample = {
        "event": "campaign_cost",
        "timestamp": "2026-12-01T10:00:00+03:00",
        "source": "letopis",
        "campaign": "vk_brows_november",
        "amount": "12710.00",
        "valid_from": "2026-11-01",
        "valid_to": "2026-11-30",
        "person": "Анна Ладова",
    }

    amount: Decimal | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    person: str | None = None
