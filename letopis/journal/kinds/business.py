"""What concerns no client: changes, signs of life, errors, working hours and free times."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from letopis.base.text import Text
from letopis.journal.kinds.event import Event


@dataclass(frozen=True, kw_only=True)
class ChangeMark(Event):
    kind = "change_mark"
    meaning = Text(
        ru="В работе что-то изменили: сценарий, расписание, цены — чтобы сравнить до и после",
        en="Something was changed (scenario, schedule, prices), so that before and after can be compared",
    )
    sample = {
        "event": "change_mark",
        "timestamp": "2026-11-16T09:00:00+03:00",
        "source": "letopis",
        "what": "Сначала предлагаем время, потом спрашиваем телефон",
        "scenario": "booking",
        "version": "7",
        "effect": "Меньше клиентов уходит на шаге с телефоном",
        "effect_size": "0.05",
        "metric": "M2",
        "change_kind": "scenario",
        "person": "Игорь Т.",
    }

    what: str | None = None
    change_kind: str | None = None
    effect: str | None = None
    effect_size: Decimal | None = None
    metric: str | None = None
    person: str | None = None
    of_mark: int | None = None
    withdrawn: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Heartbeat(Event):
    kind = "heartbeat"
    meaning = Text(ru="Источник жив, даже если никто не пишет", en="The source is alive even when nobody writes")
    sample = {
        "event": "heartbeat",
        "timestamp": "2026-11-22T10:40:00+03:00",
        "source": "telegram",
        "level": "DEBUG",
        "dedup_key": "heartbeat-58112",
    }


@dataclass(frozen=True, kw_only=True)
class Error(Event):
    kind = "error"
    meaning = Text(ru="У помощника сбой", en="The assistant failed")
    sample = {
        "event": "error",
        "timestamp": "2026-11-22T10:46:12+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "session_id": "sess_1c0e77",
        "level": "ERROR",
        "tool": "create_appointment",
        "result": "timeout",
        "reason": "Журнал записи не ответил за 10 секунд",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
    }

    tool: str | None = None
    model: str | None = None
    result: str | None = None
    reason: str | None = None
    message: str | None = None


@dataclass(frozen=True, kw_only=True)
class ScheduleVersion(Event):
    kind = "schedule_version"
    meaning = Text(
        ru="Часы работы, действуют с valid_from до следующей версии: всего бизнеса, а с branch, of_channel или "
        "of_person — филиала, канала, сотрудника. Без weekly у них с этого дня снова общие часы",
        en="Working hours, in force from valid_from until the next version: of the whole business, or with branch, "
        "of_channel or of_person of a branch, a channel, a colleague. Without weekly these keep the common hours again",
    )
    sample = {
        "event": "schedule_version",
        "timestamp": "2026-11-01T09:00:00+03:00",
        "source": "letopis",
        "branch": "Лесная",
        "valid_from": "2026-11-01",
        "calendar": "ru",
        "weekly": {
            "mon": [["10:00", "20:00"]],
            "tue": [["10:00", "20:00"]],
            "wed": [["10:00", "20:00"]],
            "thu": [["10:00", "20:00"]],
            "fri": [["10:00", "21:00"]],
            "sat": [["10:00", "14:00"], ["15:00", "21:00"]],
            "sun": [],
            "2026-12-31": [["10:00", "16:00"]],
        },
    }

    valid_from: date | None = None
    weekly: Mapping[str, list[list[str]]] | None = None
    calendar: str | None = None
    of_channel: str | None = None
    of_person: str | None = None
    by: str | None = None
    person: str | None = None


@dataclass(frozen=True, kw_only=True)
class AvailabilitySnapshot(Event):
    kind = "availability_snapshot"
    meaning = Text(
        ru="Какое время было свободно в этот момент; мастер и промежутки лежат в attributes",
        en="Which times were free at this moment; resource and intervals are in attributes",
    )
    sample = {
        "event": "availability_snapshot",
        "timestamp": "2026-11-22T10:42:01.900+03:00",
        "source": "yclients",
        "valid_from": "2026-11-23",
        "attributes": {"resource": "Аня", "intervals": [["15:30", "17:00"], ["18:30", "20:00"]]},
    }

    valid_from: date | None = None
