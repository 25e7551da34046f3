"""Causes: thin bars under the words, most first, ours in cinnabar."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from letopis.base import format
from letopis.base.charts.canvas import Size, canvas
from letopis.base.charts.frame import figure

BAR = Size(200, 4)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why people did not book, how many, and whether it is connected with a mistake of ours."""

    name: str
    count: int
    ours: bool = False
    url: str = ""


def causes(finding: str, data: Sequence[Cause], size: Size | None = None) -> SafeString:
    ordered = sorted(data, key=lambda cause: -cause.count)
    most = max((cause.count for cause in ordered), default=0)
    items = format_html_join("", "{}", ((_item(cause, most, size),) for cause in ordered))
    return figure(finding, format_html('<ol class="causes">{}</ol>', items))


def _item(cause: Cause, most: int, size: Size | None) -> SafeString:
    sheet = canvas(size and BAR)
    if cause.count:
        sheet.rect((0, 0), (100 * cause.count / most, 100), "ours" if cause.ours else "reached")
    inside = format_html("<span>{}</span><b>{}</b>{}", cause.name, format.integer(cause.count), sheet.svg("band"))
    tone = "mine" if cause.ours else ""
    if cause.url:
        return format_html('<li class="{}"><a href="{}">{}</a></li>', tone, cause.url, inside)
    return format_html('<li class="{}"><div>{}</div></li>', tone, inside)
