"""M22: how many leads a mistake of ours costs: `metrics.lost` reckons it from these cells (detectors.md 4.3).

Series: none, leads untouched by a mistake, and `:offered`, those of them that were offered a time; `:error` and
`:silent`, leads that met a failure, or words nobody answered, and the same with `:offered`, those that were offered a
time before they met it. Who came so far is held against who came so far: otherwise leads that are lost at the first
word, before anything could go wrong, would make our mistakes look cheap. `n` mature leads, `k` of them booked, by
channel, wish, new or known and part of the day, so that like meets like.
"""

from datetime import datetime

from letopis.base.text import Text
from letopis.metrics.metric import BY_LEAD, COUNT, NOT_COUNTED, By, Metric, Side, Weighed, Weight
from letopis.metrics.records import Harm, Lead, LeadState

OFFERED = ":offered"
AGAINST = {f":{harm}{so_far}": so_far for harm in Harm if harm for so_far in ("", OFFERED)}
"""Each series of leads that met a mistake, and the series of untouched leads that it is held against."""
EVERY_LEAD = ("", *AGAINST)
"""The series that together hold each mature lead once."""


def weigh(lead: Lead) -> Weighed:
    if lead.excluded or not lead.mature:
        return
    booked = int(lead.state == LeadState.BOOKED)
    weight = Weight(n=1, k=booked, total=1, hits=booked)
    if lead.harm_at is not None:
        yield f":{lead.harm}{OFFERED if _is_offered(lead, lead.harm_at) else ''}", weight
        return
    yield "", weight
    if _is_offered(lead, lead.booked_at or lead.due_at):
        yield OFFERED, weight


def _is_offered(lead: Lead, until: datetime) -> bool:
    return lead.offered_at is not None and lead.offered_at <= until


METRIC = Metric(
    id="M22",
    title=Text(ru="Потеряно из-за наших ошибок", en="Lost by our mistakes"),
    formula=Text(
        ru="обращения, задетые ошибкой до записи × (доля записей похожих незадетых, дошедших так же далеко,"
        " − доля записей задетых), не меньше нуля",
        en="leads that met a mistake before they booked × (booked share of similar untouched leads that had come as far"
        " − their own), nought at least",
    ),
    dated_by=BY_LEAD,
    unit=COUNT,
    exclusions=Text(ru=f"{NOT_COUNTED.ru}; обращения моложе W", en=f"{NOT_COUNTED.en}; leads younger than W"),
    pending=Text(ru="обращения моложе W", en="leads younger than W"),
    weighs={Lead: weigh},
    series=(*EVERY_LEAD, OFFERED),
    splits=(By.MIX,),
    good=Side.LESS,
    version=2,
    changed=Text(
        ru="27 ноября 2026: что случилось после записи, не в счёт; сравниваются дошедшие так же далеко",
        en="27 November 2026: what went wrong after the booking does not count; who came as far is compared",
    ),
)
