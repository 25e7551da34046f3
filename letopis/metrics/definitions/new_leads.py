"""M1: how many people turned to us.

Series: none, the count; `:<stage>:<stopped>` counts the leads whose furthest stage it is, by what became of those who
went no further, so that the funnel is a sum over them; `:stopped` those who stopped without a visit, by cause.
"""

from letopis.base.text import Text
from letopis.metrics.metric import BY_LEAD, COUNT, EXCLUDED, NOT_COUNTED, NOTHING_PENDING, By, Metric, Weighed, Weight
from letopis.metrics.records import STAGES, Lead, Stopped

ONE = Weight(n=1, k=1, total=1, hits=1)
FUNNEL = {(stage, stopped): f":{stage}:{stopped}" for stage in STAGES for stopped in Stopped}
STOPPED = ":stopped"


def weigh(lead: Lead) -> Weighed:
    if lead.excluded:
        yield "", EXCLUDED
        return
    yield "", ONE
    yield f":{lead.stage}:{lead.stopped}", ONE
    if lead.cause:
        yield STOPPED, ONE


METRIC = Metric(
    id="M1",
    title=Text(ru="Новые обращения", en="New leads"),
    formula=Text(
        ru="люди с первым обращением или с обращением после 30 дней тишины без открытого визита",
        en="people with a first contact, or a contact after 30 days of silence without an open visit",
    ),
    dated_by=BY_LEAD,
    unit=COUNT,
    exclusions=Text(
        ru=f"{NOT_COUNTED.ru}; вопросы о своей записи", en=f"{NOT_COUNTED.en}; questions about one's own visit"
    ),
    pending=NOTHING_PENDING,
    weighs={Lead: weigh},
    series=("", STOPPED, *FUNNEL.values()),
    splits=(By.CHANNEL, By.CAMPAIGN, By.SERVICE, By.MASTER, By.KNOWN),
    own_splits={STOPPED: (By.CAUSE,)},
)
