"""The sheet a chart is drawn on: per cent from the upper left corner, classes for colour, one sheet a skin.

On the screen what may stretch (lines, areas) lies in inner drawings of 1000 × 1000 that fill the box, and what may not
(text, dots, ends of bars) lies at percentages in the outer one. On paper all is laid out in points with attributes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Point = tuple[float, float]

# Colours of the light skin, for paper, where no style sheet is read.
INK, INK2, LINE, LINE2, SURFACE = "#1c1e23", "#5b5d63", "#e3dfd5", "#8d897f", "#ffffff"
DATA, DATA2, DATA3, MUTE = "#3d5bb0", "#b9c4e4", "#7a8fce", "#d6d1c5"
LOSS, LOSS_SOFT, WARN, OK, SUNK, SOFT = "#b8321a", "#fbe9e3", "#8a5a00", "#1d6f47", "#f1eee7", "#eceff8"
HEAT = ("#f1eee7", "#dde3f3", "#b9c5e6", "#8ea1d6", "#5b76c2", "#2c4a9e")

# A bar thinner than that share of the plot is drawn with the least width the eye can find.
BAR_PERCENT_MIN = 0.5
BAR_PIXELS_MIN = 3

PAPER: dict[str, dict[str, str]] = {
    "line": {"fill": "none", "stroke": DATA, "stroke-width": "1.5", "stroke-linejoin": "round"},
    "line before": {"fill": "none", "stroke": DATA3, "stroke-width": "1.5", "stroke-linejoin": "round"},
    "line loss": {"fill": "none", "stroke": LOSS, "stroke-width": "1.2", "stroke-linejoin": "round"},
    "today": {"fill": "none", "stroke": DATA, "stroke-width": "1.5", "stroke-dasharray": "3 3"},
    "former": {"fill": "none", "stroke": LINE2, "stroke-width": "1", "stroke-dasharray": "1.5 3"},
    "mean": {"fill": "none", "stroke": LINE2, "stroke-width": "0.8", "stroke-dasharray": "5 4"},
    "grid": {"stroke": LINE, "stroke-width": "0.8"},
    "lane": {"stroke": LINE, "stroke-width": "0.8"},
    "axis": {"stroke": LINE2, "stroke-width": "0.8"},
    "mark": {"stroke": INK, "stroke-width": "0.8"},
    "break": {"stroke": LOSS, "stroke-width": "1.2"},
    "area": {"fill": SOFT},
    "area loss": {"fill": LOSS_SOFT},
    "day": {"fill": DATA3},
    "day few": {"fill": MUTE},
    "end": {"fill": DATA},
    "end loss": {"fill": LOSS},
    "cut": {"fill": SUNK},
    "client": {"fill": INK},
    "in": {"fill": INK},
    "assistant": {"fill": DATA},
    "out": {"fill": DATA3},
    "model": {"fill": DATA3},
    "good": {"fill": OK},
    "bad": {"fill": LOSS},
    "loss": {"fill": LOSS},
    "late": {"fill": LOSS},
    "human": {"fill": WARN},
    "warn": {"fill": WARN},
    "reached": {"fill": DATA},
    "bar1": {"fill": DATA},
    "bar0": {"stroke": LINE, "stroke-width": "0.8"},
    "pending": {"fill": DATA2},
    "left": {"fill": MUTE},
    "ours": {"fill": LOSS},
    "flow": {"fill": SOFT},
    "fade theirs": {"fill": MUTE, "fill-opacity": "0.2"},
    "fade pending": {"fill": DATA2, "fill-opacity": "0.2"},
    "fade ours": {"fill": LOSS, "fill-opacity": "0.2"},
    "fade handed": {"fill": LINE2, "fill-opacity": "0.2"},
    **{f"h{step}": {"fill": colour} for step, colour in enumerate(HEAT)},
}
PAPER_TEXT = {"strong": {"fill": INK, "font-weight": "600"}, "ok": {"fill": OK}, "loss": {"fill": LOSS}}
PAPER_FONT = {"font-family": "Golos Text, sans-serif", "font-size": "8", "fill": INK2}


@dataclass(frozen=True, slots=True)
class Size:
    """A fixed sheet for paper, in points, with room around the plot for labels."""

    width: float
    height: float
    top: float = 0
    right: float = 0
    bottom: float = 0
    left: float = 0


@dataclass(frozen=True, slots=True)
class Lattice:
    """The whole numbers on which a chart of many points is drawn on the screen: a third of the bytes of fractions.

    `columns` are the steps between its points, `rows` the steps of its height, finer than half a pixel.
    """

    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a label with a look of its own; `wide` leaves in narrow cards."""

    text: str
    look: str = ""


