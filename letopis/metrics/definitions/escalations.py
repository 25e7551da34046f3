"""M12: how often the assistant calls for a person."""

from letopis.base.text import Text
from letopis.dialogues.records import Dialogue
from letopis.metrics.metric import BY_DIALOGUE, EXCLUDED, NOT_COUNTED, SHARE, Metric, Weighed, Weight


def weigh(dialogue: Dialogue) -> Weighed:
    if dialogue.assistant_out:
        escalated = int(dialogue.escalated_at is not None)
        yield "", EXCLUDED if dialogue.excluded else Weight(n=1, k=escalated, total=1, hits=escalated)


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
    source=Dialogue,
    weigh=weigh,
)
