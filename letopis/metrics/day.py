"""What the page Today shows, as facts: its four cells and where most is lost. No I/O."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from letopis.base import format
from letopis.base.parts import Cell
from letopis.metrics import words
from letopis.metrics.doors import Doors
from letopis.metrics.losses import Losses
from letopis.metrics.overview import is_better, is_few, shown
from letopis.metrics.period import Period, last_days
from letopis.metrics.read import Today

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class TopLoss:
    """Where most is lost, in words, and the dialogues themselves."""

    words: str
    url: str


def cells(seen: Today, doors: Doors) -> list[Cell]:
    today = Period(seen.day, seen.day)
    week = last_days(seen.day - timedelta(days=1), WEEK_DAYS)
    answered, usual = seen.answered, seen.usual_answered
    return [
        Cell(
            name=_("New leads"),
            value=format.integer(seen.new_leads),
            url=doors.behind("M1", today),
            notes=[] if seen.usual_leads is None else [words.usual_on(seen.day, seen.usual_leads)],
        ),
        Cell(
            name=_("Booked"),
            value=format.integer(seen.booked),
            url=doors.behind("M2", today),
            notes=[_("still deciding: %(n)s") % {"n": format.integer(seen.thinking)}],
        ),
        Cell(
            name=_("No-shows in a week"),
            value=format.integer(seen.missed),
            url=doors.behind("M4", week),
            notes=[words.missed(seen.missed_of, seen.usual_missed)],
        ),
        Cell(
            name=_("Answered within 5 min"),
            value=shown("M8", answered),
            url=doors.behind("M8", today),
            change=words.answered(answered, usual),
            better=is_better("M8", answered, usual),
            few=is_few("M8", answered),
        ),
    ]


def top_loss(found: Losses, period: Period, doors: Doors) -> TopLoss | None:
    top = found.top
    if top is None:
        return None
    return TopLoss(top.sentence(period.days), doors.dialogues(period, **top.filters))
