"""M18: what each campaign brings: bookings, visits, money. What it costs is told apart (`metrics.campaigns`).

Series: none, leads that booked (as M2); `:came`, leads that came (as M3); `:paid`, kopecks paid by leads (`total`).
"""

from letopis.base.text import Text
from letopis.metrics.definitions import lead_to_booking, lead_to_visit
from letopis.metrics.metric import BY_LEAD, SHARE, By, Metric, Side, Weighed, Weight
from letopis.metrics.records import Lead

CAME, PAID = ":came", ":paid"
ROUBLE = 100


def weigh(lead: Lead) -> Weighed:
    yield from lead_to_booking.weigh(lead)
    if lead.excluded:
        return
    for _series, weight in lead_to_visit.weigh(lead):
        yield CAME, weight
    if lead.paid_kop:
        # In roubles: a count of kopecks would leave the column of a large network.
        yield PAID, Weight(n=1, total=lead.paid_kop // ROUBLE)


METRIC = Metric(
    id="M18",
    title=Text(ru="Отдача кампаний", en="Campaign conversion"),
    formula=Text(
        ru="M2 и M3 по первой метке обращения; цена обращения, записи и визита — расход кампании ÷ их число",
        en="M2 and M3 by the first label of the lead; cost per lead, booking and visit: cost ÷ their number",
    ),
    dated_by=BY_LEAD,
    unit=SHARE,
    exclusions=lead_to_booking.METRIC.exclusions,
    pending=lead_to_booking.METRIC.pending,
    weighs={Lead: weigh},
    series=("", CAME, PAID),
    splits=(By.CAMPAIGN,),
    cohort=True,
    good=Side.MORE,
)
