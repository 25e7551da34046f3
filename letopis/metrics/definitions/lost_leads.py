"""M22: how many leads a mistake of ours costs: `metrics.lost` reckons it from these cells (detectors.md 4.3).

Series: none, leads untouched by a mistake; `:error` and `:silent`, leads that met a failure, or words nobody answered.
`n` mature leads, `k` of them booked, by channel, wish, new or known and part of the day, so that like meets like.
"""

from letopis.base.text import Text
from letopis.metrics.metric import BY_LEAD, COUNT, NOT_COUNTED, By, Metric, Side, Weighed, Weight
from letopis.metrics.records import Harm, Lead, LeadState

SERIES = {harm: f":{harm}" for harm in Harm if harm}


def weigh(lead: Lead) -> Weighed:
    if lead.excluded or not lead.mature:
        return
    booked = int(lead.state == LeadState.BOOKED)
    yield f":{lead.harm}" if lead.harm else "", Weight(n=1, k=booked, total=1, hits=booked)


METRIC = Metric(
    id="M22",
    title=Text(ru="Потеряно из-за наших ошибок", en="Lost by our mistakes"),
    formula=Text(
        ru="задетые ошибкой обращения × (доля записей похожих незадетых − доля записей задетых), не меньше нуля",
        en="leads that met a mistake × (booked share of similar untouched leads − their own), nought at least",
    ),
    dated_by=BY_LEAD,
    unit=COUNT,
    exclusions=Text(ru=f"{NOT_COUNTED.ru}; обращения моложе W", en=f"{NOT_COUNTED.en}; leads younger than W"),
    pending=Text(ru="обращения моложе W", en="leads younger than W"),
    weighs={Lead: weigh},
    series=("", *SERIES.values()),
    splits=(By.MIX,),
    good=Side.LESS,
)
