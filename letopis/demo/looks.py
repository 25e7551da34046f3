"""Who looked in the demo: two weeks in which its owner, manager and integrator opened dialogues, as such people do."""

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from letopis.access.log import Act
from letopis.access.models import Look, Role
from letopis.access.wall import enter
from letopis.demo.salon import SEED, ZONE
from letopis.dialogues.models import Dialogue

DAYS_LOOKED = 14
DIALOGUES_A_DAY = {Role.OWNER: 2, Role.MANAGER: 9, Role.INTEGRATOR: 3}
FROM_HOUR = 10
MONDAY = 0


def note_looks(business: UUID, people: Mapping[Role, int], now: datetime) -> None:
    """Note the looks of the last two weeks; asked once, when the salon is founded."""
    with transaction.atomic(), connection.cursor() as cur:
        enter(cur, business)
        Look.objects.bulk_create(_looks(business, people, now))


def _looks(business: UUID, people: Mapping[Role, int], now: datetime) -> Iterator[Look]:
    dice = random.Random(SEED)
    today = now.astimezone(ZONE).date()
    for days in range(DAYS_LOOKED, 0, -1):
        day = today - timedelta(days=days)
        of_day = Dialogue.objects.filter(business_id=business, day=day, spoken=True).order_by("dialogue_id")
        numbers = list(of_day.values_list("dialogue_id", flat=True)[: sum(DIALOGUES_A_DAY.values())])
        at = datetime(day.year, day.month, day.day, FROM_HOUR, tzinfo=ZONE)
        for role, count in DIALOGUES_A_DAY.items():
            told = {"business_id": business, "person_id": people[role], "role": role}
            for number in dice.sample(numbers, min(count, len(numbers))):
                at += timedelta(minutes=dice.randint(2, 20))
                yield Look(**told, at=at, act=Act.OPENED, subject_kind="dialogue", subject_id=str(number))
            if role is Role.OWNER and day.weekday() == MONDAY:
                yield Look(**told, at=at, act=Act.EXPORTED, subject_kind="file", subject_id="visits")
