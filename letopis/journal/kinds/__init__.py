"""The kinds of events: what each means, which fields it uses, and a sample as a sender posts it.

A family of kinds is a module. To add a kind, write one frozen dataclass in its family with `kind`, `meaning`, its own
fields and a `sample`; validation, OpenAPI document, reference page and filters follow. A kind that is not here is kept
as it comes, never refused. Whoever makes events inside Letopis fills in a dataclass and sends `public()`.
"""

from types import ModuleType

from letopis.base.text import Text
from letopis.journal.kinds import (
    acts,
    business,
    catalogue,
    escalations,
    goals,
    identities,
    reminders,
    review,
    scenario,
    systems,
    talk,
    visits,
)
from letopis.journal.kinds.acts import CrmDelivery, ModelCall, ToolCall
from letopis.journal.kinds.business import AvailabilitySnapshot, ChangeMark, Error, Heartbeat, ScheduleVersion
from letopis.journal.kinds.catalogue import CatalogueVersion, MasterOffer, ServiceOffer
from letopis.journal.kinds.escalations import Escalation, EscalationClosed, EscalationTaken
from letopis.journal.kinds.event import Appointment, Crm, Event, Sample
from letopis.journal.kinds.goals import CampaignCost, GoalSet
from letopis.journal.kinds.identities import ClientCorrected, IdentityLink, IdentityUnlink
from letopis.journal.kinds.reminders import ReminderPlanned, ReminderReplied, ReminderSent, ReminderSkipped
from letopis.journal.kinds.review import FindingState, ReviewAnswer
from letopis.journal.kinds.scenario import IntentDetected, StepEntered, StepLeft
from letopis.journal.kinds.systems import Call, RecordReadback
from letopis.journal.kinds.talk import MessageDelivery, MessageIn, MessageOut, NewLead
from letopis.journal.kinds.visits import (
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentCreated,
    AppointmentMoved,
    Arrived,
    NoShow,
    OutcomeUnknown,
    Payment,
    Refusal,
)

__all__ = [
    "CONTROLS",
    "KINDS",
    "Appointment",
    "AppointmentCancelled",
    "AppointmentConfirmed",
    "AppointmentCreated",
    "AppointmentMoved",
    "Arrived",
    "AvailabilitySnapshot",
    "Call",
    "CampaignCost",
    "CatalogueVersion",
    "ChangeMark",
    "ClientCorrected",
    "Crm",
    "CrmDelivery",
    "Error",
    "Escalation",
    "EscalationClosed",
    "EscalationTaken",
    "Event",
    "FindingState",
    "GoalSet",
    "Heartbeat",
    "IdentityLink",
    "IdentityUnlink",
    "IntentDetected",
    "MasterOffer",
    "MessageDelivery",
    "MessageIn",
    "MessageOut",
    "ModelCall",
    "NewLead",
    "NoShow",
    "OutcomeUnknown",
    "Payment",
    "RecordReadback",
    "Refusal",
    "ReminderPlanned",
    "ReminderReplied",
    "ReminderSent",
    "ReminderSkipped",
    "ReviewAnswer",
    "Sample",
    "ScheduleVersion",
    "ServiceOffer",
    "StepEntered",
    "StepLeft",
    "ToolCall",
]

# In the order of a client's way, which pages and documents keep.
FAMILIES = (
    talk,
    scenario,
    acts,
    visits,
    escalations,
    reminders,
    systems,
    identities,
    business,
    catalogue,
    goals,
    review,
)


def _kinds_of(family: ModuleType) -> list[type[Event]]:
    """The classes written in a module that name their kind, in its order."""
    written = (one for one in vars(family).values() if isinstance(one, type) and one.__module__ == family.__name__)
    return [one for one in written if issubclass(one, Event) and "kind" in vars(one)]


KINDS: dict[str, type[Event]] = {one.kind: one for family in FAMILIES for one in _kinds_of(family)}

# What the journal itself writes (kind 1); a sender may not use these names.
CONTROLS: dict[str, Text] = {
    "log.opened": Text(ru="Журнал начат", en="The log was opened"),
    "event.conflict": Text(
        ru="Под тем же номером пришло другое событие; первое осталось как было",
        en="Another event came under the same id; the first one stands",
    ),
    "figures.frozen": Text(
        ru="Месяц закрыт: его показатели записаны", en="A month was closed: its figures are written"
    ),
    "retention.set": Text(ru="Владелец утвердил сроки хранения", en="The owner approved how long content is kept"),
    "client.blocked": Text(
        ru="Данные клиента заморожены: их видит только владелец",
        en="A client's data were frozen: the owner alone sees them",
    ),
    "client.unblocked": Text(ru="Данные клиента снова видны", en="A client's data are shown again"),
    "content.erased": Text(ru="Содержимое стёрто по обращению", en="Content was erased on request"),
    "content.expired": Text(ru="Содержимое стёрто по сроку хранения", en="Content was erased when its term was over"),
}
