"""M14: what the assistant brought to its end alone.

Series: none, the verified share; `:<share>` counts the dialogues of every share of `ClosedAs`.
"""

from letopis.base.text import Text
from letopis.dialogues.records import ClosedAs, Dialogue
from letopis.metrics.metric import BY_DIALOGUE, EXCLUDED, NOT_COUNTED, SHARE, Metric, Weighed, Weight


def weigh(dialogue: Dialogue) -> Weighed:
    if not dialogue.assistant_out:
        return
    if dialogue.excluded:
        yield "", EXCLUDED
    elif not dialogue.closed_as:
        yield "", Weight(pending=1, total=1)
    else:
        verified = int(dialogue.closed_as == ClosedAs.VERIFIED)
        yield "", Weight(n=1, k=verified, total=1, hits=verified)
        yield f":{dialogue.closed_as}", Weight(n=1, k=1)


METRIC = Metric(
    id="M14",
    title=Text(ru="Без менеджера", en="Without a manager"),
    formula=Text(
        ru="диалоги, где цель достигнута без человека и подтверждена системой учёта ÷ завершённые диалоги помощника",
        en="dialogues whose goal was reached without a person and confirmed by a system of record ÷ mature dialogues",
    ),
    dated_by=BY_DIALOGUE,
    unit=SHARE,
    exclusions=NOT_COUNTED,
    source=Dialogue,
    weigh=weigh,
    series=("", *(f":{share}" for share in ClosedAs if share)),
)
