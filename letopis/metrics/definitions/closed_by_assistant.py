"""M14: what the assistant brought to its end alone.

Series: none, the verified share; `:<share>` counts the dialogues of every share of `ClosedAs`.
"""

from letopis.base.text import Text
from letopis.dialogues.records import ClosedAs, Dialogue
from letopis.metrics.metric import BY_DIALOGUE, NOT_COUNTED, SHARE, Metric, Side, Weighed, Weight, counted


def weigh(dialogue: Dialogue) -> Weighed:
    if not dialogue.assistant_out:
        return
    verified = dialogue.closed_as == ClosedAs.VERIFIED
    yield "", counted(k=verified, pending=not dialogue.closed_as, excluded=bool(dialogue.excluded))
    if dialogue.closed_as and not dialogue.excluded:
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
    pending=Text(ru="диалоги, которые ещё не кончились", en="dialogues that are not over yet"),
    weighs={Dialogue: weigh},
    series=("", *(f":{share}" for share in ClosedAs if share)),
    good=Side.MORE,
)
