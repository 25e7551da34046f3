"""The funnel of a cohort of leads: how far they came, and where the others are. Data from the board, no database."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from letopis.base.charts.funnel import Part as Bar
from letopis.base.charts.funnel import Step
from letopis.base.format import integer
from letopis.base.text import Text
from letopis.metrics import words
from letopis.metrics.board import Board
from letopis.metrics.definitions.new_leads import FUNNEL
from letopis.metrics.doors import Doors
from letopis.metrics.parts import WHOLE, Part
from letopis.metrics.period import Period
from letopis.metrics.records import STAGES, Stage, Stopped

SERIES = tuple(f"M1{series}" for series in FUNNEL.values())
NAMES = {
    Stage.LEAD: Text(ru="Обратились", en="Turned to us"),
    Stage.ANSWERED: Text(ru="Получили ответ", en="Were answered"),
    Stage.OFFERED: Text(ru="Получили время на выбор", en="Were offered a time"),
    Stage.BOOKED: Text(ru="Записались", en="Booked"),
    Stage.CONFIRMED: Text(ru="Подтвердили", en="Confirmed"),
    Stage.CAME: Text(ru="Пришли", en="Came"),
    Stage.PAID: Text(ru="Оплатили", en="Paid"),
}


@dataclass(frozen=True, slots=True)
class Floor:
    """One stage: how many leads reached it, and what became of those who went no further than it."""

    stage: Stage
    reached: int
    pending: int
    left: int
    ours: int
    unmarked: int

    @property
    def stopped(self) -> int:
        return self.pending + self.left + self.ours + self.unmarked


def floors_of(board: Board, period: Period, part: Part = WHOLE) -> list[Floor]:
    """The stages from the first contact on; whoever reached one has passed those before it."""
    found: list[Floor] = []
    reached = 0
    for stage in reversed(STAGES):
        counts = {stopped: board.total(f"M1{FUNNEL[stage, stopped]}", "n", period, part) for stopped in Stopped}
        reached += sum(counts.values())
        found.append(
            Floor(
                stage,
                reached,
                counts[Stopped.PENDING],
                counts[Stopped.LEFT],
                counts[Stopped.OURS],
                counts[Stopped.NONE],
            )
        )
    return found[::-1]


def steps_of(floors: Sequence[Floor], period: Period, doors: Doors, **part: str) -> list[Step]:
    """The floors as bars with doors: beside who reached a stage stand those of the stage before who did not.

    Few systems tell confirmations and payments: a stage at which nobody stands is left out, none is missed by it.
    """
    shown = [floor for floor in floors if not _says_nothing(floor)]
    return list(_steps(shown, period, doors, part))


def _says_nothing(floor: Floor) -> bool:
    if floor.stage is Stage.PAID:
        return not floor.reached
    return floor.stage is Stage.CONFIRMED and not floor.stopped


def _steps(floors: Sequence[Floor], period: Period, doors: Doors, part: dict[str, str]) -> Iterator[Step]:
    for place, floor in enumerate(floors):
        url = doors.dialogues(period, lead=True, stage=floor.stage.value, **part)
        reached = Bar(floor.reached, url, integer(floor.reached))
        if not place:
            yield Step(str(NAMES[floor.stage]), reached)
            continue
        before = floors[place - 1]

        def bar(stopped: Stopped, count: int, say: Callable[[int], str], before: Floor = before) -> Bar:
            url = doors.dialogues(period, lead=True, stage=before.stage.value, stopped=stopped.value, **part)
            return Bar(count, url, say(count))

        yield Step(
            str(NAMES[floor.stage]),
            reached,
            pending=bar(Stopped.PENDING, before.pending, words.still_open),
            left=bar(Stopped.LEFT, before.left, words.left),
            ours=bar(Stopped.OURS, before.ours, words.by_our_mistakes),
        )
