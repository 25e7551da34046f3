"""The demo's events by day. A day holds what happens on it, in whichever story; all of it follows from the seed.

`events_of_day` is a pure function: loading a day again, or with a later `now`, gives the same events under the same
keys, and more of them. A story that would leave somebody waiting at `now` is told up to that wait; those who do wait
come from `live_tail`.
"""

import functools
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from letopis.demo import marina, plots, visits, waiting
from letopis.demo.leads import even, leads_of
from letopis.demo.salon import (
    CAMPAIGNS,
    GOALS,
    MONTH_DAYS,
    PLATFORM,
    SCENARIO,
    SEED,
    SOURCES,
    WEEKLY,
    ZONE,
    Calendar,
    World,
    moment,
    offered_services,
    working_masters,
    world_until,
)
from letopis.demo.scene import Scene
from letopis.demo.tape import Event, Fact, Story

# From the first word to the last mark of a visit: eleven days ahead, moved once, marked and spoken of afterwards.
STORY_DAYS_MAX = 24
HEARTBEAT_HOURS = 6
_DAYS_CACHED = 256


def events_of_day(seed: int, day: date, now: datetime, *, opened: date | None = None) -> list[Event]:
    """What happens on a day up to `now`, in order.

    `opened` is the demo's first day: 89 days before `now` unless named.
    """
    world = world_until(seed, now, opened)
    facts: list[Fact] = [fact for fact in _of_the_platform(world, day) if fact.at <= now]
    for back in range(STORY_DAYS_MAX + 1):
        for story, told in _by_day(world, day - timedelta(days=back)).get(day, ()):
            until = story.calm_until(now)
            facts.extend(fact for fact in told if fact.at < until)
    return _in_order(facts)


def live_tail(seed: int, now: datetime, *, opened: date | None = None) -> list[Event]:
    """Today up to `now`, with those who wait for an answer and a sign of life of every source."""
    world = world_until(seed, now, opened)
    at = _local(now)
    facts = [fact for story in waiting.stories(world, at) for fact in story.facts if fact.at <= now]
    facts += [_heartbeat(source, at.replace(second=0, microsecond=0)) for source in SOURCES]
    today = [
        Fact(datetime.fromisoformat(event["timestamp"]), event)
        for event in events_of_day(seed, at.date(), now, opened=opened)
    ]
    return _in_order([*today, *facts])


def after_wait(seed: int, then: datetime, now: datetime, *, opened: date | None = None) -> list[Event]:
    """What became, by `now`, of those who waited at `then`: sent when the demo is topped up."""
    world = world_until(seed, then, opened)
    return _in_order([fact for story in waiting.stories(world, _local(then)) for fact in story.facts if fact.at <= now])


def all_events(seed: int = SEED, *, now: datetime, opened: date | None = None) -> Iterator[Event]:
    """Everything from the first day to `now`, day by day."""
    world = world_until(seed, now, opened)
    today = _local(now).date()
    for number in range(world.index(today)):
        yield from events_of_day(seed, world.opened + timedelta(days=number), now, opened=world.opened)
    yield from live_tail(seed, now, opened=world.opened)


@functools.lru_cache(maxsize=_DAYS_CACHED)
def _by_day(world: World, day: date) -> dict[date, list[tuple[Story, list[Fact]]]]:
    """The stories begun on a day, laid out by the days on which their facts fall."""
    days: dict[date, list[tuple[Story, list[Fact]]]] = defaultdict(list)
    for story in _begun_on(world, day):
        of_story: dict[date, list[Fact]] = defaultdict(list)
        for fact in story.facts:
            of_story[fact.at.date()].append(fact)
        assert max(of_story) - day <= timedelta(days=STORY_DAYS_MAX), "a story runs longer than days look back"
        for on, facts in of_story.items():
            days[on].append((story, facts))
    return dict(days)


def _begun_on(world: World, day: date) -> list[Story]:
    calendar = Calendar(world, day)
    scenes = [Scene(world, lead, calendar) for lead in leads_of(world, day)]
    for scene in scenes:
        plots.play(scene)
    visits.follow_all(scenes, world.dice("fates", day), even(world.index(day), 0))
    told = [scene.story for scene in scenes]
    if day == world.marina_day:
        told.append(marina.lost(world))
    if day == world.marina_visit.start.date() - timedelta(days=1):
        told.append(marina.first_visit(world))
    return told


def _of_the_platform(world: World, day: date) -> list[Fact]:
    """Signs of life, opening hours, services with their prices, and the change of the scenario."""
    facts = [
        _heartbeat(source, moment(day, time(hour))) for source in SOURCES for hour in range(0, 24, HEARTBEAT_HOURS)
    ]
    if day == world.opened:
        facts.append(
            _platform_fact("schedule_version", moment(day, time(0, 1)), valid_from=day.isoformat(), weekly=WEEKLY)
        )
        facts.append(
            _platform_fact(
                "catalogue_version",
                moment(day, time(0, 1)),
                valid_from=day.isoformat(),
                services=offered_services(),
                masters=working_masters(),
            )
        )
    facts += _wanted_and_paid(world, day)
    if day == world.dearer_at.date():
        facts.append(
            _platform_fact(
                "change_mark",
                world.dearer_at,
                what="Окрашивание дороже на 10 %",
                change_kind="price",
                effect="Записей столько же",
                metric="M2",
                person="Анна Ладова",
            )
        )
    if day == world.changed_at.date():
        facts.append(
            _platform_fact(
                "change_mark",
                world.changed_at,
                what="Сценарий v14: слот в одно нажатие, два напоминания о визите",
                change_kind="scenario",
                scenario=SCENARIO,
                version="v14",
                effect="Больше обратившихся записывается, меньше неявок",
                metric="M2",
                person="Игорь В.",
            )
        )
    return facts


def _wanted_and_paid(world: World, day: date) -> list[Fact]:
    """The goals that the owner approved on the first day, and what advertising costs, month by month."""
    facts = []
    if day == world.opened:
        for minute, (metric, target) in enumerate(GOALS.items(), start=5):
            told = {"metric": metric, "goal_target": target, "valid_from": day.isoformat(), "person": "Анна Ладова"}
            facts.append(_platform_fact("goal_set", moment(day, time(0, minute)), **told))
    for minute, campaign in enumerate(CAMPAIGNS, start=20):
        since = world.index(day) - campaign.from_day
        if since >= 0 and since % MONTH_DAYS == 0:
            told = {
                "campaign": campaign.label,
                "amount": str(campaign.month_roubles),
                "valid_from": day.isoformat(),
                "valid_to": (day + timedelta(days=MONTH_DAYS - 1)).isoformat(),
                "person": "Анна Ладова",
            }
            facts.append(_platform_fact("campaign_cost", moment(day, time(0, minute)), **told))
    return facts


def _heartbeat(source: str, at: datetime) -> Fact:
    return _platform_fact("heartbeat", at, source=source, level="DEBUG")


def _platform_fact(event: str, at: datetime, *, source: str = PLATFORM, **fields: object) -> Fact:
    key = f"{event}:{source}:{at:%Y-%m-%dT%H:%M}"
    return Fact(
        at,
        {
            "event": event,
            "timestamp": at.isoformat(timespec="milliseconds"),
            "source": source,
            "dedup_key": key,
            **fields,
        },
    )


def _in_order(facts: list[Fact]) -> list[Event]:
    """By time; what falls on one moment keeps the order of telling. Copies, so that callers may add to them."""
    return [dict(fact.event) for fact in sorted(facts, key=lambda fact: fact.at)]


def _local(now: datetime) -> datetime:
    return now.astimezone(ZONE)
