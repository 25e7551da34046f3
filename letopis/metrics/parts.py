"""Into which parts a row of each kind falls: its day, its branch, and its member of every way to part a day.

A member is a plain word as its sender wrote it; nothing told is the empty one, a part of its own that is never spread.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from letopis.appointments.records import Slot
from letopis.dialogues.intents import is_booking, is_price
from letopis.dialogues.records import Dialogue, Escalation, Step, Turn
from letopis.metrics.metric import By
from letopis.metrics.records import Lead

JOINT = "\x1f"
"""Between the words of a member that is made of several."""
NEW, KNOWN = "new", "known"


class Part(NamedTuple):
    """One part of a business: all of it, or one member of a way to part it."""

    by: str = By.ALL.value
    member: str = ""


WHOLE = Part()

Member = Callable[[Any], str]

HOURS_A_BAND = 6
"""Night, morning, day, evening: the bands of the mix in which leads are compared."""


def mix_of(lead: Lead) -> tuple[str, ...]:
    """The stratum in which a lead is compared with others: channel, wish, new or known, part of the day."""
    wish = "booking" if is_booking(lead.intent) else "price" if is_price(lead.intent) else "other"
    return lead.channel, wish, KNOWN if lead.known else NEW, str(lead.hour // HOURS_A_BAND)


MEMBERS: Mapping[type, Mapping[By, Member]] = {
    Lead: {
        By.CHANNEL: lambda row: row.channel,
        By.CAMPAIGN: lambda row: row.campaign,
        By.SERVICE: lambda row: row.service,
        By.MASTER: lambda row: row.master,
        By.KNOWN: lambda row: KNOWN if row.known else NEW,
        By.CAUSE: lambda row: JOINT.join((row.stopped, row.cause)),
        By.MIX: lambda row: JOINT.join(mix_of(row)),
    },
    Dialogue: {By.CHANNEL: lambda row: row.channel},
    Turn: {
        By.CHANNEL: lambda row: row.channel,
        By.PERSON: lambda row: row.person,
        By.HOUR: lambda row: f"{row.hour:02d}",
        By.PRESENCE: lambda row: JOINT.join((row.person, f"{row.hour:02d}")),
    },
    Escalation: {By.CHANNEL: lambda row: row.channel, By.PERSON: lambda row: row.person},
    Slot: {
        By.CHANNEL: lambda row: row.channel,
        By.CAMPAIGN: lambda row: row.campaign,
        By.SERVICE: lambda row: row.service,
        By.MASTER: lambda row: row.resource,
    },
    Step: {
        By.CHANNEL: lambda row: row.channel,
        By.STEP: lambda row: JOINT.join((row.scenario, row.version, row.step)),
        By.EDGE: lambda row: JOINT.join((row.scenario, row.version, row.step, row.next or f"!{row.ended}")),
    },
}


def day_of(row: Any) -> date | None:
    """The local day on which a row counts; None for a visit whose time nobody told."""
    day: date | None = row.day
    return day


def branches_of(row: Any) -> tuple[str, ...]:
    """Under which branches a row counts: all together, and its own."""
    return ("", row.branch) if row.branch else ("",)
