"""M4: how many visits the client missed without a word."""

from letopis.appointments.records import OPEN, Slot, State
from letopis.base.text import Text
from letopis.metrics.metric import BY_VISIT, EXCLUDED, NOT_COUNTED, SHARE, Metric, Weighed, Weight

_ENDED = frozenset({State.ARRIVED, State.NO_SHOW, State.CANCELLED_LATE})


def weigh(slot: Slot) -> Weighed:
    if slot.excluded:
        yield "", EXCLUDED
    elif slot.state in _ENDED:
        missed = int(slot.state == State.NO_SHOW)
        yield "", Weight(n=1, k=missed, total=1, hits=missed)
    elif slot.state == State.UNKNOWN:
        yield "", Weight(unknown=1, total=1)
    elif slot.state in OPEN:
        yield "", Weight(pending=1, total=1)


METRIC = Metric(
    id="M4",
    title=Text(ru="Не пришли", en="No-shows"),
    formula=Text(
        ru="неявки ÷ визиты с исходом: пришёл, не пришёл, отменил поздно",
        en="no-shows ÷ visits that ended: came, did not come, cancelled late",
    ),
    dated_by=BY_VISIT,
    unit=SHARE,
    exclusions=Text(
        ru=f"{NOT_COUNTED.ru}; перенесённые и отменённые заранее или бизнесом; без отметки — отдельно",
        en=f"{NOT_COUNTED.en}; moved, cancelled early or by the business; unmarked ones apart",
    ),
    source=Slot,
    weigh=weigh,
    unknown_share_max=0.15,
)
