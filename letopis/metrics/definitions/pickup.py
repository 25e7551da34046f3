"""M13: how soon a person takes what the assistant handed over.

Series: none, the working clock; `w`, the wall clock. One closed untaken is censored at its closing and in no share.
"""

from letopis.base.text import Text
from letopis.dialogues.records import Escalation
from letopis.metrics.metric import BY_ESCALATION, EXCLUDED, NOT_COUNTED, SECONDS, By, Metric, Side, Weighed, Weight


def weigh(escalation: Escalation) -> Weighed:
    for series, length in (("", escalation.working_s), ("w", escalation.wall_s)):
        if length is not None:
            yield series, _weight(escalation, length)


def _weight(escalation: Escalation, length: int) -> Weight:
    if escalation.excluded:
        return EXCLUDED
    shared = int(escalation.in_time is not None)
    in_time = int(bool(escalation.in_time))
    if escalation.taken_at is not None:
        return Weight(n=shared, k=in_time, total=1, hits=1, seconds=length)
    if escalation.ended:
        return Weight(n=shared, k=in_time, total=1, censored=length)
    return Weight(n=shared, k=in_time, total=1, pending=1)


METRIC = Metric(
    id="M13",
    title=Text(ru="Ответ менеджера", en="Manager's reply"),
    formula=Text(
        ru="время от передачи до сообщения человека или взятия; медиана и 90 % по Каплану — Мейеру",
        en="time from the hand-over to a person's message or take; Kaplan-Meier median and 90th percentile",
    ),
    dated_by=BY_ESCALATION,
    unit=SECONDS,
    exclusions=NOT_COUNTED,
    pending=Text(ru="передачи, которые ещё никто не взял", en="hand-overs that nobody has taken yet"),
    weighs={Escalation: weigh},
    series=("", "w"),
    splits=(By.CHANNEL, By.PERSON),
    wall="w",
    good=Side.LESS,
)
