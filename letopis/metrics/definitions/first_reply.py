"""M9: how long the first reply takes.

Series: none, anybody's reply by the working clock; `a` and `h`, the assistant's and the person's, where the other's
reply censors; each with `w` after it by the wall clock.
"""

from letopis.base.text import Text
from letopis.dialogues.conversation import ASSISTANT, HUMAN
from letopis.dialogues.records import Turn
from letopis.metrics.metric import BY_TURN, EXCLUDED, NOT_COUNTED, SECONDS, By, Metric, Side, Weighed, Weight

_SERIES = (("", None), ("a", ASSISTANT), ("h", HUMAN))


def weigh(turn: Turn) -> Weighed:
    if not turn.opening or turn.suspect:
        return
    for series, by in _SERIES:
        for clock, length in (("", turn.working_s), ("w", turn.wall_s)):
            if length is not None:
                yield series + clock, _weight(turn, by, length)


def _weight(turn: Turn, by: str | None, length: int) -> Weight:
    if turn.excluded:
        return EXCLUDED
    if turn.replied_at is None:
        return Weight(n=1, censored=length) if turn.lost else Weight(pending=1)
    if by is None or turn.replied_by == by:
        return Weight(n=1, k=1, seconds=length)
    return Weight(n=1, censored=length)


METRIC = Metric(
    id="M9",
    title=Text(ru="Первый ответ", en="First reply"),
    formula=Text(
        ru="время от первого сообщения до ответа по существу; медиана и 90 % по Каплану — Мейеру",
        en="time from the first message to a reply to the point; Kaplan-Meier median and 90th percentile",
    ),
    dated_by=BY_TURN,
    unit=SECONDS,
    exclusions=Text(
        ru=f"{NOT_COUNTED.ru}; сообщения без верного времени", en=f"{NOT_COUNTED.en}; messages without a trusted time"
    ),
    pending=Text(ru="ещё ждут ответа", en="still waiting for a reply"),
    weighs={Turn: weigh},
    series=("", "w", "a", "aw", "h", "hw"),
    own_splits={"a": (), "aw": (), "h": (By.PERSON,), "hw": (By.PERSON,)},
    wall="w",
    good=Side.LESS,
)
