"""What is never stored: secrets and whole card numbers go, and nothing that only looks like one."""

import random

import pytest

from letopis.privacy.detection.secrets import find_secrets, without_secrets

# Assembled here, so that nobody's scanner takes the test for a leak.
OPENAI = "sk-" + "proj-" + "a1B2c3D4e5F6g7H8"
GITHUB = "ghp_" + "x1Y2" * 9
BOT = "123456789:" + "AAF" + "b" * 32
JWT = "eyJhbGciOiJI" + ".eyJzdWIiOiIx" + ".c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("карта 4276 3800 1234 5678, срок 12/27", "карта •••• 5678, срок 12/27"),
        ("вернуть на 2202200007056144", "вернуть на •••• 6144"),
        ("2202-2000-0705-6144 Мария", "•••• 6144 Мария"),
        ("карта 4276 3800 1234 5679", "карта •••• 5679"),
        ("cvv 123", "cvv [секрет]"),
        ("CVC2: 4821", "CVC2: [секрет]"),
        ("три цифры на обороте 417", "три цифры на обороте [секрет]"),
        ("пин-код 4417", "пин-код [секрет]"),
        ("код из смс 418027", "код из смс [секрет]"),
        ("код 418 027", "код [секрет]"),
        ("вот код 3907 из сообщения", "вот код [секрет] из сообщения"),
        ("Your verification code is 778120", "Your verification code is [секрет]"),
        ("пароль: Leto#77nn", "пароль: [секрет]"),
        ("Пароль сотрудника Leto#77nn, войдите", "Пароль сотрудника [секрет], войдите"),
        ("пароль от вайфая lada2026", "пароль от вайфая [секрет]"),
        ("password=qwerty12", "password=[секрет]"),
        (f"ключ {OPENAI} не работает", "ключ [секрет] не работает"),
        (f"token: {GITHUB}", "token: [секрет]"),
        (
            f"https://api.telegram.org/bot{BOT}/getMe".replace("bot" + BOT, BOT),
            "https://api.telegram.org/[секрет]/getMe",
        ),
        (f"Authorization: Bearer {JWT}", "Authorization: Bearer [секрет]"),
        ("postgres://letopis:Kanareyka77@db/letopis", "postgres://letopis:[секрет]@db/letopis"),
        ('{"api_key": "q1w2e3r4t5y6"}', '{"api_key": "[секрет]"}'),
        ("карта ４２７６ ３８００ １２３４ ５６７８", "карта •••• ５６７８"),
    ],
)
def test_goes(text: str, stored: str) -> None:
    assert without_secrets(text) == stored
    assert without_secrets(stored) == stored, "masking twice changes nothing"


@pytest.mark.parametrize(
    "text",
    [
        "Здравствуйте! Хочу на маникюр завтра в 15:30",
        "мой номер 8 920 123-45-67",
        "заказ 4276380012345678 уже едет",
        "трек-номер 80087654321012345678",
        "сертификат 4276380012345678",
        "полис ОМС 4276380012345678",
        "код товара 44120",
        "ошибка, код 404",
        "промокод ВЕСНА2026",
        "код города 831",
        "код записи 7781",
        "никому не сообщайте код из смс",
        "номер карты в чат не пишите",
        "пароль от вайфая подскажете?",
        "забыла пароль, что делать",
        "стоимость 2400 руб, предоплата 1000",
        "с 01.12.2026 по 31.12.2026",
        "ИНН 526098765432",
        "сделка D-2026-1187, диалог sess_8f3c21",
        "trace 4bf92f3577b34da6a3ce929d0e0e4736",
        "https://lada.example/token?utm_source=vk",
        "",
    ],
)
def test_stays(text: str) -> None:
    assert without_secrets(text) == text


def test_same_text_gives_the_same_findings() -> None:
    text = f"карта 4276 3800 1234 5678, cvv 123, {OPENAI}"
    assert find_secrets(text) == find_secrets(text)
    assert [text[one.start : one.end] for one in find_secrets(text)] == ["4276 3800 1234 5678", "123", OPENAI]


def test_any_text_stays_whole_around_what_goes() -> None:
    """Places are right whatever signs stand before."""
    rng = random.Random(7)
    signs = "абвгд АБ12 ё😀\u00a0-–.,\n"
    for _ in range(300):
        head = "".join(rng.choice(signs) for _ in range(rng.randrange(20))) + "\n"
        stored = without_secrets(head + "пароль: Leto#77nn")
        assert stored.endswith("пароль: [секрет]")
