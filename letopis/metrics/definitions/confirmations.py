"""M7: how many of those who were asked said that they come."""

from letopis.appointments.measures import counts_as_booked, is_asked, is_confirmed
from letopis.appointments.records import Slot
from letopis.base.text import Text
from letopis.metrics.metric import BY_VISIT, EXCLUDED, NOT_COUNTED, SHARE, By, Metric, Side, Weighed, counted


def weigh(slot: Slot) -> Weighed:
    if not is_asked(slot):
        return
    if slot.excluded:
        yield "", EXCLUDED
    elif counts_as_booked(slot):
        yield "", counted(k=is_confirmed(slot))


METRIC = Metric(
    id="M7",
    title=Text(ru="Подтвердили визит", en="Confirmed the visit"),
    formula=Text(
        ru="визиты, подтверждённые до начала ÷ визиты, о которых спросили и чьё время наступило",
        en="visits confirmed before their start ÷ visits that were asked about and whose time has come",
    ),
    dated_by=BY_VISIT,
    unit=SHARE,
    exclusions=Text(ru=f"{NOT_COUNTED.ru}; отменённые бизнесом", en=f"{NOT_COUNTED.en}; cancelled by the business"),
    pending=Text(ru="визиты впереди ещё не входят", en="visits to come do not count yet"),
    weighs={Slot: weigh},
    splits=(By.CHANNEL, By.MASTER),
    good=Side.MORE,
)
