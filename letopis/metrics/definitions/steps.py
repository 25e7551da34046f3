"""M15: which steps of the scenario dialogues reach, and where they die.

Series: none, `n` dialogues that entered a step and `k` that died on it; `:time`, how long a stay takes; `:edge`, stays
by the step that followed, or by `!` and how the last one ended.
"""

from letopis.base.text import Text
from letopis.dialogues.records import Ended, Step
from letopis.metrics.metric import BY_STEP, EXCLUDED, NOT_COUNTED, SHARE, By, Metric, Side, Weighed, Weight

TIME, EDGE = ":time", ":edge"
DEATHS = frozenset({Ended.CLIENT_SILENT, Ended.WE_SILENT, Ended.ERROR})


def weigh(step: Step) -> Weighed:
    if step.excluded:
        yield "", EXCLUDED
        return
    died, pending = int(step.ended in DEATHS), int(step.ended == Ended.PENDING)
    # Dialogues are counted, not visits to a step: who comes back to it has entered it once.
    yield "", Weight(n=int(step.first), k=died, pending=pending, total=int(step.first), hits=died)
    yield TIME, Weight(n=1, seconds=step.seconds)
    yield EDGE, Weight(n=1, k=died)


METRIC = Metric(
    id="M15",
    title=Text(ru="Теряются на шаге", en="Lost on the step"),
    formula=Text(
        ru="диалоги, которые на шаге кончились ничем ÷ диалоги, вошедшие на шаг; тишина — 24 рабочих и 72 обычных часа",
        en="dialogues that came to nothing on the step ÷ dialogues that entered it; silence: 24 working, 72 wall hours",
    ),
    dated_by=BY_STEP,
    unit=SHARE,
    exclusions=NOT_COUNTED,
    pending=Text(ru="диалоги, которые ещё могут продолжиться", en="dialogues that may still go on"),
    weighs={Step: weigh},
    series=("", TIME, EDGE),
    splits=(By.STEP,),
    own_splits={EDGE: (By.EDGE,)},
    good=Side.LESS,
)
