"""The scenario map as its page shows it: the river, the table of steps, the ways through them, all of it as files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from letopis.audit import words
from letopis.audit.graph import (
    HANDED,
    OURS,
    REST,
    STEPS,
    THEIRS,
    TIMES,
    WAYS,
    Pair,
    Place,
    Shape,
    Step,
    shape_of,
    steps_of,
)
from letopis.audit.variants import Variant, Variants
from letopis.base import format
from letopis.base.charts.river import Drop, Node, Ribbon, River, river
from letopis.base.tables.table import Column, Kind, Table, Value
from letopis.base.text import Text
from letopis.dialogues.listing import NONE_TOLD
from letopis.dialogues.records import Ended
from letopis.metrics.board import Board, read_board
from letopis.metrics.doors import Doors
from letopis.metrics.metric import By
from letopis.metrics.period import Period
from letopis.metrics.statistics.verdict import Cohort, Word, judge
from letopis.metrics.words import N_FLOOR

LOOKS = {
    Ended.CLIENT_SILENT: "theirs",
    Ended.REFUSED: "theirs",
    Ended.PENDING: "pending",
    Ended.HUMAN: "handed",
    Ended.ELSEWHERE: "handed",
    Ended.WE_SILENT: "ours",
    Ended.ERROR: "ours",
}
"""How a drop falls; in this order from the top of a step downwards."""
FEW, NONE = "few", "—"
TONES = {Word.BETTER: "ok", Word.WORSE: "loss", Word.WITHHELD: FEW}
WORD_CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """Which scenario the page shows, against which other version of it, and what else may be chosen."""

    pair: Pair
    against: Pair | None
    pairs: Sequence[Pair]

    @property
    def others(self) -> list[Pair]:
        """The other versions of this scenario."""
        return [pair for pair in self.pairs if pair.scenario == self.pair.scenario and pair != self.pair]


@dataclass(frozen=True, slots=True)
class Part:
    """A count with its words and its door."""

    words: str
    count: str
    url: str


@dataclass(frozen=True, slots=True)
class Count:
    """A number of a row with its door; its parts stand under it where there are several."""

    count: str
    url: str = ""
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the table; a share of few is grey, a change has a colour only where it is judged.

    `deciding` are the words under the name where there is no room for a column.
    """

    name: str
    deciding: str
    entered: Count
    passed: str
    few: bool
    change: str
    tone: str
    usual: str
    theirs: Count
    ours: Count
    pending: Count
    handed: Count


@dataclass(frozen=True, slots=True)
class Way:
    """One way through the scenario."""

    steps: Sequence[str]
    words: str
    n: str
    url: str
    share: str
    bounds: str
    few: bool


def read(cur: Any, business: UUID, period: Period, branch: str) -> Board:
    """The cells of the period and of the days before it, in which another version may have run; the wall is open."""
    days = (cur, business, period.before.first, period.last)
    return read_board(*days, (), by=(By.STEP,), branch=branch, series=(STEPS,), timed=(TIMES,)) | read_board(
        *days, (), by=(By.EDGE,), branch=branch, series=(WAYS,)
    )


def longer(period: Period) -> Period:
    """The days over which another version is counted."""
    return Period(period.before.first, period.last, period.against)


def chosen(query: Mapping[str, str], now: Sequence[Pair], ever: Sequence[Pair]) -> Seen | None:
    """What the address asks for; without it the version with most dialogues. None where there is none at all."""
    scenario, version, against = (_told(query, name) for name in ("scenario", "version", "against"))
    fitting = [
        pair
        for pair in [*now, *(pair for pair in ever if pair not in now)]
        if (scenario is None or pair.scenario == scenario) and (version is None or _same(pair.version, version))
    ]
    if scenario is not None and version is not None and not fitting:
        fitting = [Pair(scenario, version)]
    if not (fitting or now or ever):
        return None
    pair = next(iter(fitting or now or ever))
    other = None
    if against is not None:
        others = (one for one in ever if one.scenario == pair.scenario and one != pair)
        other = next((one for one in others if _same(one.version, against)), None)
    return Seen(pair, other, list(dict.fromkeys([*now, *ever])))


def _told(query: Mapping[str, str], name: str) -> str | None:
    """A word of the address; None where it is not there, empty where it means that nothing was told."""
    asked = query.get(name, "").replace("\0", "").strip()[:WORD_CHARS_MAX]
    return None if not asked else "" if asked == NONE_TOLD else asked


def _same(one: str, other: str) -> bool:
    """13 and v13 are one version in an address."""
    return one.removeprefix("v") == other.removeprefix("v")


def fields_of(pair: Pair) -> dict[str, str]:
    """A version in an address."""
    return {"scenario": pair.scenario or NONE_TOLD, "version": pair.version or NONE_TOLD}


