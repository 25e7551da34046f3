"""What can be wrong with something received: every reason with a sentence and a remedy in both languages."""

from dataclasses import dataclass

from letopis.base.text import Text


@dataclass(frozen=True, slots=True)
class Why:
    """A reason to refuse; `code` is stable. No text repeats what was sent: all three may be logged and counted."""

    code: str
    message: Text
    remedy: Text


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why an event cannot be taken; `field` is empty when the whole is meant."""

    field: str
    why: Why


class RefusedError(Exception):
    """Raised by the reader of one value; the mapping turns it into the `Fault` of a field."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.code)
        self.why = why


# The event as a whole.

NOT_OBJECT = Why(
    "not_object",
    Text(ru="Событие — не объект JSON", en="The event is not a JSON object"),
    Text(ru='Передайте объект, например {"event": "message_in"}', en='Send an object such as {"event": "message_in"}'),
)
NO_EVENT = Why(
    "event_missing",
    Text(ru="Не указан вид события", en="The kind of the event is missing"),
    Text(
        ru='Добавьте поле event, например "event": "message_in"',
        en='Add the field event, such as "event": "message_in"',
    ),
)
RESERVED = Why(
    "reserved",
    Text(ru="Этот вид пишет только сам журнал", en="Only the journal itself writes this kind"),
    Text(ru="Назовите своё событие иначе", en="Give your event another name"),
)
NO_SOURCE = Why(
    "source_missing",
    Text(ru="Не указан источник события", en="The source of the event is missing"),
    Text(ru='Добавьте поле source, например "source": "telegram"', en='Add the field source, such as "telegram"'),
)


NOT_GZIP = Why(
    "not_gzip",
    Text(ru="Тело названо gzip, но не распаковывается", en="The body is called gzip but cannot be unpacked"),
    Text(
        ru="Сожмите тело целиком или уберите Content-Encoding", en="Compress the whole body, or drop Content-Encoding"
    ),
)


def not_json(line: int, column: int) -> Why:
    return Why(
        "not_json",
        Text(
            ru=f"Это не JSON: не разобрать в строке {line}, знак {column}",
            en=f"This is not JSON: line {line}, column {column} cannot be understood",
        ),
        Text(
            ru="Чаще всего виновата кавычка внутри текста: собирайте JSON средствами языка, а не шаблоном",
            en="Most often it is a quote inside a text: build JSON with your language's tools, not a template",
        ),
    )


def too_deep(depth_max: int) -> Why:
    return Why(
        "too_deep",
        Text(ru=f"Вложенность больше {depth_max}", en=f"Nested deeper than {depth_max}"),
        Text(ru="Сделайте attributes площе или передайте строкой", en="Flatten attributes, or send them as a string"),
    )


def too_many_values(values_max: int) -> Why:
    return Why(
        "too_many_values",
        Text(ru=f"Больше {values_max} значений в одном событии", en=f"More than {values_max} values in one event"),
        Text(ru="Оставьте в attributes только нужное", en="Keep only what is needed in attributes"),
    )


def too_large(bytes_max: int) -> Why:
    return Why(
        "too_large",
        Text(ru=f"Событие больше {bytes_max} байт", en=f"The event is larger than {bytes_max} bytes"),
        Text(
            ru="Передайте ссылку в message_url вместо содержимого", en="Send a link in message_url instead of content"
        ),
    )


def not_storable(problem: str) -> Why:
    return Why(
        "not_storable",
        Text(
            ru=f"Журнал не может записать это событие: {problem}", en=f"The journal cannot store this event: {problem}"
        ),
        Text(ru="Сообщите нам: такого быть не должно", en="Tell us: this should not happen"),
    )


# Single values.


def too_long(chars_max: int) -> Why:
    return Why(
        "too_long",
        Text(ru=f"Строка длиннее {chars_max} знаков", en=f"The string is longer than {chars_max} characters"),
        Text(ru="Сократите её или передайте ссылку в message_url", en="Shorten it, or send a link in message_url"),
    )


