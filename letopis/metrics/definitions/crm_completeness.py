"""M17: how many of the leads that must go to the CRM are there in time.

Series: none; `:delivered`, those that are there at all; `:missing`, those that are not after a day.
"""

from letopis.base.text import Text
from letopis.metrics.metric import BY_LEAD, EXCLUDED, NOT_COUNTED, SHARE, By, Metric, Side, Weighed, Weight, counted
from letopis.metrics.records import CrmState, Lead

DELIVERED, MISSING = ":delivered", ":missing"
ONE = Weight(n=1, k=1, total=1, hits=1)


def weigh(lead: Lead) -> Weighed:
    if lead.crm == CrmState.NONE:
        return
    if lead.excluded:
        yield "", EXCLUDED
        return
    yield "", counted(k=lead.crm == CrmState.IN_TIME, pending=lead.crm == CrmState.PENDING)
    if lead.crm in (CrmState.IN_TIME, CrmState.LATE):
        yield DELIVERED, ONE
    elif lead.crm == CrmState.MISSING:
        yield MISSING, ONE


METRIC = Metric(
    id="M17",
    title=Text(ru="Сделки в CRM", en="Deals in CRM"),
    formula=Text(
        ru="обращения с подтверждённой сделкой за 5 минут ÷ обращения, которые должны быть в CRM",
        en="leads with a confirmed deal within 5 minutes ÷ leads that must be in the CRM",
    ),
    dated_by=BY_LEAD,
    unit=SHARE,
    exclusions=Text(
        ru=f"{NOT_COUNTED.ru}; обращения, которые в CRM не отправляют",
        en=f"{NOT_COUNTED.en}; leads that need not go there",
    ),
    pending=Text(ru="5 минут ещё не прошли", en="the 5 minutes have not passed"),
    weighs={Lead: weigh},
    series=("", DELIVERED, MISSING),
    splits=(By.CHANNEL,),
    good=Side.MORE,
)
