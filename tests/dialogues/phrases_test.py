"""Short Russian phrases: what closes a talk, what is consent, what is a refusal, and what must stay open."""

import pytest

from letopis.dialogues.phrases import Said, asks, closes, complains, offers_time, said

OPEN = [
    "Здравствуйте! Есть окошко на завтра?",
    "давайте",
    "можно",
    "нет",
    "Сколько стоит",
    "не приду",
    "не, приду",
    "не смогу не прийти",
    "отменять не надо",
    "если что отменю",
    "да нет наверное",
    "Не подходит, можно в 17:00",
    "Дорого, но запишите",
    "Ок, спасибо, запишите",
    "Спасибо, давайте в 15",
    "Передумала, лучше в среду",
    "Спасибо, а сколько стоит",
    "Спасибо, цена какая",
    "опаздываю",
    "хочу",
    "завтра в 15",
    "",
    "...",
    "превет",
]
AGREED = [
    "да",
    "ок",
    "Да, спасибо",
    "Спасибо, да, буду",
    "+ спасибо",
    "Конечно, спасибо!",
    "Хорошо, спасибо, жду",
    "хорошо",
    "+",
    "++",
    "👍",
    "👌🏻",
    "❤️",
    "))",
    "угу",
    "поняла",
    "не вопрос",
    "без проблем",
    "ничего страшного",
    "Да, буду",
    "Всего доброго!",
]
ACKNOWLEDGED = [
    "Ок, спасибо!",
    "ок спасибо",
    "Спасибо, ок",
    "Хорошо, спасибо большое",
    "Ладно, спасибо за информацию",
    "Супер, спс",
    "Спасибо 👍",
    "👌 благодарю",
]
THANKED = [
    "спасибо",
    "Спасибо большое!",
    "спс",
    "благодарю Вас",
    "Спасибо, Аня!",
    "Всё поняла, спасибо, до субботы",
    "Спасибо ❤️",
]
PARTED = ["до встречи", "До свидания!", "до завтра", "пока", "До пятницы"]
REFUSED = [
    "нет, спасибо",
    "Спасибо, не надо",
    "спасибо, не нужно",
    "Ок, спасибо, не надо",
    "Да нет, спасибо",
    "Спасибо, подумаю",
    "Ок, спасибо, я подумаю",
    "подумаю",
    "Я подумаю и напишу",
    "я вам напишу",
    "дороговато",
    "Спасибо, для меня дороговато",
    "посоветуюсь с мужем",
    "потом",
    "поищу ещё",
    "пока нет",
    "в другой раз",
    "передумала",
]
TABLE = [
    *((text, Said.NONE) for text in OPEN),
    *((text, Said.AGREED) for text in AGREED),
    *((text, Said.ACKNOWLEDGED) for text in ACKNOWLEDGED),
    *((text, Said.THANKED) for text in THANKED),
    *((text, Said.PARTED) for text in PARTED),
    *((text, Said.REFUSED) for text in REFUSED),
]


@pytest.mark.parametrize(("text", "what"), TABLE)
def test_phrase_amounts_to(text: str, what: Said) -> None:
    assert said(text) is what


@pytest.mark.parametrize(
    ("what", "after_ours", "after_question", "closing"),
    [
        (Said.THANKED, False, False, False),
        (Said.THANKED, True, False, True),
        (Said.THANKED, True, True, True),
        (Said.REFUSED, True, True, True),
        (Said.ACKNOWLEDGED, True, False, True),
        (Said.ACKNOWLEDGED, True, True, False),
        (Said.ACKNOWLEDGED, False, False, False),
        (Said.AGREED, True, False, True),
        (Said.AGREED, True, True, False),
        (Said.PARTED, True, True, False),
        (Said.NONE, True, False, False),
    ],
    ids=lambda value: str(value) or "none",
)
def test_closing_depends_on_what_we_said(what: Said, after_ours: bool, after_question: bool, closing: bool) -> None:
    assert closes(what, after_ours=after_ours, after_question=after_question) is closing


def test_sticker_agrees_and_button_acts() -> None:
    assert said(None, "sticker") is Said.AGREED
    assert said("Да", "button") is Said.NONE
    assert said(None, "voice") is Said.NONE


def test_question_and_request_ask() -> None:
    assert asks("Записать вас на 15:30?")
    assert asks("Напишите, пожалуйста, ваш телефон")
    assert not asks("Записала, ждём вас")
    assert not asks(None)


def test_complaint_is_heard_and_praise_is_none() -> None:
    assert complains("Это безобразие, верните деньги")
    assert not complains("Жесть как понравилось, бомба")


@pytest.mark.parametrize(
    "text",
    [
        "Завтра свободно 15:30 и 17:00",
        "Есть окошко в 9 утра",
        "Можно в 15.30?",
        "Приходите к 18 часам",
        "Записать вас на 12?",
        "Работаем с 10 до 20, есть место в 16",
        "Свободно в 14 или 16",
    ],
)
def test_time_of_day_is_an_offer(text: str) -> None:
    assert offers_time(text)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "Маникюр 2400 ₽",
        "Стоит от 15.30 рублей за штуку",
        "Мы на Ленина, 15",
        "Приходите 15.10",
        "Наш телефон 8 920 123-14-08",
        "Подождите в 3 раза дольше",
        "Скидка 10 до конца месяца",
        "Ваш код 12:345",
    ],
)
def test_price_date_or_phone_is_no_offer(text: str | None) -> None:
    assert not offers_time(text)
