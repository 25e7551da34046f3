"""The river of a scenario: ribbons from step to step, the main way along the top edge, and what falls out of it.

Thickness is a number of dialogues. Whoever calls says the layer of every step and which of them are the main way; here
is only where things lie: drops settle below the step they fall from, side branches below the drops, nothing on another.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, hypot

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from letopis.base import format
from letopis.base.charts.canvas import Canvas, Lattice, Point, Size, Words, canvas
from letopis.base.charts.frame import Row, figure, table, words

# All places are reckoned on a sheet of this width in pixels; heights stay pixels, widths stretch with the card.
WIDTH = 1080
MAIN_HEIGHT = 190
NODE_WIDTH = 14
THICK_MIN = 2
GAP = 9
LINE_HEIGHT = 16
CHAR_WIDTH = 6.7
REACH_MAX = 72
ROW_HEIGHT = 60
ROWS_MAX = 16
"""Style sheets know heights of so many rows; a taller river is pressed into the last of them."""
SAMPLES = 14
FADES = 7
"""A drop fades by pieces laid over each other: no gradient needs an id, no seam shows."""
GRAIN = 2
"""On the screen shapes are drawn in halves of a pixel: a third of the bytes of fractions."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Dialogues that ended on a step; `look` is theirs, pending, ours or handed."""

    look: str
    count: int
    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A step: `size` makes it tall, `count` is the word for it; an empty one stands for steps left together.

    `change` is a small number beside the count, against another version; `tone` its colour: ok, loss or none.
    """

    name: str
    size: int
    count: str
    layer: int
    main: bool = False
    url: str = ""
    drops: Sequence[Drop] = ()
    change: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Ribbon:
    """Dialogues that went from a step to one of a later layer; both are places in the list of nodes."""

    source: int
    target: int
    count: int


@dataclass(frozen=True, slots=True)
class River:
    """`finding` is the sentence the drawing proves; `head` and `rows` are the same as a table."""

    finding: str
    nodes: Sequence[Node]
    ribbons: Sequence[Ribbon]
    head: Row
    rows: Sequence[Row]


def river(data: River, size: Size | None = None) -> SafeString:
    """`size` asks for the skin of paper."""
    bed = _Bed(data)
    rows = bed.lay()
    sheet = canvas(size, Lattice(GRAIN * WIDTH, round(GRAIN * bed.height)))
    bed.draw(sheet)
    drawn = format_html('<div class="river t{}">{}</div>', rows, sheet.svg("plot"))
    return figure(data.finding, drawn, words(_legend(data)), table(data.head, data.rows))


def _legend(data: River) -> list[tuple[str, str]]:
    """Only the words of what is there."""
    used = {drop.look for node in data.nodes for drop in node.drops if drop.count}
    pieces = {
        "theirs": ("mute", gettext("left by themselves")),
        "pending": ("pending", gettext("still deciding")),
        "handed": ("handed", gettext("with a person or in another channel")),
        "ours": ("loss", gettext("connected with our mistakes")),
    }
    return [("", gettext("go on")), *(piece for look, piece in pieces.items() if look in used)]


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class _Band:
    """A strip through points of its upper edge, so thick at each of them."""

    edge: Sequence[tuple[float, float, float]]
    look: str
    title: str = ""
    url: str = ""


@dataclass(slots=True)
class _Bed:
    """The layout: boxes that are taken, and what is to be drawn over what."""

    data: River
    taken: list[_Box] = field(default_factory=list)
    tops: dict[int, float] = field(default_factory=dict)
    bands: list[_Band] = field(default_factory=list)
    labels: list[tuple[float, float, Drop]] = field(default_factory=list)
    entered: dict[int, float] = field(default_factory=dict)
    far: list[tuple[Ribbon, float, float]] = field(default_factory=list)
    """Ways past other columns, with their upper edge and scale; each is laid when all on its way is."""
    height: float = ROW_HEIGHT
    """Of the sheet in pixels, known once everything lies."""

    def lay(self) -> int:
        """Give everything its place; the number of rows that the sheet needs."""
        self._lay()
        deepest = max((box.bottom for box in self.taken), default=1)
        rows = min(ROWS_MAX, max(1, ceil(deepest / ROW_HEIGHT)))
        self.height = max(rows * ROW_HEIGHT, deepest)
        return rows

    def draw(self, sheet: Canvas) -> None:
        height = self.height
        for band in self.bands:
            _draw_band(sheet, band, height)
        for place in range(len(self.data.nodes)):
            self._draw_node(sheet, place, height)
        for x, y, drop in self.labels:
            look = "strong" if drop.look == "ours" else ""
            tone = "loss" if drop.look == "ours" else ""
            sheet.text(_at(x, y, height), [Words(drop.words, look)], tone, (0, 4), drop.url)

    def _lay(self) -> None:
        nodes = self.data.nodes
        order = sorted(range(len(nodes)), key=lambda place: (nodes[place].layer, not nodes[place].main, place))
        main = [place for place in order if nodes[place].main]
        for place, following in zip(main, [*main[1:], None], strict=True):
            self.tops[place] = 0
            until = self._x(place) + NODE_WIDTH if following is None else self._x(following)
            thick = self._thick(place) if following is None else self._main_thick(place, following)
            self._take(self._x(place), self._x(place) + NODE_WIDTH, 0, self._thick(place))
            self._take(self._x(place), until, 0, thick)
        for place in order:
            self._lay_far(nodes[place].layer)
            if place not in self.tops:
                self._settle_node(place, self._x(place))
            self._let_out(place)

    def _settle_node(self, place: int, since: float) -> None:
        """A side branch lies below all that was there before it, its label under it; `since` its way runs level."""
        x, label = self._x(place), CHAR_WIDTH * len(self._label(place))
        left = min(since, x - GAP, x + NODE_WIDTH - label) if self._ends_right(x, label) else min(since, x - GAP)
        right = x + NODE_WIDTH + GAP if self._ends_right(x, label) else x + label
        height = self._thick(place) + LINE_HEIGHT + GAP
        self.tops[place] = self._settle(left, right, GAP, height)

    def _label(self, place: int) -> str:
        """All the words at a side branch; only their length matters."""
        node = self.data.nodes[place]
        return " ".join(filter(None, (node.count, _cut(node.name), node.change)))

    def _let_out(self, place: int) -> None:
        """From the top of a step downwards: the main way, ways up to it, what falls, ways down and past others."""
        node, x = self.data.nodes[place], self._x(place) + NODE_WIDTH
        ways = sorted(
            (ribbon for ribbon in self.data.ribbons if ribbon.source == place),
            key=lambda ribbon: (not self._is_main(ribbon), self.data.nodes[ribbon.target].layer, -ribbon.count),
        )
        scale = self._scale(node, [*(way.count for way in ways), *(drop.count for drop in node.drops)])
        y = self.tops[place]
        for way in (way for way in ways if self._is_main(way) or self._rises(way)):
            self._flow(way, y, scale)
            y += way.count * scale
        for drop in node.drops:
            y = self._fall(drop, x, y, scale)
        for way in (way for way in ways if not self._is_main(way) and not self._rises(way)):
            if self._is_far(way):
                self.far.append((way, y, scale))
            else:
                self._flow(way, y, scale)
            y += way.count * scale

    def _fall(self, drop: Drop, x: float, y: float, scale: float) -> float:
        thick = max(drop.count * scale, THICK_MIN)
        end = x + self._reach
        height = max(thick, LINE_HEIGHT)
        right = end + 6 + CHAR_WIDTH * len(drop.words)
        top = self._settle(x, right, y + GAP, height) + (height - thick) / 2
        curve = _curve((x, y), (end, top), thick, thick)
        for piece in range(1, FADES + 1):
            until = ceil(len(curve) * piece / FADES)
            whole = piece == FADES
            title, url = (drop.words, drop.url) if whole else ("", "")
            self.bands.append(_Band(curve[: max(until, 2)], f"fade {drop.look}", title, url))
        self.labels.append((end + 6, top + thick / 2, drop))
        return y + drop.count * scale

    def _lay_far(self, layer: int) -> None:
        """Ways past other columns, once only the last column before their ends is not laid yet."""
        ready = [one for one in self.far if self.data.nodes[one[0].target].layer - 1 <= layer]
        for one in ready:
            self.far.remove(one)
            self._flow(*one)

    def _flow(self, way: Ribbon, y: float, scale: float) -> None:
        source, target = self.data.nodes[way.source], self.data.nodes[way.target]
        start = (self._x(way.source) + NODE_WIDTH, y)
        # Level after a short fall, as drops fall: so it passes under the words of all that falls beside it.
        level = start[0] + self._reach
        if way.target not in self.tops:
            self._settle_node(way.target, level if not self._is_far(way) else self._x(way.target))
        arriving = self._scale(target, [one.count for one in self.data.ribbons if one.target == way.target])
        main = self._is_main(way)
        into = 0 if main else self.entered.get(way.target, self._main_count(way.target) * arriving)
        end = (self._x(way.target), self.tops[way.target] + into)
        leaves, comes = max(way.count * scale, THICK_MIN), max(way.count * arriving, THICK_MIN)
        if main or self._rises(way):
            edge = _curve(start, end, leaves, comes)
        elif not self._is_far(way):
            edge = [*_curve(start, (level, end[1]), leaves, comes), (*end, comes)]
        else:
            # Past the steps between: along a lane of its own below them, then at once up or down to its end.
            last = self._column_x(target.layer - 1) + NODE_WIDTH
            lane = self._settle(level, last + GAP, y + GAP, leaves)
            beside = (min(last + self._reach, end[0]), end[1])
            self._take(beside[0], end[0], end[1], end[1] + comes)
            edge = [
                *_even(_curve(start, (level, lane), leaves, leaves)),
                *_even(_curve((last, lane), beside, leaves, comes)),
                (*end, comes),
            ]
        title = f"{source.name} → {target.name}: {format.integer(way.count)}"
        self.bands.insert(0, _Band(edge, "flow", title))
        self.entered[way.target] = max(into + way.count * arriving, self.entered.get(way.target, 0))

    def _is_far(self, way: Ribbon) -> bool:
        """Whether it passes a column on its way, and not along the upper edge."""
        nodes = self.data.nodes
        return not self._is_main(way) and nodes[way.target].layer - nodes[way.source].layer > 1

    def _rises(self, way: Ribbon) -> bool:
        """From a side branch up to the main way, right beside it."""
        nodes = self.data.nodes
        return nodes[way.target].main and not nodes[way.source].main and not self._is_far(way)

    def _main_count(self, place: int) -> int:
        """Whatever comes from the side lies under the main way, also when it is drawn first."""
        return sum(one.count for one in self.data.ribbons if one.target == place and self._is_main(one))

    def _draw_node(self, sheet: Canvas, place: int, height: float) -> None:
        node, x, top = self.data.nodes[place], self._x(place), self.tops[place]
        thick = self._thick(place)
        size = (100 * NODE_WIDTH / WIDTH, 100 * thick / height)
        title = f"{node.name}: {node.count}" if node.count else node.name
        sheet.rect(_at(x, top, height), size, "reached" if node.count else "left", title, node.url)
        change = [Words(f" {node.change}", f"change {node.tone}".strip())] if node.change else []
        if node.main:
            starts = self._starts_left(x, CHAR_WIDTH * len(node.name))
            at, look = _at(x if starts else x + NODE_WIDTH, top, height), "" if starts else "end"
            sheet.text(at, [Words(_cut(node.name, self._chars(place)))], look, (0, -24))
            sheet.text(at, [Words(node.count, "strong"), *change], f"strong {look}".strip(), (0, -8), node.url)
            return
        ends = self._ends_right(x, CHAR_WIDTH * len(self._label(place)))
        at = _at(x + NODE_WIDTH if ends else x, top + thick, height)
        said = [Words(f"{node.count} ", "strong"), Words(_cut(node.name), "name")] if node.count else [Words(node.name)]
        sheet.text(at, [*said, *change], "end" if ends else "", (0, 15), node.url)

    def _chars(self, place: int) -> int:
        """As many letters as fit between a step of the main way and the next one."""
        later = [node.layer for node in self.data.nodes if node.main and node.layer > self.data.nodes[place].layer]
        room = (min(later) - self.data.nodes[place].layer) * self._column if later else WIDTH - self._x(place)
        return max(6, int((room - GAP) / CHAR_WIDTH))

    def _is_main(self, ribbon: Ribbon) -> bool:
        """From a step of the main way to the next one of it."""
        nodes = self.data.nodes
        source, target = nodes[ribbon.source], nodes[ribbon.target]
        between = (node for node in nodes if node.main and source.layer < node.layer < target.layer)
        return source.main and target.main and next(between, None) is None

    def _main_thick(self, source: int, target: int) -> float:
        count = sum(one.count for one in self.data.ribbons if (one.source, one.target) == (source, target))
        return min(count * self._unit, self._thick(source), self._thick(target))

    def _scale(self, node: Node, counts: Iterable[int]) -> float:
        """Pixels a dialogue; less where more passes than has entered, so that loops never overflow a step."""
        total = sum(counts)
        return self._unit * min(1, node.size / total) if total else self._unit

    def _thick(self, place: int) -> float:
        return max(self.data.nodes[place].size * self._unit, THICK_MIN)

    def _starts_left(self, x: float, label: float) -> bool:
        return x + label <= WIDTH

    def _ends_right(self, x: float, label: float) -> bool:
        """The label of a side branch ends at its right edge, out of the way of what falls from it."""
        return label <= x + NODE_WIDTH

    @property
    def _unit(self) -> float:
        return MAIN_HEIGHT / max((node.size for node in self.data.nodes), default=1)

    @property
    def _column(self) -> float:
        last = max((node.layer for node in self.data.nodes), default=0)
        falling = [drop.words for node in self.data.nodes if node.layer == last for drop in node.drops]
        room = REACH_MAX + GAP + CHAR_WIDTH * max(map(len, falling)) if falling else 0
        return (WIDTH - NODE_WIDTH - room) / max(last, 1)

    @property
    def _reach(self) -> float:
        """How far from a step that what leaves it falls."""
        return min(REACH_MAX, 0.45 * self._column)

    def _x(self, place: int) -> float:
        return self._column_x(self.data.nodes[place].layer)

    def _column_x(self, layer: int) -> float:
        return layer * self._column

    def _take(self, left: float, right: float, top: float, bottom: float) -> None:
        self.taken.append(_Box(left, right, top, bottom + GAP))

    def _settle(self, left: float, right: float, top: float, height: float) -> float:
        """The highest free place not above `top`; every move goes below a box that is in the way."""
        box = _Box(left, right, top, top + height + GAP)
        while in_the_way := [one for one in self.taken if one.meets(box)]:
            lower = max(one.bottom for one in in_the_way)
            box = _Box(left, right, lower, lower + height + GAP)
        self.taken.append(box)
        return box.top


def _curve(start: Point, end: Point, leaves: float, comes: float) -> list[tuple[float, float, float]]:
    """A soft step from one height to another, level at both ends."""
    edge = []
    for sample in range(SAMPLES + 1):
        t = sample / SAMPLES
        soft = t * t * (3 - 2 * t)
        x = start[0] + (end[0] - start[0]) * t
        edge.append((x, start[1] + (end[1] - start[1]) * soft, leaves + (comes - leaves) * soft))
    return edge


def _even(edge: Sequence[tuple[float, float, float]]) -> Iterator[tuple[float, float, float]]:
    """The same strip as thick across its course as it is upright: where it falls steeply it would look thin."""
    highest, lowest = min(y for _, y, _ in edge), max(y + thick for _, y, thick in edge)
    yield edge[0]
    for (x0, y0, _), (x, y, thick), (x1, y1, _) in zip(edge, edge[1:], edge[2:], strict=False):
        upright = thick * hypot(1, (y1 - y0) / (x1 - x0))
        middle = y + thick / 2
        top, bottom = max(middle - upright / 2, highest), min(middle + upright / 2, lowest)
        yield x, top, bottom - top
    yield edge[-1]


def _draw_band(sheet: Canvas, band: _Band, height: float) -> None:
    upper = [_at(x, y, height) for x, y, _ in band.edge]
    lower = [_at(x, y + thick, height) for x, y, thick in reversed(band.edge)]
    sheet.area([*upper, *lower], band.look, band.title, band.url)


def _at(x: float, y: float, height: float) -> Point:
    return 100 * x / WIDTH, 100 * y / height


def _cut(name: str, most: int = 26) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"