@dataclass(frozen=True, slots=True)
class Map:
    """A version over a period, with the doors behind its numbers."""

    pair: Pair
    period: Period
    doors: Doors
    steps: Sequence[Step]

    @property
    def shape(self) -> Shape:
        return shape_of(self.steps)

    def drawing(self, other: Sequence[Step] | None = None) -> SafeString:
        """The river; there must be a step to draw. Against another version its steps tell the change."""
        assert self.steps, "nothing to draw"
        shape = self.shape
        nodes = [self._node(place, shape.hidden, _by_name(other)) for place in shape.places]
        at = {place.name: n for n, place in enumerate(shape.places)}
        ribbons = [Ribbon(at[source], at[target], count) for source, target, count in shape.ways]
        return river(River(" ".join(words.lede(self.steps)).strip(), nodes, ribbons, _head(), self._rows()))

    def url(self, step: str, *ends: Ended) -> str:
        """The list of the dialogues that entered a step, or that ended there so."""
        asked = fields_of(self.pair) | {"step": step or NONE_TOLD, "ended": ",".join(ends)}
        return self.doors.dialogues(self.period, **asked)

    def lines(self, other: Sequence[Step] | None) -> list[Line]:
        """The table of steps in the order of the map; with another version the change of the share that passed."""
        before = _by_name(other)
        return [self._line(step, before) for step in self.ordered()]

    def ordered(self) -> list[Step]:
        """From left to right; steps that are not drawn alone come last."""
        order = {place.name: n for n, place in enumerate(self.shape.places)}
        return sorted(self.steps, key=lambda step: order.get(step.name, len(order)))

    def _node(self, place: Place, hidden: int, before: Mapping[str, Step] | None) -> Node:
        if place.name == REST:
            return Node(words.rest(hidden), place.size, "", place.layer, place.main)
        step = next(one for one in self.steps if one.name == place.name)
        change, tone = _change(before.get(step.name), step) if before is not None else ("", "")
        return Node(
            words.step(place.name),
            place.size,
            format.integer(place.size),
            place.layer,
            place.main,
            self.url(place.name),
            list(self._drops(step)),
            change="" if change == NONE else change,
            tone="" if tone == FEW else tone,
        )

    def _drops(self, step: Step) -> Iterator[Drop]:
        for end, look in LOOKS.items():
            if count := step.count(end):
                yield Drop(look, count, words.drop(end, count), self.url(step.name, end))

    def _line(self, step: Step, before: Mapping[str, Step] | None) -> Line:
        cohort = step.passed
        change, tone = _change(before.get(step.name), step) if before is not None else ("", "")
        return Line(
            name=words.step(step.name),
            deciding=words.drop(Ended.PENDING, step.pending) if step.pending else "",
            entered=Count(format.integer(step.entered), self.url(step.name)),
            passed=format.share(cohort.k, cohort.n),
            few=cohort.n < N_FLOOR,
            change=change,
            tone=tone,
            usual=NONE if step.seconds is None else format.length(step.seconds),
            theirs=self._count(step, *THEIRS),
            ours=self._count(step, *OURS),
            pending=self._count(step, Ended.PENDING),
            handed=self._count(step, *HANDED),
        )

    def _count(self, step: Step, *ends: Ended) -> Count:
        told = [end for end in ends if step.count(end)]
        if not told:
            return Count(NONE)
        parts = [Part(_short(end), format.integer(step.count(end)), self.url(step.name, end)) for end in told]
        return Count(format.integer(step.count(*ends)), self.url(step.name, *told), parts if len(parts) > 1 else ())

    def _rows(self) -> list[list[str]]:
        return [
            [
                words.step(step.name),
                *(
                    format.integer(count)
                    for count in (step.entered, step.passed.k, step.theirs, step.pending, step.handed, step.ours)
                ),
            ]
            for step in self.ordered()
        ]


def map_of(board: Board, period: Period, doors: Doors, pair: Pair) -> Map:
    return Map(pair, period, doors, steps_of(board, period, pair))


def _by_name(steps: Sequence[Step] | None) -> dict[str, Step] | None:
    return None if steps is None else {step.name: step for step in steps}


def _change(before: Step | None, after: Step) -> tuple[str, str]:
    """+5 п. п. with its colour; a dash where one of the versions has nobody there."""
    was, now = before.passed if before else Cohort(0, 0), after.passed
    if not was.n or not now.n:
        return NONE, FEW
    verdict = judge(was, now)
    assert verdict.difference is not None, "both sides hold somebody"
    return format.points(100 * verdict.difference, min(was.n, now.n)), TONES.get(verdict.word, "")


def _short(end: Ended) -> str:
    """A cause under a number of the table."""
    return {
        Ended.CLIENT_SILENT: _("fell silent"),
        Ended.REFUSED: _("declined"),
        Ended.WE_SILENT: _("our silence"),
        Ended.ERROR: _("failure"),
        Ended.HUMAN: _("to a person"),
        Ended.ELSEWHERE: _("in another channel"),
        Ended.PENDING: _("still deciding"),
    }[end]


