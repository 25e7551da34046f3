"""M21: how often a freed time is booked again: what an early cancellation is worth."""

from letopis.appointments.measures import is_freed
from letopis.appointments.records import Slot
from letopis.base.text import Text
from letopis.metrics.metric import BY_VISIT, NOT_COUNTED, SHARE, By, Metric, Side, Weighed, counted


def weigh(slot: Slot) -> Weighed:
    if is_freed(slot) and not slot.excluded:
        yield "", counted(k=slot.refilled, pending=not slot.started and not slot.refilled)


METRIC = Metric(
    id="M21",
    title=Text(ru="Заняли освободившееся", en="Refilled"),
    formula=Text(
        ru="освободившиеся за 2 часа и раньше времена, занятые снова ÷ все такие времена",
        en="times freed at least 2 hours before and booked again ÷ all such times",
    ),
    dated_by=BY_VISIT,
    unit=SHARE,
    exclusions=NOT_COUNTED,
    pending=Text(ru="время ещё не наступило", en="the time has not come yet"),
    weighs={Slot: weigh},
    splits=(By.MASTER,),
    good=Side.MORE,
)
