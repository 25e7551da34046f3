"""Who writes on a day, when, where and how it will end: the plan of a day before a word of it is told."""

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from letopis.demo.people import Client, client_of
from letopis.demo.salon import AHEAD_DAYS_MAX, CAMPAIGNS, CHANNELS, SERVICES, Service, World, moment


class Plot(StrEnum):
    """How the dialogue goes."""

    BOOKED = "booked"
    BOOKED_BY_PERSON = "booked_by_person"
    TIME = "time"
    PRICE = "price"
    VANISHED = "vanished"
    VANISHED_AT_CONTACT = "vanished_at_contact"
    THINKING = "thinking"
    CHANGED_MIND = "changed_mind"
    MASTER_SILENCE = "master_silence"
    ESCALATION_LOST = "escalation_lost"
    SLOT_TAKEN = "slot_taken"
    PHONE_TWICE = "phone_twice"
    PRICE_EVADED = "price_evaded"
    QUESTION = "question"
    JOB = "job"
    SALES = "sales"
    WRONG_NUMBER = "wrong_number"


# Shares of the ways in which those who want a service go; the first column is scenario v13, the second v14.
_BOOKED = {Plot.BOOKED: (38.0, 47.5), Plot.BOOKED_BY_PERSON: (8.0, 8.0)}
_NOT_BOOKED = {
    Plot.TIME: (11.5, 10.5),
    Plot.PRICE: (9.0, 8.5),
    Plot.VANISHED: (9.0, 8.5),
    Plot.VANISHED_AT_CONTACT: (6.5, 0.5),
    Plot.THINKING: (6.0, 5.5),
    Plot.CHANGED_MIND: (2.5, 2.5),
    Plot.MASTER_SILENCE: (8.0, 7.0),
    Plot.ESCALATION_LOST: (3.5, 3.5),
    Plot.SLOT_TAKEN: (0.0, 2.5),
    Plot.PHONE_TWICE: (0.5, 1.5),
    Plot.PRICE_EVADED: (4.5, 2.0),
}
_OTHERS = {Plot.QUESTION: 78, Plot.JOB: 8, Plot.SALES: 9, Plot.WRONG_NUMBER: 5}
_CHANNEL_WEIGHTS = (40, 26.5, 16.5, 9.5, 7.5)
# How much readier to book than the mean of all channels.
_READINESS = {"telegram": 0.06, "whatsapp": 0.0, "vk": -0.07, "avito": -0.08, "phone": 0.01}
_HOUR_WEIGHTS = (2, 1, 0.5, 0, 0, 0.5, 1, 3, 5, 8, 12, 15, 16, 14, 13, 12, 12, 13, 17, 20, 23, 19, 10, 5)
_WEEKDAY_WEIGHTS = (1.06, 0.99, 0.97, 1.05, 1.09, 0.96, 0.88)
_LEADS_A_DAY = 10.9
_OTHERS_A_DAY = 2.2
_GROWTH = 0.22
_GROWTH_DAYS = 90
_DAILY_SPREAD = 0.04
_RETURN_AFTER_DAYS = 36
_RETURNS_MAX = 2
_AHEAD_WANTED = (14, 30, 18, 12, 8, 6, 4, 3, 2)
_DAYS_CACHED = 256


@dataclass(frozen=True, slots=True)
class Lead:
    """One dialogue to be: who, when, for what, and how it ends."""

    number: int
    client: Client
    at: datetime
    plot: Plot
    service: Service
    wanted: date
    campaign: str
    returning: bool


@functools.lru_cache(maxsize=_DAYS_CACHED)
def leads_of(world: World, day: date) -> tuple[Lead, ...]:
    """The day's dialogues in the order of their beginning."""
    if day < world.opened:
        return ()
    dice = world.dice("leads", day)
    since = world.index(day)
    flow = _WEEKDAY_WEIGHTS[day.weekday()] * (1 + _GROWTH * (min(since, _GROWTH_DAYS) / _GROWTH_DAYS - 0.5))
    wanting = round(dice.gauss(_LEADS_A_DAY * flow, 1.2))
    others = round(max(0.0, dice.gauss(_OTHERS_A_DAY * flow, 0.9)))
    total = max(4, wanting) + others
    moments = sorted(_moment(world, day, number) for number in range(total))
    seats = list(range(total))
    dice.shuffle(seats)
    back = _coming_back(world, day)
    leads = []
    for number, at in enumerate(moments):
        wants = seats[number] >= others
        rank = (seats[number] - others + dice.random()) / max(4, wanting) if wants else 0.0
        leads.append(_lead(world, day, number, at, rank, wants=wants, back=back))
    return tuple(leads)


def _lead(world: World, day: date, number: int, at: datetime, rank: float, *, wants: bool, back: list[Lead]) -> Lead:
    dice = world.dice("lead", day, number)
    channel = dice.choices(CHANNELS, _CHANNEL_WEIGHTS)[0]
    client = client_of(world, day, number, channel, dice)
    service = dice.choices(SERVICES, [service.weight for service in SERVICES])[0]
    plot = _plot(world, at, channel, rank) if wants else dice.choices(list(_OTHERS), list(_OTHERS.values()))[0]
    returning = bool(wants and back and channel != "phone" and dice.random() < 0.3)
    if returning:
        before = back.pop()
        client, service = before.client, before.service
    campaign = next(
        (
            one.label
            for one in CAMPAIGNS
            if one.channel == client.channel and world.index(day) >= one.from_day and dice.random() < one.share
        ),
        "",
    )
    ahead = dice.choices(range(len(_AHEAD_WANTED)), _AHEAD_WANTED)[0]
    wanted = day + timedelta(days=min(ahead, AHEAD_DAYS_MAX))
    return Lead(number, client, at, plot, service, wanted, "" if returning else campaign, returning)


def _plot(world: World, at: datetime, channel: str, rank: float) -> Plot:
    """The end by rank: the day's leads stand at even distances, so that a day never strays far from its share."""
    column = 0 if world.version(at) == "v13" else 1
    tide = world.dice("tide", at.date()).gauss(0, _DAILY_SPREAD) + _READINESS[channel]
    edge = sum(shares[column] for shares in _BOOKED.values()) / 100 + tide
    if rank < edge:
        return _by_point(_BOOKED, column, rank / edge)
    return _by_point(_NOT_BOOKED, column, (rank - edge) / (1 - edge))


def _by_point(shares: Mapping[Plot, tuple[float, float]], column: int, point: float) -> Plot:
    left = point * sum(share[column] for share in shares.values())
    for plot, share in shares.items():
        left -= share[column]
        if left < 0:
            return plot
    return list(shares)[-1]


def _moment(world: World, day: date, number: int) -> datetime:
    dice = world.dice("moment", day, number)
    hour = dice.choices(range(24), _HOUR_WEIGHTS)[0]
    return moment(day, time(hour)) + timedelta(seconds=dice.randrange(3600))


def _coming_back(world: World, day: date) -> list[Lead]:
    """Some of those who were booked five weeks ago and write again."""
    former = leads_of(world, day - timedelta(days=_RETURN_AFTER_DAYS + 8))
    ready = [
        lead for lead in former if lead.plot is Plot.BOOKED and not lead.returning and lead.client.channel != "phone"
    ]
    return ready[:_RETURNS_MAX]


def even(number: int, shift: float) -> float:
    """The next of a series of points that fill 0…1 evenly (multiples of the golden ratio)."""
    return math.modf(number * 0.618_033_988_749_895 + shift)[0]