def _head() -> list[str]:
    return [
        _("Step"),
        _("Entered"),
        _("Went on"),
        _("Left by themselves"),
        _("Still deciding"),
        _("Handed over"),
        _("Our mistakes"),
    ]


def ways(seen: Map, found: Variants) -> list[Way]:
    """The ways of the page: the commonest, each with its dialogues, and the rare ones as one."""
    asked = fields_of(seen.pair)
    told = [_way(one, "", seen.doors.dialogues(seen.period, **asked, way=one.way)) for one in found.told]
    return told if found.rare is None else [*told, _way(found.rare, words.rare(found.rare_ways), "")]


def _way(one: Variant, said: str, url: str) -> Way:
    cohort, bounds = one.goal, one.bounds
    span = ""
    if bounds is not None:
        low, high = (format.percent(100 * end, 1) for end in bounds)
        span = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return Way(
        steps=[words.step(name) for name in one.steps],
        words=said,
        n=format.integer(one.n),
        url=url,
        share=format.share(cohort.k, cohort.n),
        bounds=span,
        few=cohort.n < N_FLOOR,
    )


_STEP = Column(Text(ru="Шаг", en="Step"))
_PASSED = Column(Text(ru="Прошли, доля", en="Passed, share"), Kind.SHARE)
_ENTERED = Column(Text(ru="Вошли", en="Entered"), Kind.NUMBER)
_ENDS = {
    Ended.CLIENT_SILENT: Text(ru="Замолчали", en="Fell silent"),
    Ended.REFUSED: Text(ru="Отказались", en="Declined"),
    Ended.WE_SILENT: Text(ru="Наше молчание", en="Our silence"),
    Ended.ERROR: Text(ru="Сбой", en="Failure"),
    Ended.PENDING: Text(ru="Ещё думают", en="Still deciding"),
    Ended.HUMAN: Text(ru="Передали человеку", en="Handed to a person"),
    Ended.ELSEWHERE: Text(ru="В другом канале", en="In another channel"),
    Ended.GOAL: Text(ru="Достигли цели", en="Reached the goal"),
}


def tables(seen: Map, found: Variants, other: Sequence[Step] | None) -> list[Table]:
    """The steps come first: a CSV holds the first table alone."""
    return [_steps_table(seen, other), _edges_table(seen), _ways_table(found)]


def _steps_table(seen: Map, other: Sequence[Step] | None) -> Table:
    columns = [
        _STEP,
        _ENTERED,
        _PASSED,
        Column(Text(ru="Обычно занимает", en="Usual time"), Kind.SECONDS),
        *(Column(name, Kind.NUMBER) for name in _ENDS.values()),
    ]
    if other is not None:
        columns.append(Column(Text(ru="Прошли у другой версии, доля", en="Passed, other version"), Kind.SHARE))
    before = {step.name: step.passed for step in other or ()}
    rows: list[list[Value]] = []
    for step in seen.ordered():
        row: list[Value] = [words.step(step.name), step.entered, _share(step.passed), step.seconds]
        row += [step.count(end) for end in _ENDS]
        rows.append(row if other is None else [*row, _share(before.get(step.name))])
    return Table(Text(ru="Шаги", en="Steps"), columns, rows)


def _edges_table(seen: Map) -> Table:
    columns = (
        Column(Text(ru="С шага", en="From")),
        Column(Text(ru="На шаг", en="To")),
        Column(Text(ru="Переходы", en="Passages"), Kind.NUMBER),
    )
    rows = [
        (words.step(step.name), words.step(following), count)
        for step in seen.ordered()
        for following, count in sorted(step.nexts.items(), key=lambda one: (-one[1], one[0]))
    ]
    return Table(Text(ru="Переходы", en="Passages"), columns, rows)


def _ways_table(found: Variants) -> Table:
    columns = (
        Column(Text(ru="Путь", en="Way")),
        Column(Text(ru="Диалоги", en="Dialogues"), Kind.NUMBER),
        Column(Text(ru="Достигли цели, доля", en="Reached the goal, share"), Kind.SHARE),
        Column(Text(ru="От", en="From"), Kind.SHARE),
        Column(Text(ru="До", en="To"), Kind.SHARE),
    )
    every = [*found.told, *([found.rare] if found.rare else [])]
    rows = [
        (
            " → ".join(map(words.step, one.steps)) or words.rare(found.rare_ways),
            one.n,
            _share(one.goal),
            *(one.bounds or (None, None)),
        )
        for one in every
    ]
    return Table(Text(ru="Пути", en="Ways"), columns, rows)


def _share(cohort: Cohort | None) -> float | None:
    return cohort.share if cohort and cohort.n else None