NOT_WORD = Why(
    "not_string",
    Text(ru="Здесь нужна строка", en="A string is needed here"),
    Text(ru='Передайте строку, например "tg_12345678"', en='Send a string such as "tg_12345678"'),
)
NOT_GROUP = Why(
    "not_object",
    Text(ru="Здесь нужен объект", en="An object is needed here"),
    Text(ru='Передайте объект, например {"id": "A-20611"}', en='Send an object such as {"id": "A-20611"}'),
)
NOT_KIND = Why(
    "not_kind",
    Text(
        ru="Вид события пишут так: a-z, 0-9, _ и точка, до 64 знаков",
        en="The kind of an event is written with a-z, 0-9, _ and a dot, up to 64 characters",
    ),
    Text(ru='Например "message_in" или "appointment_created"', en='Such as "message_in" or "appointment_created"'),
)
NOT_SOURCE = Why(
    "not_source",
    Text(
        ru="Источник пишут так: a-z, 0-9, _, точка и дефис, до 64 знаков",
        en="A source is written with a-z, 0-9, _, dot and hyphen, up to 64 characters",
    ),
    Text(ru='Например "telegram" или "whatsapp"', en='Such as "telegram" or "whatsapp"'),
)
NOT_ROLE = Why(
    "not_role",
    Text(ru="Неизвестная роль", en="Unknown role"),
    Text(
        ru="Передайте client, assistant, human, system или mailing",
        en="Send client, assistant, human, system or mailing",
    ),
)
NOT_LEVEL = Why(
    "not_level",
    Text(ru="Неизвестный уровень", en="Unknown level"),
    Text(ru="Передайте DEBUG, INFO, WARN или ERROR", en="Send DEBUG, INFO, WARN or ERROR"),
)
NOT_YES_OR_NO = Why(
    "not_boolean",
    Text(ru="Здесь нужно да или нет", en="Yes or no is needed here"),
    Text(ru="Передайте true или false", en="Send true or false"),
)
NOT_NUMBER = Why(
    "not_number",
    Text(ru="Здесь нужно число", en="A number is needed here"),
    Text(ru="Передайте число, например 1840 или 0.92", en="Send a number such as 1840 or 0.92"),
)
NUMBER_RANGE = Why(
    "number_range",
    Text(ru="Число отрицательное или слишком велико", en="The number is negative or too large"),
    Text(ru="Проверьте, в каких единицах оно передано", en="Check the unit in which it is sent"),
)
NOT_TIME = Why(
    "not_time",
    Text(ru="Время не разобрать", en="The time cannot be understood"),
    Text(
        ru="Передайте RFC 3339, например 2026-11-22T15:00:00+03:00",
        en="Send RFC 3339, such as 2026-11-22T15:00:00+03:00",
    ),
)
TIME_RANGE = Why(
    "time_range",
    Text(ru="Время вне 2000-2099 годов", en="The time is outside of the years 2000-2099"),
    Text(
        ru="Проверьте часы отправителя и единицу: секунды или миллисекунды",
        en="Check the sender's clock and the unit: seconds or milliseconds",
    ),
)
NOT_DAY = Why(
    "not_day",
    Text(ru="День не разобрать", en="The day cannot be understood"),
    Text(ru="Передайте день так: 2026-11-22", en="Send the day as 2026-11-22"),
)
DAY_RANGE = Why(
    "day_range",
    Text(ru="День вне 2000–2099 годов", en="The day is outside of the years 2000–2099"),
    Text(ru="Проверьте год", en="Check the year"),
)
NOT_WEEKLY = Why(
    "not_hours",
    Text(ru="Часы работы не разобрать", en="The working hours cannot be understood"),
    Text(
        ru='Передайте {"mon": [["10:00", "20:00"]], "sun": []}: дни mon … sun или дата ГГГГ-ММ-ДД, время ЧЧ:ММ, '
        "начало раньше конца",
        en='Send {"mon": [["10:00", "20:00"]], "sun": []}: days mon … sun or a date YYYY-MM-DD, times HH:MM, start '
        "before end",
    ),
)


def too_many_dates(dates_max: int) -> Why:
    return Why(
        "too_many_dates",
        Text(ru=f"В графике больше {dates_max} дат", en=f"More than {dates_max} dates in one schedule"),
        Text(ru="Оставьте будущие даты и последний год", en="Keep the dates to come and those of the last year"),
    )


def no_calendar(known: str) -> Why:
    return Why(
        "no_calendar",
        Text(ru="Такого календаря здесь нет", en="There is no such calendar here"),
        Text(
            ru=f"Передайте один из этих: {known}; без поля праздники — обычные дни",
            en=f"Send one of these: {known}; without the field holidays are ordinary days",
        ),
    )


NOT_SERVICES = Why(
    "not_services",
    Text(ru="Список услуг не разобрать", en="The list of services cannot be understood"),
    Text(
        ru='Передайте [{"id": "S-114", "name": "Маникюр", "minutes": 90, "price_from": "2400", "price_to": "2400"}]: '
        "у каждой услуги имя и свой id, price_from не больше price_to, минут не больше суток; "
        "ещё aliases, category, ended",
        en='Send [{"id": "S-114", "name": "Manicure", "minutes": 90, "price_from": "2400", "price_to": "2400"}]: '
        "each service with a name and an id of its own, price_from not above price_to, minutes up to a day; "
        "also aliases, category, ended",
    ),
)
NOT_MASTERS = Why(
    "not_masters",
    Text(ru="Список мастеров не разобрать", en="The list of masters cannot be understood"),
    Text(
        ru='Передайте [{"name": "Аня", "services": ["S-114"], "branch": "Лесная"}]: у каждого имя, не повторяясь; '
        "ещё id, ended",
        en='Send [{"name": "Anya", "services": ["S-114"], "branch": "Lesnaya"}]: each with a name, none twice; '
        "also id, ended",
    ),
)
NOT_NAMES = Why(
    "not_names",
    Text(ru="Здесь нужен список названий", en="A list of names is needed here"),
    Text(ru='Передайте список строк, например ["гель-лак"]', en='Send a list of strings such as ["gel polish"]'),
)
