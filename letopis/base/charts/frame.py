"""What stands around a drawing: the figure with its finding, the words under it, the same numbers as a table."""

from collections.abc import Sequence
from html import escape

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

Row = Sequence[str]


def figure(finding: str, *parts: SafeString) -> SafeString:
    """`finding` is what a reader hears: the sentence the drawing proves."""
    return format_html(
        '<figure class="chart" aria-label="{}">{}</figure>', finding, format_html_join("", "{}", ((p,) for p in parts))
    )


def words(pieces: Sequence[tuple[str, str]]) -> SafeString:
    """Pairs of a swatch's class and its word."""
    return format_html('<p class="words">{}</p>', format_html_join("", '<span><i class="{}"></i>{}</span>', pieces))


def table(head: Row, rows: Sequence[Row]) -> SafeString:
    """«Таблицей»: the first column names the row, the others are numbers."""
    lines = "".join(_line(row) for row in rows)
    return format_html(
        '<details class="figures"><summary>{}</summary><div tabindex="0" role="group" aria-label="{}"><table>'
        "<thead><tr>"
        '<th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table></div></details>',
        gettext("As table"),
        gettext("As table"),
        head[0],
        format_html_join("", '<th scope="col" class="n">{}</th>', ((cell,) for cell in head[1:])),
        SafeString(lines),
    )


def _line(row: Row) -> str:
    cells = "".join([f'<td class="n">{escape(cell)}</td>' for cell in row[1:]])
    return f'<tr><th scope="row">{escape(row[0])}</th>{cells}</tr>'
