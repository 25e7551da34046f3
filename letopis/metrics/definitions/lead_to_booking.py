"""M2: how many of those who turned to us booked."""

from letopis.base.text import Text
from letopis.metrics.metric import BY_LEAD, EXCLUDED, NOT_COUNTED, SHARE, By, Metric, Side, Weighed, Weight
from letopis.metrics.records import Lead, LeadState


def weigh(lead: Lead) -> Weighed:
    if lead.excluded:
        yield "", EXCLUDED
        return
    booked = int(lead.state == LeadState.BOOKED)
    yield (
        "",
        Weight(
            n=int(lead.mature),
            k=booked if lead.mature else 0,
            pending=int(lead.state == LeadState.PENDING),
            total=1,
            hits=booked,
        ),
    )


METRIC = Metric(
    id="M2",
    title=Text(ru="Записались", en="Booked"),
    formula=Text(
        ru="обращения с записью за W дней ÷ обращения старше W; W — за сколько дней записываются 95 % (не меньше 7)",
        en="leads with a booking within W days ÷ leads older than W; W: the days in which 95% book, at least 7",
    ),
    dated_by=BY_LEAD,
    unit=SHARE,
    exclusions=Text(
        ru=f"{NOT_COUNTED.ru}; вопросы о своей записи; записи, которые бизнес сам отменил за 10 минут",
        en=f"{NOT_COUNTED.en}; questions about one's own visit; bookings the business took back within 10 minutes",
    ),
    pending=Text(
        ru="обращения моложе W без записи и отказа: в долю не входят, границы показаны рядом",
        en="leads younger than W with neither booking nor refusal: in no share, the bounds are shown beside it",
    ),
    weighs={Lead: weigh},
    splits=(By.CHANNEL, By.CAMPAIGN, By.SERVICE, By.MASTER, By.KNOWN),
    cohort=True,
    good=Side.MORE,
)
