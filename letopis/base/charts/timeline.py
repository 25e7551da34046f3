"""The timeline of a dialogue: who did what when, on lanes; long silences are cut to a grey band with their length."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy

from letopis.base import format
from letopis.base.charts.canvas import BAR_PERCENT_MIN, Canvas, Size, Words, canvas
from letopis.base.charts.frame import figure, table

SILENCE_SHARE = 0.05
SILENCE_MS_MAX = 120_000
SILENCE_MS_MIN = 1_000
CUT_PERCENT = 5.5
CUTS_PERCENT_MAX = 40.0
STRETCH_SHARE_MIN = 0.04
LABEL_PERCENT = 9.0
NARROW_LABEL_PERCENT = 30.0
SILENCE_LABEL_PERCENT = 7.0
BAR_SHARE = 0.22
"""How much of its lane a bar fills, without the edge of the pen."""


class Lane(StrEnum):
    """Who acts, from the client down to the manager."""

    CLIENT = "client"
    ASSISTANT = "assistant"
    MODEL = "model"
    ACTIONS = "actions"
    CRM = "crm"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Act:
    """One act at `at_ms` from the start; `length_ms` 0 is a moment. `good` False is a failure, None no judgement."""

    lane: Lane
    at_ms: int
    length_ms: int = 0
    good: bool | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """`broke_ms` is where it broke. Acts may come in any order."""

    finding: str
    start: datetime
    acts: Sequence[Act]
    broke_ms: int | None = None


@dataclass(frozen=True, slots=True)
class _Busy:
    """A stretch without a long silence: its time, and its place in per cent."""

    start_ms: int
    end_ms: int
    left: float = 0.0
    width: float = 0.0


def timeline(data: Timeline, size: Size | None = None) -> SafeString:
    lanes = [lane for lane in Lane if any(act.lane is lane for act in data.acts)]
    busy = _placed(_busy(data.acts))
    sheet = canvas(size)
    _draw_silences(sheet, busy)
    for row in range(len(lanes)):
        _draw_lane(sheet, data, busy, row, lanes)
    _draw_times(sheet, data, busy)
    drawing = sheet.svg("lanes-drawing")
    if size:
        return drawing
    plot = format_html('<div class="plot lanes l{}">{}</div>', len(lanes), drawing)
    return figure(data.finding, plot, _table(data))


def _busy(acts: Sequence[Act]) -> list[_Busy]:
    """Stretches of acts parted by silences longer than a twentieth of the whole or two minutes."""
    if not acts:
        return []
    ordered = sorted(acts, key=lambda act: act.at_ms)
    whole = max(act.at_ms + act.length_ms for act in ordered) - ordered[0].at_ms
    silence = max(min(whole * SILENCE_SHARE, SILENCE_MS_MAX), SILENCE_MS_MIN)
    stretches = [_Busy(ordered[0].at_ms, ordered[0].at_ms + ordered[0].length_ms)]
    for act in ordered[1:]:
        last, end = stretches[-1], act.at_ms + act.length_ms
        if act.at_ms - last.end_ms > silence:
            stretches.append(_Busy(act.at_ms, end))
        else:
            stretches[-1] = _Busy(last.start_ms, max(last.end_ms, end))
    return stretches


def _placed(stretches: Sequence[_Busy]) -> list[_Busy]:
    """Gives each stretch its share of the width; a lone moment still gets room for its dot."""
    if not stretches:
        return []
    cut = min(CUT_PERCENT, CUTS_PERCENT_MAX / max(len(stretches) - 1, 1))
    busy_ms = sum(stretch.end_ms - stretch.start_ms for stretch in stretches) or 1
    weights = [max(stretch.end_ms - stretch.start_ms, busy_ms * STRETCH_SHARE_MIN) for stretch in stretches]
    room = 100 - cut * (len(stretches) - 1)
    placed: list[_Busy] = []
    left = 0.0
    for stretch, weight in zip(stretches, weights, strict=True):
        width = room * weight / sum(weights)
        placed.append(_Busy(stretch.start_ms, stretch.end_ms, left, width))
        left += width + cut
    return placed


def _place(busy: Sequence[_Busy], at_ms: int) -> float:
    stretch = busy[max(bisect_right(busy, at_ms, key=_start) - 1, 0)]
    length = stretch.end_ms - stretch.start_ms
    if not length:
        return stretch.left + stretch.width / 2
    return stretch.left + stretch.width * min(max((at_ms - stretch.start_ms) / length, 0), 1)


def _start(stretch: _Busy) -> int:
    return stretch.start_ms


def _draw_silences(sheet: Canvas, busy: Sequence[_Busy]) -> None:
    silences = [(later.start_ms - earlier.end_ms, earlier, later) for earlier, later in pairwise(busy)]
    longest = max((silence for silence, _, _ in silences), default=0)
    taken: list[float] = []
    for silence, earlier, later in sorted(silences, key=lambda cut: -cut[0]):
        left = earlier.left + earlier.width
        inset = (later.left - left) * 0.1
        sheet.rect((left + inset, 0), (later.left - left - 2 * inset, 100), "cut")
        middle = (left + later.left) / 2
        if all(abs(middle - other) > SILENCE_LABEL_PERCENT for other in taken):
            said = format.length_coarse(silence / 1000)
            said = gettext("{length} of silence").format(length=said) if silence == longest else said
            sheet.text((middle, 0), [Words(said)], "mid" if silence == longest else "mid wide", shift=(0, -8))
            taken.append(middle)


def _draw_lane(sheet: Canvas, data: Timeline, busy: Sequence[_Busy], row: int, lanes: Sequence[Lane]) -> None:
    """What went as it should is one shape a look; a failure stands alone and says what it was."""
    lane, at = lanes[row], 100 * (row + 0.5) / len(lanes)
    tall = BAR_SHARE * 100 / len(lanes)
    sheet.rule((0, at), (100, at), "lane")
    sheet.text((0, at), [Words(_name(lane))], "end name", shift=(-12, 4))
    acts = [act for act in data.acts if act.lane is lane]
    spans = [(act, _place(busy, act.at_ms), _place(busy, act.at_ms + act.length_ms)) for act in acts]
    calm = [(act, start, end) for act, start, end in spans if act.good is not False]
    bars = [(start, end) for act, start, end in calm if act.length_ms]
    sheet.bars([((start, at - tall / 2), (end - start, tall)) for start, end in map(_inside, bars)], _look(lane))
    sheet.dots([(x, at) for act, x, _ in calm if not act.length_ms], 4, _look(lane))
    for act, x, end in spans:
        if act.good is False:
            title = f"{format.time_exact(_moment(data, act.at_ms))} {act.title}"
            if act.length_ms:
                sheet.rect((x, at), (end - x, 0), "bad", title, thick=9)
            else:
                sheet.dot((x, at), 4, "bad", title)


def _inside(bar: tuple[float, float]) -> tuple[float, float]:
    """Within the edge that the pen adds; what is no longer than the edge is the edge alone."""
    start, end = bar
    edge = min(end - start, BAR_PERCENT_MIN) / 2
    return start + edge, end - edge


def _look(lane: Lane) -> str:
    looks = {Lane.CLIENT: "client", Lane.ASSISTANT: "assistant", Lane.MODEL: "model", Lane.MANAGER: "human"}
    return looks.get(lane, "good")


def _draw_times(sheet: Canvas, data: Timeline, busy: Sequence[_Busy]) -> None:
    """Times under the starts of busy stretches, where there is room; the break comes first."""
    taken: list[float] = []
    if data.broke_ms is not None and busy:
        at = _place(busy, data.broke_ms)
        sheet.rule((at, 0), (at, 100), "break")
        said = gettext("{time} failure").format(time=format.time_exact(_moment(data, data.broke_ms)))
        sheet.text((at, 100), [Words(said)], "mid loss", shift=(0, 18))
        taken.append(at)
    for stretch in busy:
        at = _place(busy, stretch.start_ms)
        near = min((abs(at - other) for other in taken), default=100)
        if near > LABEL_PERCENT:
            look = "mid" if near > NARROW_LABEL_PERCENT else "mid wide"
            sheet.text((at, 100), [Words(format.time(_moment(data, stretch.start_ms)))], look, shift=(0, 18))
            taken.append(at)


def _moment(data: Timeline, at_ms: int) -> datetime:
    return data.start + timedelta(milliseconds=at_ms)


def _name(lane: Lane) -> str:
    return str(_NAMES[lane])


_NAMES = {
    Lane.CLIENT: pgettext_lazy("lane", "Client"),
    Lane.ASSISTANT: pgettext_lazy("lane", "Assistant"),
    Lane.MODEL: pgettext_lazy("lane", "Model"),
    Lane.ACTIONS: pgettext_lazy("lane", "Actions"),
    Lane.CRM: "CRM",
    Lane.MANAGER: pgettext_lazy("lane", "Manager"),
}


def _table(data: Timeline) -> SafeString:
    names = {lane: _name(lane) for lane in Lane}
    rows = [
        (
            format.time_exact(_moment(data, act.at_ms)),
            names[act.lane],
            act.title or "—",
            format.length(act.length_ms / 1000) if act.length_ms else "—",
        )
        for act in sorted(data.acts, key=lambda act: act.at_ms)
    ]
    head = (pgettext("chart", "Time"), pgettext("chart", "Who"), pgettext("chart", "What"), pgettext("chart", "Length"))
    return table(head, rows)
