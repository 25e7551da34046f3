"""M12: how often the assistant calls for a person."""

from letopis.base.text import Text
from letopis.dialogues.records import Dialogue
from letopis.metrics.metric import BY_DIALOGUE, NOT_COUNTED, NOTHING_PENDING, SHARE, Metric, Weighed, counted


def weigh(dialogue: Dialogue) -> Weighed:
    if dialogue.assistant_out:
        yield "", counted(k=dialogue.escalated_at is not None, excluded=bool(dialogue.excluded))


METRIC = Metric(
    id="M12",
    title=Text(ru="Переданы человеку", en="Handed to a person"),
    formula=Text(
        ru="диалоги с передачей человеку ÷ диалоги с ответом помощника",
        en="dialogues with a hand-over ÷ dialogues with an assistant's reply",
    ),
    dated_by=BY_DIALOGUE,
    unit=SHARE,
    exclusions=NOT_COUNTED,
    pending=NOTHING_PENDING,
    weighs={Dialogue: weigh},
)