class Canvas(Protocol):
    """What a chart may draw; all places in per cent of the plot, shifts and radii in whole pixels.

    A `look` is a class name of our own. Many dots or bars of one look are one shape: a page holds hundreds of them.
    """

    def path(self, points: Sequence[Point], look: str) -> None: ...
    def area(self, points: Sequence[Point], look: str, title: str = "", url: str = "") -> None: ...
    def rule(self, start: Point, end: Point, look: str) -> None: ...
    def dot(self, at: Point, radius: float, look: str, title: str = "") -> None: ...
    def dots(self, places: Sequence[Point], radius: float, look: str) -> None: ...
    def rect(self, at: Point, size: Point, look: str, title: str = "", url: str = "", thick: float = 0) -> None: ...
    def bars(self, bars: Sequence[tuple[Point, Point]], look: str) -> None: ...
    def text(self, at: Point, words: Sequence[Words], look: str = "", shift: Point = (0, 0), url: str = "") -> None: ...
    def svg(self, look: str) -> SafeString: ...


def canvas(size: Size | None, lattice: Lattice | None = None) -> Canvas:
    """A sheet for the screen, or for paper when a size is given."""
    return Screen(lattice) if size is None else Paper(size)


@dataclass
class Screen:
    """Fills its box by the page's style sheet."""

    lattice: Lattice | None = None
    done: list[str] = field(default_factory=list)
    stretched: list[str] = field(default_factory=list)

    def path(self, points: Sequence[Point], look: str) -> None:
        if len(points) > 1:
            self.stretched.append(f'<path class="{look}" d="{self._line(points)}"/>')

    def area(self, points: Sequence[Point], look: str, title: str = "", url: str = "") -> None:
        shape = f'<path class="{look}" d="{self._line(points)}Z"'
        shape += f">{_title(title)}</path>" if title else "/>"
        self.stretched.append(_link(url, shape))

    def rule(self, start: Point, end: Point, look: str) -> None:
        self._flush()
        (x1, y1), (x2, y2) = start, end
        self.done.append(
            f'<line class="{look}" x1="{number(x1)}%" y1="{number(y1)}%" x2="{number(x2)}%" y2="{number(y2)}%"/>'
        )

    def dot(self, at: Point, radius: float, look: str, title: str = "") -> None:
        self._flush()
        shape = f'<circle class="{look}" cx="{number(at[0])}%" cy="{number(at[1])}%" r="{number(radius)}">'
        self.done.append(f"{shape}{_title(title)}</circle>")

    def dots(self, places: Sequence[Point], radius: float, look: str) -> None:
        """Strokes without length under a round pen: round at any stretch of the sheet."""
        if places:
            if self.lattice is None:
                spots = "".join(f"M{_point(place, 10, 10)}h0" for place in places)
            else:
                spots = "".join(f"m{step}h0" for step in _steps(places, self.lattice))
            self.stretched.append(f'<path class="pen {look}" stroke-width="{number(2 * radius)}" d="{spots}"/>')

    def rect(self, at: Point, size: Point, look: str, title: str = "", url: str = "", thick: float = 0) -> None:
        """`thick` is a height in pixels, hung at the middle of `at`; without it the height is `size[1]` per cent."""
        self._flush()
        width = f"{number(size[0])}%" if size[0] >= BAR_PERCENT_MIN else str(BAR_PIXELS_MIN)
        height = number(thick) if thick else f"{number(size[1])}%"
        hung = f' transform="translate(0 {number(-thick / 2)})"' if thick else ""
        shape = (
            f'<rect class="{look}" x="{number(at[0])}%" y="{number(at[1])}%" width="{width}" height="{height}"{hung}>'
            f"{_title(title)}</rect>"
        )
        self.done.append(_link(url, shape))

    def bars(self, bars: Sequence[tuple[Point, Point]], look: str) -> None:
        """Filled and drawn round with a pen of the least width, so that one without length is still seen."""
        if bars:
            shapes = "".join(
                f"M{_point(at, 10, 10)}h{number(10 * width, 1)}v{number(10 * height, 1)}h{number(-10 * width, 1)}z"
                for at, (width, height) in bars
            )
            self.stretched.append(f'<path class="pen {look}" stroke-width="{BAR_PIXELS_MIN}" d="{shapes}"/>')

    def text(self, at: Point, words: Sequence[Words], look: str = "", shift: Point = (0, 0), url: str = "") -> None:
        self._flush()
        said = escape(words[0].text)
        if len(words) > 1:
            said = "".join(f'<tspan class="{piece.look}">{escape(piece.text)}</tspan>' for piece in words)
        shape = (
            f'<text class="{look}" x="{number(at[0])}%" y="{number(at[1])}%" dx="{number(shift[0])}"'
            f' dy="{number(shift[1])}">{said}</text>'
        )
        self.done.append(_link(url, shape))

    def svg(self, look: str) -> SafeString:
        self._flush()
        return SafeString(f'<svg class="{look}" aria-hidden="true">{"".join(self.done)}</svg>')

    def _line(self, points: Sequence[Point]) -> str:
        if self.lattice is None:
            return _polyline(points, 10, 10)
        return "m" + " ".join(_steps(points, self.lattice)).replace(" -", "-")

    def _flush(self) -> None:
        if self.stretched:
            box = "1000 1000" if self.lattice is None else f"{self.lattice.columns} {self.lattice.rows}"
            inner = "".join(self.stretched)
            self.done.append(f'<svg class="stretch" viewBox="0 0 {box}" preserveAspectRatio="none">{inner}</svg>')
            self.stretched.clear()


