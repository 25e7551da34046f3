"""M23: how much of what the numbers need is known.

Series: none, all that is asked of leads and visits; `:channel`, `:intent`, `:outcome`, `:crm` of leads, `:visit` of
past visits. A metric whose data is under 80 % gets no colour.
"""

from letopis.appointments.measures import counts_as_booked
from letopis.appointments.records import OPEN, Slot, State
from letopis.base.text import Text
from letopis.metrics.metric import NOT_COUNTED, SHARE, Metric, Side, Weighed, counted
from letopis.metrics.records import CrmState, Lead, LeadState

CHANNEL, INTENT, OUTCOME, CRM, VISIT = ":channel", ":intent", ":outcome", ":crm", ":visit"
ENOUGH = 0.8
"""Under this share nothing is painted better or worse."""


def weigh_lead(lead: Lead) -> Weighed:
    if lead.excluded:
        return
    asked = {CHANNEL: bool(lead.channel), INTENT: bool(lead.intent)}
    if lead.mature:
        asked[OUTCOME] = lead.state in (LeadState.BOOKED, LeadState.REFUSED) or bool(lead.cause)
    if lead.crm not in (CrmState.NONE, CrmState.PENDING):
        asked[CRM] = lead.crm in (CrmState.IN_TIME, CrmState.LATE)
    for series, known in asked.items():
        yield series, counted(k=known)
        yield "", counted(k=known)


def weigh_slot(slot: Slot) -> Weighed:
    if slot.excluded or not counts_as_booked(slot) or slot.state in OPEN:
        return
    for series in (VISIT, ""):
        yield series, counted(k=slot.state != State.UNKNOWN)


METRIC = Metric(
    id="M23",
    title=Text(ru="Полнота данных", en="Data completeness"),
    formula=Text(
        ru="известные сведения ÷ нужные: канал, намерение, исход и сделка обращения, отметка прошедшего визита",
        en="what is known ÷ what is needed: a lead's channel, intent, outcome and deal, the mark of a past visit",
    ),
    dated_by=Text(ru="по дню обращения и визита", en="by day of the lead and of the visit"),
    unit=SHARE,
    exclusions=NOT_COUNTED,
    pending=Text(ru="что ещё не решилось, не спрашивается", en="what is not decided yet is not asked"),
    weighs={Lead: weigh_lead, Slot: weigh_slot},
    series=("", CHANNEL, INTENT, OUTCOME, CRM, VISIT),
    splits=(),
    good=Side.MORE,
)
