"""Invented clients of the demo; their phones lie in ranges that no operator gives to a subscriber of the region."""

import random
from dataclasses import dataclass
from datetime import date

from letopis.demo.salon import World

NAMES = (
    "Марина",
    "Ольга",
    "Светлана",
    "Наталья",
    "Елена",
    "Ирина",
    "Дарья",
    "Екатерина",
    "Анастасия",
    "Алина",
    "Полина",
    "Виктория",
    "Кристина",
    "Вероника",
    "Людмила",
    "Надежда",
    "Галина",
    "Лариса",
    "Оксана",
    "Евгения",
    "Александра",
    "Маргарита",
    "Диана",
    "Карина",
    "Арина",
    "Алёна",
    "Яна",
    "Инна",
    "Жанна",
    "Василиса",
    "Ульяна",
    "Софья",
    "Варвара",
    "Милана",
    "Эльвира",
    "Гульнара",
    "Регина",
    "Тамара",
    "Зоя",
    "Нина",
    "Лидия",
    "Вера",
    "Любовь",
    "Раиса",
    "Эвелина",
    "Снежана",
    "Злата",
    "Ева",
    "Таисия",
    "Антонина",
)
INITIALS = "АБВГДЗИКЛМНПРСТФЧШ"
PREFIX_OF = {"telegram": "tg", "whatsapp": "wa", "vk": "vk", "avito": "av", "phone": "tel"}
PEOPLE_A_DAY_MAX = 40
_MOBILE_NUMBERS = 10_000
_CITY_NUMBERS = 100
# Odd and no multiple of 5, so that steps of this size visit every number before one comes again.
_STRIDE = 3347
_CITY_SHARE = 0.012


@dataclass(frozen=True, slots=True)
class Client:
    """One person as one channel knows her."""

    client_id: str
    channel: str
    name: str
    initial: str
    phone: str

    @property
    def shown(self) -> str:
        """The name as the messenger's profile shows it."""
        return f"{self.name} {self.initial}." if self.initial else self.name

    def elsewhere(self, channel: str) -> "Client":
        """The same person in another channel."""
        return Client(
            _client_id(channel, self.phone, int(self.phone[-7:])), channel, self.name, self.initial, self.phone
        )


def client_of(world: World, day: date, number: int, channel: str, dice: random.Random) -> Client:
    """The person behind the lead of that number; phones repeat after some 250 days at the earliest."""
    place = world.index(day) * PEOPLE_A_DAY_MAX + number
    phone = f"+7900000{place * _STRIDE % _MOBILE_NUMBERS:04d}"
    if channel == "phone" and dice.random() < _CITY_SHARE:
        phone = f"+783120000{place % _CITY_NUMBERS:02d}"
    initial = dice.choice(INITIALS) if dice.random() < 0.6 else ""
    return Client(_client_id(channel, phone, 480_000_000 + place * 9_173), channel, dice.choice(NAMES), initial, phone)


def spelled(dice: random.Random, phone: str) -> str:
    """A phone as people write it: eight, seven, brackets, hyphens or nothing at all."""
    code, rest = phone[2:5], phone[5:]
    dashed = f"{rest[:3]}-{rest[3:5]}-{rest[5:]}"
    return dice.choice(
        (
            f"8{code}{rest}",
            f"+7 {code} {dashed}",
            f"8 {code} {dashed}",
            f"8({code}){dashed}",
            f"{code}{rest}",
            f"7{code}{rest}",
            f"8-{code}-{dashed}",
            f"8 {code} {rest[:3]} {rest[3:5]} {rest[5:]}",
            phone,
        )
    )


def _client_id(channel: str, phone: str, number: int) -> str:
    match channel:
        case "whatsapp" | "phone":
            return f"{PREFIX_OF[channel]}_{phone[1:]}"
        case _:
            return f"{PREFIX_OF[channel]}_{number}"
