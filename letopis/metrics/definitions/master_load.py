"""M20: how much of a master's time is booked, and how much was lost.

Cells hold minutes: `n` booked, `k` lost by no-shows and late cancellations that nobody took over. What was scheduled is
no row but the hours of the master: `metrics.loads` divides.
"""

from letopis.appointments.measures import booked_minutes, lost_minutes
from letopis.appointments.records import Slot
from letopis.base.text import Text
from letopis.metrics.metric import BY_VISIT, MINUTES, NOT_COUNTED, NOTHING_PENDING, By, Metric, Side, Weighed, Weight


def weigh(slot: Slot) -> Weighed:
    if slot.excluded:
        return
    booked, lost = booked_minutes(slot), lost_minutes(slot)
    if booked or lost:
        yield "", Weight(n=booked, k=lost, total=1)


METRIC = Metric(
    id="M20",
    title=Text(ru="Загрузка мастеров", en="Master load"),
    formula=Text(
        ru="записанные минуты ÷ минуты по графику; рядом — потерянные из-за неявок и поздних отмен",
        en="booked minutes ÷ scheduled minutes; minutes lost by no-shows and late cancellations beside",
    ),
    dated_by=BY_VISIT,
    unit=MINUTES,
    exclusions=Text(
        ru=f"{NOT_COUNTED.ru}; перенесённые и отменённые заранее; два визита сразу считаются оба",
        en=f"{NOT_COUNTED.en}; moved, cancelled early; two visits at one time count both",
    ),
    pending=NOTHING_PENDING,
    weighs={Slot: weigh},
    splits=(By.MASTER,),
    good=Side.MORE,
)
