"""The act of destruction: what order 179 of Roskomnadzor wants to be proved, as a document and as a machine extract.

It names the person, so it lies in a table of its own, apart from the journal, for three years and no longer.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

import msgspec

from letopis.base import format
from letopis.base.pdf import pdf

KEPT_YEARS = 3
FORMAT = "letopis/act-of-destruction/v1"
CATEGORIES = (
    "имя, телефон, идентификаторы в каналах связи и в CRM",
    "тексты сообщений и вложения",
    "сведения о записях и визитах, по которым можно узнать человека",
    "тела запросов, в которых эти сведения пришли",
)
METHOD = (
    "Удаление из журнала событий и из всех производных таблиц и поискового указателя базы данных; "
    "перезапись файлов базы в ближайшие тихие часы"
)


class Act(msgspec.Struct):
    """A row of `subjects_act`."""

    business_id: UUID
    act_id: UUID
    request_id: UUID
    year: int
    number: int
    at: datetime
    subject: str
    reason: str
    person: str
    entries: int
    kinds: dict[str, int]
    months: dict[str, int]
    told_seqs: list[int]
    keep_until: date

    @property
    def name(self) -> str:
        return f"{self.year}-{self.number}"


def document(act: Act, business: str, processor: str) -> bytes:
    """The act as PDF."""
    template = files("letopis.subjects").joinpath("requests/act.typ").read_text("utf-8")
    return pdf(
        template,
        {
            "number": act.name,
            "at": format.moment(act.at),
            "business": business,
            "processor": processor,
            "subject": act.subject,
            "reason": act.reason,
            "person": act.person,
            "categories": CATEGORIES,
            "method": METHOD,
            "entries": format.integer(act.entries),
            "months": [[month, format.integer(count)] for month, count in act.months.items()],
            "kinds": [[kind, format.integer(count)] for kind, count in act.kinds.items()],
            "told": ", ".join(map(str, act.told_seqs)),
            "until": format.day(act.keep_until),
        },
    )


def extract(act: Act, origin: str, proofs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The extract of the journal: what went, told by the control entries, each with its leaf and place in the log."""
    return {
        "format": FORMAT,
        "act": act.name,
        "at": act.at.isoformat(),
        "log": origin,
        "reason": act.reason,
        "method": METHOD,
        "categories": list(CATEGORIES),
        "entries": act.entries,
        "by_kind": act.kinds,
        "by_month_of_receipt": act.months,
        "control_entries": list(proofs),
    }
