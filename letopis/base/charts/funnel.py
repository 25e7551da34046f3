"""The funnel: how many reached each step, and where the others are. Bars on one scale, words under each bar."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from letopis.base import format
from letopis.base.charts.canvas import Size, canvas
from letopis.base.charts.frame import figure, table, words

BAR = Size(240, 12)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar and the door to the people in it."""

    count: int
    url: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who reached it, and of those of the former step who did not: still thinking, gone, lost by us."""

    name: str
    reached: Part
    pending: Part = Part(0)
    left: Part = Part(0)
    ours: Part = Part(0)

    @property
    def parts(self) -> tuple[tuple[str, Part], ...]:
        return (("reached", self.reached), ("pending", self.pending), ("left", self.left), ("ours", self.ours))


@dataclass(frozen=True, slots=True)
class Funnel:
    """`finding` is the sentence the drawing proves; the first step is the whole."""

    finding: str
    steps: Sequence[Step]


def funnel(data: Funnel, size: Size | None = None) -> SafeString:
    """`size` asks for the skin of paper; the list stays a list, each bar becomes a fixed drawing."""
    whole = max((sum(part.count for _, part in step.parts) for step in data.steps), default=0)
    former: int | None = None
    items = []
    for step in data.steps:
        items.append(_item(step, whole, former, size))
        former = step.reached.count
    listed = format_html('<ol class="bars">{}</ol>', format_html_join("", "{}", ((item,) for item in items)))
    return figure(data.finding, listed, words(_legend(data)), _table(data))


def _item(step: Step, whole: int, former: int | None, size: Size | None) -> SafeString:
    sheet = canvas(size and BAR)
    start = 0.0
    for look, part in step.parts:
        if part.count and whole:
            width = 100 * part.count / whole
            sheet.rect((start, 0), (width, 100), look, part.words, part.url)
            start += width
    reached = format.integer(step.reached.count)
    return format_html(
        '<li><span class="name">{}</span><span class="plot">{}</span><span class="value">{}</span>'
        '<span class="rate">{}</span>{}</li>',
        step.name,
        sheet.svg("band"),
        format_html('<a href="{}">{}</a>', step.reached.url, reached) if step.reached.url else reached,
        format.percent(100 * step.reached.count / former, 1) if former else "",
        _below(step),
    )


def _below(step: Step) -> SafeString | str:
    said = [(look, part) for look, part in step.parts[1:] if part.count and part.words]
    if not said:
        return ""
    return format_html("<p>{}</p>", format_html_join(", ", "{}", ((_door(look, part),) for look, part in said)))


def _door(look: str, part: Part) -> SafeString:
    tone = "loss" if look == "ours" else "ink2"
    if part.url:
        return format_html('<a class="{}" href="{}">{}</a>', tone, part.url, part.words)
    return format_html('<span class="{}">{}</span>', tone, part.words)


def _legend(data: Funnel) -> list[tuple[str, str]]:
    """Only the words of what is there."""
    used = {look for step in data.steps for look, part in step.parts if part.count}
    pieces = {
        "reached": ("", gettext("reached the step")),
        "left": ("mute", gettext("left by themselves")),
        "pending": ("pending", gettext("still deciding")),
        "ours": ("loss", gettext("connected with our mistakes")),
    }
    return [piece for look, piece in pieces.items() if look in used]


def _table(data: Funnel) -> SafeString:
    head = (
        pgettext("chart", "Step"),
        pgettext("chart", "Reached"),
        gettext("Still deciding"),
        pgettext("chart", "Left"),
        gettext("Our mistakes"),
    )
    return table(head, [(step.name, *(format.integer(part.count) for _, part in step.parts)) for step in data.steps])
