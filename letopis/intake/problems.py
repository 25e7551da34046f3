"""Answers to senders: results of events, and problem+json (RFC 9457) for everything that went wrong.

Texts are Russian unless the sender asks for English by Accept-Language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import msgspec

from letopis.base.clock import from_us
from letopis.base.text import Text
from letopis.intake.faults import Fault
from letopis.journal.draft import Outcome, Receipt

JSON = b"application/json"
PROBLEM = b"application/problem+json"
PLAIN = b"text/plain; charset=utf-8"

encode = msgspec.json.Encoder().encode


class Result(msgspec.Struct, frozen=True, gc=False):
    """What a sender learns about one event that was not rejected."""

    outcome: Outcome
    seq: int
    log: str
    leaf_hash: bytes | None
    received_at: str


def result(receipt: Receipt) -> Result:
    at = _time(receipt.received_us)
    return Result(receipt.outcome, receipt.seq, receipt.log, receipt.leaf_hash, at)


@lru_cache(maxsize=256)
def _time(us: int) -> str:
    """All events of one transaction have one time of receipt."""
    return from_us(us).isoformat()


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes
    media_type: bytes = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


class ProblemError(Exception):
    """A request ends here; the doors turn it into its answer."""

    def __init__(
        self,
        status: int,
        code: str,
        title: Text,
        *,
        detail: Text | None = None,
        remedy: Text | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.remedy = remedy
        self.headers = headers or {}
        self.extra = extra or {}

    def answer(self, english: bool) -> Answer:
        told: dict[str, Any] = {
            "type": kind_of(self.code),
            "title": in_language(self.title, english),
            "status": self.status,
        }
        if self.detail is not None:
            told["detail"] = in_language(self.detail, english)
        if self.remedy is not None:
            told["remedy"] = in_language(self.remedy, english)
        for name, value in self.extra.items():
            told[name] = in_language(value, english) if isinstance(value, Text) else value
        return Answer(self.status, encode(told), PROBLEM, self.headers)


def kind_of(code: str) -> str:
    """The stable name of a kind of problem."""
    return f"urn:letopis:problem:{code}"


def in_language(text: Text, english: bool) -> str:
    return text.en if english else text.ru


EVENT_REJECTED = Text(ru="Событие не принято", en="The event was not accepted")


def rejection(found: Sequence[Fault], kept: str | Text, english: bool) -> dict[str, Any]:
    """Why one event was rejected; `kept` is its quarantine id, or why it was not kept."""
    first = found[0]
    told: dict[str, Any] = {
        "type": kind_of(first.why.code),
        "title": in_language(EVENT_REJECTED, english),
        "detail": in_language(first.why.message, english),
        "field": first.field,
        "remedy": in_language(first.why.remedy, english),
        "quarantine": None if isinstance(kept, Text) else kept,
    }
    if isinstance(kept, Text):
        told["not_kept"] = in_language(kept, english)
    if len(found) > 1:
        told["errors"] = [
            {
                "field": fault.field,
                "detail": in_language(fault.why.message, english),
                "remedy": in_language(fault.why.remedy, english),
            }
            for fault in found
        ]
    return told


# Refusals of whole requests.


def no_key() -> ProblemError:
    return ProblemError(
        401,
        "no_key",
        Text(ru="Нет ключа", en="No key"),
        detail=Text(ru="В запросе нет ключа доступа", en="The request carries no access key"),
        remedy=Text(
            ru="Добавьте заголовок Authorization: Bearer lt_… или адрес /in/<ключ>",
            en="Add the header Authorization: Bearer lt_… or use the address /in/<key>",
        ),
        headers={"WWW-Authenticate": 'Bearer realm="letopis"'},
    )


def wrong_key() -> ProblemError:
    return ProblemError(
        401,
        "wrong_key",
        Text(ru="Ключ не подходит", en="The key does not fit"),
        detail=Text(ru="Такого ключа нет или он отозван", en="There is no such key, or it was revoked"),
        remedy=Text(ru="Возьмите новый ключ на странице «Источники»", en="Get a new key on the page Sources"),
        headers={"WWW-Authenticate": 'Bearer realm="letopis"'},
    )


def read_key() -> ProblemError:
    return ProblemError(
        403,
        "read_key",
        Text(ru="Ключ только для чтения", en="The key only reads"),
        detail=Text(ru="Этим ключом нельзя отправлять события", en="Events cannot be sent with this key"),
        remedy=Text(
            ru="Создайте ключ для отправки на странице «Источники»", en="Make a sending key on the page Sources"
        ),
    )


def not_found() -> ProblemError:
    return ProblemError(
        404,
        "not_found",
        Text(ru="Такого адреса нет", en="There is no such address"),
        remedy=Text(ru="События принимает POST /v1/events", en="Events go to POST /v1/events"),
    )


def wrong_method(allowed: str) -> ProblemError:
    return ProblemError(
        405,
        "method",
        Text(ru="Так сюда не обращаются", en="This method does not work here"),
        remedy=Text(ru=f"Используйте: {allowed}", en=f"Use: {allowed}"),
        headers={"Allow": allowed},
    )


def too_large(bytes_max: int, events_max: int) -> ProblemError:
    return ProblemError(
        413,
        "too_large",
        Text(ru="Слишком много за один раз", en="Too much at once"),
        detail=Text(
            ru=f"В одном запросе — до {bytes_max} байт и {events_max} событий; ничего не сохранено",
            en=f"One request brings up to {bytes_max} bytes and {events_max} events; nothing was stored",
        ),
        remedy=Text(ru="Разделите на несколько запросов", en="Split it into several requests"),
        headers={"Connection": "close"},
    )


def wrong_content(detail: Text) -> ProblemError:
    return ProblemError(
        415,
        "content_type",
        Text(ru="Такой вид тела не принимается", en="This kind of body is not taken"),
        detail=detail,
        remedy=Text(
            ru="Передайте JSON (application/json) или NDJSON (application/x-ndjson), без сжатия или gzip",
            en="Send JSON (application/json) or NDJSON (application/x-ndjson), plain or gzip",
        ),
        headers={"Accept": "application/json, application/x-ndjson", "Accept-Encoding": "gzip, identity"},
    )


def too_often(wait_s: int) -> ProblemError:
    return ProblemError(
        429,
        "too_often",
        Text(ru="Слишком часто", en="Too often"),
        detail=Text(
            ru="Ключ превысил скорость; ничего не сохранено", en="The key is over its rate; nothing was stored"
        ),
        remedy=Text(ru=f"Повторите через {wait_s} с", en=f"Send again in {wait_s} s"),
        headers={"Retry-After": str(wait_s)},
    )


def too_many_keys(wait_s: int) -> ProblemError:
    return ProblemError(
        429,
        "too_many_keys",
        Text(ru="Слишком много неверных ключей", en="Too many wrong keys"),
        detail=Text(
            ru="С этого адреса приходило слишком много ключей, которых нет; ничего не сохранено",
            en="Too many keys that do not exist came from this address; nothing was stored",
        ),
        remedy=Text(ru=f"Повторите через {wait_s} с", en=f"Send again in {wait_s} s"),
        headers={"Retry-After": str(wait_s)},
    )


def overloaded(retry_after_s: int) -> ProblemError:
    return ProblemError(
        503,
        "overloaded",
        Text(ru="Сейчас не записать", en="It cannot be written now"),
        detail=Text(ru="Ничего из этого запроса не сохранено", en="Nothing of this request was stored"),
        remedy=Text(ru=f"Повторите через {retry_after_s} с", en=f"Send again in {retry_after_s} s"),
        headers={"Retry-After": str(retry_after_s)},
    )


def unknown_outcome() -> ProblemError:
    return ProblemError(
        503,
        "unknown_outcome",
        Text(ru="Неизвестно, записано ли", en="It is not known whether it was written"),
        detail=Text(ru="Связь с базой прервалась при записи", en="The database was lost while writing"),
        remedy=Text(
            ru="Повторите через 1 с: события с message_id или dedup_key не запишутся дважды",
            en="Send again in 1 s: events with message_id or dedup_key are not stored twice",
        ),
        headers={"Retry-After": "1"},
    )


def own_fault() -> ProblemError:
    return ProblemError(
        500,
        "own_fault",
        Text(ru="Ошибка на нашей стороне", en="A fault of ours"),
        remedy=Text(ru="Повторите позже и сообщите нам", en="Send again later and tell us"),
    )
