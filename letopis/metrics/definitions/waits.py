"""M10: how long clients wait, at every turn of a dialogue.

Series: none, by the working clock; `w`, by the wall clock; `:hour`, all turns by hour of the day, `k` of them waited
for longer than a quarter of an hour by the wall clock or were never answered.
"""

from letopis.base.text import Text
from letopis.dialogues.records import Turn
from letopis.metrics.metric import BY_TURN, EXCLUDED, NOT_COUNTED, SECONDS, By, Metric, Side, Weighed, Weight

HOUR = ":hour"
LATE_S = 15 * 60


def weigh(turn: Turn) -> Weighed:
    if turn.closing:
        return
    if not turn.excluded and (turn.replied_at is not None or turn.lost):
        yield HOUR, Weight(n=1, k=int(turn.lost or turn.wall_s > LATE_S), total=1)
    if turn.suspect:
        return
    for clock, length in (("", turn.working_s), ("w", turn.wall_s)):
        if length is not None:
            yield clock, _weight(turn, length)


def _weight(turn: Turn, length: int) -> Weight:
    if turn.excluded:
        return EXCLUDED
    if turn.replied_at is None:
        return Weight(n=1, censored=length) if turn.lost else Weight(pending=1)
    return Weight(n=1, k=1, seconds=length)


METRIC = Metric(
    id="M10",
    title=Text(ru="Ожидание ответа", en="Waiting for a reply"),
    formula=Text(
        ru="время от каждого обращения клиента до ответа по существу; медиана и 90 % по Каплану — Мейеру",
        en="time from each turn of a client to a reply to the point; Kaplan-Meier median and 90th percentile",
    ),
    dated_by=BY_TURN,
    unit=SECONDS,
    exclusions=Text(
        ru=f"{NOT_COUNTED.ru}; «спасибо» и «ок»; сообщения без верного времени",
        en=f"{NOT_COUNTED.en}; thanks and OK; messages without a trusted time",
    ),
    pending=Text(ru="ещё ждут ответа", en="still waiting for a reply"),
    weighs={Turn: weigh},
    series=("", "w", HOUR),
    own_splits={HOUR: (By.HOUR,)},
    wall="w",
    good=Side.LESS,
)
