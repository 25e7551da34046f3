"""What people judge: answers of the manual review, states of findings."""

from dataclasses import dataclass

from letopis.base.text import Text
from letopis.journal.kinds.event import Event


@dataclass(frozen=True, kw_only=True)
class ReviewAnswer(Event):
    kind = "review_answer"
    meaning = Text(
        ru="Человек ответил на вопрос ручной проверки диалога", en="A person answered a question of the manual review"
    )
    sample = {
        "event": "review_answer",
        "timestamp": "2026-11-22T14:00:00+03:00",
        "source": "letopis",
        "session_id": "sess_1c0e77",
        "person": "Ирина, владелец",
        "what": "answered_the_question",
        "result": "yes",
        "attributes": {"review_id": "r-12", "dialogue_id": 48112},
    }

    person: str | None = None
    what: str | None = None
    result: str | None = None


@dataclass(frozen=True, kw_only=True)
class FindingState(Event):
    kind = "finding_state"
    meaning = Text(
        ru="Находка подтверждена, отклонена, исправлена или принята как риск",
        en="A finding was confirmed, dismissed, fixed or accepted as a risk",
    )
    sample = {
        "event": "finding_state",
        "timestamp": "2026-11-22T14:05:00+03:00",
        "source": "letopis",
        "person": "Ирина, владелец",
        "what": "F01",
        "state": "confirmed",
        "attributes": {"finding_id": "f-3301"},
    }

    person: str | None = None
    what: str | None = None
    state: str | None = None
    reason: str | None = None
