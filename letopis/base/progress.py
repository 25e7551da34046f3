"""Progress of long commands, on the error stream: what is counted, how far it is, how long it will take."""

from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn


def counting(*, silent: bool = False) -> Progress:
    """A bar for things that are counted; `silent` where a program reads what the command prints."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), disable=silent)


def teller(bar: Progress, task: TaskID) -> Callable[[int, int], None]:
    """What a long act calls with (done, total)."""
    return lambda done, total: bar.update(task, completed=done, total=total)
