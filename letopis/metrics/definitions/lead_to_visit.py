"""M3: how many of those who turned to us came."""

from letopis.base.text import Text
from letopis.metrics.metric import BY_LEAD, EXCLUDED, NOT_COUNTED, SHARE, By, Metric, Side, Weighed, Weight
from letopis.metrics.records import Lead, VisitState


def weigh(lead: Lead) -> Weighed:
    if lead.excluded:
        yield "", EXCLUDED
        return
    came, pending = lead.visit == VisitState.CAME, lead.visit == VisitState.PENDING
    decided = lead.mature and not pending
    yield "", Weight(n=int(decided), k=int(decided and came), pending=int(pending), total=1, hits=int(came))


METRIC = Metric(
    id="M3",
    title=Text(ru="Пришли", en="Came"),
    formula=Text(
        ru="обращения с состоявшимся визитом за W + 45 дней ÷ обращения старше W, чей визит решён",
        en="leads with a visit that took place within W + 45 days ÷ leads older than W whose visit is decided",
    ),
    dated_by=BY_LEAD,
    unit=SHARE,
    exclusions=Text(
        ru=f"{NOT_COUNTED.ru}; вопросы о своей записи", en=f"{NOT_COUNTED.en}; questions about one's own visit"
    ),
    pending=Text(
        ru="визит ещё впереди, или обращение моложе W без записи и отказа",
        en="the visit is still to come, or the lead is younger than W with neither booking nor refusal",
    ),
    weighs={Lead: weigh},
    splits=(By.CHANNEL, By.CAMPAIGN, By.SERVICE, By.MASTER, By.KNOWN),
    cohort=True,
    good=Side.MORE,
)
