"""M8: how often the first message of a dialogue is answered within five minutes.

Series: none, the working clock; `w`, the wall clock.
"""

from letopis.base.text import Text
from letopis.dialogues.records import Turn
from letopis.metrics.metric import BY_TURN, NOT_COUNTED, SHARE, By, Metric, Side, Weighed, counted


def weigh(turn: Turn) -> Weighed:
    if not turn.opening:
        return
    clocks = (("", turn.in_time), ("w", turn.in_time_wall)) if turn.due_at is not None else (("w", turn.in_time_wall),)
    for series, in_time in clocks:
        yield series, counted(k=bool(in_time), pending=in_time is None, excluded=bool(turn.excluded))


METRIC = Metric(
    id="M8",
    title=Text(ru="Ответили за 5 минут", en="Answered within 5 min"),
    formula=Text(
        ru="первые сообщения с ответом по существу за 5 рабочих минут ÷ все, у кого это время вышло",
        en="first messages answered to the point within 5 working minutes ÷ all whose time has passed",
    ),
    dated_by=BY_TURN,
    unit=SHARE,
    exclusions=Text(ru=f"{NOT_COUNTED.ru}; «спасибо» и «ок»", en=f"{NOT_COUNTED.en}; thanks and OK"),
    pending=Text(ru="5 рабочих минут ещё не прошли", en="the 5 working minutes have not passed"),
    weighs={Turn: weigh},
    series=("", "w"),
    wall="w",
    splits=(By.CHANNEL, By.HOUR),
    own_splits={"w": (By.CHANNEL,)},
    good=Side.MORE,
)
