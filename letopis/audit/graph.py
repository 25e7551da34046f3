"""The graph of a scenario's version: its steps, who went from which to which, and what fell out on each. Pure.

Counts are cells of M15. A step counts dialogues, whoever comes back to it has entered it once; a way between two steps
counts passages. All orders are made of counts and names, so that the same period always draws the same map.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from letopis.dialogues.records import Ended
from letopis.metrics.board import Board
from letopis.metrics.definitions.steps import EDGE, TIME
from letopis.metrics.metric import By
from letopis.metrics.parts import JOINT, Part
from letopis.metrics.period import Period
from letopis.metrics.statistics import survival_quantile
from letopis.metrics.statistics.verdict import Cohort

STEPS, TIMES, WAYS = "M15", f"M15{TIME}", f"M15{EDGE}"
NODES_MAX = 12
"""More steps are not drawn: the largest stay, the others become one."""
FAINT = 0.01
"""A way thinner than this share of the thickest moves no step to another layer, and is drawn only where it fits."""
THEIRS = (Ended.CLIENT_SILENT, Ended.REFUSED)
OURS = (Ended.WE_SILENT, Ended.ERROR)
HANDED = (Ended.HUMAN, Ended.ELSEWHERE)
REST = JOINT
"""The key of all steps that are drawn as one; no step is called so."""

Passages = Mapping[tuple[str, str], int]


@dataclass(frozen=True, order=True, slots=True)
class Pair:
    """A scenario and one of its versions; the empty one where none is told."""

    scenario: str
    version: str


@dataclass(slots=True)
class Step:
    """One step: dialogues that entered it, those that ended there by how, where the others went, how long it takes."""

    name: str
    entered: int
    ended: dict[Ended, int] = field(default_factory=dict)
    nexts: dict[str, int] = field(default_factory=dict)
    seconds: int | None = None

    def count(self, *ends: Ended) -> int:
        return sum(self.ended.get(end, 0) for end in ends)

    @property
    def theirs(self) -> int:
        return self.count(*THEIRS)

    @property
    def ours(self) -> int:
        return self.count(*OURS)

    @property
    def pending(self) -> int:
        return self.count(Ended.PENDING)

    @property
    def handed(self) -> int:
        return self.count(*HANDED)

    @property
    def lost(self) -> int:
        return self.theirs + self.ours

    @property
    def passed(self) -> Cohort:
        """Who went on or reached the goal, of those who are decided."""
        decided = max(0, self.entered - self.pending)
        return Cohort(max(0, decided - self.lost - self.handed), decided)


def pairs_of(board: Board, period: Period) -> list[Pair]:
    """What ran in the period, the one with most dialogues first."""
    most: dict[Pair, int] = {}
    for member in board.members(By.STEP, period, STEPS):
        pair = _pair_of(member)
        entered = board.total(STEPS, "n", period, Part(By.STEP, member))
        most[pair] = max(most.get(pair, 0), entered)
    return sorted(most, key=lambda pair: (-most[pair], pair))


def steps_of(board: Board, period: Period, pair: Pair) -> list[Step]:
    """The steps of a version, the most entered first."""
    found: dict[str, Step] = {}
    for member in board.members(By.STEP, period, STEPS):
        if _pair_of(member) == pair:
            part, name = Part(By.STEP, member), member.split(JOINT)[2]
            step = Step(name, board.total(STEPS, "n", period, part))
            step.seconds = survival_quantile(board.seconds(TIMES, period, part), [], 0.5)
            found[name] = step
    for member in board.members(By.EDGE, period, WAYS):
        if _pair_of(member) != pair:
            continue
        _, _, name, following = member.split(JOINT)
        count = board.total(WAYS, "n", period, Part(By.EDGE, member))
        if following.startswith("!"):
            found[name].ended[Ended(following[1:])] = count
        else:
            found[name].nexts[following] = count
    # A stay that began before the period may have gone on in it: nobody entered such a step.
    return sorted((step for step in found.values() if step.entered), key=lambda step: (-step.entered, step.name))


def _pair_of(member: str) -> Pair:
    scenario, version = member.split(JOINT)[:2]
    return Pair(scenario, version)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step is drawn: its layer from the left, and whether it is a step of the main way."""

    name: str
    size: int
    layer: int
    main: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """The map: places from left to right, the ways drawn between them, and what is not drawn."""

    places: Sequence[Place]
    ways: Sequence[tuple[str, str, int]]
    undrawn: int
    """Passages back to a step that lies before, and the rarest ones."""
    hidden: int
    """Steps drawn as one."""


