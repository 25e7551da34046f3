"""M11: how many turns of clients were never answered.

Series: none, within 24 working hours; `w`, within 24 hours by the wall clock. Who waits now is told by Today.
"""

from letopis.base.text import Text
from letopis.dialogues.records import Turn
from letopis.metrics.metric import BY_TURN, NOT_COUNTED, SHARE, Metric, Side, Weighed, counted


def weigh(turn: Turn) -> Weighed:
    if turn.closing:
        return
    # Without working hours the working clock never decides: the turn is in no cell of it.
    if turn.due_at is not None:
        yield "", counted(k=bool(turn.unanswered), pending=turn.unanswered is None, excluded=bool(turn.excluded))
    yield (
        "w",
        counted(k=bool(turn.unanswered_wall), pending=turn.unanswered_wall is None, excluded=bool(turn.excluded)),
    )


METRIC = Metric(
    id="M11",
    title=Text(ru="Без ответа", en="Unanswered"),
    formula=Text(
        ru="обращения клиентов без ответа за 24 рабочих часа ÷ все, у кого это время вышло или кому ответили",
        en="turns of clients without a reply within 24 working hours ÷ all whose time has passed or who were answered",
    ),
    dated_by=BY_TURN,
    unit=SHARE,
    exclusions=Text(ru=f"{NOT_COUNTED.ru}; «спасибо» и «ок»", en=f"{NOT_COUNTED.en}; thanks and OK"),
    pending=Text(ru="ждут меньше 24 рабочих часов", en="have waited for under 24 working hours"),
    weighs={Turn: weigh},
    series=("", "w"),
    wall="w",
    good=Side.LESS,
)
