"""A change that somebody made, as people name it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from letopis.base.text import Text


class What(StrEnum):
    """What was changed."""

    SCENARIO = "scenario"
    PROMPT = "prompt"
    PRICE = "price"
    SCHEDULE = "schedule"
    REMINDERS = "reminders"
    STAFF = "staff"
    CAMPAIGN = "campaign"
    OTHER = "other"


WORDS = {
    What.SCENARIO: Text(ru="сценарий", en="scenario"),
    What.PROMPT: Text(ru="подсказка модели", en="prompt"),
    What.PRICE: Text(ru="прейскурант", en="price list"),
    What.SCHEDULE: Text(ru="график", en="working hours"),
    What.REMINDERS: Text(ru="напоминания", en="reminders"),
    What.STAFF: Text(ru="люди", en="staff"),
    What.CAMPAIGN: Text(ru="реклама", en="campaign"),
    What.OTHER: Text(ru="другое", en="other"),
}
METRIC_USUAL = "M2"


class MadeBy(StrEnum):
    """Who told of a change: a page, a sender, or the readers themselves at the first event of a version."""

    PAGE = "page"
    SENDER = "sender"
    ITSELF = "itself"


class Mark(msgspec.Struct, kw_only=True):
    """A row of `metrics_mark`; `expected_ppm` is the promised effect in millionths."""

    business_id: UUID
    seq: int
    at: datetime
    day: date
    kind: str = What.OTHER.value
    what: str = ""
    effect: str = ""
    metric: str = ""
    expected_ppm: int | None = None
    scenario: str = ""
    version: str = ""
    person: str = ""
    made_by: str = MadeBy.SENDER.value
    ended: bool = False

    @property
    def primary(self) -> str:
        """The metric that the change is judged by."""
        return self.metric or METRIC_USUAL

    @property
    def expected(self) -> float | None:
        """The promised effect as a fraction."""
        return None if self.expected_ppm is None else self.expected_ppm / 1_000_000

    @property
    def kind_words(self) -> str:
        return str(WORDS[What(self.kind)])

    @property
    def name(self) -> str:
        """What was changed, in the teller's words or in ours."""
        return self.what or (version_words(self.scenario, self.version) if self.scenario else self.kind_words)


def version_words(scenario: str, version: str) -> str:
    """Запись v14"""
    return f"{scenario} v{version.removeprefix('v')}" if version else scenario
