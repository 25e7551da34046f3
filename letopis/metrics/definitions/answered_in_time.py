"""M8: how often the first message of a dialogue is answered within five minutes.

Series: none, the working clock; `w`, the wall clock.
"""

from letopis.base.text import Text
from letopis.dialogues.records import Turn
from letopis.metrics.metric import BY_TURN, EXCLUDED, NOT_COUNTED, SHARE, Metric, Weighed, Weight


def weigh(turn: Turn) -> Weighed:
    if not turn.opening:
        return
    if turn.due_at is not None:
        yield "", _weight(turn, turn.in_time)
    yield "w", _weight(turn, turn.in_time_wall)


def _weight(turn: Turn, in_time: bool | None) -> Weight:
    if turn.excluded:
        return EXCLUDED
    if in_time is None:
        return Weight(pending=1, total=1)
    return Weight(n=1, k=int(in_time), total=1, hits=int(in_time))


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
    source=Turn,
    weigh=weigh,
    series=("", "w"),
    wall="w",
)
