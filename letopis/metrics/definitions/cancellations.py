"""M5: how often clients cancel, and how early.

Series: none, cancelled late (under 24 hours before the start); `:early`, cancelled earlier; `:moved`, moved elsewhere.
"""

from letopis.appointments.measures import counts_as_booked
from letopis.appointments.records import Slot, State
from letopis.base.text import Text
from letopis.metrics.metric import BY_VISIT, EXCLUDED, NOT_COUNTED, SHARE, By, Metric, Side, Weighed, counted

EARLY, MOVED = ":early", ":moved"
_SERIES = {"": State.CANCELLED_LATE, EARLY: State.CANCELLED_EARLY, MOVED: State.MOVED}


def weigh(slot: Slot) -> Weighed:
    if slot.excluded:
        yield "", EXCLUDED
    elif counts_as_booked(slot):
        for series, state in _SERIES.items():
            yield series, counted(k=slot.state == state)
    elif not slot.started and slot.state != State.CANCELLED_BUSINESS:
        yield "", counted(k=False, pending=True)


METRIC = Metric(
    id="M5",
    title=Text(ru="Отменили поздно", en="Cancelled late"),
    formula=Text(
        ru="отменённые клиентом меньше чем за 24 часа ÷ визиты, чьё время наступило; рядом — ранние и переносы",
        en="cancelled by the client under 24 hours before ÷ visits whose time has come; early ones, moves beside",
    ),
    dated_by=BY_VISIT,
    unit=SHARE,
    exclusions=Text(ru=f"{NOT_COUNTED.ru}; отменённые бизнесом", en=f"{NOT_COUNTED.en}; cancelled by the business"),
    pending=Text(ru="визиты впереди", en="visits to come"),
    weighs={Slot: weigh},
    series=("", EARLY, MOVED),
    splits=(By.CHANNEL, By.SERVICE, By.MASTER),
    own_splits={EARLY: (), MOVED: ()},
    good=Side.LESS,
)
