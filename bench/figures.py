"""A measured figure, its goal, and the table of them on the screen and in the reference page."""

import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "performance.md"

PREFACE = """\
<!-- Made by `python -m bench --write`. Run it again, do not edit this page. -->

# Performance / Производительность

One run of the real program over loopback HTTP: load generator, program and database share the cores named here.
Absolute figures belong to that machine; what can be carried to another is the ratio to the yardstick: a bare ASGI
application that groups requests into transactions and writes the same bytes into tables of the same shape on the same
server with the same fsync, without parsing, idempotency, tree, row-level security and readers.

Один прогон настоящей программы по HTTP на одной машине. Абсолютные числа годятся только для неё; переносится
отношение к эталону: голое ASGI-приложение, которое пишет те же байты в таблицы той же формы с тем же fsync.
"""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should reach: at least or at most `bound`, in the figure's own unit."""

    bound: float
    at_least: bool

    def is_met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {in_words(self.bound)}"


def at_least(bound: float) -> Goal:
    return Goal(bound, at_least=True)


def at_most(bound: float) -> Goal:
    return Goal(bound, at_least=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `yardstick` is the yardstick's value of the same thing, where there is one."""

    name: str
    value: float
    unit: str
    goal: Goal | None = None
    yardstick: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        return "met" if self.goal.is_met(self.value) else "**missed**"

    def cells(self) -> tuple[str, str, str, str, str, str]:
        ratio = f"{self.value / self.yardstick:.0%} of {in_words(self.yardstick)}" if self.yardstick else ""
        return (
            self.name,
            f"{in_words(self.value)} {self.unit}",
            ratio,
            f"{self.goal} {self.unit}" if self.goal else "",
            self.verdict,
            self.note,
        )


HEADS = ("figure", "value", "of the yardstick", "goal", "", "how")


def in_words(value: float) -> str:
    """Whole thousands grouped, small values with the places that matter."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def print_table(part: str, figures: Iterable[Figure]) -> None:
    table = Table(*HEADS, title=f"bench {part}", title_justify="left")
    for figure in figures:
        table.add_row(*(cell.replace("**", "") for cell in figure.cells()))
    Console(width=170).print(table)


def write_page(command: str, parts: Mapping[str, tuple[str, list[Figure]]]) -> None:
    """`parts`: name to its docstring's first line and its figures, in the order of measuring."""
    lines = [PREFACE]
    lines.append(f"- command: `{command}`")
    lines.append(f"- machine: {os.cpu_count()} cores, {platform.system()} {platform.release().partition('-')[0]}")
    lines.append(f"- date: {datetime.now(UTC):%Y-%m-%d}")
    for name, (meaning, figures) in parts.items():
        lines += ["", f"## {name}", "", meaning, ""]
        lines += ["| " + " | ".join(HEADS) + " |", "|" + "---|" * len(HEADS)]
        lines += ["| " + " | ".join(figure.cells()) + " |" for figure in figures]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
