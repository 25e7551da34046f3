"""M4: how many visits the client missed without a word.

Series: none; `:confirmed`, `:silent` and `:not_asked`, the same among those who confirmed, who were asked and said
nothing, and who were never asked (shown together with M7).
"""

from letopis.appointments.measures import is_asked, is_confirmed
from letopis.appointments.records import OPEN, Slot, State
from letopis.base.text import Text
from letopis.metrics.metric import BY_VISIT, NOT_COUNTED, SHARE, By, Metric, Side, Weighed, counted

_ENDED = frozenset({State.ARRIVED, State.NO_SHOW, State.CANCELLED_LATE})
CONFIRMED, SILENT, NOT_ASKED = ":confirmed", ":silent", ":not_asked"


def weigh(slot: Slot) -> Weighed:
    known = slot.state in _ENDED
    if not slot.excluded and not known and slot.state not in OPEN and slot.state != State.UNKNOWN:
        return
    weight = counted(
        k=slot.state == State.NO_SHOW,
        pending=slot.state in OPEN,
        unknown=slot.state == State.UNKNOWN,
        excluded=bool(slot.excluded),
    )
    yield "", weight
    if not slot.excluded:
        yield CONFIRMED if is_confirmed(slot) else SILENT if is_asked(slot) else NOT_ASKED, weight


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
    pending=Text(ru="визиты впереди и до суток после конца", en="visits to come and up to a day after their end"),
    weighs={Slot: weigh},
    series=("", CONFIRMED, SILENT, NOT_ASKED),
    splits=(By.CHANNEL, By.CAMPAIGN, By.SERVICE, By.MASTER),
    own_splits={CONFIRMED: (), SILENT: (), NOT_ASKED: ()},
    unknown_share_max=0.15,
    good=Side.LESS,
)
