"""M6: how many visits that were due for a reminder got one in time."""

from letopis.appointments.measures import is_due_reminder, is_reminded
from letopis.appointments.records import Slot
from letopis.base.text import Text
from letopis.metrics.metric import BY_VISIT, EXCLUDED, NOT_COUNTED, SHARE, By, Metric, Side, Weighed, counted


def weigh(slot: Slot) -> Weighed:
    if slot.excluded:
        yield "", EXCLUDED
    elif is_due_reminder(slot):
        yield "", counted(k=is_reminded(slot))


METRIC = Metric(
    id="M6",
    title=Text(ru="Напомнили о визите", en="Reminded of the visit"),
    formula=Text(
        ru="визиты с отправленным за 2 часа и раньше напоминанием ÷ визиты, записанные раньше чем за 24 часа",
        en="visits with a reminder sent at least 2 hours before ÷ visits booked more than 24 hours ahead",
    ),
    dated_by=BY_VISIT,
    unit=SHARE,
    exclusions=Text(
        ru=f"{NOT_COUNTED.ru}; отменённые до напоминания; «поставлена задача» — не «отправлено»",
        en=f"{NOT_COUNTED.en}; cancelled before the reminder; a task that was made is nothing that was sent",
    ),
    pending=Text(ru="визиты впереди ещё не входят", en="visits to come do not count yet"),
    weighs={Slot: weigh},
    splits=(By.CHANNEL, By.MASTER),
    good=Side.MORE,
)
