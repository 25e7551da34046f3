"""The demo's place: studio «Лада» in Nizhny Novgorod, its branches, masters, services, staff, hours and campaigns."""

import functools
import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

# Moscow keeps one offset all year, so a fixed one spares the generator a zone database.
ZONE = timezone(timedelta(hours=3), "Europe/Moscow")
NAME = "Студия «Лада»"
SEED = 1400
DAYS = 90
CHANGE_AFTER_DAYS = 62
CHANGE_TIME = time(8, 30)
DEARER_AFTER_DAYS = 27
MONTH_DAYS = 30
# What the owner wants: shares of one, seconds.
GOALS = {"M2": "0.4", "M4": "0.1", "M8": "0.9", "M13": "600", "M14": "0.4"}
CHANNELS = ("telegram", "whatsapp", "vk", "avito", "phone")
# The assistant's own platform tells opening hours and changes of the scenario; it belongs to no channel.
PLATFORM = "assistant"
SOURCES = (*CHANNELS, PLATFORM)
SCENARIO = "Запись"
STEP_HELLO = "Обращение"
STEP_INTENT = "Намерение"
STEP_OFFER = "Предложение времени"
STEP_MASTER = "Вопрос о мастере"
STEP_CONFIRM = "Подтверждение"
STEP_CONTACT = "Контакт"
STEP_VISIT = "Визит"
PRO = "YandexGPT 5 Pro"
LITE = "YandexGPT 5 Lite"
BRANCHES = ("Рождественская, 14", "Белинского, 61", "Гагарина, 101")
MANAGERS = ("Ольга С.", "Игорь В.", "Дарья Л.")
OPENS = time(10)
CLOSES = time(21)
CLOSES_SUNDAY = time(19)
WEEKLY = {
    **{day: [["10:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat")},
    "sun": [["10:00", "19:00"]],
}
SUNDAY = 6
MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
WEEKDAYS = ("в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье")


@dataclass(frozen=True, slots=True)
class Service:
    """What is sold: its name in the catalogue, after «записать на», and as clients say it."""

    kind: str
    name: str
    accusative: str
    casual: tuple[str, ...]
    price: int
    minutes: int
    weight: int


@dataclass(frozen=True, slots=True)
class Master:
    """Who works: staff number in YCLIENTS, name in the cases that talk needs, place and the grid of starts."""

    staff_id: int
    resource: str
    name: str
    dative: str
    genitive: str
    accusative: str
    short: str
    short_dative: str
    branch: str
    kind: str
    starts: tuple[time, ...]
    slot_minutes: int


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A free time of one master."""

    start: datetime
    staff_id: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """An advertising label: whose channel it feeds, from which day of the demo, and the share of its leads."""

    label: str
    channel: str
    from_day: int
    share: float
    kind: str
    month_roubles: int


SERVICES = (
    Service(
        "nails",
        "маникюр с покрытием",
        "маникюр с покрытием",
        ("маникюр", "маникюр с покрытием", "гель-лак", "ноготочки", "маник", "шеллак"),
        2400,
        120,
        40,
    ),
    Service(
        "nails",
        "маникюр без покрытия",
        "маникюр без покрытия",
        ("обычный маникюр", "маникюр без покрытия", "гигиенический маникюр"),
        1400,
        60,
        7,
    ),
    Service("nails", "педикюр с покрытием", "педикюр с покрытием", ("педикюр", "педикюр с покрытием"), 2900, 120, 11),
    Service("nails", "наращивание ногтей", "наращивание ногтей", ("наращивание", "нарастить ногти"), 3600, 150, 5),
    Service(
        "brows",
        "коррекция и окрашивание бровей",
        "коррекцию и окрашивание бровей",
        ("брови", "бровки", "коррекцию бровей", "окрашивание бровей"),
        1500,
        60,
        12,
    ),
    Service("brows", "ламинирование ресниц", "ламинирование ресниц", ("ламинирование ресниц", "реснички"), 2600, 90, 7),
    Service(
        "hair", "женская стрижка", "женскую стрижку", ("стрижку", "стрижку и укладку", "женскую стрижку"), 2000, 90, 8
    ),
    Service("hair", "мужская стрижка", "мужскую стрижку", ("мужскую стрижку", "стрижку мужу", "стрижку"), 1200, 60, 4),
    Service(
        "hair",
        "окрашивание в один тон",
        "окрашивание в один тон",
        ("окрашивание", "покраску волос", "окрашивание корней"),
        4800,
        150,
        6,
    ),
)
MANICURE = SERVICES[0]
CATEGORIES = {"nails": "Ногти", "brows": "Брови и ресницы", "hair": "Волосы"}

_EVEN = (time(10), time(12, 30), time(15), time(17, 30))
_ODD = (time(11), time(13, 30), time(16), time(18, 30))
_QUARTER = (time(10, 15), time(12, 45), time(15, 15), time(17, 45))
_LATE = (time(11, 15), time(13, 45), time(16, 15), time(18, 30))
_BROWS = (time(10), time(11, 30), time(13), time(14, 30), time(16), time(17, 30), time(19))
_HAIR = (time(10, 30), time(13), time(15, 30), time(18))
MASTERS = (
    Master(318, "Анна Р.", "Анна", "Анне", "Анны", "Анну", "Аня", "Ане", BRANCHES[0], "nails", _EVEN, 150),
    Master(319, "Мария Ж.", "Мария", "Марии", "Марии", "Марию", "Маша", "Маше", BRANCHES[0], "nails", _ODD, 150),
    Master(
        324,
        "Елизавета Т.",
        "Елизавета",
        "Елизавете",
        "Елизаветы",
        "Елизавету",
        "Лиза",
        "Лизе",
        BRANCHES[1],
        "nails",
        _QUARTER,
        150,
    ),
    Master(325, "Юлия Ф.", "Юлия", "Юлии", "Юлии", "Юлию", "Юля", "Юле", BRANCHES[1], "nails", _LATE, 150),
    Master(
        331, "Татьяна Ш.", "Татьяна", "Татьяне", "Татьяны", "Татьяну", "Таня", "Тане", BRANCHES[2], "nails", _EVEN, 150
    ),
    Master(
        332, "Ксения Б.", "Ксения", "Ксении", "Ксении", "Ксению", "Ксюша", "Ксюше", BRANCHES[2], "brows", _BROWS, 90
    ),
    Master(
        340, "Валерия Д.", "Валерия", "Валерии", "Валерии", "Валерию", "Лера", "Лере", BRANCHES[0], "hair", _HAIR, 150
    ),
    Master(341, "Роман Ч.", "Роман", "Роману", "Романа", "Романа", "Рома", "Роме", BRANCHES[1], "hair", _HAIR, 150),
)
MARINAS_MASTER = 318
MASTER_OF = {master.staff_id: master for master in MASTERS}
CAMPAIGNS = (
    Campaign("vk_brows_november", "vk", 58, 0.55, "brows", 12900),
    Campaign("vk_nails_autumn", "vk", 0, 0.20, "nails", 9500),
    Campaign("tg_start_maps", "telegram", 0, 0.18, "", 6000),
    Campaign("tg_start_card", "telegram", 30, 0.12, "", 2500),
    Campaign("avito_top", "avito", 20, 0.45, "", 8400),
    Campaign("2gis_call", "phone", 0, 0.40, "", 7200),
)
# How many days ahead a free slot is given away; a slot has one owner, so no two stories can take the same one.
_AHEAD_WEIGHTS = (5, 9, 7, 5, 4, 3, 2, 2, 1, 1, 1)
AHEAD_DAYS_MAX = len(_AHEAD_WEIGHTS) - 1
_DAYS_CACHED = 256


@dataclass(frozen=True, slots=True)
class World:
    """One run of the demo: everything told follows from the seed and the first day, never from the moment of asking."""

    seed: int
    opened: date

    @property
    def changed_at(self) -> datetime:
        """When scenario v14 took over from v13."""
        return moment(self.opened + timedelta(days=CHANGE_AFTER_DAYS), CHANGE_TIME)

    @property
    def dearer_at(self) -> datetime:
        """When colouring grew dearer."""
        return moment(self.opened + timedelta(days=DEARER_AFTER_DAYS), CHANGE_TIME)

    @property
    def marina_day(self) -> date:
        """The evening on which Marina K. was lost: the last but one of the first ninety days."""
        return self.opened + timedelta(days=DAYS - 2)

    @property
    def marina_visit(self) -> Slot:
        """Her first visit, two months before."""
        return Slot(moment(self.opened + timedelta(days=24), time(12, 30)), MARINAS_MASTER)

    @property
    def marina_wish(self) -> Slot:
        """The slot that was taken four seconds before she chose it."""
        return Slot(moment(self.marina_day + timedelta(days=1), time(15)), MARINAS_MASTER)

    @property
    def reserved(self) -> tuple[Slot, ...]:
        """Slots that no other story may take."""
        return (self.marina_visit, self.marina_wish)

    def version(self, at: datetime) -> str:
        """The scenario's version in force at a moment."""
        return "v14" if at >= self.changed_at else "v13"

    def index(self, day: date) -> int:
        """The number of a day, the first being 0."""
        return (day - self.opened).days

    def dice(self, *about: object) -> random.Random:
        """Chance that depends on the subject alone: the same in every run, on every machine.

        Days count from the first, so that a demo begun on another date is much the same world.
        """
        named = (self.index(one) if isinstance(one, date) and not isinstance(one, datetime) else one for one in about)
        return random.Random(":".join(map(str, (self.seed, *named))))


def world_until(seed: int, now: datetime, opened: date | None = None) -> World:
    """The world whose ninetieth day is today, or the one that opened on the day named."""
    return World(seed, opened or now.astimezone(ZONE).date() - timedelta(days=DAYS - 1))


def moment(day: date, at: time) -> datetime:
    """A wall-clock time of the salon as an instant."""
    return datetime.combine(day, at, ZONE)


def closing(day: date) -> datetime:
    """When the salon closes on a day."""
    return moment(day, CLOSES_SUNDAY if day.weekday() == SUNDAY else CLOSES)


def is_open(at: datetime) -> bool:
    """Whether people are at work."""
    return moment(at.date(), OPENS) <= at < closing(at.date())


def next_opening(at: datetime) -> datetime:
    """The moment itself in working hours, else the next opening."""
    if is_open(at):
        return at
    day = at.date() if at < moment(at.date(), OPENS) else at.date() + timedelta(days=1)
    return moment(day, OPENS)


@functools.lru_cache(maxsize=_DAYS_CACHED)
def _owners(world: World, day: date) -> tuple[tuple[Slot, int], ...]:
    """Every slot of a day with the number of days ahead at which it may be given away."""
    dice = world.dice("slots", day)
    starts = [
        Slot(moment(day, start), master.staff_id)
        for master in MASTERS
        for start in master.starts
        if moment(day, start) + timedelta(minutes=master.slot_minutes) <= closing(day)
    ]
    owners = dice.choices(range(len(_AHEAD_WEIGHTS)), _AHEAD_WEIGHTS, k=len(starts))
    return tuple((slot, owner) for slot, owner in zip(starts, owners, strict=True) if slot not in world.reserved)


class Calendar:
    """The slots that the stories begun on one day may offer and take; nobody else takes them."""

    def __init__(self, world: World, day: date) -> None:
        self._free = sorted(
            slot
            for ahead in range(AHEAD_DAYS_MAX + 1)
            for slot, owner in _owners(world, day + timedelta(days=ahead))
            if owner == ahead
        )

    def options(self, kind: str, after: datetime, limit: int) -> list[Slot]:
        """The nearest free slots for a kind of service."""
        fitting = [slot for slot in self._free if slot.start > after and MASTER_OF[slot.staff_id].kind == kind]
        # One slot for each time of day, so that an answer of «15:00» names exactly one of them.
        by_clock: dict[time, Slot] = {}
        for slot in fitting:
            by_clock.setdefault(slot.start.time(), slot)
        return list(by_clock.values())[:limit]

    def take(self, slot: Slot) -> None:
        """Take a slot out for good: a freed one is not given away again by the same day's stories."""
        self._free.remove(slot)


def day_words(day: date, said_on: date) -> str:
    """A day as the assistant names it: «завтра, 19 ноября», «в пятницу, 20 ноября»."""
    number = f"{day.day} {MONTHS[day.month - 1]}"
    match (day - said_on).days:
        case 0:
            return f"сегодня, {number}"
        case 1:
            return f"завтра, {number}"
        case _:
            return f"{WEEKDAYS[day.weekday()]}, {number}"


def offered_services() -> list[dict[str, object]]:
    """The services as a catalogue tells them; a word that clients say for two of them names neither."""
    said = Counter(word for service in SERVICES for word in {service.accusative, *service.casual})
    return [
        {
            "name": service.name[0].upper() + service.name[1:],
            "aliases": [
                word
                for word in dict.fromkeys((service.accusative, *service.casual))
                if said[word] == 1 and word != service.name
            ],
            "category": CATEGORIES[service.kind],
            "minutes": service.minutes,
            "price_from": str(service.price),
            "price_to": str(service.price),
        }
        for service in SERVICES
    ]


def working_masters() -> list[dict[str, object]]:
    """The masters as a catalogue tells them."""
    return [
        {
            "name": master.resource,
            "services": [service.name for service in SERVICES if service.kind == master.kind],
            "branch": master.branch,
        }
        for master in MASTERS
    ]


def money(roubles: int) -> str:
    """A price in words of a chat: «2 400 ₽»."""
    return f"{roubles:,}".replace(",", "\u00a0") + "\u00a0₽"
