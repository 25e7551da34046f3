"""The thread of a dialogue as markup: a long one holds more pieces than a template writes in good time.

Everything that came from people or from other programs is escaped here, at the place where it enters.
"""

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from letopis.base.templatetags.letopis import icon, when
from letopis.dialogues.steps import Step
from letopis.dialogues.thread import Broke, Bubble, Group, Item, Line, Pause


def markup_of(items: Sequence[Item]) -> SafeString:
    """What stands inside of the thread, piece by piece."""
    return SafeString("\n".join(_piece(item) for item in items))


def _piece(item: Item) -> str:
    match item:
        case Bubble():
            return _bubble(item)
        case Group():
            return _group(item)
        case Pause():
            return f'<p class="pause {item.tone}">{escape(item.words)}</p>'
        case Broke():
            return _broke(item)


def _bubble(item: Bubble) -> str:
    head = [escape(item.speaker)]
    if item.form:
        head.append(f"{icon(item.form.icon, 's')} {escape(str(item.form.words))}")
    if item.delivery:
        head.append(escape(item.delivery))
    gone = f'<span class="hiddentext">{escape(item.erased)}</span>' if item.erased else ""
    said = gone or escape(item.text)
    return (
        f'<article class="turn" data-row tabindex="-1">{when(item.at, "time_exact")}'
        f'<div class="bubble {escape(item.who)}" hx-ignore><small>{" · ".join(head)}</small>{said}</div></article>'
    )


def _group(item: Group) -> str:
    lines = "".join(_line(line) for line in item.lines)
    return (
        f'<details class="steps"{" open" if item.open else ""}><summary>{icon("chevron-right", "s")}'
        f'<b class="{item.tone}">{escape(item.head)}</b> {escape(item.rest)}</summary><ol>{lines}</ol></details>'
    )


def _line(line: Line) -> str:
    step = line.step
    return (
        f'<li class="step {step.tone}">{icon(step.icon, "s")}'
        f"<span hx-ignore><b>{escape(step.title)}</b> {escape(step.by)}</span>{line.bar}"
        f'<span class="n">{escape(step.length)}</span>{_detail(step)}</li>'
    )


def _detail(step: Step) -> str:
    if not step.detail and not step.lines:
        return ""
    pairs = "".join(f"<div><dt>{escape(word)}</dt><dd>{escape(value)}</dd></div>" for word, value in step.detail)
    told = f"<dl>{pairs}</dl>" if pairs else ""
    lines = f'<pre tabindex="0">{escape(step.lines)}</pre>' if step.lines else ""
    return f'<div class="detail" hx-ignore>{told}{lines}</div>'


def _broke(item: Broke) -> str:
    head = _("This is where it broke")
    more = f"<p hx-ignore>{escape(item.at.more)}</p>" if item.at.more else ""
    return (
        f'<section class="broke" id="broke"><h3>{icon("alert-triangle")}{escape(head)}</h3>'
        f"<p>{escape(item.at.why)}</p>{more}</section>"
    )
