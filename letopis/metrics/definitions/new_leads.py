"""M1: how many people turned to us."""

from letopis.base.text import Text
from letopis.metrics.metric import BY_LEAD, COUNT, EXCLUDED, NOT_COUNTED, Metric, Weighed, Weight
from letopis.metrics.records import Lead


def weigh(lead: Lead) -> Weighed:
    yield "", EXCLUDED if lead.excluded else Weight(n=1, k=1, total=1, hits=1)


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
    source=Lead,
    weigh=weigh,
)
