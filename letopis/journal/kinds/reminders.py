"""What clients are told before a visit, and what they answer."""

from dataclasses import dataclass
from datetime import datetime

from letopis.base.text import Text
from letopis.journal.kinds.event import Appointment, Event


@dataclass(frozen=True, kw_only=True)
class _Reminder(Event):
    """A word to a booked client about the coming visit."""

    appointment: Appointment | None = None
    state: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReminderPlanned(_Reminder):
    kind = "reminder_planned"
    meaning = Text(
        ru="Напоминание запланировано на время until; state: plan или holdout (контрольная группа)",
        en="A reminder is due at until; state: plan or holdout (control group)",
    )
    sample = {
        "event": "reminder_planned",
        "timestamp": "2026-11-22T10:44:21+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "appointment": {"id": "A-20611"},
        "until": "2026-11-22T18:00:00+03:00",
        "version": "2",
        "state": "plan",
    }

    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReminderSent(_Reminder):
    kind = "reminder_sent"
    meaning = Text(ru="Напоминание отправлено", en="A reminder was sent")
    sample = {
        "event": "reminder_sent",
        "timestamp": "2026-11-22T18:00:02+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "message_id": "8140",
        "appointment": {"id": "A-20611"},
        "state": "sent",
        "message": "Марина, ждём вас завтра в 15:30 на маникюр. Придёте?",
    }

    message: str | None = None
    attempt: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReminderReplied(_Reminder):
    kind = "reminder_replied"
    meaning = Text(
        ru="Клиент ответил на напоминание: confirm, cancel, move, late, question, other",
        en="The client answered a reminder: confirm, cancel, move, late, question, other",
    )
    sample = {
        "event": "reminder_replied",
        "timestamp": "2026-11-22T18:04:50+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "message_id": "8141",
        "reply_to": "8140",
        "appointment": {"id": "A-20611"},
        "result": "confirm",
        "message": "Да, буду",
    }

    result: str | None = None
    message: str | None = None
    reply_to: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReminderSkipped(_Reminder):
    kind = "reminder_skipped"
    meaning = Text(ru="Напоминание не отправлено намеренно", en="A reminder was left out on purpose")
    sample = {
        "event": "reminder_skipped",
        "timestamp": "2026-11-22T18:00:00+03:00",
        "source": "telegram",
        "client_id": "tg_480125563",
        "appointment": {"id": "A-20611"},
        "reason": "already_confirmed",
    }

    reason: str | None = None
