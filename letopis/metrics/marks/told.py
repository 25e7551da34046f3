"""Which marks there are: those that people and senders told, and versions that appeared by themselves."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from letopis.base.charts.trend import ChangeMark as Drawn
from letopis.base.rows import load
from letopis.base.sql import Queries
from letopis.metrics.marks.mark import MadeBy, Mark
from letopis.privacy.views import STAFF, Eyes

QUERIES = Queries("letopis.metrics.marks")
MARKS_MAX = 1000
"""So many of the latest are known; older ones lie beyond every period."""
SAME_WITHIN = timedelta(days=3)
"""A version that appears so near to a mark that names it needs no mark of its own."""
DRAWN_MAX = 4
"""More marks than this would hide the line of a chart; the latest are drawn."""


def marks_of(cur: Any, business: UUID) -> list[Mark]:
    """All marks of a business, the latest first; the wall must be open."""
    return shown(load(QUERIES, cur, "all_marks", Mark, business=business, limit=MARKS_MAX))


def shown(marks: Iterable[Mark]) -> list[Mark]:
    """Without the first version of each scenario, before which there was nothing, and without what was told anyway."""
    rows = sorted(marks, key=lambda mark: (mark.at, mark.seq))
    told = [mark for mark in rows if mark.made_by != MadeBy.ITSELF]
    began: set[str] = set()
    found = list(told)
    for mark in rows:
        if mark.made_by != MadeBy.ITSELF:
            continue
        if mark.scenario in began and not any(_same(mark, one) for one in told):
            found.append(mark)
        began.add(mark.scenario)
    return sorted(found, key=lambda mark: (mark.at, mark.seq), reverse=True)


def _same(appeared: Mark, told: Mark) -> bool:
    named = (told.scenario, told.version.removeprefix("v")) == (appeared.scenario, appeared.version.removeprefix("v"))
    return named and abs(appeared.at - told.at) <= SAME_WITHIN


def seen_by(marks: Sequence[Mark], eyes: Eyes) -> list[Mark]:
    """The marks as a reader may see them: what was changed and who told it are words of people."""
    if eyes.clear:
        return list(marks)
    return [
        msgspec.structs.replace(
            mark, what=eyes.text(mark.what, STAFF), effect=eyes.text(mark.effect, STAFF), person=eyes.name(mark.person)
        )
        for mark in marks
    ]


def drawn(marks: Sequence[Mark], first: date, last: date) -> list[Drawn]:
    """The marks of a chart's days, in their order."""
    within = [mark for mark in marks if first < mark.day <= last][:DRAWN_MAX]
    return [Drawn(mark.day, mark.name) for mark in reversed(within)]
