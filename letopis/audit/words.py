"""Sentences and names of the scenario map."""

from collections.abc import Sequence

from django.utils.translation import gettext, ngettext

from letopis.audit.graph import Pair, Step
from letopis.base.format import integer
from letopis.dialogues.records import Ended
from letopis.metrics.words import N_FLOOR


def version(pair: Pair) -> str:
    """v14, whether its sender writes 14 or v14."""
    return f"v{pair.version.removeprefix('v')}" if pair.version else gettext("no version")


def title(pair: Pair) -> str:
    """Запись, v14"""
    return f"{step(pair.scenario)}, {version(pair)}"


def step(name: str) -> str:
    """A step or a scenario as people call it."""
    return name or gettext("no name")


def lede(steps: Sequence[Step]) -> tuple[str, str]:
    """Больше всего теряем на шаге «Вопрос о мастере»: 64 диалога. / 38 из них — наше молчание."""
    entered = max((one.entered for one in steps), default=0)
    if not entered:
        return gettext("No dialogue took these steps in these days."), ""
    worst = min(steps, key=lambda one: (-one.lost, -one.ours, one.name))
    if not worst.lost:
        return ngettext(
            "%(n)s dialogue, and none was lost on a step.", "%(n)s dialogues, and none was lost on a step.", entered
        ) % {"n": integer(entered)}, ""
    said = ngettext(
        "We lose most on the step “%(step)s”: %(n)s dialogue.",
        "We lose most on the step “%(step)s”: %(n)s dialogues.",
        worst.lost,
    ) % {"step": step(worst.name), "n": integer(worst.lost)}
    if entered < N_FLOOR:
        few = ngettext("Few so far: %(n)s dialogue.", "Few so far: %(n)s dialogues.", entered) % {"n": integer(entered)}
        said = f"{few} {said}"
    return said, ours(worst)


def ours(worst: Step) -> str:
    """What part of a step's losses is ours, and which of our faults it is; nothing where it is none."""
    silent, broken = worst.count(Ended.WE_SILENT), worst.count(Ended.ERROR)
    if not worst.ours:
        return ""
    if not broken:
        words = ngettext("%(n)s of them is our silence.", "%(n)s of them are our silence.", silent)
    elif not silent:
        words = ngettext("%(n)s of them is our failure.", "%(n)s of them are our failures.", broken)
    else:
        words = ngettext(
            "%(n)s of them is our silence or failure.", "%(n)s of them are our silence or failures.", worst.ours
        )
    return words % {"n": integer(worst.ours)}


def drop(end: Ended, count: int) -> str:
    """What stands at a drop: −132 замолчали, 38: мы промолчали."""
    said = {
        Ended.CLIENT_SILENT: ngettext("−%(n)s fell silent", "−%(n)s fell silent", count),
        Ended.REFUSED: ngettext("−%(n)s declined", "−%(n)s declined", count),
        Ended.PENDING: ngettext("%(n)s still deciding", "%(n)s still deciding", count),
        Ended.HUMAN: gettext("%(n)s with a person"),
        Ended.ELSEWHERE: gettext("%(n)s in another channel"),
        Ended.WE_SILENT: gettext("%(n)s: we were silent"),
        Ended.ERROR: gettext("%(n)s: our failure"),
    }
    return said[end] % {"n": integer(count)}


def rest(hidden: int) -> str:
    """ещё 7 шагов"""
    return ngettext("%(n)s more step", "%(n)s more steps", hidden) % {"n": integer(hidden)}


def undrawn(count: int) -> str:
    """Не нарисовано: 27 переходов назад или самых редких."""
    return ngettext(
        "Not drawn: %(n)s passage, back to an earlier step or a very rare one.",
        "Not drawn: %(n)s passages, back to earlier steps or very rare ones.",
        count,
    ) % {"n": integer(count)}


def cut(dialogues: int) -> str:
    return gettext("Only the newest %(n)s dialogues of the period are looked at.") % {"n": integer(dialogues)}


def rare(ways: int) -> str:
    """Редкие: 14 путей"""
    return ngettext("Rare: %(n)s way", "Rare: %(n)s ways", ways) % {"n": integer(ways)}