def shape_of(steps: Sequence[Step], most: int = NODES_MAX) -> Shape:
    """The layout of a version's steps, the most entered first."""
    if not steps:
        return Shape((), (), 0, 0)
    kept = [step.name for step in steps[: most if len(steps) <= most else most - 1]]
    passages = _passages(steps, kept)
    sizes = {step.name: step.entered for step in steps if step.name in kept}
    hidden = steps[len(kept) :]
    if hidden:
        arrived = sum(count for (_, target), count in passages.items() if target == REST)
        sizes[REST] = max(arrived, max(step.entered for step in hidden))
    order = _order(sizes, passages)
    main = _main_way(order, passages)
    layers = _layers(order, main, passages)
    ways = {pair: count for pair, count in passages.items() if _is_drawn(pair, count, layers, passages)}
    places = [Place(name, sizes[name], layers[name], name in main) for name in order]
    return Shape(
        sorted(places, key=lambda place: (place.layer, not place.main, -place.size, place.name)),
        sorted((source, target, count) for (source, target), count in ways.items()),
        undrawn=sum(passages.values()) - sum(ways.values()),
        hidden=len(hidden),
    )


def _passages(steps: Sequence[Step], kept: Sequence[str]) -> dict[tuple[str, str], int]:
    """Between the steps that are drawn; a step of another scenario is none of them."""
    known = {step.name for step in steps}
    passages: dict[tuple[str, str], int] = defaultdict(int)
    for step in steps:
        for following, count in step.nexts.items():
            if following in known:
                source, target = (name if name in kept else REST for name in (step.name, following))
                if source != target:
                    passages[source, target] += count
    return passages


def _order(sizes: Mapping[str, int], passages: Passages) -> list[str]:
    """All steps from left to right, so that as few passages as can be go back (Eades, Lin and Smyth 1993)."""
    left: list[str] = []
    right: list[str] = []
    remaining = set(sizes)

    def balance(name: str) -> tuple[int, int, str]:
        out = sum(count for (one, other), count in passages.items() if one == name and other in remaining)
        come = sum(count for (one, other), count in passages.items() if other == name and one in remaining)
        return come - out, -sizes[name], name

    def has_way_out(name: str) -> bool:
        return any(one == name and other in remaining for one, other in passages)

    def has_way_in(name: str) -> bool:
        return any(other == name and one in remaining for one, other in passages)

    left.append(min(remaining, key=balance))
    remaining.discard(left[0])
    while remaining:
        ends = sorted(name for name in remaining if not has_way_out(name))
        if ends:
            right.insert(0, ends[0])
            remaining.discard(ends[0])
            continue
        begins = [name for name in remaining if not has_way_in(name)]
        following = min(begins or remaining, key=balance)
        left.append(following)
        remaining.discard(following)
    return left + right


def _main_way(order: Sequence[str], passages: Passages) -> list[str]:
    """From the first step along the thickest passage onwards."""
    way = [order[0]]
    while True:
        onwards = order[order.index(way[-1]) + 1 :]
        thickest = max(onwards, key=lambda name: (passages.get((way[-1], name), 0), name), default=None)
        if thickest is None or thickest == REST or not passages.get((way[-1], thickest)):
            return way
        way.append(thickest)


def _layers(order: Sequence[str], main: Sequence[str], passages: Passages) -> dict[str, int]:
    """Each step right of all those from which it is reached, side branches between the steps of the main way."""
    thick = FAINT * max(passages.values(), default=0)
    on_main = set(pairwise(main))
    layers: dict[str, int] = {}
    for name in order:
        before = [
            layers[source] for source in layers if (source, name) in on_main or passages.get((source, name), 0) > thick
        ]
        layers[name] = max(before, default=-1) + 1
    return _beside(order, layers, passages)


def _beside(order: Sequence[str], layers: dict[str, int], passages: Passages) -> dict[str, int]:
    """A step that nothing thick leads to stands right before what it leads to, not at the beginning of all."""
    for name in order[1:]:
        onwards = [layers[other] for other in layers if passages.get((name, other)) and layers[other] > layers[name]]
        if not layers[name]:
            layers[name] = max(min(onwards, default=1) - 1, 0) or min(1, max(layers.values()))
    return layers


def _is_drawn(pair: tuple[str, str], count: int, layers: Mapping[str, int], passages: Passages) -> bool:
    source, target = pair
    if layers[source] >= layers[target]:
        return False
    thickest_here = max(_arriving(target, layers, passages))
    return count > FAINT * max(passages.values()) or count == thickest_here


def _arriving(target: str, layers: Mapping[str, int], passages: Passages) -> Iterator[int]:
    yield from (count for (one, other), count in passages.items() if other == target and layers[one] < layers[target])
