"""Tags and filters of every template; Django loads them as builtins, so no page has to ask.

Filters carry the names of `base/format.py`. Tags make the small parts of the kit.
"""

from collections.abc import Callable, Sized
from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from letopis.base import channels, clock, format
from letopis.base.menu import MenuLink
from letopis.base.parts import STATES, Cell, State
from letopis.base.text import Text

register = template.Library()

# Alone, as `{{ kopecks|money }}`, or with one argument: `{{ booked|share:n }}`, `{{ low|money_range:high }}`.
FILTERS = (
    "integer decimal percent share points change money money_range money_range_whole day day_short month weekday "
    "period time time_exact moment moment_exact ago length_coarse phone phone_masked id_masked hash_short"
)
for _name in FILTERS.split():
    register.filter(_name, getattr(format, _name))
register.filter("channel", channels.name)


@register.filter
def length(value: float | Sized) -> str | int:
    """How long it took; of a list, as Django has it, how many there are."""
    return len(value) if isinstance(value, Sized) else format.length(value)


# How a time reads; the exact time is always in the title.
TIMES: dict[str, Callable[[datetime], str]] = {
    "ago": format.ago,
    "time": format.time,
    "time_exact": format.time_exact,
    "day": format.day,
    "day_short": format.day_short,
    "moment": format.moment,
    "moment_exact": format.moment_exact,
}


@register.simple_tag
@cache
def icon(name: str, size: str = "") -> SafeString:
    """`{% icon "clock" %}`, `{% icon "check" "s" %}`: hidden from readers, so a word must stand beside it.

    Names are those of the sprite, so few are ever kept.
    """
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        "i s" if size == "s" else "i",
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def pill(state: str, words: object = "", tone: str = "") -> SafeString:
    """`{% pill dialogue.outcome %}`; other words or another tone when the page knows better."""
    known = STATES.get(state) or State(Text(ru=state, en=state))
    return format_html(
        '<span class="pill {}">{}{}</span>',
        tone or known.tone,
        icon(known.icon, "s") if known.icon else "",
        words or known.label,
    )


@register.simple_tag
def when(moment: datetime | None, how: str = "ago") -> SafeString | str:
    """`{% when dialogue.started_at "moment" %}`: the time for people, for programs, and exactly in the title."""
    if moment is None:
        return "—"
    # A long dialogue shows hundreds, and a time holds nothing to escape.
    exact, shown = format.moment_exact(moment), TIMES[how](moment)
    return SafeString(f'<time datetime="{moment.isoformat()}" title="{exact}">{shown}</time>')


@register.simple_tag
def now_moment() -> str:
    return format.moment(clock.now())


@register.inclusion_tag("base/parts/cell.html")
def cell(cell: Cell) -> dict[str, Any]:
    """`{% cell number %}`: one number of the strip."""
    return {"cell": cell}


@register.inclusion_tag("base/parts/empty.html")
def empty(text: str, hint: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """`{% empty text hint url action %}`: nothing here, why, and what to do."""
    return {"text": text, "hint": hint, "url": url, "action": action}


@register.inclusion_tag("base/parts/more.html")
def more(url: str, shown: str = "", target: str = "list") -> dict[str, Any]:
    """`{% more next_url words %}`: the foot of a keyset list; without an address the list is at its end."""
    return {"url": url, "shown": shown, "target": target}


@register.simple_tag
def code(text: str) -> SafeString:
    """`{% code sample %}`: a block of code that takes focus and can be copied whole."""
    return format_html(
        '<div class="code"><pre tabindex="0"><code>{}</code></pre>'
        '<button class="btn small copy js-only" type="button" data-copy>{}</button></div>',
        text,
        gettext("Copy"),
    )


@register.simple_tag
def copied(shown: str, whole: str = "") -> SafeString:
    """`{% copied "sess_8f3c21" %}`: an id shown short and copied whole."""
    return format_html(
        '<span class="id">{}</span> <button class="link js-only" type="button" data-copy="{}">{}</button>',
        shown,
        whole or shown,
        gettext("Copy"),
    )


@register.simple_tag
def short_name(link: MenuLink) -> str:
    """What a tab at the bottom of a phone has room for."""
    return pgettext("tab", "Waiting") if link.key == "waiting" else link.label


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: object) -> str:
    """`{% query channel="telegram" after=None %}`: the page's own address with some filters changed or dropped."""
    asked = context["request"].GET.copy()
    for name, value in changes.items():
        asked.pop(name, None)
        if value not in (None, ""):
            asked[name] = str(value)
    return f"?{asked.urlencode()}"
