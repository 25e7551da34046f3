"""M19: how much each colleague does: answers an hour present, escalations taken.

Series: none, answers by people; `:at`, the same by hour, so that an hour with an answer is an hour present; `:taken`,
escalations taken. Time belongs to who answered, not to who was asked.
"""

from letopis.base.text import Text
from letopis.dialogues.conversation import HUMAN
from letopis.dialogues.records import Escalation, Turn
from letopis.metrics.metric import BY_TURN, NOT_COUNTED, NOTHING_PENDING, RATE, By, Metric, Weighed, Weight

AT, TAKEN = ":at", ":taken"


def weigh_turn(turn: Turn) -> Weighed:
    if turn.excluded or turn.own_replied_by != HUMAN or not turn.person:
        return
    yield "", Weight(n=1, k=1, total=1)
    yield AT, Weight(n=1)


def weigh_escalation(escalation: Escalation) -> Weighed:
    if not escalation.excluded and escalation.taken_at is not None and escalation.person:
        yield TAKEN, Weight(n=1, total=1)


METRIC = Metric(
    id="M19",
    title=Text(ru="Нагрузка менеджеров", en="Manager load"),
    formula=Text(
        ru="ответы людей ÷ часы, в которые человек отвечал; рядом — сколько передач взял",
        en="answers by people ÷ hours in which the person answered; escalations taken beside",
    ),
    dated_by=BY_TURN,
    unit=RATE,
    exclusions=Text(ru=f"{NOT_COUNTED.ru}; ответы без имени", en=f"{NOT_COUNTED.en}; answers without a name"),
    pending=NOTHING_PENDING,
    weighs={Turn: weigh_turn, Escalation: weigh_escalation},
    series=("", AT, TAKEN),
    splits=(By.PERSON,),
    own_splits={AT: (By.PRESENCE,)},
)