@dataclass
class Paper:
    """A fixed sheet: colours and font as attributes, no class, no link."""

    size: Size
    done: list[SafeString] = field(default_factory=list)

    def path(self, points: Sequence[Point], look: str) -> None:
        if len(points) > 1:
            self._shape("path", look, d=_polyline([self._at(point) for point in points], 1, 1))

    def area(self, points: Sequence[Point], look: str, title: str = "", url: str = "") -> None:
        self._shape("path", look, d=_polyline([self._at(point) for point in points], 1, 1) + "Z")

    def rule(self, start: Point, end: Point, look: str) -> None:
        (x1, y1), (x2, y2) = self._at(start), self._at(end)
        self._shape("line", look, x1=number(x1), y1=number(y1), x2=number(x2), y2=number(y2))

    def dot(self, at: Point, radius: float, look: str, title: str = "") -> None:
        x, y = self._at(at)
        self._shape("circle", look, cx=number(x), cy=number(y), r=number(radius * 0.75))

    def dots(self, places: Sequence[Point], radius: float, look: str) -> None:
        for place in places:
            self.dot(place, radius, look)

    def rect(self, at: Point, size: Point, look: str, title: str = "", url: str = "", thick: float = 0) -> None:
        x, y = self._at(at)
        right, bottom = self._at((at[0] + size[0], at[1] + size[1]))
        height = thick * 0.75 if thick else bottom - y
        self._shape(
            "rect",
            look,
            x=number(x),
            y=number(y - (height / 2 if thick else 0)),
            width=number(max(right - x, 1)),
            height=number(height),
        )

    def bars(self, bars: Sequence[tuple[Point, Point]], look: str) -> None:
        for at, size in bars:
            self.rect(at, size, look)

    def text(self, at: Point, words: Sequence[Words], look: str = "", shift: Point = (0, 0), url: str = "") -> None:
        x, y = self._at(at)
        anchor = {"mid": "middle", "end": "end"}
        attributes = {"x": number(x + shift[0] * 0.75), "y": number(y + shift[1] * 0.75)}
        for token in look.split():
            attributes |= {"text-anchor": anchor[token]} if token in anchor else PAPER_TEXT.get(token, {})
        pieces = format_html_join(
            "", "<tspan{}>{}</tspan>", ((_attributes(PAPER_TEXT.get(piece.look, {})), piece.text) for piece in words)
        )
        self.done.append(format_html("<text{}>{}</text>", _attributes(PAPER_FONT | attributes), pieces))

    def svg(self, look: str) -> SafeString:
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 {} {}">{}</svg>',
            *(number(side) for side in (self.size.width, self.size.height) * 2),
            _joined(self.done),
        )

    def _at(self, point: Point) -> Point:
        size = self.size
        return (
            size.left + point[0] / 100 * (size.width - size.left - size.right),
            size.top + point[1] / 100 * (size.height - size.top - size.bottom),
        )

    def _shape(self, tag: str, look: str, **geometry: str) -> None:
        paint = PAPER.get(look) or PAPER[look.split()[0]]
        self.done.append(format_html("<{}{}/>", tag, _attributes(geometry | paint)))


def number(value: float, digits: int = 2) -> str:
    """Two decimals at most, no trailing noughts: 42.1, 7, -0.25."""
    rounded = round(value, digits)
    # Adding nought turns the minus nought of a rounded value into nought.
    return str(int(rounded)) if rounded == int(rounded) else f"{rounded + 0.0:.{digits}f}".rstrip("0")


def _polyline(points: Sequence[Point], across: float, down: float) -> str:
    return "M" + "L".join(_point(point, across, down) for point in points)


def _point(point: Point, across: float, down: float) -> str:
    # A tenth of a thousandth of the sheet is finer than any screen.
    return f"{number(point[0] * across, 1)} {number(point[1] * down, 1)}"


def _steps(points: Sequence[Point], lattice: Lattice) -> Iterator[str]:
    """The way from point to point in whole steps; it begins at the upper left corner."""
    left, top = 0, 0
    for x, y in points:
        right, down = round(x * lattice.columns / 100), round(y * lattice.rows / 100)
        yield f"{right - left} {down - top}".replace(" -", "-")
        left, top = right, down


def _link(url: str, shape: str) -> str:
    """The same door stands as a word beside the drawing, so the drawing takes no focus."""
    return f'<a href="{escape(url)}" tabindex="-1">{shape}</a>' if url else shape


def _title(text: str) -> str:
    return f"<title>{escape(text)}</title>" if text else ""


def _attributes(values: dict[str, str]) -> SafeString:
    return format_html_join("", ' {}="{}"', values.items())


def _joined(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
