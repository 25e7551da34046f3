"""M16: how often the assistant does not understand.

Series: none, dialogues with a fallback; `:replies`, `n` replies of the assistant and `k` fallbacks.
"""

from letopis.base.text import Text
from letopis.dialogues.records import Dialogue
from letopis.metrics.metric import (
    BY_DIALOGUE,
    NOT_COUNTED,
    NOTHING_PENDING,
    SHARE,
    Metric,
    Side,
    Weighed,
    Weight,
    counted,
)

REPLIES = ":replies"


def weigh(dialogue: Dialogue) -> Weighed:
    if not dialogue.assistant_out:
        return
    yield "", counted(k=dialogue.fallbacks > 0, excluded=bool(dialogue.excluded))
    if not dialogue.excluded:
        yield REPLIES, Weight(n=dialogue.assistant_out, k=dialogue.fallbacks)


METRIC = Metric(
    id="M16",
    title=Text(ru="Не поняли клиента", en="Not understood"),
    formula=Text(
        ru="диалоги, где помощник хоть раз не понял клиента ÷ диалоги с ответом помощника; рядом — на 100 ответов",
        en="dialogues where the assistant once did not understand ÷ dialogues with its reply; per 100 replies beside",
    ),
    dated_by=BY_DIALOGUE,
    unit=SHARE,
    exclusions=NOT_COUNTED,
    pending=NOTHING_PENDING,
    weighs={Dialogue: weigh},
    series=("", REPLIES),
    good=Side.LESS,
)
