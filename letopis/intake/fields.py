"""The fields of an event: how each is read, where the journal keeps it, and the names senders may use for it.

To add a field, add one line to `FIELDS`; mapping, OpenAPI document and reference page follow. Every field that a kind
of `journal/kinds/` uses stands here (a test compares them).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from letopis.base.text import Text
from letopis.intake import catalogue, values
from letopis.intake.values import Reader


class Place(IntEnum):
    """Where the journal keeps a field."""

    HEAD = 0
    """Columns of the entry, flags and the text slot."""
    META = 1
    """Slot 1: figures and codes, no personal data."""
    WHO = 2
    """Slot 2: who it was; erased first."""
    VISIT = 3
    """The object `appointment` inside slot 1."""


@dataclass(frozen=True, slots=True)
class Field:
    """One public field; `name` is dotted inside a group, `key` is its name in the journal."""

    name: str
    place: Place
    key: str
    read: Reader
    meaning: Text
    aliases: tuple[str, ...] = ()


GROUPS: dict[str, Text] = {
    "crm": Text(ru="Запись в CRM, о которой событие", en="The record of a CRM that the event is about"),
    "appointment": Text(ru="Визит, о котором событие", en="The visit that the event is about"),
}

# Kept whole, in the sender's own words; everything that is no field here joins them.
ATTRIBUTES = "attributes"
FILES = "files"


def _head(name: str, read: Reader, ru: str, en: str, *aliases: str, key: str = "") -> Field:
    return Field(name, Place.HEAD, key or name, read, Text(ru=ru, en=en), aliases)


def _meta(name: str, read: Reader, ru: str, en: str, *aliases: str, key: str = "") -> Field:
    return Field(name, Place.META, key or name, read, Text(ru=ru, en=en), aliases)


def _who(name: str, read: Reader, ru: str, en: str, *aliases: str, key: str = "") -> Field:
    return Field(name, Place.WHO, key or name, read, Text(ru=ru, en=en), aliases)


def _visit(name: str, read: Reader, ru: str, en: str, key: str) -> Field:
    return Field(name, Place.VISIT, key, read, Text(ru=ru, en=en))


FIELDS: tuple[Field, ...] = (
    _head("event", values.kind, "Вид события", "Kind of the event"),
    _head(
        "timestamp",
        values.moment,
        "Когда это случилось; нет — по времени приёма",
        "When it happened; absent: when it was received",
        *("time", "ts", "date"),
    ),
    _head("source", values.source, "Канал; нет — источник ключа", "Channel; absent: the key's source", "channel"),
    _head("level", values.level, "DEBUG, INFO, WARN или ERROR", "DEBUG, INFO, WARN or ERROR"),
    _head("message", values.said, "Текст, каким его видели", "The text as it was seen", "text"),
    _head("test", values.yes_or_no, "Проверочное: не входит в числа", "A trial: stays out of the numbers"),
    _who(
        "client_id",
        values.word,
        "Клиент внутри канала, например tg_12345678",
        "The client within the channel, such as tg_12345678",
        *("user_id", "chat_id"),
    ),
    _who("session_id", values.word, "Диалог; нет — по перерывам", "The dialogue; absent: told by pauses"),
    _who("message_id", values.word, "Номер сообщения в канале", "Number of the message in the channel", "id"),
    _who(
        "dedup_key",
        values.word,
        "Ключ повтора: с тем же ключом событие записывается один раз",
        "Idempotency key: an event is stored once under it",
        *("event_id", "idempotency_key"),
    ),
    _who("name", values.word, "Как зовут клиента", "Name of the client"),
    _who("phone", values.phone, "Телефон клиента", "Phone of the client"),
    _who("person", values.word, "Кто из сотрудников", "Who of the staff"),
    _who("of_person", values.word, "Чей это график", "Whose hours these are"),
    _who("of_message_id", values.word, "К какому сообщению относится", "The message it is about"),
    _who("reply_to", values.word, "На какое сообщение ответ", "The message it answers"),
    _who("other_client_id", values.word, "Второй номер того же человека", "The other id of the same person"),
    _who("message_url", values.remark, "Ссылка вместо текста", "A link instead of the text"),
    _who("reason", values.remark, "Причина: код или слова", "The reason: a code or words"),
    _meta("role", values.role, "Кто говорит", "Who speaks", "sender_kind"),
    _meta(
        "content_type",
        values.content_type,
        "Вид: text, voice, photo, file, sticker, button",
        "Form: text, voice, photo, file, …",
    ),
    _meta("automatic", values.yes_or_no, "Автоответ, а не ответ по существу", "An automatic notice, not an answer"),
    _meta("intent", values.word, "Намерение клиента", "What the client wants"),
    _meta(
        "intent_confidence",
        values.confidence,
        "Уверенность в намерении, от 0 до 1",
        "Confidence in the intent, 0 to 1",
        "confidence",
        key="confidence_ppm",
    ),
    _meta("scenario", values.word, "Сценарий", "Scenario"),
    _meta("version", values.word, "Версия сценария или правила", "Version of the scenario or rule"),
    _meta("step", values.word, "Шаг сценария", "Step of the scenario"),
    _meta("model", values.word, "Модель", "Model"),
    _meta("campaign", values.word, "Рекламная кампания", "Campaign"),
    _meta("branch", values.word, "Филиал", "Branch"),
    _meta("latency_ms", values.count, "Длительность, мс", "Length in milliseconds"),
    _meta("tokens_in", values.count, "Токены запроса", "Tokens of the request"),
    _meta("tokens_out", values.count, "Токены ответа", "Tokens of the answer"),
    _meta("cost", values.millikopecks, "Стоимость вызова, ₽", "Cost of the call in roubles", key="cost_mkop"),
    _meta("tool", values.word, "Инструмент помощника", "Tool of the assistant"),
    _meta("result", values.code, "Чем кончилось: ok, error, …", "How it ended: ok, error, …"),
    _meta("state", values.code, "Состояние", "State"),
    _meta("by", values.code, "Чья воля: client, business, …", "By whose will: client, business, …"),
    _meta("attempt", values.count, "Которая попытка", "Which attempt"),
    _meta("amount", values.kopecks, "Сумма оплаты, ₽", "Amount paid in roubles", key="amount_kop"),
    _meta("until", values.moment, "До какого времени", "Until when", key="until_us"),
    _meta("weekly", values.weekly, "Часы работы по дням недели и по датам", "Working hours by weekday and by date"),
    _meta("calendar", values.calendar, "По какому календарю праздники: ru", "The calendar of holidays: ru"),
    _meta("of_channel", values.source, "График этого канала", "The hours are of this channel"),
    _meta("services", catalogue.services, "Услуги: имя, минуты, цена", "Services: name, minutes, price"),
    _meta("masters", catalogue.masters, "Мастера: имя, услуги, филиал", "Masters: name, services, branch"),
    _meta("valid_from", values.day, "С какого дня действует", "In force from this day"),
    _meta("what", values.remark, "О чём речь: что изменили, что прочитали", "What it is about"),
    _meta("effect", values.remark, "Чего ждут от изменения", "What the change is expected to do"),
    _meta("metric", values.word, "Главный показатель изменения", "The figure the change is judged by"),
    _meta(
        "change_kind", values.code, "Что меняли: scenario, prompt, price, …", "What was changed: scenario, prompt, …"
    ),
    _meta(
        "effect_size",
        values.millionths,
        "Какой перемены ждут, долей: 0,05 — пять процентных пунктов",
        "The size of the change that is hoped for, as a fraction: 0.05 is five points",
        key="effect_ppm",
    ),
    _meta("of_mark", values.count, "Номер записи об изменении", "Number of the entry that told the change"),
    _meta("withdrawn", values.yes_or_no, "Отзывается, будто не было", "Taken back, as if never told"),
    _meta(
        "goal_target",
        values.millionths,
        "Цель: доля от 0 до 1, секунды или число",
        "The goal: a share from 0 to 1, seconds or a count",
        key="goal_ppm",
    ),
    _meta(
        "goal_margin",
        values.millionths,
        "Какая разница уже важна, долей",
        "Which difference matters, as a fraction",
        key="margin_ppm",
    ),
    _meta("valid_to", values.day, "По какой день действует", "In force to this day"),
    _meta("trace_id", values.word, "Номер трассы", "Id of the trace"),
    _meta("span_id", values.word, "Номер отрезка трассы", "Id of the span"),
    _meta("crm.provider", values.code, "Какая CRM", "Which CRM", key="crm_provider"),
    _who("crm.deal_id", values.word, "Номер сделки", "Id of the deal", "crm_ref", "deal_id", key="crm_deal_id"),
    _who("crm.contact_id", values.word, "Номер контакта", "Id of the contact", "contact_id", key="crm_contact_id"),
    _who("appointment.id", values.word, "Номер записи", "Id of the appointment", key="appointment_id"),
    _who("appointment.previous_id", values.word, "Прежняя запись", "The appointment before", key="previous_id"),
    _visit("appointment.start", values.moment, "Начало визита", "Start of the visit", "start_us"),
    _visit("appointment.end", values.moment, "Конец визита", "End of the visit", "end_us"),
    _visit("appointment.service", values.remark, "Услуга", "Service", "service"),
    _visit("appointment.resource", values.remark, "Мастер или кабинет", "Master or room", "resource"),
    _visit("appointment.price", values.kopecks, "Цена, ₽", "Price in roubles", "price_kop"),
)


# A name as a table of names holds it: the field, and whether the name is the field's own.
Named = tuple[Field, bool]


def _top() -> Iterator[tuple[str, Named]]:
    for field in FIELDS:
        yield field.name, (field, True)
        if "." in field.name:
            # A sender that can post flat names only writes appointment_start.
            yield field.name.replace(".", "_"), (field, False)
        for alias in field.aliases:
            yield alias, (field, False)


def _inside(group: str) -> Iterator[tuple[str, Named]]:
    for field in FIELDS:
        head, _, name = field.name.partition(".")
        if head == group:
            yield name, (field, True)


BY_NAME: dict[str, Named] = dict(_top())
BY_NAME_IN_GROUP: dict[str, dict[str, Named]] = {group: dict(_inside(group)) for group in GROUPS}
